"""The statement that gives the rows of a file, column by column."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from jsonapi_sieve.backends.sqlalchemy import compile_order_by, compile_sqlalchemy
from jsonapi_sieve.cdr.exporting.kinds import Selection
from jsonapi_sieve.cdr.models import Cdr

__all__ = ["columns_of", "statement_of"]


def columns_of(selection: Selection) -> list[sa.Column[Any] | None]:
    """Give the columns of the table, None where the file has an empty one."""
    table: Any = Cdr.__table__.columns
    return [None if column.name is None else table[column.name] for column in selection.columns]


def statement_of(selection: Selection, shown: list[sa.ColumnElement[Any]]) -> sa.Select[Any]:
    """Give the statement that selects what is shown of the rows that belong to the file, in their order.

    >>> from jsonapi_sieve import And, SortKey
    >>> selection = Selection(And(), (SortKey("time_start", descending=True),), ())
    >>> print(statement_of(selection, [Cdr.__table__.c.id]))
    SELECT cdrs.id FROM cdrs WHERE true ORDER BY cdrs.time_start DESC, cdrs.id DESC
    """
    chosen = sa.select(*shown).where(compile_sqlalchemy(selection.predicate, Cdr))
    return chosen.order_by(*compile_order_by(selection.order, Cdr))
