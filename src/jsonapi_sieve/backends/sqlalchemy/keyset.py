"""The rows that follow a position in a total order, found by an index whatever the depth.

What follows (v1, v2, v3) are ranges that share no row: k1 = v1, k2 = v2 and k3 beyond v3; then k1 = v1 and k2 beyond
v2; then k1 beyond v1. NULL is the largest value, so "beyond" a value in an ascending order is greater or NULL, which
are two ranges. Adjacent keys of one direction are one where they can be compared as a row. An index of the order serves
each range, where it serves no condition that joins them by OR.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from functools import lru_cache
from typing import Any, Final, get_origin

import sqlalchemy as sa

from jsonapi_sieve.backends.sqlalchemy.columns import SPELLED
from jsonapi_sieve.backends.sqlalchemy.constructs import Floating, Ordered
from jsonapi_sieve.backends.sqlalchemy.keeping import CACHED, kept
from jsonapi_sieve.backends.sqlalchemy.ordering import sorted_by, term, terms, total_order_of
from jsonapi_sieve.backends.sqlalchemy.targets import Columns, columns_of, may_be_null
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.sorting import Order, Position, SortKey, backwards

__all__ = ["LIMIT", "check_walk", "following"]

LIMIT: Final = "page_limit"
"""The parameter that holds the most rows of a statement."""

_UNHELD: Final = (bytes, dict, list, time, timedelta)
"""Classes of what columns can be sorted by, and no cursor can hold."""

_Statement = sa.Select[Any]
_Condition = sa.ColumnElement[bool]


def following(
    statement: _Statement, target: Any, order: Order, position: Position, *, is_before: bool = False
) -> tuple[_Statement, dict[str, object]]:
    """Narrow a statement to the first `page_limit` rows that follow a position in a total order, or are before it.

    `statement` selects from `target` without an order; it is the same object for all statements of one shape, and so
    is the result for all positions with NULL in the same places. Nothing is before an empty position.

    Raises:
        CompileError: for a position that has not one value for each key.
    """
    nulls = tuple([value is None for value in position])
    values = {f"after_{number}": value for number, value in enumerate(position) if value is not None}
    return kept(_following, statement, target, order, is_before, nulls), values


@lru_cache(maxsize=CACHED)
def check_walk(target: Any, order: Order) -> None:
    """Check that pages behind a position can follow the first one of an order, which needs less.

    Raises:
        CompileError: for an order without the whole primary key, and for a column whose values no cursor can hold.
    """
    columns = columns_of(target)
    missing = [key.name for key in total_order_of(order, columns) if key not in order]
    if missing:
        raise CompileError(
            f"cursors of {columns.shown} hold {_shown(order)}, which is no place in a total order without"
            f" {', '.join(missing)}: name the whole primary key by CursorPages(primary_key=...)"
        )
    for key in order:
        unheld = _unheld(sorted_by(key.name, columns).type)
        if unheld is not None:
            raise CompileError(f"a cursor cannot hold {unheld}, which {key.name} sorts by: sort by another")


def _unheld(kind: sa.types.TypeEngine[Any]) -> str | None:
    """Name what a column holds and no cursor can; None where one can, or nobody tells."""
    if isinstance(kind, sa.types.Indexable):  # JSON, which is any object to SQLAlchemy 2.1, arrays and the like
        return type(kind).__name__
    try:
        told: object = kind.python_type
    except NotImplementedError:  # a type that somebody made need not have one
        return None
    held = get_origin(told) or told
    return held.__name__ if isinstance(held, type) and issubclass(held, _UNHELD) else None


@lru_cache(maxsize=CACHED)
def _following(statement: _Statement, target: Any, order: Order, is_before: bool, nulls: tuple[bool, ...]) -> Any:
    columns = columns_of(target)
    keys = _keys(order, columns, is_before, len(nulls))
    sort, limit = terms(keys, columns), sa.bindparam(LIMIT, type_=sa.BigInteger(), required=True)
    if not nulls:
        return statement.order_by(*sort).limit(limit)
    compared = [_key(number, key, nulls[number], columns) for number, key in enumerate(keys)]
    ranges = list(_ranges(_units(compared)))
    if len(ranges) < 2:  # noqa: PLR2004  (one needs no union)
        return statement.where(*(ranges or [sa.false()])).order_by(*sort).limit(limit)
    selected = statement.subquery()
    added = {key: key.column.label(None) for key in compared if _within(selected, key.column) is None}
    statement = statement.add_columns(*added.values())
    parts = [sa.select(statement.where(part).order_by(*sort).limit(limit).subquery()) for part in ranges]
    page = sa.union_all(*parts).subquery()
    arranged = [
        term(_within(page, added.get(key, key.column)), descending=key.descending, nullable=key.nullable)
        for key in compared
    ]
    whole = sa.select(*list(page.c)[: len(selected.c)]).order_by(*arranged).limit(limit)
    # As objects of the class that was asked for, so that options which somebody adds still find it.
    made: Any = whole if isinstance(target, sa.FromClause) else sa.select(target).from_statement(whole)
    return made.execution_options(**statement.get_execution_options())


def _keys(order: Order, columns: Columns, is_before: bool, width: int) -> Order:
    keys = total_order_of(order, columns)
    if width not in (0, len(keys)):
        raise CompileError(
            f"a position has {width} values; an order by {_shown(keys)} needs {len(keys)}, the primary key included"
        )
    return backwards(keys) if is_before else keys


def _shown(keys: Order) -> str:
    return ", ".join(key.name for key in keys)


def _within(page: sa.FromClause, column: Any) -> Any:
    """Find a column of what a subquery selects among its own; None where it does not select it."""
    return page.corresponding_column(column)


@dataclass(frozen=True, eq=False)
class _Key:
    """A key of the order: its column, as it is and as it is spelled for comparisons, and the value of the position."""

    column: sa.ColumnElement[Any]
    spelled: sa.ColumnElement[Any]
    descending: bool
    value: sa.BindParameter[Any] | None

    @property
    def equal(self) -> _Condition:
        """The condition that a row has the value of the position."""
        equal: _Condition = self.column.is_(None) if self.value is None else self.spelled == self.value
        return equal

    @property
    def nullable(self) -> bool:
        """Whether the column may hold NULL."""
        return may_be_null(self.column)

    @property
    def joins(self) -> bool:
        """Whether it can stand in a row that is compared; text cannot, for SQLite looks no row with a collation up."""
        return self.value is not None and not isinstance(self.column.type, sa.String)


def _key(number: int, key: SortKey, is_null: bool, columns: Columns) -> _Key:
    column = sorted_by(key.name, columns)
    spelled, sent = _spelled(column), column.type
    if isinstance(sent, sa.Enum):
        # It sorts by the texts of its members, so those are compared.
        sent = sa.String()
    value = None if is_null else sa.bindparam(f"after_{number}", type_=sent, required=True)
    return _Key(column, spelled, key.descending, value)


def _spelled(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Spell a column for comparisons as it is spelled in the order, so that its index serves both."""
    if isinstance(column.type, sa.Float):
        return Floating(column)
    return Ordered(column) if isinstance(column.type, SPELLED) else column


