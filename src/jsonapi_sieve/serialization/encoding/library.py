"""What an encoder of JSON has to do, and which of them is installed."""

from __future__ import annotations

import decimal
from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias, cast

__all__ = ["PLAIN", "Column", "Library", "Moments", "WriteResources", "Written", "are", "best_library"]

PLAIN: Final = frozenset({type(None), bool, int, str})
"""The exact classes whose values all encoders write as the standard library does; floats they spell otherwise."""

Column: TypeAlias = Sequence[object]
"""The values of one attribute of several rows."""

Written: TypeAlias = bytes | bytearray
"""JSON in UTF-8, so much of it that it is not copied without need."""

WriteResources: TypeAlias = Callable[[Sequence[str], Sequence[Column], Sequence[str]], Written]
"""Writes resource objects, with commas between them.

It takes of each resource the JSON that follows `{"id":`, up to its attributes, the values of these, a column each, and
the JSON that follows the name of its last member.
"""


_INTEGERS: Final[frozenset[type]] = frozenset({type(None), int})


def are(column: Iterable[object], known: frozenset[type]) -> bool:
    """Tell whether the classes of a column's values are among those known."""
    return known.issuperset(map(type, column))


class Moments(NamedTuple):
    """A quick way to texts of moments.

    `encode` writes moments in UTC as a JSON array (RFC 3339), with six digits of a second or none, and `decode` reads
    an array of texts and nulls.
    """

    encode: Callable[[Sequence[datetime | None]], bytes]
    decode: Callable[[bytes], list[str | None]]


class Library(ABC):
    """An encoder of JSON. Beside values of the PLAIN classes, its columns hold what `embed` gives."""

    moments: Moments | None = None

    @abstractmethod
    def embed(self, value: object) -> object:
        """Give what is written as the standard library writes a value.

        Raises:
            TypeError: for a value that JSON does not have.
            ValueError: for NaN and infinities.
        """

    def integers(self, column: Column) -> Column | None:
        """Give a column of integers and nulls as it is written; None where one may have more than 18 digits."""
        if not are(column, _INTEGERS):
            return None
        try:
            array("q", cast("Iterable[int]", filter(None, column)))
        except OverflowError:
            return None
        return column

    def decimal_texts(self, column: Sequence[decimal.Decimal | None]) -> Sequence[str | None]:
        """Give the texts of numbers, "None" or None where there is none."""
        return list(map(str, column))

    @abstractmethod
    def resources(self, members: tuple[str, ...], last: str | None) -> WriteResources:
        """Make the function that writes resources with these attributes, and `last` as the last member of each."""


@lru_cache(maxsize=1)
def best_library() -> Library:
    """Give the quickest encoder that is installed."""
    try:
        from jsonapi_sieve.serialization.encoding.by_msgspec import Msgspec  # noqa: PLC0415  (it may not be installed)
    except ImportError:
        pass
    else:
        return Msgspec()
    try:
        from jsonapi_sieve.serialization.encoding.by_orjson import Orjson  # noqa: PLC0415
    except ImportError:
        from jsonapi_sieve.serialization.encoding.by_json import Standard  # noqa: PLC0415

        return Standard()
    return Orjson()
