"""How attribute names are spelled in parameters and documents.

Python and SQL names are underscored. JSON:API recommends camel case ("Recommendations", Naming), the APIs of the seeds
write dashes or underscores; all three come from the same underscored name.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from typing import Final, Literal, assert_never

from jsonapi_sieve.errors import DeclarationError

__all__ = ["Style", "check_name", "nearest", "pointer_token", "spell"]

Style = Literal["dash", "underscore", "camel"]


def spell(name: str, style: Style) -> str:
    """Spell an underscored name in a style.

    >>> spell("rows_count", "dash"), spell("rows_count", "underscore"), spell("rows_count", "camel")
    ('rows-count', 'rows_count', 'rowsCount')
    """
    match style:
        case "underscore":
            return name
        case "dash":
            return name.replace("_", "-")
        case "camel":
            first, *rest = name.split("_")
            return first + "".join(part[:1].upper() + part[1:] for part in rest)
        case _:  # pragma: no cover
            assert_never(style)


def check_name(name: str) -> str:
    """Return the name when it can stand for an attribute: an ASCII Python identifier in lower case.

    A leading, trailing or doubled underscore would make two spellings of one parameter, so it is refused.

    >>> check_name("rows_count")
    'rows_count'

    Raises:
        DeclarationError: for any other name.
    """
    parts = name.split("_")
    lower = name.isascii() and name.isidentifier() and name == name.lower()
    if not lower or "" in parts or keyword.iskeyword(name):
        raise DeclarationError(
            f"{name!r} cannot name an attribute: use lower-case ASCII words joined by single underscores"
        )
    return name


def pointer_token(name: str) -> str:
    """Write a member's name as a part of a JSON pointer (RFC 6901, 3, "Syntax").

    >>> pointer_token("a/b~c")
    'a~1b~0c'
    """
    return name.replace("~", "~0").replace("/", "~1")


_LONGEST_COMPARED: Final = 64


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Give the known name that somebody most likely meant; none for a name too long to be one.

    Comparing costs about 10 us for each known name.

    >>> nearest("statsu", ["duration", "status"])
    'status'
    """
    from difflib import get_close_matches  # noqa: PLC0415  (only errors need it, and it is slow to import)

    near = get_close_matches(name, known, 1) if len(name) <= _LONGEST_COMPARED else []
    return near[0] if near else None
