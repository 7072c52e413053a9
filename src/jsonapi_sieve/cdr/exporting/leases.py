"""A claim that is renewed while its holder works, and what ends the work when it is to end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Lock, Thread
from time import monotonic
from types import TracebackType
from typing import Final, Self

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from jsonapi_sieve.cdr.exporting.claims import Claims
from jsonapi_sieve.cdr.exporting.engines import cancel_of
from jsonapi_sieve.cdr.jobs import Job

__all__ = ["Lease", "LostClaim", "Stopped"]

_LOG: Final = logging.getLogger(__name__)
_LOOK: Final = 0.1  # seconds between two looks at whether the work is to end


class LostClaim(Exception):
    """A runner was too slow, or the job was deleted: it is no longer the runner's."""


class Stopped(Exception):
    """A runner is to stop."""


class Lease:
    """Renews a claim in a thread of its own, three times as often as it has to, as long as it is entered.

    A database that does not answer is asked again until the claim has ended. When the runner is to stop, the thread
    gives the claim back, so that the process may end whatever the runner waits for.
    """

    def __init__(self, claims: Claims, job: Job, length: timedelta, stop: Event) -> None:
        self._claims = claims
        self._job = job
        self._length = length.total_seconds()
        self._stop = stop
        self._left = Event()
        self._lost = Event()
        self._query = Lock()  # of what cancels it, so that no connection is closed meanwhile
        self._cancel: Callable[[], None] | None = None
        self._thread = Thread(target=self._watch, name=f"lease of {job.id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._left.set()
        self._thread.join()

    def check(self) -> None:
        """Raise when the work is to end.

        Raises:
            LostClaim: when the claim no longer holds.
            Stopped: when the runner was told to stop.
        """
        if self._stop.is_set():
            raise Stopped
        if self._lost.is_set():
            raise LostClaim

    @contextmanager
    def reading(self, connection: Connection) -> Iterator[None]:
        """Let the query of a connection be ended when the work is to end, if the driver can do that.

        Raises:
            LostClaim: as `check` does, for what a query that was ended so raises.
            Stopped: in the same way.
        """
        with self._query:
            self._cancel = cancel_of(connection)
        try:
            yield
        except Exception:
            self.check()
            raise
        finally:
            with self._query:
                self._cancel = None

    def _watch(self) -> None:
        if self._holds():
            return
        self._lost.set()
        while not self._left.wait(_LOOK):  # more than once, for there may have been no query yet
            with self._query:
                if self._cancel is not None:
                    self._cancel()

    def _holds(self) -> bool:
        """Renew the claim until it is left, and tell that it held until then."""
        now = monotonic()
        renewed, until = now, now + self._length
        while not self._left.wait(min(_LOOK, self._length / 3)):
            if self._stop.is_set():
                self._give_back()
                return False
            now = monotonic()
            if now < renewed + self._length / 3:
                continue
            renewed = now
            try:
                held = self._claims.renew(self._job)
            except SQLAlchemyError as error:
                _LOG.warning("the claim on export %s could not be renewed: %s", self._job.id, type(error).__name__)
                held = monotonic() < until
            else:
                until = now + self._length
            if not held:
                return False
        return True

    def _give_back(self) -> None:
        try:
            self._claims.give_back(self._job)
        except SQLAlchemyError as error:
            _LOG.warning("the claim on export %s could not be given back: %s", self._job.id, type(error).__name__)
