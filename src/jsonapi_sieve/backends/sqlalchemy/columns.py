"""The column of a field: found, checked against what is declared, and spelled for equality and for order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from jsonapi_sieve.backends.sqlalchemy.constants import FloatConstant
from jsonapi_sieve.backends.sqlalchemy.constructs import Exact, Floating, Ordered, Sorted
from jsonapi_sieve.backends.sqlalchemy.fitting import constant_type
from jsonapi_sieve.backends.sqlalchemy.targets import Columns
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.field import Field
from jsonapi_sieve.types.text import members_by_text

__all__ = ["SPELLED", "Compared", "compared", "sortable"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A column as it is, as it is compared for equality and for order, and the type that its constants are sent in."""

    column: sa.ColumnElement[Any]
    exact: sa.ColumnElement[Any]
    ordered: sa.ColumnElement[Any]
    constant: TypeEngine[Any]


def compared(field: Field[Any], columns: Columns) -> Compared:
    """Find the column of a field, and tell how it compares.

    Raises:
        CompileError: when it is missing, may be NULL under a field that may not, or cannot stand for the field's type.
    """
    column = columns.find(field.name)
    if not field.nullable and isinstance(column, sa.Column) and column.nullable:
        raise CompileError(f"{field.name}: {column} may be NULL; declare the field with nullable=True")
    try:
        constant = constant_type(field.type, column.type)
    except CompileError as error:
        raise CompileError(f"{field.name}: {column} is {column.type!r}; {field.type!r} needs {error}") from None
    if isinstance(constant, FloatConstant):
        return Compared(column, Floating(column), Floating(column), constant)
    if not isinstance(column.type, SPELLED):
        return Compared(column, column, column, constant)
    return Compared(column, Exact(column), Ordered(column), constant)


def sortable(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Give a column as it sorts: text and UUIDs by code point.

    Raises:
        CompileError: for a column of an enumeration class that stores other texts than its members have.
    """
    if isinstance(column.type, sa.Enum) and not _sorts_by_text(column.type):
        raise CompileError(f"{column} sorts by names of members, not by their values: give it values_callable")
    return Sorted(column) if isinstance(column.type, (sa.String, sa.Uuid)) else column


def _sorts_by_text(column: sa.Enum) -> bool:
    return column.enum_class is None or set(column.enums) == members_by_text(column.enum_class).keys()


# Of these, some dialect stores another value, or compares it in another way.
SPELLED = (sa.String, sa.Uuid, sa.Numeric, sa.DateTime, sa.Date)
