"""Which column types may stand for a value type, and in which type constants are sent to such a column."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from jsonapi_sieve import types
from jsonapi_sieve.backends.sqlalchemy.column_types import DIGITS, ExactDecimal, UtcDateTime
from jsonapi_sieve.backends.sqlalchemy.constants import (
    DateConstant,
    DecimalConstant,
    FloatConstant,
    MemberConstant,
    NaiveConstant,
    TimestampConstant,
)
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.types.text import members_by_text

__all__ = ["constant_type", "own_constant"]

AnyColumn = TypeEngine[Any]


def constant_type(declared: types.ValueType[Any, Any], column: AnyColumn) -> AnyColumn:
    """Give the type in which constants of a value type are sent to a column.

    Raises:
        CompileError: when the column cannot stand for the value type without changing answers; says what is needed.
    """
    sent = _sent(declared, column)
    # So have to do the types that take its place on some dialects.
    for dialect, variant in column._variant_mapping.items():  # noqa: SLF001  (there is no other way to see them)
        other = _sent(declared, variant)
        if repr(other) != repr(sent):  # SQLAlchemy does not adapt a variant of a type decorator to the dialect
            sent = sent.with_variant(other, dialect)
    return sent


def own_constant(declared: types.ValueType[Any, Any]) -> AnyColumn:
    """Give the type in which an own operator's constants are sent, whatever the column is: text as text."""
    match declared:
        case types.Boolean():
            return sa.Boolean()
        case types.Integer():
            return sa.BigInteger()
        case types.Decimal() if declared.exact:
            return DecimalConstant(declared.scale, ExactDecimal(declared.scale))
        case types.Decimal() | types.Float():
            return FloatConstant()
        case types.Timestamp():
            return TimestampConstant() if declared.zone is None else NaiveConstant()
        case types.Date():
            return DateConstant()
        case _:
            return sa.String()


def _sent(declared: types.ValueType[Any, Any], column: AnyColumn) -> AnyColumn:
    own: AnyColumn | None = declared.sent_to(column)
    if own is not None:
        return own
    match declared:
        case types.Boolean():
            return _boolean(column)
        case types.Integer():
            return _integer(declared, column)
        case types.Decimal() if declared.exact:
            return _decimal(declared, column)
        case types.Decimal() | types.Float():
            return _float(declared, column)
        case types.Text() | types.Address():
            return _text(column)
        case types.Enum():
            return _enum(declared, column)
        case types.Uuid():
            return _uuid(column)
        case types.Timestamp():
            return _timestamp(declared, column)
        case types.Date():
            return _date(column)
        case _:
            raise CompileError("a column type that nobody has named yet")


def _boolean(column: AnyColumn) -> AnyColumn:
    if isinstance(column, sa.Boolean):
        return sa.Boolean()
    raise CompileError("Boolean")


_INTEGERS: Final = {16: sa.SmallInteger(), 32: sa.Integer(), 64: sa.BigInteger()}
_NAMED: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(("Int8", "Int16", "UInt8", "TinyInteger", "UTinyInteger"), 16),
        **dict.fromkeys(("Int32", "UInt16", "USmallInteger"), 32),
        **dict.fromkeys(("Int64", "UInt32", "UInteger"), 64),
    }
)
"""Bits with a sign of what only DuckDB and ClickHouse have; to SQLAlchemy they all are integers of some width."""


def _integer(declared: types.Integer, column: AnyColumn) -> AnyColumn:
    bits = _bits(column)
    if bits is None:
        raise CompileError("SmallInteger, Integer or BigInteger")
    if getattr(column, "unsigned", False):  # as MariaDB's may be
        bits *= 2
    if bits > max(_INTEGERS):
        raise CompileError("a column that is not UNSIGNED")
    if bits > declared.bits:
        raise CompileError(f"at most {declared.bits} bits: declare types.Integer({bits})")
    return _INTEGERS[declared.bits]


def _bits(column: AnyColumn) -> int | None:
    match column:
        case sa.BigInteger():
            return 64
        case sa.SmallInteger():
            return 16
        case sa.Integer() if type(column).__module__.startswith("sqlalchemy."):
            return 32
        case sa.Integer():
            return _NAMED.get(type(column).__name__)
        case _:
            return None


