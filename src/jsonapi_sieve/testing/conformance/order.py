"""Whether values are in order, where that can be told without knowing how a server compares them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Final

__all__ = ["ascending", "comparable"]

_KINDS: Final[tuple[Callable[[str], object], ...]] = (
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII).fullmatch,
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII).fullmatch,
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", re.ASCII).fullmatch,
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII).fullmatch,
    # Every collation has the letters of one case in this order.
    re.compile("[a-z]+", re.ASCII).fullmatch,
)


def comparable(values: Sequence[Any]) -> bool:
    """Whether all servers compare these values alike: numbers, instants of one form, or words in small letters.

    >>> comparable([1, 2.5]), comparable(["b", "a"]), comparable(["a", "B"])
    (True, True, False)
    """
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        return True
    return any(all(isinstance(value, str) and kind(value) for value in values) for kind in _KINDS)


def ascending(values: Sequence[Any]) -> bool:
    """Whether no value is less than the one before it."""
    return all(one <= other for one, other in pairwise(values))
