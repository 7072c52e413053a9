"""The runner of the service: it writes while the service serves, is woken up by orders, and outlives whatever fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest
from anyio import to_thread
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.exporting import Exporter
from jsonapi_sieve.cdr.exporting import open_engine as open_exporting_engine
from jsonapi_sieve.cdr.jobs import Job
from jsonapi_sieve.cdr.models import CdrExport
from jsonapi_sieve.service import create_app
from jsonapi_sieve.service.exports import Exports
from tests.cdr.exporting.databases import order
from tests.patience import PATIENCE, until
from tests.service.exporting import EXPORTS, exporting
from tests.service.running import TOKENS, new_database

LONG = 3_600.0


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the end of runners, however slow the machine is."""
    monkeypatch.setattr("jsonapi_sieve.service.exports._PATIENCE", PATIENCE)


class Scripted:
    """A worker that does what it is told, once each."""

    def __init__(self, *steps: Callable[[], Job | None]) -> None:
        self.steps = list(steps)
        self.looked = 0
        self.stopped = threading.Event()

    def run_one(self) -> Job | None:
        self.looked += 1
        return self.steps.pop(0)() if self.steps else None

    def path_of(self, job: Job) -> Path:
        return Path(f"{job.id}.csv")

    def start(self) -> None:
        self.stopped.clear()

    def stop(self) -> None:
        self.stopped.set()


def runners() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "exports"]


def test_orders_are_looked_for_until_there_are_none_and_when_it_is_woken_up() -> None:
    worker = Scripted(*[lambda: CdrExport(id="a", status="Completed")] * 3)
    exports = Exports(worker, pause=LONG)
    with exports.running():
        until(lambda: worker.looked == 4)
        exports.wake()
        until(lambda: worker.looked == 5)
        assert exports.path_of(CdrExport(id="x")) == Path("x.csv")
    assert worker.stopped.is_set()
    assert runners() == []


def test_orders_that_others_make_are_found_after_a_pause() -> None:
    worker = Scripted()
    with Exports(worker, pause=0.01).running():
        until(lambda: worker.looked > 3)


def test_it_goes_on_after_whatever_goes_wrong(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> Job | None:
        raise OSError("the database is gone")

    worker = Scripted(fail, fail)
    with Exports(worker, pause=0.01).running():
        until(lambda: worker.looked > 3)
    assert "the database is gone" in caplog.text
    assert "orders for exports cannot be looked for" in caplog.text


def test_a_database_that_is_away_is_told_in_a_line(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> Job | None:
        raise OperationalError("SELECT 'what a customer asks for'", {}, OSError("no route"))

    worker = Scripted(fail)
    with Exports(worker, pause=0.01).running():
        until(lambda: worker.looked > 2)
    (record,) = caplog.records
    assert record.getMessage().startswith("orders for exports cannot be looked for: OSError;")
    assert record.exc_info is None


def test_it_tells_what_it_did(caplog: pytest.LogCaptureFixture) -> None:
    jobs = [
        CdrExport(id="a", status="Completed", rows_count=1_234, file_size=56_789),
        CdrExport(id="b", status="Failed", reason="the disk is full"),
        CdrExport(id="c", status="Pending"),
    ]
    worker = Scripted(*[lambda job=job: job for job in jobs])
    with caplog.at_level(logging.INFO), Exports(worker, pause=LONG).running():
        until(lambda: worker.looked == 4)
    assert [record.getMessage() for record in caplog.records if "export " in record.getMessage()] == [
        "export a: Completed, 1,234 rows, 56,789 bytes",
        "export b: Failed (the disk is full)",
        "export c: Pending",
    ]


def test_it_ends_while_it_works() -> None:
    worker = Scripted()
    worker.steps.append(lambda: (worker.stopped.wait(PATIENCE), None)[1])
    with Exports(worker, pause=LONG).running():
        until(lambda: worker.looked == 1)
    assert runners() == []


def test_a_runner_that_outlasts_its_time_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsonapi_sieve.service.exports._PATIENCE", 0)
    released = threading.Event()
    worker = Scripted(lambda: (released.wait(PATIENCE), None)[1])
    exports = Exports(worker, pause=LONG)
    with exports.running():
        until(lambda: worker.looked == 1)
    assert runners() == ["exports"]
    with exports.running():
        until(lambda: worker.looked == 2)
        released.set()
        until(lambda: runners() == ["exports"])
        exports.wake()
        until(lambda: worker.looked == 3)
    until(lambda: runners() == [])


def test_an_application_that_starts_again_writes_again(tmp_path: Path) -> None:
    engine, own = new_database(tmp_path, count=10), open_exporting_engine(f"sqlite:///{tmp_path / 'cdr.sqlite'}")
    exporter = Exporter(own, tmp_path / "files")
    app = create_app(engine, TOKENS, [], exports=Exports(exporter, pause=LONG))

    async def live() -> None:
        async with app.router.lifespan_context(app):
            await to_thread.run_sync(until, lambda: exporter.path_of(CdrExport(id=id_)).exists())

    for number in (1, 2):
        id_ = order(engine, number)
        anyio.run(live)
        assert runners() == []
    own.dispose()
    engine.dispose()


def test_it_does_nothing_where_others_write() -> None:
    worker = Scripted()
    with Exports(worker, runs=False).running():
        assert runners() == []
    assert (worker.looked, worker.stopped.is_set()) == (0, False)


def test_what_cannot_be_written_fails_with_a_reason_and_the_service_goes_on(tmp_path: Path) -> None:
    engine = new_database(tmp_path, count=10)
    folder = tmp_path / "files"
    folder.write_text("in the way")
    with exporting(engine, folder) as running:
        id_ = running.order(EXPORTS, {"filters": {}})["id"]

        def is_failed() -> bool:
            document = running.service.get(f"{EXPORTS}/{id_}").json()
            return bool(document["data"]["attributes"]["status"] == "Failed")

        until(is_failed)
        assert running.service.get(f"{EXPORTS}/{id_}/download").status_code == 404
        with Session(engine) as session:
            assert session.get_one(CdrExport, id_).reason
        folder.unlink()
        assert running.completed(EXPORTS, {"filters": {}})["attributes"]["status"] == "Completed"
    assert runners() == []
    engine.dispose()
