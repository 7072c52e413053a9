"""`FilterIndex`: many stored filters, and which of them a record passes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import not_
from threading import Lock
from typing import Any, Final, Generic, NamedTuple, TypeVar

from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.index.entries import Entry, entries_of
from jsonapi_sieve.index.records import RecordReader
from jsonapi_sieve.index.runs import Run
from jsonapi_sieve.index.segments import Columns
from jsonapi_sieve.predicate import And, Predicate

__all__ = ["Explanation", "FilterIndex"]

K = TypeVar("K", bound=Hashable)

_PENDING: Final = 32
"""How many filters wait at most before they are put into tables; until then each is tested by itself."""

_GROWTH: Final = 3
"""How many times as large as a run those that are later together grow before all are merged."""


class Explanation(NamedTuple):
    """Why a record passes a filter or does not: the members of the filter that are TRUE for it, and the others."""

    passes: bool
    true: tuple[Predicate, ...]
    others: tuple[Predicate, ...]


class _Waiting(NamedTuple):
    """An entry that is in no table yet, and what rules it out at little cost: an equality, if it has one."""

    column: int | None
    wanted: tuple[Any, ...]
    entry: Entry


class _State(NamedTuple):
    """What a match looks at: exchanged as a whole when runs are made."""

    reader: RecordReader
    runs: tuple[Run, ...]
    pending: dict[Hashable, tuple[_Waiting, ...]]


class FilterIndex(Generic[K]):
    """Many filters, each with a key, and which of them a record passes: exactly those that `compile_python` would say.

    Filters are put into tables when the next record is matched, and small tables are merged into larger ones, so that
    adding and removing is cheap in any order. It is safe to share between threads: a match sees each filter either as
    it was or as it is.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class CallFilters(FilterSet):
    ...     account_id = Field(types.Integer(32))
    ...     duration = Field(types.Integer(32), nullable=True)
    >>> rules = FilterIndex({"long": CallFilters.duration.gt(60), "ours": CallFilters.account_id.eq(7)})
    >>> sorted(rules.match({"account_id": 7, "duration": 61}))
    ['long', 'ours']
    >>> rules.remove("ours")
    >>> rules.add("short", ~CallFilters.duration.gt(60))
    >>> [rules.match(call) for call in ({"account_id": 7, "duration": 5}, {"account_id": 7, "duration": None})]
    [['short'], []]

    Raises:
        CompileError: for a predicate that no backend takes.
    """

    def __init__(self, filters: Mapping[K, Predicate] | Iterable[tuple[K, Predicate]] = ()) -> None:
        # The predicate stands in the entries; one that is FALSE has none.
        self._filters: dict[K, tuple[Entry, ...] | Predicate] = {}
        self._columns: Columns = {}
        self._state = _State(RecordReader(()), (), {})
        self._due = False
        self._live = self._stored = 0
        self._branches = False
        self._lock = Lock()
        for key, predicate in filters.items() if isinstance(filters, Mapping) else filters:
            self.add(key, predicate)

    def __len__(self) -> int:
        return len(self._filters)

    def __contains__(self, key: object) -> bool:
        return key in self._filters

    def __iter__(self) -> Iterator[K]:
        return iter(list(self._filters))

    def __getitem__(self, key: K) -> Predicate:
        return _predicate(self._filters[key])

    def items(self) -> list[tuple[K, Predicate]]:
        """Give all filters with their keys, as they are at one moment."""
        return [(key, _predicate(held)) for key, held in list(self._filters.items())]

    def add(self, key: K, predicate: Predicate) -> None:
        """Add a filter.

        Raises:
            ValueError: when the key has a filter; remove it before.
            CompileError: for a predicate that no backend takes.
        """
        entries = entries_of(key, predicate)
        with self._lock:
            if key in self._filters:
                raise ValueError(f"the key {key!r} has a filter already; remove it before")
            self._filters[key] = entries or predicate
            self._live += len(entries)
            self._branches = self._branches or len(entries) > 1
            waiting = tuple(map(self._waiting, entries))
            if len(self._columns) > self._state.reader.width:
                # A match that has read fewer attributes goes on with the filters that it began with.
                reader = RecordReader(tuple(self._columns))
                self._state = self._state._replace(reader=reader, pending=dict(self._state.pending))
            self._state.pending[key] = waiting
            self._due = self._due or len(self._state.pending) > _PENDING

    def remove(self, key: K) -> None:
        """Remove a filter.

        Raises:
            KeyError: when the key has none.
        """
        with self._lock:
            held = self._filters.pop(key)
            entries = held if isinstance(held, tuple) else ()
            self._live -= len(entries)
            if self._state.pending.pop(key, None) is None:
                for entry in entries:
                    entry.segment.alive &= ~(1 << entry.number)
                self._due = self._due or self._stored > 2 * self._live + _PENDING

    def match(self, record: object) -> list[K]:
        """Give the keys of the filters that a record passes, in no order.

        A record is a row of any kind that the Python backend takes.

        Raises:
            TypeError: when it holds values of another kind than declared, naming the attribute.
            KeyError, AttributeError: when it lacks an attribute that some filter tests.
        """
        if self._due:
            self.settle()
        reader, runs, pending = self._state
        values, known = reader.read(record)
        found: list[K] = []
        for run in runs:
            run.collect(found, record, values, known)
        added = list(pending.values())
        for waiting in added:
            for column, wanted, entry in waiting:
                if (column is None or not known or values[column] in wanted) and entry.passes(record):
                    found.append(entry.key)
        # A filter that was exchanged meanwhile may have been found as it was and as it is.
        return list(dict.fromkeys(found)) if self._branches or added else found

    def match_many(self, records: Iterable[object]) -> Iterator[list[K]]:
        """Give for each record what `match` gives."""
        return map(self.match, records)

    def settle(self) -> None:
        """Put the filters that wait into tables; else the next match does, and takes the longer for it."""
        with self._lock:
            if self._due:
                self._due = False
                self._settle()

    def _settle(self) -> None:
        reader, runs, pending = self._state
        entries = [each.entry for waiting in pending.values() for each in waiting]
        rebuilt = self._stored > 2 * self._live + _PENDING
        kept = 0 if rebuilt else _kept(runs, len(entries))
        living = (entry for run in runs[kept:] for entry in run.entries if entry.segment.alive >> entry.number & 1)
        made = Run([*living, *entries], self._columns)
        self._state = _State(reader, (*runs[:kept], made), {})
        self._stored = sum(len(run.entries) for run in self._state.runs)

    def explain(self, record: object, key: K) -> Explanation:
        """Tell why a record passes a filter or does not.

        >>> from jsonapi_sieve import Field, FilterSet, types
        >>> class CallFilters(FilterSet):
        ...     status = Field(types.Text())
        ...     duration = Field(types.Integer(32), nullable=True)
        >>> rules = FilterIndex({1: CallFilters.status.eq("ok") & CallFilters.duration.gt(60)})
        >>> rules.explain({"status": "ok", "duration": None}, 1)
        Explanation(passes=False, true=(status = 'ok',), others=(duration > 60,))

        Raises:
            KeyError: when the key has no filter, or the record lacks an attribute.
            TypeError, AttributeError: as `match`.
        """
        predicate = self[key]
        members = predicate.members if isinstance(predicate, And) else (predicate,)
        true = [compile_python(member)(record) for member in members]
        return Explanation(all(true), tuple(compress(members, true)), tuple(compress(members, map(not_, true))))

    def _waiting(self, entry: Entry) -> _Waiting:
        conjunction = entry.conjunction
        for field, _ in (*conjunction.points, *conjunction.ranges):
            self._columns.setdefault(field, len(self._columns))
        if not conjunction.equalities:
            return _Waiting(None, (), entry)
        field, test = conjunction.equalities[0]
        return _Waiting(self._columns[field], test.constants(entry.values), entry)


def _predicate(held: tuple[Entry, ...] | Predicate) -> Predicate:
    return held[0].predicate if isinstance(held, tuple) else held


def _kept(runs: Sequence[Run], added: int) -> int:
    """Tell how many runs stay as they are; the others are small beside what came later."""
    later = added + sum(len(run.entries) for run in runs)
    for place, run in enumerate(runs):
        later -= len(run.entries)
        if later >= _GROWTH * len(run.entries):
            return place
    return len(runs)
