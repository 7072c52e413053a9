"""An order as ORDER BY terms: total, with NULL as the largest value and text by code point."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from jsonapi_sieve.backends.sqlalchemy.columns import sortable
from jsonapi_sieve.backends.sqlalchemy.constructs import NullPlaced
from jsonapi_sieve.backends.sqlalchemy.targets import Columns, Target, columns_of, may_be_null
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.sorting import Order, SortKey

__all__ = ["compile_order_by", "terms"]


def compile_order_by(order: Order, target: Target) -> list[sa.ColumnElement[Any]]:
    """Give the ORDER BY terms of an order; the primary key is appended, in the direction of the last key.

    The place of NULL is written only for columns that may hold it, so that a plain index can serve the others.

    >>> import sqlalchemy as sa
    >>> from jsonapi_sieve.sorting import SortKey
    >>> calls = sa.Table(
    ...     "calls", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("duration", sa.Integer)
    ... )
    >>> print(*compile_order_by((SortKey("duration", descending=True),), calls), sep=", ")
    calls.duration DESC NULLS FIRST, calls.id DESC

    Raises:
        CompileError: for a name that the target does not have, or a target without a primary key.
    """
    return terms(order, columns_of(target))


def terms(order: Order, columns: Columns) -> list[sa.ColumnElement[Any]]:
    """Give the ORDER BY terms of an order over known columns; see `compile_order_by`."""
    if not columns.primary_key:
        raise CompileError(f"{columns.shown} has no primary key, without which no order is total")
    named = {key.name for key in order}
    descending = bool(order) and order[-1].descending
    rest = [SortKey(name, descending) for name in columns.primary_key if name not in named]
    return [_term(columns.find(key.name), key.descending) for key in (*order, *rest)]


def _term(column: sa.ColumnElement[Any], descending: bool) -> sa.ColumnElement[Any]:
    value = sortable(column)
    term = value.desc() if descending else value.asc()
    return NullPlaced(term) if may_be_null(column) else term
