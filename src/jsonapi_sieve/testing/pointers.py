"""Places in a document: JSON pointers, written and followed (RFC 6901)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from jsonapi_sieve.document.places import deepest, path_of
from jsonapi_sieve.names import pointer_token

__all__ = ["ROOT", "Finding", "Place", "is_pointer", "leads_into"]

_pointer = re.compile(r"(?:/[^~]*(?:~[01][^~]*)*)?")


class Place:
    """A place in a document; its pointer is written when it is asked for, so that going down costs nothing.

    >>> str(ROOT / "data" / "a/b"), str(ROOT)
    ('/data/a~1b', '')
    """

    __slots__ = ("_parent", "_token")

    def __init__(self, parent: Place | None = None, token: str = "") -> None:
        self._parent = parent
        self._token = token

    def __truediv__(self, token: str | int) -> Place:
        return Place(self, str(token))

    def __str__(self) -> str:
        tokens: list[str] = []
        place = self
        while place._parent is not None:
            tokens.append(f"/{pointer_token(place._token)}")
            place = place._parent
        return "".join(reversed(tokens))

    def breaks(self, rule: str, message: str) -> Finding:
        """Say that a rule is broken here."""
        return Finding(rule, self, message)


class Finding(NamedTuple):
    """A violation whose pointer is not written yet; not all that is found is told."""

    rule: str
    place: Place
    message: str


ROOT: Final = Place()


def is_pointer(text: str) -> bool:
    """Whether a text is a pointer.

    >>> is_pointer("/data/a~1b"), is_pointer(""), is_pointer("data"), is_pointer("/a~b")
    (True, True, False, False)
    """
    return _pointer.fullmatch(text) is not None


def leads_into(document: object, pointer: str) -> bool:
    """Whether a pointer leads to something that is in a document.

    >>> leads_into({"data": [8]}, "/data/0"), leads_into({"data": [8]}, "/data/-")
    (True, False)
    """
    _, rest = deepest(document, path_of(pointer))
    return not rest
