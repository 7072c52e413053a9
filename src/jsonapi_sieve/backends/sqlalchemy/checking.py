"""Whether a target can answer all that a declaration asks, found out before any row is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.engine import Dialect

from jsonapi_sieve.backends.declares import Declares
from jsonapi_sieve.backends.sqlalchemy.columns import compared
from jsonapi_sieve.backends.sqlalchemy.dialects import rules_of
from jsonapi_sieve.backends.sqlalchemy.targets import Columns, Target, columns_of
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.field import Field

__all__ = ["check"]


def check(filters: Declares, target: Target, dialect: Dialect | None = None) -> None:
    """Check that a target has a fitting column for each field, and that a dialect can compare it.

    Without a dialect (`engine.dialect`), what depends on the engine is left to the compilation of the first statement.

    Raises:
        CompileError: with a line for each column that is missing or cannot stand for its field; or when the dialect has
            no rules.
    """
    columns = columns_of(target)
    if dialect is not None:
        rules_of(dialect)
    findings = [finding for field in filters.fields for finding in _findings(field, columns, dialect)]
    if findings:
        raise CompileError("\n".join(findings))


def _findings(field: Field[Any], columns: Columns, dialect: Dialect | None) -> Iterator[str]:
    try:
        column = compared(field, columns)
        if dialect is not None:
            column.exact.compile(dialect=dialect)
            column.ordered.compile(dialect=dialect)
            column.constant.dialect_impl(dialect)
    except CompileError as error:
        yield str(error)
