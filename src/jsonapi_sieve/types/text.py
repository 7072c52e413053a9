"""Text, closed sets of text, and truth."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.types.base import InvalidValue, Kind, Textual, ValueType, mismatch

__all__ = ["TRUTH", "Boolean", "Enum", "Text"]

TRUTH: Final[Kind[bool]] = Kind("truth values")
"""Rows hold bool."""

_lone_surrogate = re.compile("[\ud800-\udfff]").search

_SPELLINGS: Final[Mapping[str, bool]] = MappingProxyType(
    dict.fromkeys(("true", "TRUE", "1", "t", "T"), True) | dict.fromkeys(("false", "FALSE", "0", "f", "F"), False)
)


class Text(Textual[str]):
    """Any text but NUL and lone surrogates, which engines and encodings refuse. It is compared by code point.

    >>> Text().parse("50% off")
    '50% off'
    """

    __slots__ = ()

    name: ClassVar[str] = "text"

    @property
    def expected(self) -> str:
        return "text"

    def parse(self, text: str) -> str:
        if "\0" in text:
            raise InvalidValue("holds the character NUL, which no text may")
        if not text.isascii() and _lone_surrogate(text):
            raise InvalidValue("holds half of a surrogate pair, which is no character")
        return text


class Enum(Textual[str]):
    """One of a closed set of texts, spelled exactly so.

    >>> status = Enum("Pending", "Completed")
    >>> status.parse("Pending")
    'Pending'
    >>> status.parse("pending")
    Traceback (most recent call last):
    jsonapi_sieve.types.base.InvalidValue: is not one of Pending, Completed

    Raises:
        DeclarationError: for no members, one that is named twice, or one that is empty.
    """

    __slots__ = ("_known", "members")

    name: ClassVar[str] = "enum"

    members: tuple[str, ...]
    _known: frozenset[str]

    def __init__(self, *members: str) -> None:
        texts = tuple(map(Text().accept, members))
        if not texts or "" in texts or len(set(texts)) < len(texts):
            raise DeclarationError(f"an Enum has members, at least one, distinct and not empty; these are {texts!r}")
        object.__setattr__(self, "members", texts)
        object.__setattr__(self, "_known", frozenset(texts))

    def _settings(self) -> dict[str, object]:
        return {"members": self.members}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.members))})"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), self.members

    @property
    def expected(self) -> str:
        return f"one of {', '.join(self.members)}"

    def parse(self, text: str) -> str:
        if text in self._known:
            return text
        raise self._refusal()


class Boolean(ValueType[bool, bool]):
    """Truth. It is spelled true, TRUE, 1, t or T, and false, FALSE, 0, f or F; in JSON a number stands for none.

    >>> Boolean().parse("t"), Boolean().render(False)
    (True, 'false')
    """

    __slots__ = ()

    name: ClassVar[str] = "boolean"

    @property
    def expected(self) -> str:
        return "true or false"

    def parse(self, text: str) -> bool:
        try:
            return _SPELLINGS[text]
        except KeyError:
            raise self._refusal() from None

    def render(self, value: bool) -> str:
        return "true" if value else "false"

    def load(self, value: object) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self.parse(value)
        raise self._refusal()

    def dump(self, value: bool) -> bool:
        return value

    def accept(self, value: bool) -> bool:
        if isinstance(value, bool):
            return value
        raise self._unaccepted(value, "bool")

    def kind(self, sample: object) -> Kind[bool]:
        if isinstance(sample, bool):
            return TRUTH
        raise mismatch(self, sample, "bool")
