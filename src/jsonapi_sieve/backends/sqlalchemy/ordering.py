"""An order as ORDER BY terms: total, with NULL as the largest value and text by code point."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from jsonapi_sieve.backends.sqlalchemy.columns import sortable
from jsonapi_sieve.backends.sqlalchemy.constructs import NullPlaced
from jsonapi_sieve.backends.sqlalchemy.targets import Columns, Related, Target, columns_of, may_be_null
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.sorting import Order, total_order

__all__ = ["compile_order_by", "sorted_by", "term", "terms", "total_order_of"]


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
        CompileError: for a name that the target does not have, one that leads through something else than to-one
            relationships of a mapped class, or a target without a primary key.
    """
    return terms(order, columns_of(target))


def terms(order: Order, columns: Columns) -> list[sa.ColumnElement[Any]]:
    """Give the ORDER BY terms of an order over known columns; see `compile_order_by`."""
    found = [(sorted_by(key.name, columns), key.descending) for key in total_order_of(order, columns)]
    return [term(column, descending=descending, nullable=may_be_null(column)) for column, descending in found]


def total_order_of(order: Order, columns: Columns) -> Order:
    """Append the primary key to an order.

    Raises:
        CompileError: when there is none.
    """
    if not columns.primary_key:
        raise CompileError(f"{columns.shown} has no primary key, without which no order is total")
    return total_order(order, columns.primary_key)


def term(column: sa.ColumnElement[Any], *, descending: bool, nullable: bool) -> sa.ColumnElement[Any]:
    """Give the ORDER BY term of a column."""
    value = sortable(column)
    ordered = value.desc() if descending else value.asc()
    return NullPlaced(ordered) if nullable else ordered


def sorted_by(name: str, columns: Columns) -> sa.ColumnElement[Any]:
    """Give the column that a name sorts by.

    Behind relationships it is a subquery of one value, for a join could hide rows, or repeat them.

    Raises:
        CompileError: when there is none.
    """
    *path, last = name.split(".")
    if not path:
        return columns.find(last)
    found, steps = columns, list[Related]()
    for relationship in path:
        leads = found.relationship(relationship)
        if leads is None or leads.uselist:
            raise CompileError(f"{name}: {found.shown} has no to-one relationship {relationship!r} to sort by")
        steps.append(found.follow(leads))
        found = steps[-1].columns
    selected: sa.Select[Any] = sa.select(found.find(last)).select_from(*(step.alias for step in steps))
    return selected.where(*(step.join for step in steps)).correlate(columns.source).scalar_subquery()
