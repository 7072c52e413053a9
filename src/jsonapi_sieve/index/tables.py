"""Tables of one attribute: from a record's value to the filters that it does not rule out.

A set of filters is an int: bit n stands for filter n of a segment. To match is to AND one set for each attribute.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from operator import xor
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from jsonapi_sieve.index.conjunctions import Bound, Bounds, Point

__all__ = ["UNKNOWN", "Table", "bits", "table_of_points", "table_of_ranges"]

UNKNOWN: Final = object()
"""Stands for a value that tables cannot look up; it rules out nothing."""

_MOST_CUTS: Final = 128
_BEYOND: Final[Mapping[str, int]] = MappingProxyType({"gt": 1, "lt": -1})
"""How far from the slot of a boundary the slots begin or end that pass."""


class Between(NamedTuple):
    """The sets for values that no filter names: one for each part into which the cuts part them.

    Where there are more boundaries than cuts, a filter whose boundary lies between two of them is in the set of that
    part, and in its set of `doubts` too, of which there are none else.
    """

    cuts: list[Any]
    sets: list[int]
    doubts: list[int]


class Table(NamedTuple):
    """The sets of an attribute: for each value that some filter names, and for all others."""

    column: int
    at: dict[Any, int]
    between: Between


def bits(numbers: Sequence[int]) -> int:
    """Give the set of some filters, whose numbers ascend.

    >>> bin(bits([0, 2]))
    '0b101'
    """
    held = bytearray((numbers[-1] >> 3) + 1 if numbers else 0)
    for number in numbers:
        held[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(held, "little")


def table_of_points(column: int, full: int, tests: Iterable[tuple[int, Point, tuple[Any, ...]]]) -> Table:
    """Make the table of an attribute whose single values some filters of `full` test, by their numbers and values."""
    asked: defaultdict[Any, list[int]] = defaultdict(list)
    banned: defaultdict[Any, list[int]] = defaultdict(list)
    asking = []
    for number, point, values in tests:
        if point.holds:
            asking.append(number)
        for value in point.named(values):
            (asked if point.holds else banned)[value].append(number)
    other = full & ~bits(asking)
    at = {value: other | bits(numbers) for value, numbers in asked.items()}
    for value, numbers in banned.items():
        at[value] = at.get(value, other) & ~bits(numbers)
    at[UNKNOWN] = full
    return Table(column, at, Between([], [other], []))


def table_of_ranges(column: int, full: int, tests: Sequence[tuple[int, Bounds, tuple[Any, ...]]]) -> Table:
    """Make the table of an attribute whose order some filters of `full` test, by their numbers and values."""
    cuts = sorted({bound.value(values) for _, bounds, values in tests for bound in bounds if bound is not None})
    if len(cuts) > _MOST_CUTS:
        cuts = [cuts[len(cuts) * number // _MOST_CUTS] for number in range(_MOST_CUTS)]
    # Slots: below the first cut, on it, between it and the second ...
    turns: list[list[int]] = [[] for _ in range(2 * len(cuts) + 2)]
    doubts: list[list[int]] = [[] for _ in range(len(cuts) + 1)]

    def slot_of(number: int, bound: Bound, values: tuple[Any, ...]) -> int:
        value = bound.value(values)
        slot = bisect_left(cuts, value) + bisect_right(cuts, value)
        if slot % 2:
            return slot + _BEYOND.get(bound.operator, 0)
        doubts[slot // 2].append(number)
        return slot

    for number, (lower, upper), values in tests:
        first = slot_of(number, lower, values) if lower else 0
        last = slot_of(number, upper, values) if upper else 2 * len(cuts)
        if first <= last:
            turns[first].append(number)
            turns[last + 1].append(number)
    free = full & ~bits([number for number, _, _ in tests])
    slots = list(accumulate(map(bits, turns[:-1]), xor, initial=free))[1:]
    at = dict(zip(cuts, slots[1::2], strict=True))
    at[None], at[UNKNOWN] = free, full
    return Table(column, at, Between(cuts, slots[::2], list(map(bits, doubts)) if any(doubts) else []))
