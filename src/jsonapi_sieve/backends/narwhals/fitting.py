"""Which types of columns in frames may stand for a value type."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import narwhals as nw
from narwhals.dtypes import DType

from jsonapi_sieve import types
from jsonapi_sieve.backends.narwhals.values import DIGITS
from jsonapi_sieve.types import ValueType

__all__ = ["needed"]


def needed(declared: ValueType[Any, Any], column: DType, engine: nw.Implementation) -> str | None:
    """Tell what a value type needs instead of a column that would change answers; None for one that does not."""
    match declared:
        case types.Boolean():
            return None if column == nw.Boolean else "Boolean"
        case types.Integer():
            return _integer(declared, column)
        case types.Decimal() if declared.exact:
            return _decimal(declared, column)
        case types.Decimal() | types.Float():
            return None if column == nw.Float64 else "Float64"
        case types.Text() | types.Enum() | types.Uuid() | types.Address():
            return None if column == nw.String else "String: cast the column"
        case types.Timestamp():
            return _timestamp(declared, column, engine)
        case types.Date():
            return None if column == nw.Date else "Date"
        case _:
            return "a column type that nobody has named yet"


# The bits that a signed integer needs for all values of the type.
_BITS: Final[Mapping[type[DType], int]] = MappingProxyType(
    {
        nw.Int8: 16,
        nw.UInt8: 16,
        nw.Int16: 16,
        nw.UInt16: 32,
        nw.Int32: 32,
        nw.UInt32: 64,
        nw.Int64: 64,
    }
)


def _integer(declared: types.Integer, column: DType) -> str | None:
    if column.is_float():
        return f"whole numbers, and pandas makes floats where one is missing: convert the column to Int{declared.bits}"
    bits = _BITS.get(type(column))
    if bits is None:
        return f"an integer column of at most {declared.bits} bits"
    return None if bits <= declared.bits else f"at most {declared.bits} bits: cast it, or declare types.Integer({bits})"


def _decimal(declared: types.Decimal, column: DType) -> str | None:
    if declared.scale > DIGITS:
        return f"more digits than the {DIGITS} that frames have"
    if not isinstance(column, nw.Decimal):
        return f"decimals of scale {declared.scale}, in pandas Arrow's; for floats declare types.Decimal(exact=False)"
    if column.scale == declared.scale and column.precision <= DIGITS:
        return None
    return f"scale {declared.scale}: cast the column, or declare types.Decimal(scale={column.scale})"


_UNITS: Final[Mapping[int, tuple[str, ...]]] = MappingProxyType({3: ("s", "ms"), 6: ("s", "ms", "us")})


def _timestamp(declared: types.Timestamp, column: DType, engine: nw.Implementation) -> str | None:
    if not isinstance(column, nw.Datetime):
        return "Datetime"
    if declared.zone is None and column.time_zone is None:
        return 'a time zone; for moments in UTC without one declare types.Timestamp(zone="UTC")'
    if declared.zone is None and column.time_zone != "UTC":
        return "the time zone UTC: convert the column, or set the session's time zone"
    if declared.zone is not None and column.time_zone is not None:
        return "no time zone: declare types.Timestamp() without one"
    if declared.zone is not None and engine.is_spark_like():
        return "TIMESTAMP with a time zone on Spark, whose driver reads others in the zone of its machine"
    # Spark and DuckDB have timestamps with a zone in microseconds only.
    has_one_unit = column.time_zone is not None and (engine.is_spark_like() or engine.is_duckdb())
    if column.time_unit in _UNITS[declared.digits] or (column.time_unit == "us" and has_one_unit):
        return None
    return f"a unit of {_UNITS[declared.digits][-1]} or coarser: cast the column, or declare more digits"
