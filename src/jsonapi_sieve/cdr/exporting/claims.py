"""Whose work a job is, as the database has it: one statement for each step, which only the claim's holder takes.

A claim is a random text with a time until which it holds. Every step asks for the claim, so a runner that was too slow,
and whose job somebody else has taken, changes nothing. PostgreSQL's clock is that of the server; SQLite's is that of
the machine, which all its clients share.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.exporting.kinds import Kind
from jsonapi_sieve.cdr.jobs import Job, is_to_do

__all__ = ["Claims", "moment_of"]

T = TypeVar("T")


def moment_of(connection: sa.Connection) -> datetime:
    """Give the present moment, by the clock that all runners share."""
    if connection.dialect.name != "postgresql":
        return datetime.now(UTC)
    now: datetime = connection.scalars(sa.select(sa.func.clock_timestamp())).one()
    return now.astimezone(UTC)


class Claims:
    """The claims of one runner on the jobs of a kind; each holds for `lease` unless it is renewed."""

    def __init__(self, engine: sa.Engine, kind: Kind, lease: timedelta) -> None:
        self._engine = engine
        self._kind = kind
        self._model: Any = kind.model
        self._lease = lease

    def since(self, connection: sa.Connection, now: datetime) -> datetime | None:
        """Tell when the job was ordered that `take` would claim; None where there is none."""
        ordered: datetime | None = connection.scalar(self._oldest(self._model.created_at, now))
        return ordered

    def take(self) -> Job | None:
        """Claim the oldest job that waits, or whose runner has gone; None where there is none."""
        model = self._model
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            now = moment_of(session.connection())
            oldest = self._oldest(model.id, now)
            columns = model.__table__.columns
            # The new name is of the column's type: PostgreSQL compares no text with a UUID.
            named = (
                {"file_id": sa.func.coalesce(columns.file_id, sa.literal(str(uuid4()), columns.file_id.type))}
                if "file_id" in columns
                else {}
            )
            claim = (
                sa.update(model)
                .where(model.id == oldest.with_for_update(skip_locked=True).scalar_subquery())
                .values(
                    status=self._kind.statuses.processing,
                    claimed_by=uuid4().hex,
                    claimed_until=now + self._lease,
                    attempts=columns.attempts + 1,
                    updated_at=now,
                    **named,
                )
                .returning(model)
                .execution_options(synchronize_session=False)
            )
            job: Job | None = session.scalars(claim).one_or_none()
            return job

    def renew(self, job: Job) -> bool:
        """Let a claim hold for another time; tells whether it held until now."""
        with self._engine.begin() as connection:
            return self._change(connection, job, claimed_until=moment_of(connection) + self._lease)

    def complete(self, connection: sa.Connection, job: Job, *, rows: int, size: int, digest: str) -> bool:
        """End a job well, in a transaction; tells whether the claim held until now, and holds others off until then."""
        return self._end(
            connection, job, self._kind.statuses.completed, rows_count=rows, file_size=size, file_digest=digest
        )

    def fail(self, connection: sa.Connection, job: Job, reason: str) -> bool:
        """End a job badly, in a transaction; tells as `complete` does."""
        return self._end(connection, job, self._kind.statuses.failed, reason=reason)

    def give_back(self, job: Job) -> bool:
        """Let a job wait again, for anybody, as if it had not been taken; tells whether the claim held until now."""
        with self._engine.begin() as connection:
            return self._end(connection, job, self._kind.statuses.pending, attempts=self._model.attempts - 1)

    def _oldest(self, column: Any, now: datetime) -> sa.Select[Any]:
        model = self._model
        to_do = is_to_do(model, self._kind.statuses)
        free = sa.or_(model.claimed_until.is_(None), model.claimed_until < now)
        return sa.select(column).where(to_do, free).order_by(model.created_at, model.id).limit(1)

    def _end(self, connection: sa.Connection, job: Job, status: str, **values: Any) -> bool:
        ended = {"status": status, "claimed_by": None, "claimed_until": None, "attempts": 0, "reason": None, **values}
        return self._change(connection, job, updated_at=moment_of(connection), **ended)

    def _change(self, connection: sa.Connection, job: Job, **values: Any) -> bool:
        model = self._model
        held = sa.and_(
            model.id == job.id, model.claimed_by == job.claimed_by, model.status == self._kind.statuses.processing
        )
        return connection.execute(sa.update(model).where(held).values(**values)).rowcount == 1
