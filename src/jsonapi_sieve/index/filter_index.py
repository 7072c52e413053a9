"""`FilterIndex`: many stored filters, and which of them a record passes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import not_
from threading import Lock
from typing import Any, Final, Generic, NamedTuple, TypeAlias, TypeVar

from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.field import Field
from jsonapi_sieve.index.records import RecordReader
from jsonapi_sieve.index.segments import Entry, Segment, entries_of, segments_of
from jsonapi_sieve.predicate import And, Predicate

__all__ = ["Explanation", "FilterIndex"]

K = TypeVar("K", bound=Hashable)

_PENDING: Final = 32
"""How many filters wait at most before they are put into tables; until then each is tested by itself."""

_PATIENCE: Final = 4
"""How many times a run more than one is looked through, for each filter, before all become one: that takes as long."""


class Explanation(NamedTuple):
    """Why a record passes a filter or does not: the members of the filter that are TRUE for it, and the others."""

    passes: bool
    true: tuple[Predicate, ...]
    others: tuple[Predicate, ...]


_Waiting: TypeAlias = tuple[int | None, tuple[Any, ...], Entry]
"""An entry that is in no table yet, and what rules it out at little cost: a column, and the values that it asks for."""

_Run: TypeAlias = tuple[Segment, ...]
"""Segments that were made together."""


class _State(NamedTuple):
    """What a match looks at: exchanged as a whole when runs are made."""

    reader: RecordReader
    runs: tuple[_Run, ...]
    pending: dict[Hashable, list[_Waiting]]


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
        self._filters: dict[K, tuple[Entry, ...]] = {}
        self._columns: dict[Field[Any], int] = {}
        self._state = _State(RecordReader(()), (), {})
        self._removed = self._wasted = 0
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
        return self._filters[key][0].predicate

    def items(self) -> list[tuple[K, Predicate]]:
        """Give all filters with their keys, as they are at one moment."""
        return [(key, entries[0].predicate) for key, entries in list(self._filters.items())]

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
            self._filters[key] = entries
            self._branches = self._branches or len(entries) > 1
            waiting = list(map(self._waiting, entries))
            if len(self._columns) > self._state.reader.width:
                # A match that has read fewer attributes goes on with the filters that it began with.
                reader = RecordReader(self._columns)
                self._state = self._state._replace(reader=reader, pending=dict(self._state.pending))
            self._state.pending[key] = waiting

    def remove(self, key: K) -> None:
        """Remove a filter.

        Raises:
            KeyError: when the key has none.
        """
        with self._lock:
            entries = self._filters.pop(key)
            if self._state.pending.pop(key, None) is None:
                for entry in entries:
                    entry.segment.alive &= ~(1 << entry.number)
                self._removed += len(entries)
                if self._removed > len(self._filters) + _PENDING:
                    self._merge(0)

    def match(self, record: object) -> list[K]:
        """Give the keys of the filters that a record passes, in no order.

        A record is a row of any kind that the Python backend takes.

        Raises:
            TypeError: when it holds values of another kind than declared, naming the attribute.
            KeyError, AttributeError: when it lacks an attribute that some filter tests.
        """
        reader, runs, pending = self._state
        if pending or len(runs) > 1:
            self._wasted += len(runs) - 1 + bool(pending)
            if len(pending) > _PENDING or self._wasted > _PATIENCE * len(self._filters):
                self._tidy()
                reader, runs, pending = self._state
        # As they are before the tables are looked at: what is exchanged meanwhile is found once.
        added = list(pending.values())
        values, known = reader.read(record)
        found: list[K] = []
        for run in runs:
            for segment in run:
                segment.collect(found, record, values, known)
        for waiting in added:
            for column, wanted, entry in waiting:
                if (column is None or not known or values[column] in wanted) and entry.passes(record):
                    found.append(entry.key)
        return list(dict.fromkeys(found)) if self._branches else found

    def match_many(self, records: Iterable[object]) -> Iterator[list[K]]:
        """Give for each record what `match` gives."""
        return map(self.match, records)

    def settle(self) -> None:
        """Put all filters into the tables of an index that is made anew.

        Else matches do it bit by bit: the few that wait with small tables soon, and all when that is worth its time.
        """
        with self._lock:
            if self._removed or self._state.pending or len(self._state.runs) > 1:
                self._merge(0)

    def _tidy(self) -> None:
        with self._lock:
            _, runs, pending = self._state
            if self._wasted > _PATIENCE * len(self._filters):
                self._merge(0)
            elif len(pending) > _PENDING:
                self._merge(_kept(runs, len(pending)))

    def _merge(self, kept: int) -> None:
        """Make one run of those after the first ones, which are kept, and of the filters that wait."""
        self._wasted *= bool(kept)
        reader, runs, pending = self._state
        held = [entry for run in runs[kept:] for segment in run for entry in segment.entries]
        living = [entry for entry in held if entry.segment.alive >> entry.number & 1]
        self._removed -= len(held) - len(living)
        added = [entry for waiting in pending.values() for _, _, entry in waiting]
        self._state = _State(reader, (*runs[:kept], segments_of([*living, *added], self._columns)), {})

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
        for field in entry.conjunction.fields:
            self._columns.setdefault(field, len(self._columns))
        for point in entry.conjunction.asked:
            return self._columns[point.field], point.named(entry.values), entry
        return None, (), entry


def _kept(runs: Sequence[_Run], added: int) -> int:
    """Tell how many runs stay as they are; the others are smaller than what came later."""
    sizes = [sum(len(segment.entries) for segment in run) for run in runs]
    return next((place for place, size in enumerate(sizes) if sum(sizes[place + 1 :], added) >= size), len(runs))
