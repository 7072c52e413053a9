"""Ways to read good text that are straighter than `parse`, for values without commas, quotes and emptiness.

Only exact classes are known here, for a subclass may read other spellings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from jsonapi_sieve.types.base import ValueType
from jsonapi_sieve.types.identifiers import Address, Uuid
from jsonapi_sieve.types.numbers import Decimal, Float, Integer
from jsonapi_sieve.types.text import Boolean, Enum
from jsonapi_sieve.types.times import Date, Timestamp

__all__ = ["Reader", "quick_reader"]

Reader: TypeAlias = Callable[[str], Any]
"""Reads text as `parse` does, or raises a ValueError or KeyError and leaves the text to that."""

_FEW_DIGITS: Final = 18

# Most moments are sent in the form of RFC 3339, in UTC and no finer than constants are.
_TO_SECONDS: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"


def _integer(declared: Integer) -> Reader:
    read = declared.parse
    return lambda text: int(text) if len(text) <= _FEW_DIGITS and text.isdecimal() and text.isascii() else read(text)


def _timestamp(declared: Timestamp) -> Reader | None:
    if declared.loose:
        return None
    spelled = re.compile(rf"{_TO_SECONDS}(?:\.[0-9]{{1,{declared.digits}}})?Z").fullmatch
    read, read_other = datetime.fromisoformat, declared.parse
    return lambda text: read(text) if spelled(text) else read_other(text)


def _enum(declared: Enum) -> Reader | None:
    if any("," in member or '"' in member for member in declared.members):
        return None
    return {member: member for member in declared.members}.__getitem__


def _plain(declared: ValueType[Any, Any]) -> Reader:
    return declared.parse


_QUICK: Final[Mapping[type, Callable[[Any], Reader | None]]] = MappingProxyType(
    {
        **dict.fromkeys((Address, Boolean, Date, Decimal, Float, Uuid), _plain),
        Enum: _enum,
        Integer: _integer,
        Timestamp: _timestamp,
    }
)


def quick_reader(declared: ValueType[Any, Any]) -> Reader | None:
    """Give a straight way to read a type's values; None where text with commas, quotes or nothing may be one.

    >>> from jsonapi_sieve import types
    >>> quick_reader(types.Integer(32))("10"), quick_reader(types.Text())
    (10, None)
    """
    make = _QUICK.get(type(declared))
    return None if make is None else make(declared)
