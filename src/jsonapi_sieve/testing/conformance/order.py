"""Whether values are in order, where that can be told without knowing how a server compares them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Final

__all__ = ["ascending", "comparable", "together"]

_KINDS: Final[tuple[Callable[[str], object], ...]] = (
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII).fullmatch,
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII).fullmatch,
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", re.ASCII).fullmatch,
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII).fullmatch,
)


_letter: Final = re.compile("[a-z]", re.ASCII).match
# Some collations have one place for these: Lithuanian for i and y, Swedish for v and w, Latin for i and j, u and v.
_ALIKE: Final = str.maketrans("jyvw", "iiuu")


def comparable(values: Sequence[Any]) -> bool:
    """Whether all servers compare these values alike: numbers, or dates and instants of one form.

    Words are none of these: collations differ on letters, and a server may rank the words of a list as it likes.

    >>> comparable([1, 2.5]), comparable(["2024-07-17", "2024-02-29"]), comparable(["a", "b"])
    (True, True, False)
    """
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        return True
    return any(all(isinstance(value, str) and kind(value) for value in values) for kind in _KINDS)


def ascending(values: Sequence[Any]) -> bool:
    """Whether no value is less than the one before it."""
    return all(one <= other for one, other in pairwise(values))


def together(values: Sequence[Any]) -> bool:
    """Whether equal values stand together, as in every order; what a collation may take for equal parts nothing.

    >>> together(["Blur", "Cure", "cure", "Cure"]), together(["Vik", "Wik", "Vik"]), together(["Blur", "Cure", "Blur"])
    (True, True, False)
    """
    last: dict[str, int] = {}
    for place, value in enumerate(values):
        if isinstance(value, str):
            before = last.get(value, place)
            if any(_surely_other(value, between) for between in values[before + 1 : place]):
                return False
            last[value] = place
    return True


def _surely_other(value: str, other: object) -> bool:
    first, second = (text.lower().translate(_ALIKE) for text in (value, str(other)))
    return bool(_letter(first) and _letter(second)) and first[0] != second[0]
