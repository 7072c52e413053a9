"""Whether a target can answer all that a declaration asks, found out before any row is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from jsonapi_sieve.backends.declares import Declares
from jsonapi_sieve.backends.sqlalchemy.clauses import clause_of
from jsonapi_sieve.backends.sqlalchemy.columns import compared
from jsonapi_sieve.backends.sqlalchemy.dialects import rules_of
from jsonapi_sieve.backends.sqlalchemy.targets import Columns, Target, columns_of
from jsonapi_sieve.declared import Declared
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.field import Field, Several
from jsonapi_sieve.normal import Leaf
from jsonapi_sieve.own_operators import OwnOperator
from jsonapi_sieve.relationship import Relationship

__all__ = ["check"]


def check(filters: Declares, target: Target, dialect: Dialect | None = None) -> None:
    """Check that a target has a fitting column for each field, and that a dialect can compare it.

    What a declared relationship leads to is checked in the same way.

    Without a dialect (`engine.dialect`), what depends on the engine is left to the compilation of the first statement.

    Raises:
        CompileError: with a line for each column that is missing or cannot stand for its field; or when the dialect has
            no rules.
    """
    if dialect is not None:
        rules_of(dialect)
    findings = list(_findings(filters.declarations(), columns_of(target), dialect))
    if findings:
        raise CompileError("\n".join(findings))


def _findings(declared: Iterable[Declared], columns: Columns, dialect: Dialect | None) -> Iterator[str]:
    for each in declared:
        if isinstance(each, Field):
            yield from _field_findings(each, columns, dialect)
        elif isinstance(each, Several) and dialect is not None:
            yield from _several_findings(each, columns, dialect)
        elif isinstance(each, Relationship):
            yield from _related_findings(each, columns, dialect)


def _related_findings(relationship: Relationship, columns: Columns, dialect: Dialect | None) -> Iterator[str]:
    try:
        related = columns.related(relationship)
    except CompileError as error:
        yield str(error)
        return
    if dialect is not None:
        try:
            related.some(sa.true()).compile(dialect=dialect)
        except CompileError as error:
            yield f"{relationship.name}: {error}"
            return
    for finding in _findings(relationship.filters.declarations(), related.columns, dialect):
        yield f"{relationship.name}.{finding}"


def _field_findings(field: Field[Any], columns: Columns, dialect: Dialect | None) -> Iterator[str]:
    try:
        column = compared(field, columns)
        if dialect is not None:
            column.exact.compile(dialect=dialect)
            column.ordered.compile(dialect=dialect)
            column.constant.dialect_impl(dialect)
            _check_own(field, field, columns, dialect)
    except CompileError as error:
        yield str(error)


def _several_findings(several: Several, columns: Columns, dialect: Dialect) -> Iterator[str]:
    try:
        for field in several.fields:
            _check_own(several, field, columns, dialect)
    except CompileError as error:
        yield str(error)


def _check_own(opens: Field[Any] | Several, field: Field[Any], columns: Columns, dialect: Dialect) -> None:
    """Compile for a dialect what the own operators that a declaration opens make of a field."""
    for operator in dict.fromkeys((*opens.operators, opens.bare)):
        if isinstance(operator, OwnOperator):
            try:
                clause_of(Leaf(field, operator, False), columns, _bind).compile(dialect=dialect)
            except CompileError as error:
                raise CompileError(f"{opens.name}: {error}") from error


def _bind(type_: TypeEngine[Any]) -> sa.BindParameter[Any]:
    return sa.bindparam(None, type_=type_, required=True)
