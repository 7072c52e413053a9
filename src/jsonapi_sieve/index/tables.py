"""Tables of one attribute: from a record's value to the filters that it does not rule out.

A set of filters is an int: bit n stands for filter n of a segment. To match is to AND one set for each attribute.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import xor
from typing import Any, Final, NamedTuple

from jsonapi_sieve.index.conjunctions import Test

__all__ = ["UNKNOWN", "Constraint", "Points", "Ranges", "bits", "make_points", "make_ranges"]

UNKNOWN: Final = object()
"""Stands for a value that tables cannot look up; it rules out nothing."""

_MOST_CUTS: Final = 128

Constraint = tuple[int, Sequence[Test], tuple[Any, ...]]
"""The number of a filter, its tests of an attribute, and the values of its predicate."""


class Points(NamedTuple):
    """Tests of single values: `at` has a set for each value that some filter names, `other` is for all else."""

    column: int
    at: dict[Any, int]
    other: int


class Ranges(NamedTuple):
    """Tests of the order. Cuts part the values into slots: below the first cut, on it, between it and the second ...

    `slots` has a set for each. Where there are more boundaries than cuts, a filter whose boundary lies inside of a slot
    is in that slot's set, and in its set of `doubts` too. `null` is the set for None.
    """

    column: int
    cuts: list[Any]
    slots: list[int]
    doubts: list[int] | None
    null: int

    def slot(self, value: Any) -> int:
        """Give the number of the slot that a value lies in."""
        return bisect_left(self.cuts, value) + bisect_right(self.cuts, value)


def bits(numbers: Sequence[int]) -> int:
    """Give the set of some filters, whose numbers ascend.

    >>> bin(bits([0, 2]))
    '0b101'
    """
    if len(numbers) <= 1:
        return 1 << numbers[0] if numbers else 0
    held = bytearray((numbers[-1] >> 3) + 1)
    for number in numbers:
        held[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(held, "little")


def make_points(column: int, full: int, constraints: Iterable[Constraint]) -> Points:
    """Make the table of an attribute whose single values some filters of `full` test."""
    allowed_at: dict[Any, list[int]] = defaultdict(list)
    banned_at: dict[Any, list[int]] = defaultdict(list)
    bound, banning, null = [], [], []
    for number, tests, values in constraints:
        allowed, banned, takes_null = _admitted(tests, values)
        bound.append(number)
        if takes_null:
            null.append(number)
        if allowed is None:
            banning.append(number)
            for value in banned:
                banned_at[value].append(number)
        else:
            for value in allowed:
                allowed_at[value].append(number)
    free = full & ~bits(bound)
    other = free | bits(banning)
    at = {value: other | bits(numbers) for value, numbers in allowed_at.items()}
    for value, numbers in banned_at.items():
        at[value] = at.get(value, other) & ~bits(numbers)
    at[None] = free | bits(null)
    at[UNKNOWN] = full
    return Points(column, at, other)


def _admitted(tests: Sequence[Test], values: tuple[Any, ...]) -> tuple[Iterable[Any] | None, Iterable[Any], bool]:
    """Give the values that pass tests, or None and those that do not; and whether None passes."""
    allowed: set[Any] | None = None
    banned: set[Any] = set()
    takes_null = True
    for test in tests:
        match test.operator:
            case "eq" | "in":
                wanted = test.constants(values)
                if len(tests) == 1:
                    return wanted, (), False
                allowed, takes_null = set(wanted) if allowed is None else allowed.intersection(wanted), False
            case "not_eq" | "not_in":
                banned.update(test.constants(values))
                takes_null = False
            case "null":
                allowed = set()
            case "blank":
                allowed = {""} if allowed is None else allowed & {""}
            case "present":
                banned.add("")
                takes_null = False
            case _:
                takes_null = False
    return (None if allowed is None else allowed - banned), banned, takes_null


def make_ranges(column: int, full: int, constraints: Sequence[Constraint]) -> Ranges:
    """Make the table of an attribute whose order some filters of `full` test."""
    bounds = [(number, *_interval(tests, values)) for number, tests, values in constraints]
    cuts = sorted({value for _, low, high in bounds for value, _ in (low, high) if value is not None})
    if len(cuts) > _MOST_CUTS:
        cuts = [cuts[len(cuts) * number // _MOST_CUTS] for number in range(_MOST_CUTS)]
    places = {cut: 2 * number + 1 for number, cut in enumerate(cuts)}
    turns: list[list[int]] = [[] for _ in range(2 * len(cuts) + 2)]
    doubts: list[list[int]] = [[] for _ in range(2 * len(cuts) + 1)]
    for number, (low, above), (high, below) in bounds:
        first, last = 0, 2 * len(cuts)
        if low is not None:
            place = places.get(low)
            first = 2 * bisect_left(cuts, low) if place is None else place + above
            if place is None:
                doubts[first].append(number)
        if high is not None:
            place = places.get(high)
            last = 2 * bisect_left(cuts, high) if place is None else place - below
            if place is None:
                doubts[last].append(number)
        if first <= last:
            turns[first].append(number)
            turns[last + 1].append(number)
    free = full & ~bits([number for number, _, _ in bounds])
    slots = list(accumulate(map(bits, turns[:-1]), xor, initial=free))[1:]
    return Ranges(column, cuts, slots, list(map(bits, doubts)) if any(doubts) else None, free)


_Bound = tuple[Any, bool]
"""A boundary, and whether the values have to lie beyond it."""


def _interval(tests: Sequence[Test], values: tuple[Any, ...]) -> tuple[_Bound, _Bound]:
    """Give the interval that passes all tests; a boundary of None is none."""
    low: _Bound = (None, False)
    high: _Bound = (None, False)
    for test in tests:
        bound = test.constant(values)
        if test.operator in ("gt", "gteq"):
            strict = test.operator == "gt"
            if low[0] is None or (bound, strict) > low:
                low = bound, strict
        else:
            strict = test.operator == "lt"
            # Of two at one value, the strict one is the nearer.
            if high[0] is None or (bound, not strict) < (high[0], not high[1]):
                high = bound, strict
    return low, high
