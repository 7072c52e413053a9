r"""Needles and LIKE patterns as regular expressions that mean the same to all regex engines behind frames.

These are RE2 (PyArrow, pandas, DuckDB), Rust's (Polars) and Java's (Spark). Of what they share, only this is used:
digits, classes of both cases of a letter, `\x{...}` for every other character, `.`, `*`, groups, `|`, `\A` and `\z`.

Java's alone backtracks, and keeps on its stack what it could come back to. So it gets atomic groups, `(?>...)`, within
which it comes back to nothing: characters in a row match in one way only, and a piece of LIKE may keep its first place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jsonapi_sieve.backends.narwhals.dialect import COMMON, Dialect
from jsonapi_sieve.errors import CompileError

__all__ = ["alternations", "like", "needle"]

_LONGEST_NEEDLE = 32_768
_LONGEST_PATTERN = 8_192
# Engines walk through an alternation of some length in one pass. In longer ones they run out of room and get slow.
_ALTERNATION = 4_000
# Java's goes one call deeper with each item, and comes back at the end of an atomic group.
_GROUP = 100


def needle(text: str, dialect: Dialect = COMMON) -> str:
    r"""Write a text so that it is found whatever the case of its ASCII letters.

    >>> needle("no. é")
    '[nN][oO]\\x{2E}\\x{20}\\x{E9}'

    Raises:
        CompileError: for more characters than all engines take.
    """
    _check_length("a text to look for", len(text), _LONGEST_NEEDLE)
    return _sequence(list(map(_character, text)), dialect)


def _character(character: str) -> str:
    if not character.isascii() or not character.isalnum():
        return f"\\x{{{ord(character):X}}}"
    lower, upper = character.lower(), character.upper()
    if lower in "ks":
        # Beside another alternative, RE2 finds more in a class of these two: the sign of Kelvin, and the long s.
        return f"(?:{lower}|{upper})"
    return character if character.isdigit() else f"[{lower}{upper}]"


def like(pattern: str, dialect: Dialect = COMMON) -> str:
    r"""Write a LIKE pattern, for the whole of a text and whatever the case of ASCII letters, without its anchors.

    >>> like("4%_\\_")
    '4..*\\x{5F}'
    >>> like("4%a%b", Dialect(halving=False, atomic=True))
    '(?>4(?>.*?(?>[aA]))).*(?>[bB])'

    Raises:
        CompileError: for more characters than all engines take.
    """
    _check_length("a LIKE pattern", len(pattern), _LONGEST_PATTERN)
    pieces = _pieces(pattern)
    if dialect.atomic and len(pieces) > 1:
        # Each piece but the last is found at its first place, for a later one never helps; the last ends the text.
        first, *between, last = pieces
        pieces = [[*first, *(f"(?>.*?{_sequence(piece, dialect)})" for piece in between)], last]
    return ".*".join(_sequence(piece, dialect) for piece in pieces)


def _pieces(pattern: str) -> list[list[str]]:
    """Cut a pattern at its runs of `%`, into one expression for each character."""
    pieces: list[list[str]] = [[]]
    gap = False
    characters = iter(pattern)
    for character in characters:
        if character == "%":
            # It trades places with any `_` behind it, so that a run of both searches once.
            gap = True
            continue
        if gap and character != "_":
            pieces.append([])
            gap = False
        pieces[-1].append("." if character == "_" else _character(next(characters) if character == "\\" else character))
    return [*pieces, []] if gap else pieces


def _sequence(items: Sequence[str], dialect: Dialect) -> str:
    if not dialect.atomic:
        return "".join(items)
    groups = ("".join(items[start : start + _GROUP]) for start in range(0, len(items), _GROUP))
    return "".join(f"(?>{group})" for group in groups)


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
