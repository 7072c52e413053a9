"""How the values of a Typed field are written, without making a constant of each."""

from __future__ import annotations

import decimal
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Address
from types import NoneType
from typing import Any, Final

from jsonapi_sieve import types

__all__ = ["passing_values", "value_writer"]

_INTEGER_LIMIT: Final = 10**19
_DIGITS: Final = 40
_ZERO: Final = decimal.Decimal(0)
_NO_TIME: Final = timedelta(0)

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_ipv4_spelled = re.compile(rf"{_BYTE}\.{_BYTE}\.{_BYTE}\.{_BYTE}").fullmatch
_uuid_spelled = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch


def passing_values(value_type: types.ValueType[Any, Any]) -> frozenset[type] | None:
    """Give the exact classes whose values a Typed field writes as they are; None for a type that is not known.

    >>> passing_values(types.Boolean()) == {bool, type(None)}
    True
    """
    if type(value_type) is types.Boolean:
        return frozenset({NoneType, bool})
    return frozenset({NoneType}) if type(value_type) in _WRITERS else None


def value_writer(value_type: types.ValueType[Any, Any], by_field: Callable[[Any], Any]) -> Callable[[Any], Any] | None:
    """Give a quick function that writes values as a Typed field does, which writes itself what the function leaves.

    None for a type that is not known: one of an application's own, or one that reads its rows' values first.

    >>> write = value_writer(types.Decimal(scale=2), repr)
    >>> write(decimal.Decimal("2.50")), write(None), write(2.5)
    ('2.5', None, '2.5')
    """
    make = _WRITERS.get(type(value_type))
    quick = make(value_type) if make else None
    if quick is None:
        return None

    def write(value: Any) -> Any:
        if value is None:
            return None
        written = quick(value)
        return by_field(value) if written is None else written

    return write


def _boolean(_: types.Boolean) -> Callable[[Any], bool | None]:
    return lambda value: value if type(value) is bool else None


def _integer(_: types.Integer) -> Callable[[Any], int | None]:
    return lambda value: value if type(value) is int and -_INTEGER_LIMIT < value < _INTEGER_LIMIT else None


def _decimal(value_type: types.Decimal) -> Callable[[Any], str | None] | None:
    return _decimal_text if value_type.exact else None


def _decimal_text(value: Any) -> str | None:
    if type(value) is not decimal.Decimal or not value.is_finite() or not -_DIGITS <= value.adjusted() < _DIGITS:
        return None
    whole, _, fraction = f"{value or _ZERO:f}".partition(".")
    # The sign and a lone zero are no digits: what is left out here is judged by the type.
    return f"{whole}.{fraction.rstrip('0') or '0'}" if len(whole) + len(fraction) <= _DIGITS else None


def _text(_: types.Text) -> Callable[[Any], str | None]:
    return lambda value: value if type(value) is str and value.isascii() and "\0" not in value else None


def _enum(value_type: types.Enum) -> Callable[[Any], str | None]:
    known = frozenset(value_type.members)
    return lambda value: value if type(value) is str and value in known else None


def _uuid(_: types.Uuid) -> Callable[[Any], str | None]:
    def write(value: Any) -> str | None:
        if type(value) is uuid.UUID:
            return str(value)
        return value if type(value) is str and _uuid_spelled(value) else None

    return write


def _address(_: types.Address) -> Callable[[Any], str | None]:
    def write(value: Any) -> str | None:
        if type(value) is IPv4Address:
            return str(value)
        return value if type(value) is str and _ipv4_spelled(value) else None

    return write


def _date(_: types.Date) -> Callable[[Any], str | None]:
    return lambda value: value.isoformat() if type(value) is date else None


def _timestamp(value_type: types.Timestamp) -> Callable[[Any], str | None]:
    timespec = "milliseconds" if value_type.digits == 3 else "microseconds"  # noqa: PLR2004
    # A datetime without a zone is quicker to write, and combine is the quickest way to one.
    combine, in_utc = datetime.combine, value_type.zone is not None

    def write(value: Any) -> str | None:
        if type(value) is not datetime:
            return None
        if value.tzinfo is not UTC:
            offset = value.utcoffset()
            if offset != _NO_TIME and not (in_utc and offset is None):
                return None
        return combine(value.date(), value.time()).isoformat("T", timespec) + "Z"

    return write


_WRITERS: Final[dict[type, Callable[[Any], Callable[[Any], Any] | None]]] = {
    types.Address: _address,
    types.Boolean: _boolean,
    types.Date: _date,
    types.Decimal: _decimal,
    types.Enum: _enum,
    types.Integer: _integer,
    types.Text: _text,
    types.Timestamp: _timestamp,
    types.Uuid: _uuid,
}