def _decimal(declared: types.Decimal, column: AnyColumn) -> AnyColumn:
    if isinstance(column, ExactDecimal) and column.scale == declared.scale:
        return DecimalConstant(declared.scale, column)
    if isinstance(column, sa.Numeric) and not isinstance(column, sa.Float) and _holds_no_more(column, declared.scale):
        return DecimalConstant(declared.scale, column)
    whole = DIGITS - declared.scale
    raise CompileError(
        f"ExactDecimal(scale={declared.scale}), or on engines that have decimals Numeric with at most {whole} digits"
        f" before the point and {declared.scale} behind it; for floats declare types.Decimal(exact=False)"
    )


def _holds_no_more(column: sa.Numeric[Any], scale: int) -> bool:
    if column.precision is None or column.scale is None:
        return False
    return column.scale <= scale and column.precision - column.scale <= DIGITS - scale


def _float(declared: types.Decimal | types.Float, column: AnyColumn) -> AnyColumn:
    # Some engines keep a Numeric column as floats: then it goes with exact=False.
    if isinstance(column, sa.Float) or (isinstance(column, sa.Numeric) and isinstance(declared, types.Decimal)):
        return FloatConstant()
    raise CompileError("Float or Double")


def _is_text(column: AnyColumn) -> bool:
    return isinstance(column, sa.String) and not isinstance(column, sa.Enum)


def _text(column: AnyColumn) -> AnyColumn:
    if _is_text(column):
        return sa.String()
    raise CompileError("String or Text")


def _enum(declared: types.Enum, column: AnyColumn) -> AnyColumn:
    if _is_text(column):
        return sa.String()
    if isinstance(column, sa.Enum):
        members = column.enums if column.enum_class is None else members_by_text(column.enum_class)
        if set(declared.members) <= set(members):
            return column if column.enum_class is None else MemberConstant(column)
    raise CompileError("String, or Enum with all these members")


_UUID_LENGTH: Final = 36


def _uuid(column: AnyColumn) -> AnyColumn:
    if isinstance(column, sa.Uuid):
        # Constants are text, whatever the column gives back.
        return sa.Uuid(as_uuid=False, native_uuid=column.native_uuid)
    if isinstance(column, sa.String) and _is_text(column) and (column.length or _UUID_LENGTH) >= _UUID_LENGTH:
        return sa.String()
    raise CompileError(f"Uuid, or String of at least {_UUID_LENGTH} characters")


# Dialects have subclasses of these, which may store otherwise.
_DATES: Final = (sa.Date, sa.DATE)
_WIDE_DATE: Final = "Date32"
"""What all drivers of ClickHouse call its dates of the years 1900 to 2299, where Date is of 1970 to 2149."""

_DATETIMES: Final = (sa.DateTime, sa.DATETIME, sa.TIMESTAMP)
_PRECISION: Final = 6


def _timestamp(declared: types.Timestamp, column: AnyColumn) -> AnyColumn:
    if isinstance(column, UtcDateTime) and declared.zone is None and column.digits <= declared.digits:
        return TimestampConstant()
    if isinstance(column, sa.DateTime) and _digits(column) == declared.digits:
        if column.timezone and declared.zone is None:
            return TimestampConstant()
        if not column.timezone and declared.zone is not None:
            return NaiveConstant()
    if declared.zone is None:
        raise CompileError(
            f"UtcDateTime(digits={declared.digits}); for naive datetimes in UTC declare types.Timestamp(zone='UTC')"
        )
    raise CompileError(f"a DateTime without time zone that holds {declared.digits} digits of a second")


def _digits(column: sa.DateTime) -> int | None:
    """Tell how many digits of a second a column holds; None when that is not known.

    PostgreSQL and MariaDB have a word for it. Without it they take their own default, for which their rules know.
    """
    for word in ("precision", "fsp"):
        if hasattr(column, word):
            digits: int | None = getattr(column, word)
            return _PRECISION if digits is None else digits
    return _PRECISION if type(column) in _DATETIMES else None


def _date(column: AnyColumn) -> AnyColumn:
    if type(column) in _DATES or type(column).__name__ == _WIDE_DATE:
        return DateConstant()
    raise CompileError("Date")
