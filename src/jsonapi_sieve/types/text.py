"""Text, closed sets of text, and truth."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import ClassVar, Final

from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.types.base import InvalidValue, Kind, Textual, ValueType, mismatch, unfit

__all__ = ["TRUTH", "Boolean", "Enum", "Text", "members_by_text", "text_of"]

TRUTH: Final[Kind[bool]] = Kind("truth values")
"""Rows hold bool."""

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
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                raise InvalidValue("holds half of a surrogate pair, which is no character") from None
        return text


@lru_cache(maxsize=256)
def members_by_text(cls: type[enum.Enum]) -> Mapping[str, enum.Enum]:
    """Give the members of an enumeration class by their texts: a member's value where that is text, else its name.

    >>> class Colour(enum.Enum):
    ...     RED = "red"
    ...     BLUE = 2
    >>> list(members_by_text(Colour))
    ['red', 'BLUE']

    Raises:
        DeclarationError: for a class of which two members have the same text.
    """
    texts = {text_of(member): member for member in cls}
    if len(texts) < len(cls):
        raise DeclarationError(f"two members of {cls.__name__} have one text; give every member a text of its own")
    return MappingProxyType(texts)


def text_of(member: enum.Enum) -> str:
    """Give the text that a member of an enumeration class stands for."""
    return str.__str__(member.value) if isinstance(member.value, str) else member.name


@lru_cache(maxsize=256)
def _members_of(cls: type[enum.Enum]) -> Kind[str]:
    return Kind(f"members of {cls.__name__}", members_by_text(cls).__getitem__, text_of)


class Enum(Textual[str | enum.Enum]):
    """One of a closed set of texts, spelled exactly so.

    An enumeration class stands for the texts of its members: a member's value where that is text, else its name. Rows
    may hold texts or members.

    >>> status = Enum("Pending", "Completed")
    >>> status.parse("Pending")
    'Pending'
    >>> status.parse("pending")
    Traceback (most recent call last):
    jsonapi_sieve.types.base.InvalidValue: is not one of Pending, Completed

    >>> class Status(enum.Enum):
    ...     PENDING = "Pending"
    ...     COMPLETED = "Completed"
    >>> Enum(Status) == status, status.accept(Status.PENDING)
    (True, 'Pending')

    Raises:
        DeclarationError: for no members, one that is named twice, or one that is empty.
    """

    __slots__ = ("_known", "members")

    name: ClassVar[str] = "enum"

    members: tuple[str, ...]
    _known: frozenset[str]

    def __init__(self, *members: str | type[enum.Enum]) -> None:
        texts = tuple(text for member in members for text in _texts(member))
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

    def accept(self, value: str | enum.Enum) -> str:
        return super().accept(text_of(value) if isinstance(value, enum.Enum) else value)

    def kind(self, sample: object) -> Kind[str]:
        if not isinstance(sample, enum.Enum) or isinstance(sample, str):
            return super().kind(sample)
        cls = type(sample)
        if not self._known <= members_by_text(cls).keys():
            raise unfit(
                self, f"members of {cls.__name__}", "all of its own texts", f"declare types.Enum({cls.__name__})"
            )
        return _members_of(cls)


def _texts(member: str | type[enum.Enum]) -> tuple[str, ...]:
    return tuple(members_by_text(member)) if isinstance(member, type) else (Text().accept(member),)


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
