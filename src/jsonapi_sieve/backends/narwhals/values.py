"""How a column is compared with constants: in its own kind, and exactly, whatever an engine would do by itself.

Of NULL, the expressions made here may say anything.
"""

from __future__ import annotations

import decimal
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Final

import narwhals as nw

from jsonapi_sieve import types
from jsonapi_sieve.backends.narwhals.dialect import Dialect
from jsonapi_sieve.backends.narwhals.joining import joined
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.types import ValueType

__all__ = ["DIGITS", "compared", "decided", "one_of"]

DIGITS: Final = 38
"""Decimal digits of the widest column, before and behind the point together."""

_WIDE: Final = decimal.Context(prec=100)
_ONE: Final = decimal.Decimal(1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# PySpark takes older moments for those of the Julian calendar, and refuses days before the year 1000.
_MODERN_MOMENT: Final = datetime(1582, 10, 15, tzinfo=UTC)
_MODERN_DAY: Final = date(1000, 1, 1)
_MILLISECOND: Final = 1_000
_SHORT_LIST: Final = 128

_COMPARE: Final[Mapping[str, Callable[[Any, Any], nw.Expr]]] = MappingProxyType(
    {
        "eq": operator.eq,
        "not_eq": operator.ne,
        "gt": operator.gt,
        "gteq": operator.ge,
        "lt": operator.lt,
        "lteq": operator.le,
    }
)


def decided(declared: ValueType[Any, Any], name: str, value: Any) -> bool | None:
    """Tell what a comparison says of every value when no column can hold its constant; None when a column can.

    >>> decided(types.Decimal(scale=12), "lt", decimal.Decimal("1e26")), decided(types.Integer(), "lt", 2**62)
    (True, None)

    Raises:
        CompileError: for a type with more digits behind the point than a column can have.
    """
    if not isinstance(declared, types.Decimal) or not declared.exact:
        return None
    if declared.scale > DIGITS:
        raise CompileError(f"frames hold decimals of at most {DIGITS} digits, too few for {declared!r}")
    if abs(value) < _ONE.scaleb(DIGITS - declared.scale, _WIDE):
        return None
    return name == "not_eq" or name in (("lt", "lteq") if value > 0 else ("gt", "gteq"))


def compared(declared: ValueType[Any, Any], name: str, column: nw.Expr, value: Any) -> nw.Expr:
    """Compare a column with a constant that it can hold."""
    match declared:
        case types.Timestamp():
            return _COMPARE[name](*_moments(declared, column, value))
        case types.Date() if value < _MODERN_DAY:
            # As midnights without a zone, for those with one are the session's.
            midnight = nw.lit(value.isoformat()).str.to_datetime(format="%Y-%m-%d")
            return _COMPARE[name](column.cast(nw.Datetime("us")), midnight)
        case _:
            return _COMPARE[name](column, _constant(declared, value))


def _moments(declared: types.Timestamp, column: nw.Expr, value: datetime) -> tuple[nw.Expr, Any]:
    """Give a column and a constant of moments as they compare."""
    constant = _constant(declared, value)
    if value.microsecond % _MILLISECOND:
        # Polars cuts a constant to the unit of a coarser column.
        column = column.cast(nw.Datetime("us", "UTC" if declared.zone is None else None))
    if value < _MODERN_MOMENT:
        epoch = _constant(declared, _EPOCH)
        return column, nw.lit(epoch) + (constant - epoch)
    return column, constant


def one_of(declared: ValueType[Any, Any], column: nw.Expr, values: Sequence[Any], dialect: Dialect) -> nw.Expr | None:
    """Test whether a column holds one of several constants; None when it can hold none of them."""
    held = [value for value in values if decided(declared, "eq", value) is None]
    tests = [compared(declared, "eq", column, value) for value in held if _is_ancient(declared, value)]
    listed = [_constant(declared, value) for value in held if not _is_ancient(declared, value)]
    if listed and isinstance(listed[0], float) and 0.0 in listed:
        # In a list, PyArrow tells the two apart.
        listed += [0.0, -0.0]
    if listed:
        tests.append(_halved(column, sorted(listed)) if dialect.halving else column.is_in(listed))
    return joined(False, tests) if tests else None


def _halved(column: nw.Expr, ascending: Sequence[Any]) -> nw.Expr:
    if len(ascending) <= _SHORT_LIST:
        return column.is_in(ascending)
    middle = len(ascending) // 2
    lower, upper = _halved(column, ascending[:middle]), _halved(column, ascending[middle:])
    return nw.when(column < ascending[middle]).then(lower).otherwise(upper)


def _is_ancient(declared: ValueType[Any, Any], value: Any) -> bool:
    match declared:
        case types.Timestamp():
            return bool(value < _MODERN_MOMENT)
        case types.Date():
            return bool(value < _MODERN_DAY)
        case _:
            return False


def _constant(declared: ValueType[Any, Any], value: Any) -> Any:
    """Give a constant in the kind that columns hold."""
    match declared:
        case types.Decimal():
            return _WIDE.quantize(value, _ONE.scaleb(-declared.scale)) if declared.exact else float(value)
        case types.Timestamp() if declared.zone is not None:
            return value.replace(tzinfo=None)
        case _:
            return value
