"""What ends its runners without a word is given up after some of them, and what others end is not."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from jsonapi_sieve.cdr.exporting import CDR_EXPORTS, Exporter
from jsonapi_sieve.cdr.exporting.claims import Claims
from jsonapi_sieve.cdr.jobs import Job
from tests.cdr.exporting.databases import export, order, sqlite


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    with sqlite(tmp_path) as engine:
        yield engine


@pytest.fixture
def exporter(engine: sa.Engine, tmp_path: Path) -> Exporter:
    return Exporter(engine, tmp_path / "files", attempts=3)


def kill(engine: sa.Engine, folder: Path) -> Job:
    """Take an order up and leave it as a runner does that is killed, whose claim has ended since."""
    job = Claims(engine, CDR_EXPORTS, timedelta(seconds=-1)).take()
    assert job is not None
    folder.mkdir(exist_ok=True)
    (folder / f".{job.id}.{job.claimed_by}.part").write_bytes(b"half")
    return job


def test_an_order_that_ends_its_runners_fails_and_lets_others_be_run(
    engine: sa.Engine, exporter: Exporter, tmp_path: Path
) -> None:
    deadly, other = order(engine, 1), order(engine, 2)
    assert [kill(engine, tmp_path / "files").attempts for _ in range(3)] == [1, 2, 3]
    failed, completed = exporter.run_all()
    assert (failed.id, failed.status, completed.id, completed.status) == (deadly, "Failed", other, "Completed")
    assert failed.reason == (
        "given up: 3 runners took it and none ended it (killed, out of memory, or without the database)"
    )
    assert [path.name for path in (tmp_path / "files").iterdir()] == [f"{other}.csv.gz"]


def test_what_is_given_up_has_all_attempts_again_when_it_is_tried_again(
    engine: sa.Engine, exporter: Exporter, tmp_path: Path
) -> None:
    id_ = order(engine)
    for _ in range(2):
        for _ in range(3):
            kill(engine, tmp_path / "files")
        assert [job.status for job in exporter.run_all()] == ["Failed"]
        assert exporter.retry(id_).attempts == 0
    assert [(job.status, job.attempts) for job in exporter.run_all()] == [("Completed", 0)]


def test_the_last_attempt_may_end_well(engine: sa.Engine, exporter: Exporter, tmp_path: Path) -> None:
    order(engine)
    for _ in range(2):
        kill(engine, tmp_path / "files")
    assert [(job.status, job.attempts) for job in exporter.run_all()] == [("Completed", 0)]


def test_what_a_runner_gives_back_does_not_count(engine: sa.Engine, exporter: Exporter, tmp_path: Path) -> None:
    id_ = order(engine)
    kill(engine, tmp_path / "files")
    claims = Claims(engine, CDR_EXPORTS, timedelta(minutes=1))
    for _ in range(10):
        job = claims.take()
        assert job is not None
        assert job.attempts == 2
        assert claims.give_back(job)
    assert export(engine, id_).attempts == 1
    assert [job.status for job in exporter.run_all()] == ["Completed"]


def test_five_runners_may_end_unless_others_are_asked_for(engine: sa.Engine, tmp_path: Path) -> None:
    order(engine)
    for _ in range(5):
        kill(engine, tmp_path / "files")
    (job,) = Exporter(engine, tmp_path / "files").run_all()
    assert job.reason
    assert job.reason.startswith("given up: 5 runners")
