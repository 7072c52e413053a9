"""Where a value stands in a document, and the faults that are found there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from jsonapi_sieve.decoding import Undecodable, check_text
from jsonapi_sieve.errors import ErrorObject, QueryErrors

__all__ = ["ROOT", "Faults", "Place"]

_MOST_FAULTS: Final = 100
_LONGEST_NAME: Final = 256


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
            pointer += "/" + text.replace("~", "~0").replace("/", "~1")
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
