"""A runner that is stopped gives its order back at once, however long a query lasts, and as if it had not taken it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from jsonapi_sieve.cdr.exporting import Exporter
from jsonapi_sieve.cdr.exporting.engines import cancel_of
from jsonapi_sieve.cdr.jobs import Job
from jsonapi_sieve.service.exports import Exports
from tests.cdr.exporting.databases import endless, export, fill, opened, order, sqlite
from tests.patience import PATIENCE, until
from tests.servers.postgresql import embedded


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """Open a database whose query for calls never ends."""
    with ExitStack() as held:
        if request.param == "sqlite":
            engine = held.enter_context(sqlite(tmp_path))
        else:
            engine = held.enter_context(opened(held.enter_context(embedded())))
            fill(engine)
        endless(engine)
        yield engine


@contextmanager
def working(exporter: Exporter) -> Iterator[Callable[[], Job | None]]:
    """Run one order in a thread; gives what waits for its end."""
    ended: list[Job | None] = []
    thread = Thread(target=lambda: ended.append(exporter.run_one()), daemon=True)

    def wait() -> Job | None:
        thread.join(PATIENCE)
        (job,) = ended
        return job

    thread.start()
    yield wait


def is_read(folder: Path) -> bool:
    return bool(list(folder.glob(".*.part")))


def is_given_back(engine: sa.Engine, id_: str) -> bool:
    job = export(engine, id_)
    return (job.status, job.claimed_by, job.claimed_until, job.attempts) == ("Pending", None, None, 0)


def test_a_query_that_lasts_is_ended_and_its_order_waits_again(engine: sa.Engine, tmp_path: Path) -> None:
    exporter, id_ = Exporter(engine, tmp_path), order(engine)
    with working(exporter) as wait:
        until(lambda: is_read(tmp_path))
        exporter.stop()
        job = wait()
    assert job is not None
    assert (job.id, job.reason) == (id_, None)
    assert is_given_back(engine, id_)
    assert not is_read(tmp_path)


def test_the_query_of_an_order_that_is_deleted_is_ended(engine: sa.Engine, tmp_path: Path) -> None:
    exporter, id_ = Exporter(engine, tmp_path, lease=timedelta(milliseconds=300)), order(engine)
    with working(exporter) as wait:
        until(lambda: is_read(tmp_path))
        exporter.delete(id_)
        job = wait()
    assert job is not None
    assert (job.status, job.reason) == ("Deleted", None)


def test_the_service_ends_and_no_attempt_is_lost(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jsonapi_sieve.service.exports._PATIENCE", PATIENCE)
    exporter, id_ = Exporter(engine, tmp_path), order(engine)
    for _ in range(3):
        with Exports(exporter).running():
            until(lambda: is_read(tmp_path))
        assert is_given_back(engine, id_)


class Deaf(Exporter):
    """A runner whose driver ends no query: it goes on when it is let."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.waits, self.let = Event(), Event()

    def _write(self, *args: Any) -> tuple[int, int, str]:
        written = super()._write(*args)
        self.waits.set()
        assert self.let.wait(PATIENCE)
        return written


@pytest.mark.parametrize("again", [False, True])
def test_a_query_that_cannot_be_ended_gives_its_order_back_and_changes_nothing_later(
    again: bool, tmp_path: Path
) -> None:
    with sqlite(tmp_path) as engine:
        deaf, other, id_ = Deaf(engine, tmp_path / "files"), Exporter(engine, tmp_path / "files"), order(engine)
        with working(deaf) as wait:
            assert deaf.waits.wait(PATIENCE)
            deaf.stop()
            until(lambda: is_given_back(engine, id_))
            if again:
                deaf.start()
            done = other.run_one()
            deaf.let.set()
            late = wait()
        assert done is not None
        assert late is not None
        assert (late.status, late.file_digest, late.attempts) == ("Completed", done.file_digest, 0)
        assert list((tmp_path / "files").iterdir()) == [other.path_of(done)]


def test_a_server_that_is_gone_is_not_asked_for_long_to_end_a_query() -> None:
    told: list[object] = []
    old = SimpleNamespace(cancel=lambda: told.append("without a limit"))
    new = SimpleNamespace(cancel=old.cancel, cancel_safe=lambda *, timeout: told.append(timeout))  # since psycopg 3.2
    for driver in (new, old):
        dialect = SimpleNamespace(driver="psycopg", loaded_dbapi=SimpleNamespace(Error=OSError))
        connection: Any = SimpleNamespace(connection=SimpleNamespace(driver_connection=driver), dialect=dialect)
        cancel = cancel_of(connection)
        assert cancel is not None
        cancel()
    assert told == [5, "without a limit"]
