"""What orders for files have in common: how far the work is, whose it is, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, bindparam
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from jsonapi_sieve.cdr.statuses import Statuses

__all__ = ["Job", "UuidText", "is_to_do"]

UuidText: TypeAlias = Annotated[str, "a UUID as lower-case text"]


class Job:
    """The columns of every table of orders; a mixin of the models.

    A runner takes a job by a claim: `claimed_by` is a random text, and until `claimed_until` nobody else takes it. What
    waits has no claim; a job that shall never be run is claimed by nobody for ever. `attempts` counts the claims, one
    after the other, that nobody has ended, with the one that holds. `reason` says to an operator why it failed.
    `file_size` is in bytes, `file_digest` the SHA-256 of the file in hexadecimal.
    """

    id: Mapped[UuidText] = mapped_column(primary_key=True)
    customer_id: Mapped[int]
    status: Mapped[str]
    rows_count: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    reason: Mapped[str | None]
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    file_size: Mapped[int | None] = mapped_column(BigInteger())
    file_digest: Mapped[str | None]

    @hybrid_property
    def is_kept(self) -> bool:
        """Tell whether it is claimed by nobody for ever, so that no runner takes it; of a job, and in SQL."""
        return (self.claimed_by == None) & (self.claimed_until != None)  # noqa: E711  (SQL has no `is`)


def is_to_do(model: type[Job], statuses: Statuses) -> ColumnElement[bool]:
    """Give the condition of what waits or is worked on; its words are constants, so that the index of it serves."""
    words: Any = bindparam("to_do", statuses[:2], expanding=True, literal_execute=True)
    return model.status.in_(words)
