"""How attribute names are spelled in parameters and documents, and which names members and parameters can have.

Python and SQL names are underscored. JSON:API recommends camel case ("Recommendations", Naming), the APIs of the seeds
write dashes or underscores; all three come from the same underscored name.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final, Literal, assert_never

from jsonapi_sieve.errors import DeclarationError

__all__ = [
    "Style",
    "check_member_names",
    "check_name",
    "check_parameters",
    "is_member_name",
    "nearest",
    "pointer_token",
    "spell",
]

Style = Literal["dash", "underscore", "camel"]

# Letters, digits and all above ASCII; and between them a dash, an underscore or a blank as well.
_ALLOWED: Final = r"[^\x00-/:-@\[-`{-\x7f]"
_INSIDE: Final = r"[^\x00-\x1f!-,./:-@\[-^`{-\x7f]"
_MEMBER: Final = f"{_ALLOWED}(?:{_INSIDE}*{_ALLOWED})?"
_FAMILY: Final = rf"(?:\[(?:{_MEMBER}(?:\.{_MEMBER})*)?\])*"

# Base names of letters from a to z belong to JSON:API itself; how filters work is the application's business.
_PARAMETER: Final = rf"(?:(?![a-z]+(?:\[|\Z)){_MEMBER}|[a-zA-Z0-9]+:[a-z]+|filter){_FAMILY}"


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
    """Return the name when it can stand for an attribute or an operator: an ASCII Python identifier in lower case.

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
            f"{name!r} cannot name an attribute or an operator: use lower-case ASCII words joined by single underscores"
            ", and no keyword of Python"
        )
    return name


def is_member_name(name: str) -> bool:
    """Whether documents can have a member, or a type, of this name (JSON:API 1.1, "Member Names").

    Letters, digits and all characters above ASCII are allowed everywhere, dashes, underscores and blanks between them.

    >>> is_member_name("rows-count"), is_member_name("größe"), is_member_name("rows-"), is_member_name("a+b")
    (True, True, False, False)
    """
    # Few programs need it, and compiling takes milliseconds: so no pattern is compiled when this module is imported.
    return re.fullmatch(_MEMBER, name) is not None and (name.isascii() or not re.search("[\ud800-\udfff]", name))


def check_member_names(names: Iterable[str]) -> None:
    """Check names of members or types that a declaration brings.

    >>> check_member_names(["rows-count", "cdrs"])

    Raises:
        DeclarationError: for a name that `is_member_name` is not true of.
    """
    for name in names:
        if not is_member_name(name):
            raise DeclarationError(
                f"{name!r} cannot stand in a document: use letters and digits, with dashes, underscores or blanks"
                " between them"
            )


def check_parameters(names: Collection[str]) -> None:
    """Check names of query parameters that an application admits besides those that it declares.

    Such are custom ones, which have a character besides a to z, and those of extensions, after a namespace and a colon
    (JSON:API 1.1, "Implementation-Specific Query Parameters" and "Extension-Specific Query Parameters"); both may be
    families. Members of the family `filter` are the application's own too.

    >>> check_parameters(["utm_source", "camelCase[size]", "version:id", "filter[old]"])
    >>> check_parameters(["verbose"])
    Traceback (most recent call last):
    jsonapi_sieve.errors.DeclarationError: 'verbose' cannot name a parameter of your own: ...

    Raises:
        DeclarationError: for any other name.
        TypeError: for a text in the place of a collection.
    """
    if isinstance(names, str):
        raise TypeError(f"ignore= takes a collection of names, not the text {names!r}")
    _check_parameters(tuple(names))


@lru_cache(maxsize=64)
def _check_parameters(names: tuple[str, ...]) -> None:
    for name in names:
        if not re.fullmatch(_PARAMETER, name):
            raise DeclarationError(
                f"{name!r} cannot name a parameter of your own: use the letters and digits of a member's name, and"
                " among them a dash, an underscore, a digit or a capital letter, for JSON:API keeps all others"
            )


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
