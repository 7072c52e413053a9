"""Segments: some thousand filters with one table for each attribute that they test."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from jsonapi_sieve.backends.python import PythonPredicate, compile_python
from jsonapi_sieve.field import Field
from jsonapi_sieve.index.conjunctions import Bounds, Conjunction, Point, conjunctions_of
from jsonapi_sieve.index.tables import bits, table_of_points, table_of_ranges
from jsonapi_sieve.normal import normalize
from jsonapi_sieve.predicate import Predicate

__all__ = ["Columns", "Entry", "Segment", "chosen", "entries_of", "segments_of"]

T = TypeVar("T")

Columns: TypeAlias = Mapping[Field[Any], int]
"""The place of each field among the values that are read of a record."""

_SIZE: Final = 4096
"""How many filters a segment holds at most."""

_NUMBERS: Final = tuple(range(_SIZE))
"""Shared, for an int of its own is a thirtieth of what a filter takes."""

_FEW: Final = 12
_OFFSETS: Final = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


@dataclass(slots=True, eq=False)
class Entry:
    """A conjunction of a stored filter, with its key and values; `segment` and `number` say where it is found."""

    key: Any
    predicate: Predicate
    conjunction: Conjunction
    values: tuple[Any, ...]
    segment: Any = None
    number: int = 0
    compiled: PythonPredicate | None = None

    def passes(self, record: object) -> bool:
        """Test a record by the whole predicate, which is compiled when it is first needed."""
        compiled = self.compiled = self.compiled or compile_python(self.predicate)
        return compiled(record)


def entries_of(key: Hashable, predicate: Predicate) -> tuple[Entry, ...]:
    """Give the conjunctions of a filter.

    Raises:
        CompileError: for a predicate that no backend takes.
    """
    shape, values = normalize(predicate)
    return tuple([Entry(key, predicate, conjunction, values) for conjunction in conjunctions_of(shape)])


class Segment:
    """Filters by number, and tables from a value to the set of filters that it does not rule out.

    Nothing in it changes but `alive`, which loses the bit of a filter that is removed.
    """

    __slots__ = ("_doubts", "_keys", "_tables", "alive", "entries")

    def __init__(self, entries: Sequence[Entry], columns: Columns) -> None:
        self.entries: Sequence[Entry] = entries
        self._keys = [entry.key for entry in entries]
        self.alive: int = (1 << len(entries)) - 1
        self._doubts = bits([number for number, entry in enumerate(entries) if not entry.conjunction.is_exact])
        points: defaultdict[Field[Any], list[tuple[int, Point, tuple[Any, ...]]]] = defaultdict(list)
        ranges: defaultdict[Field[Any], list[tuple[int, Bounds, tuple[Any, ...]]]] = defaultdict(list)
        for number, entry in zip(_NUMBERS, entries, strict=False):
            entry.segment, entry.number = self, number
            for point in entry.conjunction.points:
                points[point.field].append((number, point, entry.values))
            for field, bounds in entry.conjunction.ranges:
                ranges[field].append((number, bounds, entry.values))
        self._tables = [
            *(table_of_points(columns[field], self.alive, tests) for field, tests in points.items()),
            *(table_of_ranges(columns[field], self.alive, tests) for field, tests in ranges.items()),
        ]
        # First what rules out most.
        self._tables.sort(key=lambda table: (table.between.sets[0].bit_count(), -len(table.at)))

    def collect(self, found: list[Any], record: object, values: Sequence[Any], known: bool) -> None:
        """Add the keys of the filters that a record passes.

        Where a value of the record is not `known` to tables, all that they leave are tested by their predicates.
        """
        left = self.alive
        doubts = self._doubts if known else left
        for column, at, between in self._tables:
            passing = at.get(values[column])
            if passing is None:
                place = bisect_left(between.cuts, values[column])
                passing = between.sets[place]
                if between.doubts:
                    doubts |= between.doubts[place]
            left &= passing
            if not left:
                return
        if left & doubts:
            # An entry may be given another number meanwhile, in tables that are being made.
            for number in chosen(_NUMBERS, left & doubts):
                if not self.entries[number].passes(record):
                    left ^= 1 << number
        found += chosen(self._keys, left)


def segments_of(entries: Iterable[Entry], columns: Columns) -> tuple[Segment, ...]:
    """Put entries into segments, so that a record is ruled out by the first tables of most of them.

    Those that ask for one value of some attribute, such as an account, stand together in the order of its values: of
    the attribute that has most. The others stand by the attributes that they test.
    """
    entries = list(entries)
    asked: defaultdict[Field[Any], set[Any]] = defaultdict(set)
    for entry in entries:
        for point in entry.conjunction.asked:
            asked[point.field].update(point.named(entry.values))

    def place(entry: Entry) -> tuple[Any, ...]:
        if not entry.conjunction.asked:
            return 0, [columns[field] for field in entry.conjunction.fields]
        best = max(entry.conjunction.asked, key=lambda point: len(asked[point.field]))
        return -len(asked[best.field]), columns[best.field], best.named(entry.values)

    entries.sort(key=place)
    return tuple(Segment(entries[start : start + _SIZE], columns) for start in range(0, len(entries), _SIZE))


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
