"""How the values of a Typed field are written, without making a constant of each."""

from __future__ import annotations

import decimal
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Address
from types import NoneType
from typing import Any, Final, TypeAlias

from jsonapi_sieve import types

__all__ = ["INTEGER_LIMIT", "passing_values", "value_writer"]

INTEGER_LIMIT: Final = 10**19
"""Integers are written as they are if they lie between this and its negative."""

_DIGITS: Final = 40
_NO_TIME: Final = timedelta(0)

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_ipv4_spelled = re.compile(rf"{_BYTE}\.{_BYTE}\.{_BYTE}\.{_BYTE}").fullmatch
_uuid_spelled = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch

_Writer: TypeAlias = Callable[[Any], Any]


def passing_values(value_type: types.ValueType[Any, Any]) -> frozenset[type]:
    """Give the exact classes whose values a Typed field of a known type writes as they are.

    >>> passing_values(types.Boolean()) == {bool, type(None)}
    True
    """
    return frozenset({NoneType, bool} if type(value_type) is types.Boolean else {NoneType})


def value_writer(value_type: types.ValueType[Any, Any], by_field: _Writer) -> _Writer | None:
    """Give a quick function that writes values as a Typed field does, which writes itself what the function leaves.

    None for a type that is not known: one of an application's own, or one that reads its rows' values first.

    >>> write = value_writer(types.Decimal(scale=2), repr)
    >>> write(decimal.Decimal("2.50")), write(2.5)
    ('2.5', '2.5')
    """
    make = _WRITERS.get(type(value_type))
    return make(value_type, by_field) if make else None


def _boolean(_: types.Boolean, by_field: _Writer) -> _Writer:
    return by_field


def _integer(_: types.Integer, by_field: _Writer) -> _Writer:
    limit = INTEGER_LIMIT
    return lambda value: value if type(value) is int and -limit < value < limit else by_field(value)


def _decimal(value_type: types.Decimal, by_field: _Writer) -> _Writer | None:
    def write(value: Any) -> Any:
        if type(value) is not decimal.Decimal:
            return by_field(value)
        if not value:
            return "0.0" if value.adjusted() >= -_DIGITS else by_field(value)
        # A sign and a lone zero are no digits: what is left out here is judged by the type.
        text = str(value)
        if len(text) > _DIGITS or "E" in text or "e" in text:
            return by_field(value)
        if "." not in text:
            return f"{text}.0" if value.is_finite() else by_field(value)
        if text[-1] != "0":
            return text
        text = text.rstrip("0")
        return f"{text}0" if text[-1] == "." else text

    return write if value_type.exact else None


def _text(_: types.Text, by_field: _Writer) -> _Writer:
    return lambda value: value if type(value) is str and value.isascii() and "\0" not in value else by_field(value)


def _enum(value_type: types.Enum, by_field: _Writer) -> _Writer:
    known = frozenset(value_type.members)
    return lambda value: value if type(value) is str and value in known else by_field(value)


def _uuid(_: types.Uuid, by_field: _Writer) -> _Writer:
    def write(value: Any) -> Any:
        if type(value) is uuid.UUID:
            return str(value)
        return value if type(value) is str and _uuid_spelled(value) else by_field(value)

    return write


# Addresses come again and again, and to read one of IPv6 takes as long as all else that a row holds.
_address_text = lru_cache(maxsize=4096)(types.Address().accept)


def _address(_: types.Address, by_field: _Writer) -> _Writer:
    def write(value: Any) -> Any:
        if type(value) is IPv4Address:
            return str(value)
        if type(value) is not str:
            return by_field(value)
        try:
            return value if _ipv4_spelled(value) else _address_text(value)
        except types.InvalidValue:
            return by_field(value)

    return write


def _date(_: types.Date, by_field: _Writer) -> _Writer:
    return lambda value: value.isoformat() if type(value) is date else by_field(value)


def _timestamp(value_type: types.Timestamp, by_field: _Writer) -> _Writer:
    render, in_utc = value_type.render, value_type.zone is not None

    def write(value: Any) -> Any:
        if type(value) is not datetime:
            return by_field(value)
        if value.tzinfo is not UTC:
            offset = value.utcoffset()
            if offset != _NO_TIME and not (in_utc and offset is None):
                return by_field(value)
        return render(value)

    return write


_WRITERS: Final[dict[type, Callable[[Any, _Writer], _Writer | None]]] = {
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
