"""How many orders of one customer may wait at once, so that none fills the queue that all share."""

from __future__ import annotations

from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve import ErrorObject, QueryErrors
from jsonapi_sieve.cdr.jobs import Job, is_to_do
from jsonapi_sieve.cdr.statuses import Statuses

__all__ = ["WAITING", "Budget"]

WAITING: Final = 1_000
"""How many orders of one collection a customer may have waiting, unless somebody says otherwise."""


class Budget(NamedTuple):
    """The most orders of one customer in a table that may wait or be worked on; `statuses` are the table's words.

    Those that no runner takes do not count.
    """

    most: int
    statuses: Statuses

    def check(self, session: Session, model: type[Job], customer: int) -> None:
        """Let a customer order one more. Who sends several orders at the same moment may come a few over the budget.

        Raises:
            QueryErrors: 429 when the budget is used up.
        """
        is_run = is_to_do(model, self.statuses) & ~model.is_kept
        waiting = sa.select(sa.literal(1)).where(model.customer_id == customer, is_run)
        counted = sa.select(sa.func.count()).select_from(waiting.limit(self.most).subquery())
        if session.scalars(counted).one() >= self.most:
            full = f"{self.most:,} exports wait already, which is the most; order more when some have ended."
            detail = full if self.most else "No exports are taken at present."
            error = ErrorObject("exports-limit", "Too many exports", detail, status=429, meta={"limit": self.most})
            raise QueryErrors([error])
