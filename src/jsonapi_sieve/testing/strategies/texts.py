"""Texts that engines are apt to read differently, and what filters ask of them.

NUL is in none: SQLite's text functions stop there, and value types refuse it in constants.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import strategies as st

__all__ = ["PATTERNS", "TEXTS", "needles_beside", "patterns_beside", "wildcards_beside"]

# Texts of few characters are often alike.
ALPHABETS = [
    "aA",
    "aAbB1",
    "a%_\\",
    "A ,'\"`",
    "019.-e",
    "a \t\n\r\x01\x1f\x7f\x80\x85\u00a0\u2028",
    # Letters whose other case is ASCII, has another length or depends on the place: the sign of kelvin, long and sharp
    # s, sigmas, an i with and without its dot; marks that join the letter before them, and a ligature.
    "kK\u212a",
    "sS\u00df\u017f\u1e9e",
    "\u03c3\u03c2\u03a3",
    "iI\u0130\u0131\u0307",
    "eE\u00e9\u00c9\u0301\ufe0f\u200d\ufb00",
    # The ends of the planes and of the range of surrogates, what is no character, and what stands for that.
    "a\ufffd\ufffe\uffff",
    "A\ud7ff\ue000\uffff\U00010000\U0001f600",
    "a\U0010ffff",
    "[]{}()*?^$#;:/",
]

TEXTS = st.one_of(
    *(st.text(alphabet, min_size=1, max_size=5) for alphabet in ALPHABETS),
    st.text("".join(ALPHABETS), min_size=1, max_size=5),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4),
    st.sampled_from(["", " ", "10", "010", "1e1", "null", "[1]", "true"]),
)
"""What rows hold and filters ask for."""


def _closed(pattern: str) -> str:
    """Give a backslash at the end of a pattern something to escape."""
    backslashes = len(pattern) - len(pattern.rstrip("\\"))
    return pattern + "\\" * (backslashes % 2)


_WILDCARDS = st.sampled_from("%_\\")
PATTERNS = st.one_of(
    *(st.text(_WILDCARDS | st.sampled_from(alphabet), max_size=6).map(_closed) for alphabet in ALPHABETS)
)
"""LIKE patterns."""


def needles_beside(held: str) -> list[str]:
    """Give the parts of a text, and those texts that equal it in somebody's eyes."""
    half = len(held) // 2
    parts = [held[:half], held[half:], held[1:-1], held[:1], held[-1:]]
    changes: list[Callable[[str], str]] = [str.lower, str.upper, str.swapcase, str.casefold, _ascii_swapped, _confused]
    changed = [change(part) for part in (held, *parts) for change in changes]
    return list(dict.fromkeys([*parts, *changed, f"{held} ", f"{held}a", f" {held}"]))


def wildcards_beside(held: str) -> list[str]:
    """Give texts that are in a text if somebody reads them as patterns."""
    half = len(held) // 2
    return ["%", f"{held[:1]}%{held[-1:]}", f"{held[:half]}_{held[half + 1 :]}"]


def patterns_beside(held: str) -> list[str]:
    """Give LIKE patterns that match a text, or nearly do."""
    half = len(held) // 2
    start, end = _literal(held[:half]), _literal(held[half:])
    patterns = [start + end, f"{start}%", f"%{end}", f"%{_literal(held[1:-1])}%", f"{start}%{end}", f"{start}_{end}"]
    blanked = [
        "".join("_" if place % 2 == odd else _literal(held[place]) for place in range(len(held))) for odd in (0, 1)
    ]
    changed = [change(pattern) for pattern in patterns for change in (_ascii_swapped, _confused)]
    return list(dict.fromkeys([*patterns, *changed, *blanked, "_" * len(held), "%_" * len(held[:3]), _closed(held)]))


def _ascii_swapped(text: str) -> str:
    return re.sub("[A-Za-z]", lambda letter: letter[0].swapcase(), text)


def _confused(text: str) -> str:
    """Put U+FFFD, which stands for what is no character, in the place of two that are none."""
    return re.sub("[\ufffe\uffff]", "\ufffd", text)


def _literal(text: str) -> str:
    return re.sub(r"[%_\\]", r"\\\g<0>", text)
