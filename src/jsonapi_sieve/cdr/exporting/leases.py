"""A claim that is renewed while its holder works."""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Final, Self

from sqlalchemy.exc import SQLAlchemyError

from jsonapi_sieve.cdr.exporting.claims import Claims
from jsonapi_sieve.cdr.jobs import Job

__all__ = ["Lease", "LostClaim", "Stopped"]

_LOG: Final = logging.getLogger(__name__)


class LostClaim(Exception):
    """A runner was too slow, or the job was deleted: it is no longer the runner's."""


class Stopped(Exception):
    """A runner is to stop."""


class Lease:
    """Renews a claim in a thread of its own, three times as often as it has to, as long as it is entered.

    A database that does not answer is asked again until the claim has ended.
    """

    def __init__(self, claims: Claims, job: Job, length: timedelta, stop: Event) -> None:
        self._claims = claims
        self._job = job
        self._length = length.total_seconds()
        self._stop = stop
        self._left = Event()
        self._lost = Event()
        self._thread = Thread(target=self._renew, name=f"lease of {job.id}", daemon=True)

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
        if self._lost.is_set():
            raise LostClaim
        if self._stop.is_set():
            raise Stopped

    def _renew(self) -> None:
        until = monotonic() + self._length
        while not self._left.wait(self._length / 3):
            asked = monotonic()
            try:
                held = self._claims.renew(self._job)
            except SQLAlchemyError as error:
                _LOG.warning("the claim on export %s could not be renewed: %s", self._job.id, type(error).__name__)
                held = monotonic() < until
            else:
                until = asked + self._length
            if not held:
                self._lost.set()
                return
