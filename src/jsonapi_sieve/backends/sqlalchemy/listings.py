"""What a listing asks of a database: one page of the rows that a predicate selects, and how many there are in all."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, TypeVar, overload

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, RelationshipProperty, selectinload

from jsonapi_sieve.backends.sqlalchemy.statements import compile_select
from jsonapi_sieve.backends.sqlalchemy.targets import Target
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.predicate import Predicate
from jsonapi_sieve.sorting import Order

__all__ = ["compile_count", "compile_page"]

T = TypeVar("T")

_LIMIT: Final = "page_limit"
_OFFSET: Final = "page_offset"


@overload
def compile_page(
    predicate: Predicate,
    target: type[T],
    order: Order = (),
    *,
    limit: int | None = None,
    offset: int = 0,
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
    related: tuple[str, ...] = (),
) -> tuple[sa.Select[*tuple[Any, ...]], dict[str, object]]: ...
def compile_page(
    predicate: Predicate,
    target: Any,
    order: Order = (),
    *,
    limit: int | None = None,
    offset: int = 0,
    related: tuple[str, ...] = (),
) -> tuple[sa.Select[Any], dict[str, object]]:
    """Give a statement for one page of what a predicate selects, in a total order, and the values to execute it with.

    As with `compile_select` the statement is the same object for all pages of all predicates of one shape. Without
    `limit` it selects everything. `related` names relationships of a mapped class, such as "account" or
    "account.owner", whose objects are loaded with the rows, by one more statement each.

    >>> import sqlalchemy as sa
    >>> from jsonapi_sieve import TRUE
    >>> calls = sa.Table("calls", sa.MetaData(), sa.Column("id", sa.BigInteger, primary_key=True))
    >>> statement, values = compile_page(TRUE, calls, limit=50, offset=100)
    >>> values
    {'page_limit': 50, 'page_offset': 100}

    Raises:
        CompileError: as `compile_select` does; for a name in `related` that is no relationship of the target.
        ValueError: for an offset without a limit.
    """
    statement, values = compile_select(predicate, target, order)
    if related:
        statement = _with_related(statement, target, related)
    if limit is None:
        if offset:
            raise ValueError("an offset needs a limit: not every database knows the one without the other")
        return statement, values
    return _page_of(statement), values | {_LIMIT: limit, _OFFSET: offset}


def compile_count(predicate: Predicate, target: Target) -> tuple[sa.Select[int], dict[str, object]]:
    """Give a statement that counts what a predicate selects, and the values to execute it with.

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
    return _count_of(statement), values


@lru_cache(maxsize=1024)
def _page_of(statement: sa.Select[Any]) -> sa.Select[Any]:
    limit, offset = (sa.bindparam(name, type_=sa.BigInteger(), required=True) for name in (_LIMIT, _OFFSET))
    return statement.limit(limit).offset(offset)


@lru_cache(maxsize=1024)
def _count_of(statement: sa.Select[Any]) -> sa.Select[int]:
    return statement.with_only_columns(sa.func.count(), maintain_column_froms=True)


@lru_cache(maxsize=1024)
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
    inspected: Any = sa.inspect(source, raiseerr=False)
    mapper: Any = getattr(inspected, "mapper", None)
    if not isinstance(mapper, Mapper) or name not in mapper.relationships:
        shown = getattr(source, "__name__", str(source))
        raise CompileError(f"{path}: {shown} has no relationship {name!r} to load")
    return mapper.relationships[name]
