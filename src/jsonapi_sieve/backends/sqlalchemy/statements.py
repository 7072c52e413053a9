"""Predicates as statements and clauses.

A statement belongs to a shape, not to a predicate: it is made once, and its values are bound when it is executed. So
SQLAlchemy, too, compiles it once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias, TypeVar, overload

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from jsonapi_sieve.backends.sqlalchemy.clauses import clause_of
from jsonapi_sieve.backends.sqlalchemy.constructs import Large
from jsonapi_sieve.backends.sqlalchemy.keeping import CACHED, is_kept, mark_as_large
from jsonapi_sieve.backends.sqlalchemy.ordering import terms
from jsonapi_sieve.backends.sqlalchemy.targets import Target, columns_of
from jsonapi_sieve.normal import Shape, normalize
from jsonapi_sieve.predicate import Predicate
from jsonapi_sieve.sorting import Order

__all__ = ["compile_select", "compile_sqlalchemy"]

T = TypeVar("T")


@overload
def compile_select(
    predicate: Predicate, target: type[T], order: Order | None = None
) -> tuple[sa.Select[T], dict[str, object]]: ...
@overload
def compile_select(
    predicate: Predicate, target: sa.FromClause, order: Order | None = None
) -> tuple[sa.Select[*tuple[Any, ...]], dict[str, object]]: ...
def compile_select(
    predicate: Predicate, target: Any, order: Order | None = None
) -> tuple[sa.Select[Any], dict[str, object]]:
    """Give a statement that selects what a predicate selects, and the values to execute it with.

    The statement is the same object for all predicates of one shape on one target: so make an alias or a subquery once,
    not for each request. A shape of more than 32 tests has a new one each time, which nobody keeps. `order` sorts, with
    the primary key appended (see `compile_order_by`): the empty order is that of the primary key. Without `order`, rows
    come as the engine likes.

    >>> import sqlalchemy as sa
    >>> from jsonapi_sieve import Field, types
    >>> calls = sa.Table("calls", sa.MetaData(), sa.Column("id", sa.BigInteger, primary_key=True))
    >>> statement, values = compile_select(Field(types.Integer(), name="id").gt(7), calls)
    >>> engine = sa.create_engine("sqlite://")
    >>> with engine.connect() as connection:
    ...     calls.create(connection)
    ...     _ = connection.execute(calls.insert(), [{"id": 7}, {"id": 8}])
    ...     connection.execute(statement, values).all()
    [(8,)]
    >>> engine.dispose()

    Raises:
        CompileError: when a column is missing or cannot stand for its field, or the tree is deeper than 32. What an
            engine cannot do raises when SQLAlchemy compiles the statement for it.
    """
    shape, values = normalize(predicate)
    statement, names = _kept(target, shape, order) or _made_once(target, shape, order)
    return statement, dict(zip(names, values))  # noqa: B905  (they are as many, and strict= takes half as long again)


_Prepared: TypeAlias = tuple[sa.Select[Any], tuple[str, ...]]


@lru_cache(maxsize=CACHED)
def _kept(target: Target, shape: Shape, order: Order | None) -> _Prepared | None:
    return _made(target, shape, order) if is_kept(shape) else None


def _made_once(target: Target, shape: Shape, order: Order | None) -> _Prepared:
    statement, names = _made(target, shape, order)
    return mark_as_large(statement), names


def _made(target: Target, shape: Shape, order: Order | None) -> _Prepared:
    columns = columns_of(target)
    names: list[str] = []

    def bind(type_: TypeEngine[Any]) -> sa.BindParameter[Any]:
        names.append(f"p{len(names)}")
        return sa.bindparam(names[-1], type_=type_, required=True)

    clause = clause_of(shape, columns, bind)
    statement = sa.select(target).where(clause if is_kept(shape) else Large(clause))
    if order is not None:
        statement = statement.order_by(*terms(order, columns))
    return statement, tuple(names)


def compile_sqlalchemy(predicate: Predicate, target: Target) -> sa.ColumnElement[bool]:
    """Give the clause of a predicate with its values inside, to build a statement on by hand.

    The clause is TRUE for the rows that the predicate selects; for others it is false or unknown. So negate the
    predicate, not the clause.

    >>> import sqlalchemy as sa
    >>> from jsonapi_sieve import Field, types
    >>> calls = sa.Table("calls", sa.MetaData(), sa.Column("id", sa.BigInteger, primary_key=True))
    >>> str(compile_sqlalchemy(Field(types.Integer(), name="id").gt(7), calls))
    'calls.id > :param_1'

    Raises:
        CompileError: as `compile_select` does.
    """
    shape, constants = normalize(predicate)
    values = iter(constants)

    def bind(type_: TypeEngine[Any]) -> sa.BindParameter[Any]:
        return sa.bindparam(None, next(values), type_=type_, unique=True)

    return clause_of(shape, columns_of(target), bind)