def _units(keys: Iterable[_Key]) -> list[list[_Key]]:
    """Give the keys in units that are compared at once."""
    units: list[list[_Key]] = []
    for key in keys:
        last = units[-1][-1] if units else None
        if last and last.joins and key.joins and not key.nullable and last.descending is key.descending:
            units[-1].append(key)
        else:
            units.append([key])
    return units


def _ranges(units: list[list[_Key]]) -> Iterator[_Condition]:
    """Give the ranges that follow the position, from the first to the last."""
    for number in range(len(units) - 1, -1, -1):
        equal = [key.equal for unit in units[:number] for key in unit]
        for beyond in _beyond(units[number]):
            yield sa.and_(*equal, beyond)


def _beyond(unit: list[_Key]) -> Iterator[_Condition]:
    key, *others = unit
    if key.value is None:
        if key.descending:
            yield key.column.is_not(None)
        return
    ours: Any = sa.tuple_(*(key.spelled for key in unit)) if others else key.spelled
    theirs: Any = sa.tuple_(*(key.value for key in unit)) if others else key.value
    beyond: _Condition = ours < theirs if key.descending else ours > theirs
    # In a row, NULL makes the comparison unknown on some engines, and is the largest value on others.
    yield sa.and_(key.column.is_not(None), beyond) if key.nullable and others else beyond
    if not key.descending and key.nullable:
        yield key.column.is_(None)
