"""Orders by their identifiers, of all kinds, and what an operator does with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.exporting.claims import moment_of
from jsonapi_sieve.cdr.exporting.files import UUID, Folder
from jsonapi_sieve.cdr.exporting.kinds import Kind
from jsonapi_sieve.cdr.jobs import Job

__all__ = ["Deleted", "Orders", "WrongStatus"]

_UUIDS: Final = re.compile(UUID, re.ASCII)
_UNCLAIMED: Final[dict[str, Any]] = {"reason": None, "claimed_by": None, "claimed_until": None, "attempts": 0}
_ANEW: Final[dict[str, Any]] = {**_UNCLAIMED, "rows_count": None, "file_size": None, "file_digest": None}


class WrongStatus(Exception):
    """An order is in another status than what is asked for needs."""


class Deleted(NamedTuple):
    """An order that is deleted, and how many files of it were removed.

    It `is_missing` its file where one was written and none was found: its runner has another folder.
    """

    job: Job
    files: int
    is_missing: bool


class Orders:
    """The orders of some kinds, and the folder of their files."""

    def __init__(self, engine: sa.Engine, kinds: tuple[Kind, ...], folder: Folder) -> None:
        self._engine = engine
        self._folder = folder
        self.kinds: tuple[Kind, ...] = kinds

    def kind_of(self, job: Job) -> Kind:
        """Give the kind of an order."""
        return next(kind for kind in self.kinds if isinstance(job, kind.model))

    def find(self, id_: str) -> Job:
        """Give an order as it is now.

        Raises:
            LookupError: when there is none of the identifier.
        """
        return self._found(id_)[1]

    def by_file(self, file_id: str) -> tuple[Kind, Job] | None:
        """Give the order whose file has a name."""
        with Session(self._engine) as session:
            for kind in self.kinds:
                model: Any = kind.model
                job = session.scalars(sa.select(model).where(model.file_id == file_id)).one_or_none()
                if job is not None:
                    return kind, job
        return None

    def completed_before(self, moment: datetime) -> list[str]:
        """Give the identifiers of what was completed before a moment."""
        old: list[str] = []
        with Session(self._engine) as session:
            for kind in self.kinds:
                model: Any = kind.model
                chosen = sa.select(model.id).where(model.status == kind.statuses.completed, model.updated_at < moment)
                old.extend(session.scalars(chosen))
        return old

    def listed(self, status: str | None = None) -> Iterator[Job]:
        """Yield the orders of all kinds, the oldest first, or those of one status in whatever spelling."""
        with Session(self._engine) as session:  # one connection reads all kinds in turn
            yield from merge(*(_of(session, kind, status) for kind in self.kinds), key=_age)

    def retry(self, id_: str) -> Job:
        """Let an order that failed wait again."""
        kind, job = self._found(id_)
        if not self._change(kind, id_, kind.statuses.pending, _ANEW, of=kind.statuses.failed):
            raise WrongStatus(f"export {id_} is {job.status}; only what is {kind.statuses.failed} is tried again")
        return self.find(id_)

    def retry_failed(self, name: str | None = None) -> list[Job]:
        """Let all orders that failed wait again, or those of one kind; gives them, the oldest first."""
        kinds = [kind for kind in self.kinds if name in (None, kind.name)]
        if not kinds:
            known = ", ".join(kind.name for kind in self.kinds)
            raise LookupError(f"this runner has no exports of the kind {name}, only of {known}")
        jobs: list[Job] = []
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            now = moment_of(session.connection())
            for kind in kinds:
                model: Any = kind.model
                failed = sa.update(model).where(model.status == kind.statuses.failed)
                again = failed.values(status=kind.statuses.pending, updated_at=now, **_ANEW).returning(model)
                jobs.extend(session.scalars(again.execution_options(synchronize_session=False)))
        return sorted(jobs, key=_age)

    def delete(self, id_: str) -> Deleted:
        """Remember that an order is deleted, and remove its file."""
        kind, before = self._found(id_)
        self._change(kind, id_, kind.statuses.deleted, _UNCLAIMED)
        job = self.find(id_)
        file_id = _file_id(job)
        files = 0 if file_id is None else self._folder.remove(file_id)
        had_one = job.file_digest is not None and before.status != kind.statuses.deleted
        return Deleted(job, files, had_one and not files)

    def _change(self, kind: Kind, id_: str, status: str, values: dict[str, Any], *, of: str | None = None) -> bool:
        model: Any = kind.model
        chosen = sa.update(model).where(model.id == id_)
        with self._engine.begin() as connection:
            now = moment_of(connection)
            changed = (chosen if of is None else chosen.where(model.status == of)).values(
                status=status, updated_at=now, **values
            )
            return connection.execute(changed).rowcount == 1

    def _found(self, id_: str) -> tuple[Kind, Job]:
        # What is no UUID is compared with none: PostgreSQL would end the statement.
        kinds = self.kinds if _UUIDS.fullmatch(id_) else ()
        with Session(self._engine) as session:
            for kind in kinds:
                job = session.get(kind.model, id_)
                if job is not None:
                    return kind, job
        raise LookupError(f"there is no export {id_}")


def _of(session: Session, kind: Kind, status: str | None) -> Iterator[Job]:
    model: Any = kind.model
    chosen = sa.select(model).order_by(model.created_at, model.id)
    if status is not None:
        chosen = chosen.where(sa.func.lower(model.status) == status.lower())
    return iter(session.scalars(chosen.execution_options(yield_per=1_000)))


def _age(job: Job) -> tuple[datetime, str]:
    return job.created_at, job.id


def _file_id(job: Any) -> str | None:
    file_id: str | None = job.file_id
    return file_id
