"""What a rule is: a sentence, and where the specification has it."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

__all__ = ["Kind", "Rule"]

Kind: TypeAlias = Literal["response", "create", "update", "relationship"]
"""A response, or the body of a request that creates a resource, updates one, or changes a relationship."""

_FORMAT: Final = "https://jsonapi.org/format/1.1/"


class Rule(NamedTuple):
    """One rule of the specification.

    `text` says what is right, `anchor` is the section of `page` that it comes from. `recommended` marks what the
    specification asks for by SHOULD or RECOMMENDED, and good practice that it leaves to servers; all other rules are
    MUST.
    """

    text: str
    anchor: str
    recommended: bool = False
    page: str = _FORMAT

    @property
    def url(self) -> str:
        """The address of the section.

        >>> Rule("The root is an object.", "document-top-level").url
        'https://jsonapi.org/format/1.1/#document-top-level'
        """
        return f"{self.page}#{self.anchor}"
