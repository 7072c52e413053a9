"""The types in which constants are sent, where SQLAlchemy's own would change them or do not know how."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from jsonapi_sieve.backends.sqlalchemy.constructs import declared_type
from jsonapi_sieve.backends.sqlalchemy.dialects import is_generic, rules_of
from jsonapi_sieve.types.text import members_by_text

__all__ = [
    "DateConstant",
    "DecimalConstant",
    "FloatConstant",
    "ListConstant",
    "MemberConstant",
    "NaiveConstant",
    "PatternConstant",
    "TimestampConstant",
]


class FloatConstant(TypeDecorator[float]):
    """A float, or a decimal that is compared with floats."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.Double
    cache_ok: bool | None = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[float]:
        return sa.Double() if is_generic(dialect) else rules_of(dialect).float_constant()

    def process_bind_param(self, value: Decimal | float | None, dialect: Dialect) -> float | None:
        return None if value is None else float(value)


class MemberConstant(TypeDecorator[str]):
    """The text of a member of an enumeration class, which the column stores in a way of its own."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.Enum
    cache_ok: bool | None = True

    def __init__(self, column: sa.Enum) -> None:
        super().__init__()
        self.column: sa.Enum = column

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return self.column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else members_by_text(self.column.enum_class)[value]


class DecimalConstant(TypeDecorator[Decimal]):
    """A decimal that has no more digits behind the point than the column."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.Numeric
    cache_ok: bool | None = True

    def __init__(self, scale: int, column: TypeEngine[Any]) -> None:
        super().__init__()
        self.scale = scale
        self.column: TypeEngine[Any] = column

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Decimal]:
        if is_generic(dialect):
            return sa.Numeric()
        column = declared_type(self.column, dialect)
        whole = (column.precision or 0) - (column.scale or 0) if isinstance(column, sa.Numeric) else None
        return rules_of(dialect).decimal_constant(self.scale, whole)

    def __repr__(self) -> str:
        return f"DecimalConstant({self.scale})"


class TimestampConstant(TypeDecorator[datetime]):
    """An aware UTC datetime."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.DateTime
    cache_ok: bool | None = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        return sa.DateTime(timezone=True) if is_generic(dialect) else rules_of(dialect).timestamp_constant()


class NaiveConstant(TypeDecorator[datetime]):
    """An aware UTC datetime that is compared with naive ones in UTC."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.DateTime
    cache_ok: bool | None = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        return sa.DateTime() if is_generic(dialect) else rules_of(dialect).naive_constant()

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=None)


class DateConstant(TypeDecorator[date]):
    """A date."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.Date
    cache_ok: bool | None = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[date]:
        return sa.Date() if is_generic(dialect) else rules_of(dialect).date_constant()


class PatternConstant(TypeDecorator[str]):
    """A LIKE pattern."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.String
    cache_ok: bool | None = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        return sa.String() if is_generic(dialect) else rules_of(dialect).pattern_type()


class ListConstant(TypeDecorator[Sequence[Any]]):
    """A list of constants in one parameter, which are compared with a column of a type, else with text."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.String
    cache_ok: bool | None = True

    def __init__(self, item: TypeEngine[Any], column: TypeEngine[Any] | None = None) -> None:
        super().__init__()
        self.item: TypeEngine[Any] = item
        self.column: TypeEngine[Any] = column or item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if is_generic(dialect):
            return sa.String()
        rules = rules_of(dialect)
        return rules.list_type(rules.item_type(self.item, declared_type(self.column, dialect)))
