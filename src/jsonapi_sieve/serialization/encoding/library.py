"""What an encoder of JSON has to do, and which of them is installed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, TypeAlias

__all__ = ["PLAIN", "Column", "Library", "WriteResources", "best_library"]

PLAIN: Final = frozenset({type(None), bool, int, str})
"""The exact classes whose values all encoders write as the standard library does; floats they spell otherwise."""

Column: TypeAlias = Sequence[object]
"""The values of one attribute of several rows."""

WriteResources: TypeAlias = Callable[[Sequence[str], Sequence[Column], Sequence[str]], bytes]
"""Writes resource objects, with commas between them.

It takes of each resource the JSON that follows `{"id":`, up to its attributes, the values of these, a column each, and
the JSON that follows the name of its last member.
"""


class Library(ABC):
    """An encoder of JSON. Beside values of the PLAIN classes, its columns hold what `embed` gives."""

    @abstractmethod
    def embed(self, value: object) -> object:
        """Give what is written as the standard library writes a value.

        Raises:
            TypeError: for a value that JSON does not have.
            ValueError: for NaN and infinities.
        """

    @abstractmethod
    def encode_moments(self, column: Sequence[datetime | None]) -> bytes | None:
        """Write moments in UTC as a JSON array (RFC 3339), with six digits of a second or none; None if slowly."""

    @abstractmethod
    def decode_texts(self, encoded: bytes) -> list[str | None]:
        """Read a JSON array of texts and nulls."""

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
