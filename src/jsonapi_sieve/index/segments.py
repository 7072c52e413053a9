"""Segments: some thousand filters with one table for each attribute that they test."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeVar

from jsonapi_sieve.field import Field
from jsonapi_sieve.index.entries import Entry
from jsonapi_sieve.index.tables import UNKNOWN, Constraint, bits, make_points, make_ranges

__all__ = ["Columns", "Segment", "chosen"]

T = TypeVar("T")

Columns = dict[Field[Any], int]
"""The place of each field among the values that are read of a record."""

_FEW: Final = 12
_IN_ORDER: Final[Mapping[str, Callable[[Any, Any], bool]]] = MappingProxyType(
    {"gt": operator.gt, "gteq": operator.ge, "lt": operator.lt, "lteq": operator.le}
)
_OFFSETS: Final = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


class Segment:
    """Filters by number, and tables from a value to the set of filters that it does not rule out.

    Nothing in it changes but `alive`, which loses the bit of a filter that is removed.
    """

    __slots__ = ("_columns", "_doubts", "_numbers", "_points", "_ranges", "alive", "entries", "keys")

    def __init__(self, entries: Sequence[Entry], columns: Columns, access: Field[Any] | None = None) -> None:
        self.entries: Sequence[Entry] = entries
        self._columns = columns
        self._numbers = range(len(entries))
        self.keys: list[Any] = [entry.key for entry in entries]
        full = (1 << len(entries)) - 1
        self.alive: int = full
        points: defaultdict[Field[Any], list[Constraint]] = defaultdict(list)
        ranges: defaultdict[Field[Any], list[Constraint]] = defaultdict(list)
        for number, entry in enumerate(entries):
            entry.segment, entry.number = self, number
            for field, tests in entry.conjunction.points:
                # The one test by which a filter is found need not be made again.
                if field is not access or len(tests) > 1:
                    points[field].append((number, tests, entry.values))
            for field, tests in entry.conjunction.ranges:
                ranges[field].append((number, tests, entry.values))
        self._points = [make_points(columns[field], full, found) for field, found in _longest_first(points)]
        self._ranges = [make_ranges(columns[field], full, found) for field, found in _longest_first(ranges)]
        self._doubts = bits([number for number, entry in enumerate(entries) if not entry.conjunction.is_exact])

    def collect(self, found: list[Any], record: object, values: Sequence[Any], start: int, known: bool) -> None:
        """Add the keys of those filters of a set that a record passes.

        Where a value of the record is not `known` to tables, all that they leave are tested by their predicates.
        """
        left = start & self.alive
        for column, at, other in self._points:
            left &= at.get(values[column], other)
            if not left:
                return
        doubts = self._doubts
        for table in self._ranges:
            value = values[table.column]
            if value is None:
                left &= table.null
            elif value is not UNKNOWN:
                slot = table.slot(value)
                left &= table.slots[slot]
                if table.doubts is not None:
                    doubts |= table.doubts[slot]
            if not left:
                return
        for number in chosen(self._numbers, left & doubts if known else left):
            if not self._passes(self.entries[number], record, values, known):
                left ^= 1 << number
        found += chosen(self.keys, left)

    def _passes(self, entry: Entry, record: object, values: Sequence[Any], known: bool) -> bool:
        """Test a record by a filter that the tables leave: by the order alone, if that is all they are in doubt of."""
        conjunction = entry.conjunction
        if not (known and conjunction.is_exact):
            return entry.passes(record)
        return all(
            _IN_ORDER[test.operator](values[self._columns[field]], test.constant(entry.values))
            for field, tests in conjunction.ranges
            for test in tests
        )


def _longest_first(
    constraints: dict[Field[Any], list[Constraint]],
) -> Iterator[tuple[Field[Any], list[Constraint]]]:
    """Give first what most filters test, for that rules out most."""
    return iter(sorted(constraints.items(), key=lambda item: -len(item[1])))


def chosen(members: Sequence[T], numbers: int) -> list[T]:
    """Give those of some members whose numbers are in a set.

    >>> chosen("abc", 0b101)
    ['a', 'c']
    """
    if numbers.bit_count() > _FEW:
        held = numbers.to_bytes((numbers.bit_length() + 7) >> 3, "little")
        return [members[place << 3 | bit] for place, byte in enumerate(held) if byte for bit in _OFFSETS[byte]]
    found = []
    while numbers:
        number = numbers.bit_length() - 1
        found.append(members[number])
        numbers ^= 1 << number
    return found[::-1]
