"""How a column of values is written: at once where its classes tell that all are written alike, else value by value."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from operator import attrgetter
from types import NoneType
from typing import Any, Final, TypeAlias, cast
from zoneinfo import ZoneInfo

from marshmallow.utils import missing

from jsonapi_sieve import types
from jsonapi_sieve.serialization.compiled.scalars import Writer, passing, writer
from jsonapi_sieve.serialization.encoding.library import PLAIN, Column, Library, Moments, are
from jsonapi_sieve.serialization.fields import Typed

__all__ = ["WriteColumn", "column_writer"]

WriteColumn: TypeAlias = Callable[[Column], Column]
"""Makes of a column of rows' values one that a library encodes."""

_Quick: TypeAlias = Callable[[Column], Column | None]
"""Writes a column at once; None where each of its values has to be looked at."""

_TEXTS: Final[frozenset[type]] = frozenset({NoneType, str})
_DECIMALS: Final[frozenset[type]] = frozenset({NoneType, decimal.Decimal})
_MOMENTS: Final[frozenset[type]] = frozenset({NoneType, datetime})
_ZONES: Final = frozenset({timezone, ZoneInfo})
_SECONDS: Final = len("2019-01-31T12:30:00Z")
_NO_TIME: Final = timedelta(0)


def column_writer(field: Any, library: Library) -> WriteColumn | None:
    """Make the function that writes a column as a field writes each value; None for a field that is not known."""
    write = writer(field)
    if write is None:
        return None
    embed = library.embed

    def one_by_one(column: Column) -> Column:
        if any(value is missing for value in column):
            raise LookupError("a row holds what stands for no value")
        return [value if type(value) in PLAIN else embed(value) for value in map(write, column)]

    if isinstance(field, Typed) and type(field.value_type) is types.Integer:

        def write_integers(column: Column) -> Column:
            written = library.integers(column)
            return one_by_one(column) if written is None else written

        return write_integers
    unchanged = (passing(field) or frozenset()) & PLAIN
    quick = _quick_writer(field, write, library)

    def write_column(column: Column) -> Column:
        if are(column, unchanged):
            return column
        written = quick(column)
        return one_by_one(column) if written is None else written

    return write_column


def _quick_writer(field: Any, write: Writer, library: Library) -> _Quick:
    value_type = field.value_type if isinstance(field, Typed) else None
    if type(value_type) is types.Decimal:
        return _decimals(write, library)
    if type(value_type) is types.Timestamp and value_type.zone is None and library.moments:
        return _moments(value_type.digits, library.moments)
    if type(value_type) is types.Address:
        return _texts(lru_cache(maxsize=1024)(write))  # those of IPv6 take long, and there are few in many rows
    return _texts(write)


def _texts(write: Writer) -> _Quick:
    """Write each distinct text once: those that have to be looked at are often few."""

    def quick(column: Column) -> Column | None:
        if not are(column, _TEXTS):
            return None
        written = {value: write(value) for value in set(column)}
        if not PLAIN.issuperset(map(type, written.values())):
            return None
        return list(map(written.__getitem__, column))

    return quick


class _Numbers(dict[str | None, object]):
    """What is written of numbers, by their texts: so 1.0 and 1.00, which are equal, need not be told apart."""

    def __init__(self, write: Writer) -> None:
        super().__init__({None: None, "None": None})
        self._write = write

    def __missing__(self, text: str) -> object:
        written = cut = text.rstrip("0")
        # Sign and point are no digits, so that these are fewer than any type refuses.
        if "." not in text or cut[-1] == "." or "E" in text or len(text) > 40:  # noqa: PLR2004
            written = self._write(decimal.Decimal(text))
        self[text] = written
        return written


def _decimals(write: Writer, library: Library) -> _Quick:
    def quick(column: Column) -> Column | None:
        if not are(column, _DECIMALS):
            return None
        texts = library.decimal_texts(cast("Sequence[decimal.Decimal | None]", column))
        return list(map(_Numbers(write).__getitem__, texts))

    return quick


def _moments(digits: int, quickly: Moments) -> _Quick:
    cut = 6 - digits
    ending = b"0" * cut + b'Z"'
    length = _SECONDS + digits  # without the Z behind the point and the digits

    width = _SECONDS + 1 + digits

    def spelled(text: str) -> str:
        return f"{text[:-1]}.{'0' * digits}Z" if len(text) == _SECONDS else f"{text[:length]}Z"

    def quick(column: Column) -> Column | None:
        moments = cast("Sequence[datetime | None]", column)
        if not (are(column, _MOMENTS) and all(map(_is_utc, set(map(attrgetter("tzinfo"), filter(None, moments)))))):
            return None
        encoded = quickly.encode(moments)
        shortened = encoded.replace(ending, b'Z"') if cut else encoded
        texts = quickly.decode(shortened)
        count = encoded.count(b'"') // 2
        # What is cut off stands behind a point.
        if len(encoded) - len(shortened) == cut * count if cut else encoded.count(b".") == count:
            return texts
        return [text if text is None or len(text) == width else spelled(text) for text in texts]

    return quick


def _is_utc(zone: tzinfo | None) -> bool:
    # Offsets of less than half a minute would be written as UTC.
    return type(zone) in _ZONES and cast("tzinfo", zone).utcoffset(None) == _NO_TIME
