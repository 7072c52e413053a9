r"""Needles and LIKE patterns as regular expressions that mean the same to all regex engines behind frames.

These are RE2 (PyArrow, pandas, DuckDB), Rust's (Polars) and Java's (Spark). Of what they share, only this is used:
digits, classes of both cases of a letter, `\x{...}` for every other character, `.`, `*`, groups, `|`, `\A` and `\z`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jsonapi_sieve.errors import CompileError

__all__ = ["alternations", "like", "needle"]

_LONGEST_NEEDLE = 32_768
_LONGEST_PATTERN = 8_192
# Engines walk through an alternation of some length in one pass. In longer ones they run out of room and get slow.
_ALTERNATION = 4_000


def needle(text: str) -> str:
    r"""Write a text so that it is found whatever the case of its ASCII letters.

    >>> needle("no. é")
    '[nN][oO]\\x{2E}\\x{20}\\x{E9}'

    Raises:
        CompileError: for more characters than all engines take.
    """
    _check_length("a text to look for", len(text), _LONGEST_NEEDLE)
    return "".join(map(_character, text))


def _character(character: str) -> str:
    if not character.isascii() or not character.isalnum():
        return f"\\x{{{ord(character):X}}}"
    lower, upper = character.lower(), character.upper()
    if lower in "ks":
        # Beside another alternative, RE2 finds more in a class of these two: the sign of Kelvin, and the long s.
        return f"(?:{lower}|{upper})"
    return character if character.isdigit() else f"[{lower}{upper}]"


def like(pattern: str) -> str:
    r"""Write a LIKE pattern, for the whole of a text and whatever the case of ASCII letters, without its anchors.

    >>> like("4%_\\_")
    '4..*\\x{5F}'

    Raises:
        CompileError: for more characters than all engines take.
    """
    _check_length("a LIKE pattern", len(pattern), _LONGEST_PATTERN)
    return "".join(_like(pattern))


def _like(pattern: str) -> Iterator[str]:
    gap = ""
    characters = iter(pattern)
    for character in characters:
        if character == "_":
            yield "."
        elif character == "%":
            # It trades places with any `_` behind it, so that a run of both searches once.
            gap = ".*"
        else:
            yield gap + _character(next(characters) if character == "\\" else character)
            gap = ""
    yield gap


def alternations(items: Iterable[str]) -> Iterator[str]:
    """Join regular expressions, at least one, by `|`, to as many alternations as it takes to keep each fast.

    >>> list(alternations(["a" * 2500, "b" * 2500, "c"])) == ["(?:" + "a" * 2500 + ")", "(?:" + "b" * 2500 + "|c)"]
    True
    """
    joined: list[str] = []
    length = 0
    for item in items:
        if joined and length + len(item) > _ALTERNATION:
            yield _alternation(joined)
            joined, length = [], 0
        joined.append(item)
        length += len(item)
    yield _alternation(joined)


def _alternation(items: Sequence[str]) -> str:
    return f"(?:{'|'.join(items)})"


def _check_length(what: str, length: int, longest: int) -> None:
    if length > longest:
        raise CompileError(f"{what} has {length} characters; in frames at most {longest} can be searched for")
