"""Where a value stands in a document, what stands at a pointer, and the faults that are found there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

from jsonapi_sieve.decoding import Undecodable, check_text
from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.names import pointer_token

__all__ = ["ROOT", "Faults", "Path", "Place", "deepest", "path_of"]

_MOST_FAULTS: Final = 100
_LONGEST_NAME: Final = 256

_is_index = re.compile("0|[1-9][0-9]{0,17}").fullmatch

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead to a value, from the outside in."""


class Place(NamedTuple):
    """A value's name or index, and the place of the object or array that holds it; the root has neither.

    >>> ROOT.member("data").member("attributes").member("a/b").pointer
    '/data/attributes/a~1b'
    """

    holder: Place | None = None
    token: str | int = ""

    def member(self, token: str | int) -> Place:
        """Give the place of a member, or of an item, of the value that stands here."""
        return Place(self, token)

    @property
    def pointer(self) -> str:
        """The JSON pointer to this place (RFC 6901).

        It ends before a name that is too long to be shown, or no text: it then points to what holds the value.
        """
        pointer = ""
        for token in reversed(list(self._tokens())):
            text = str(token)
            if not _can_be_shown(text):
                break
            pointer += f"/{pointer_token(text)}"
        return pointer

    def _tokens(self) -> Iterator[str | int]:
        place = self
        while place.holder is not None:
            yield place.token
            place = place.holder


ROOT: Final = Place()
"""The place of the whole document."""


def _can_be_shown(name: str) -> bool:
    try:
        return len(check_text(name)) <= _LONGEST_NAME
    except Undecodable:
        return False


def path_of(pointer: str) -> Path:
    """Give the path that a JSON pointer is written for; indices stay text (RFC 6901).

    >>> path_of("/tags/0")
    ('tags', '0')
    """
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def deepest(document: object, path: Path) -> tuple[Place, Path]:
    """Give the place that a path leads to in a document, or the nearest one around it, and what of the path is left.

    >>> place, rest = deepest({"data": {"attributes": {"tags": ["a"]}}}, ("data", "attributes", "tags", 7, "name"))
    >>> place.pointer, rest
    ('/data/attributes/tags', (7, 'name'))
    """
    place = ROOT
    for index, token in enumerate(path):
        match document:
            case dict() if token in document:
                document = document[token]
            case list() if _is_index(str(token)) and int(token) < len(document):
                document = document[int(token)]
            case _:
                return place, path[index:]
        place = place.member(token)
    return place, ()


class Faults:
    """Gathers the faults of one stage and raises them together.

    After a hundred of them the reading ends, for the answer has to stay in proportion to the question.
    """

    def __init__(self) -> None:
        self._errors: list[ErrorObject] = []

    def add(self, error: ErrorObject) -> None:
        """Add a fault; the last that is taken raises all."""
        self._errors.append(error)
        if len(self._errors) == _MOST_FAULTS:
            self.raise_any()

    def raise_any(self) -> None:
        """Raise QueryErrors when a fault was added."""
        if self._errors:
            raise QueryErrors(self._errors)
