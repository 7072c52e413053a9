"""Runs: segments that were made together, and how a record finds those that can hold filters for it.

Most filters ask for one value of some attribute that has many values, such as an account. They are sorted by it, so
that a record finds those that ask for its own value by a look-up, in one segment, and needs to look at no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeVar

from jsonapi_sieve.field import Field
from jsonapi_sieve.index.entries import Entry
from jsonapi_sieve.index.segments import Columns, Segment
from jsonapi_sieve.index.tables import UNKNOWN, bits

__all__ = ["Run"]

_SIZE: Final = 4096
"""How many filters a segment holds at most."""

_SELECTIVE: Final = 32
"""From how many values on an attribute is worth a look-up of its own."""

T = TypeVar("T")

_Found = tuple[tuple[Any, ...], Entry]
"""The values by which a filter is found, and the filter."""


class Directory(NamedTuple):
    """Where the filters are that ask for a value of one attribute: segments, and the set in each."""

    column: int
    at: dict[Any, tuple[tuple[Segment, int], ...]]


class Run:
    """Segments made of some entries: those that directories lead to, and those that every record has to look at."""

    __slots__ = ("_directories", "_scanned", "entries")

    def __init__(self, entries: Sequence[Entry], columns: Columns) -> None:
        self.entries: Sequence[Entry] = entries
        found, rest = _parted(entries)
        self._directories = [_directory(field, columns, members) for field, members in found.items()]
        # Filters that test the same attributes stand together, so that segments have few tables.
        rest.sort(key=lambda entry: _outline(entry, columns))
        self._scanned = [(segment, segment.alive) for segment in (Segment(part, columns) for part in _cut(rest))]

    def collect(self, found: list[Any], record: object, values: Sequence[Any], known: bool) -> None:
        """Add the keys of all filters that a record passes."""
        for column, at in self._directories:
            for segment, start in at.get(values[column], ()):
                segment.collect(found, record, values, start, known)
        for segment, start in self._scanned:
            segment.collect(found, record, values, start, known)


def _parted(entries: Sequence[Entry]) -> tuple[dict[Field[Any], list[_Found]], list[Entry]]:
    """Part entries by the attribute whose equality is the most selective; the rest has none that is."""
    asked: defaultdict[Field[Any], set[Any]] = defaultdict(set)
    for entry in entries:
        for field, test in entry.conjunction.equalities:
            asked[field].update(test.constants(entry.values))
    counts = {field: len(values) for field, values in asked.items()}
    found: defaultdict[Field[Any], list[_Found]] = defaultdict(list)
    rest = []
    for entry in entries:
        most: float = _SELECTIVE
        best: tuple[Field[Any], tuple[Any, ...]] | None = None
        for field, test in entry.conjunction.equalities:
            if counts[field] >= most:
                values = test.constants(entry.values)
                if counts[field] / len(values) >= most:
                    most, best = counts[field] / len(values), (field, values)
        if best is None:
            rest.append(entry)
        else:
            found[best[0]].append((best[1], entry))
    return found, rest


def _directory(field: Field[Any], columns: Columns, found: list[_Found]) -> Directory:
    """Make the segments of filters that ask for values of one attribute, and the directory to them."""
    at: defaultdict[Any, list[tuple[Segment, int]]] = defaultdict(list)
    found.sort(key=itemgetter(0))
    for part in _cut(found):
        segment = Segment([entry for _, entry in part], columns, access=field)
        numbers: defaultdict[Any, list[int]] = defaultdict(list)
        for number, (values, _) in enumerate(part):
            for value in values:
                numbers[value].append(number)
        for value, asking in numbers.items():
            at[value].append((segment, bits(asking)))
        at[UNKNOWN].append((segment, segment.alive))
    return Directory(columns[field], {value: tuple(places) for value, places in at.items()})


def _outline(entry: Entry, columns: Columns) -> list[int]:
    """Give the attributes that a filter tests, as something to sort by."""
    conjunction = entry.conjunction
    return [columns[field] for field, _ in (*conjunction.points, *conjunction.ranges)]


def _cut(members: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(members), _SIZE):
        yield members[start : start + _SIZE]
