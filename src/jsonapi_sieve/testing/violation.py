"""What a document breaks, and where."""

from __future__ import annotations

from typing import NamedTuple

from jsonapi_sieve.testing.rules import RULES

__all__ = ["Violation"]


class Violation(NamedTuple):
    """A rule that a document breaks.

    `rule` is a key of `RULES`, `pointer` leads to the place in the document (RFC 6901), or to the object that lacks
    something; `message` is a sentence.

    >>> print(Violation("DOC-10", "/data/id", "The id is 8, and has to be text."))
    DOC-10 at '/data/id': The id is 8, and has to be text. (https://jsonapi.org/format/1.1/\
#document-resource-object-identification)
    """

    rule: str
    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule} at {self.pointer!r}: {self.message} ({RULES[self.rule].url})"
