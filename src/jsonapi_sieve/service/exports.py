"""The files of exports, and a thread of the service that writes them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Final, Protocol

from sqlalchemy.exc import DBAPIError

from jsonapi_sieve.cdr.jobs import Job

__all__ = ["Exports", "Worker"]

_LOG: Final = logging.getLogger(__name__)


class Worker(Protocol):
    """What the service needs of an `Exporter`."""

    def run_one(self) -> Job | None:
        """Work on one order to its end; None where none waits."""

    def path_of(self, job: Job) -> Path:
        """Name the file of an order."""

    def start(self) -> None:
        """Take orders up, also after a `stop`."""

    def stop(self) -> None:
        """End the work on an order, which then waits again."""


class Exports:
    """Where the files of exports are, and unless `runs` is false a runner that writes them while the service serves.

    The runner looks for orders when one was made here, and every `pause` seconds, for others may make some as well. It
    tells in the log what it did, and goes on after whatever goes wrong.
    """

    def __init__(self, worker: Worker, *, runs: bool = True, pause: float = 5.0) -> None:
        self._worker = worker
        self._runs = runs
        self._pause = pause
        self._woken = Event()

    def path_of(self, job: Job) -> Path:
        """Name the file of an order, whether there is one or not."""
        return self._worker.path_of(job)

    def wake(self) -> None:
        """Let the runner look for orders now."""
        self._woken.set()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run in a thread; at the end the order that is being worked on is given back. It can run again after that."""
        if not self._runs:
            yield
            return
        ending = Event()  # of this thread, which may outlast its time
        thread = Thread(target=self._run, args=(ending,), name="exports", daemon=True)
        self._worker.start()
        thread.start()
        try:
            yield
        finally:
            ending.set()
            self._worker.stop()
            self.wake()
            thread.join(_PATIENCE)

    def _run(self, ending: Event) -> None:
        while not ending.is_set():
            self._woken.clear()  # before looking, so that no order slips in between
            job = None
            try:
                job = self._worker.run_one()
            except DBAPIError as error:  # the database is away or busy, which may last
                name = type(error.orig).__name__
                _LOG.warning("%s: %s; trying again in %g seconds", _FAILED, name, self._pause)
            except Exception:  # noqa: BLE001  (the next order may go well)
                _LOG.exception("%s; trying again in %g seconds", _FAILED, self._pause)
            if job is not None:
                _tell(job)
            elif not ending.is_set():
                self._woken.wait(self._pause)


_FAILED: Final = "orders for exports cannot be looked for"

_PATIENCE: Final = 5.0
"""Seconds that the runner has to end; one that waits for a query for longer has given its order back all the same."""


def _tell(job: Job) -> None:
    match job:
        case Job(reason=str(reason)):
            _LOG.warning("export %s: %s (%s)", job.id, job.status, reason)
        case Job(rows_count=int(rows), file_size=int(size)):
            _LOG.info("export %s: %s, %s rows, %s bytes", job.id, job.status, f"{rows:,}", f"{size:,}")
        case _:
            _LOG.info("export %s: %s", job.id, job.status)
