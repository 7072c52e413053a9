"""What a listing asks of a database: one page of the rows that a predicate selects, and how many there are in all."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, TypeVar, overload

import sqlalchemy as sa
from sqlalchemy.orm import RelationshipProperty, selectinload

from jsonapi_sieve.backends.sqlalchemy.estimates import Estimate
from jsonapi_sieve.backends.sqlalchemy.keeping import CACHED, kept
from jsonapi_sieve.backends.sqlalchemy.keyset import LIMIT, following
from jsonapi_sieve.backends.sqlalchemy.statements import compile_select
from jsonapi_sieve.backends.sqlalchemy.targets import Target, columns_of
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.predicate import Predicate
from jsonapi_sieve.sorting import Order, Position

__all__ = ["compile_count", "compile_estimate", "compile_page"]

T = TypeVar("T")

_OFFSET: Final = "page_offset"


@overload
def compile_page(
    predicate: Predicate,
    target: type[T],
    order: Order = (),
    *,
    limit: int | None = None,
    offset: int = 0,
    after: Position | None = None,
    before: Position | None = None,
    related: tuple[str, ...] = (),
) -> tuple[sa.Select[T], dict[str, object]]: ...
@overload
def compile_page(
    predicate: Predicate,
    target: sa.FromClause,
    order: Order = (),
    *,
    limit: int | None = None,
    offset: int = 0,
    after: Position | None = None,
    before: Position | None = None,
    related: tuple[str, ...] = (),
) -> tuple[sa.Select[*tuple[Any, ...]], dict[str, object]]: ...
def compile_page(
    predicate: Predicate,
    target: Any,
    order: Order = (),
    *,
    limit: int | None = None,
    offset: int = 0,
    after: Position | None = None,
    before: Position | None = None,
    related: tuple[str, ...] = (),
) -> tuple[sa.Select[Any], dict[str, object]]:
    """Give a statement for one page of what a predicate selects, in a total order, and the values to execute it with.

    As with `compile_select` the statement is the same object for all pages of all predicates of one shape. Without
    `limit` it selects everything. With `after` the page begins behind a position, at the same cost whatever the depth;
    with `before` it ends in front of one, and its rows come last first. Narrow the predicate of such a page, not its
    statement, which may hold several selects. `related` names relationships of a mapped class, such as "account" or
    "account.owner", whose objects are loaded with the rows, by one more statement each.

    >>> import sqlalchemy as sa
    >>> from jsonapi_sieve import TRUE
    >>> calls = sa.Table("calls", sa.MetaData(), sa.Column("id", sa.BigInteger, primary_key=True))
    >>> statement, values = compile_page(TRUE, calls, limit=50, offset=100)
    >>> values
    {'page_limit': 50, 'page_offset': 100}

    Raises:
        CompileError: as `compile_select` does; for a name in `related` that is no relationship of the target.
        ValueError: for an offset or a position without a limit, and for two of these at once.
    """
    position = before if after is None else after
    if (after is not None and before is not None) or (offset and position is not None):
        raise ValueError("a page has one beginning: an offset, a position that it comes after or one that it is before")
    if limit is None and (offset or position is not None):
        raise ValueError("an offset needs a limit, and so does a position: not every database knows one without")
    if position is None:
        statement, values = compile_select(predicate, target, order)
    else:
        selected, values = compile_select(predicate, target)
        statement, place = following(selected, target, order, position, is_before=after is None)
        values.update(place)
        values[LIMIT] = limit
    if related:
        statement = kept(_with_related, statement, target, related)
    if position is not None or limit is None:
        return statement, values
    values[LIMIT], values[_OFFSET] = limit, offset
    return kept(_page_of, statement), values


def compile_count(
    predicate: Predicate, target: Target, *, limit: int | None = None
) -> tuple[sa.Select[int], dict[str, object]]:
    """Give a statement that counts what a predicate selects, and the values to execute it with.

    With `limit` it stops at one more than that, which then stands for "more".

    >>> import sqlalchemy as sa
    >>> from jsonapi_sieve import Field, types
    >>> calls = sa.Table("calls", sa.MetaData(), sa.Column("id", sa.BigInteger, primary_key=True))
    >>> statement, values = compile_count(Field(types.Integer(), name="id").gt(7), calls)
    >>> print(statement)
    SELECT count(*) AS count_1
    FROM calls
    WHERE calls.id > :p0

    Raises:
        CompileError: as `compile_select` does.
    """
    statement, values = compile_select(predicate, target)
    if limit is None:
        return kept(_count_of, statement), values
    return kept(_count_to_limit, statement), values | {LIMIT: limit + 1}


def compile_estimate(predicate: Predicate, target: Target) -> tuple[sa.Select[int], dict[str, object]]:
    """Give a statement that estimates how many rows a predicate selects, and the values to execute it with.

    The number is that of the planner, from the statistics that PostgreSQL gathers; no row is read for it.

    Raises:
        CompileError: as `compile_select` does; and when SQLAlchemy compiles the statement for another engine.
    """
    statement, values = compile_select(predicate, target)
    return kept(_estimate_of, statement), values


@lru_cache(maxsize=CACHED)
def _page_of(statement: sa.Select[Any]) -> sa.Select[Any]:
    limit, offset = (sa.bindparam(name, type_=sa.BigInteger(), required=True) for name in (LIMIT, _OFFSET))
    return statement.limit(limit).offset(offset)


@lru_cache(maxsize=CACHED)
def _count_of(statement: sa.Select[Any]) -> sa.Select[int]:
    return statement.with_only_columns(sa.func.count(), maintain_column_froms=True)


@lru_cache(maxsize=CACHED)
def _count_to_limit(statement: sa.Select[Any]) -> sa.Select[int]:
    limit = sa.bindparam(LIMIT, type_=sa.BigInteger(), required=True)
    one: sa.Select[Any] = statement.with_only_columns(sa.literal_column("1"), maintain_column_froms=True)
    return sa.select(sa.func.count()).select_from(one.limit(limit).subquery())


@lru_cache(maxsize=CACHED)
def _estimate_of(statement: sa.Select[Any]) -> sa.Select[int]:
    return Estimate.of(statement)


@lru_cache(maxsize=CACHED)
def _with_related(statement: sa.Select[Any], target: Any, related: tuple[str, ...]) -> sa.Select[Any]:
    options: list[Any] = []
    for path in related:
        option: Any = None
        source = target
        for name in path.split("."):
            found = _relationship(source, name, path)
            attribute = getattr(source, name)
            option = selectinload(attribute) if option is None else option.selectinload(attribute)
            source = found.mapper.class_
        options.append(option)
    return statement.options(*options)


def _relationship(source: Any, name: str, path: str) -> RelationshipProperty[Any]:
    found = columns_of(source).relationship(name)
    if found is None:
        shown = getattr(source, "__name__", str(source))
        raise CompileError(f"{path}: {shown} has no relationship {name!r} to load")
    return found
