"""`RowIndex`: many filters over one fixed list of rows, such as the tiles of a dashboard.

A set of rows is an int: bit n stands for row n. The set of each test is kept, so that filters share those of the tests
that they have in common.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import accumulate
from operator import and_, or_
from typing import Any, Final, Generic, TypeVar

from jsonapi_sieve.backends.python import PythonPredicate
from jsonapi_sieve.field import Field
from jsonapi_sieve.index.conjunctions import Bound, test_of
from jsonapi_sieve.index.records import RecordReader
from jsonapi_sieve.index.segments import chosen
from jsonapi_sieve.index.tables import UNKNOWN, bits
from jsonapi_sieve.normal import Group, Leaf, Normal, Shape, Some, normalize, width_of
from jsonapi_sieve.predicate import Predicate

__all__ = ["RowIndex"]

R = TypeVar("R")

_REMEMBERED: Final = 1024
"""Of how many tests the rows are kept."""

_STEPS: Final = 64


class RowIndex(Generic[R]):
    """Rows that do not change, and those of them that predicates select: the same that `compile_python` would.

    An attribute of all rows is read when a filter first tests it.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class CallFilters(FilterSet):
    ...     status = Field(types.Text())
    ...     duration = Field(types.Integer(32), nullable=True)
    >>> calls = RowIndex([{"status": "ok", "duration": 5}, {"status": "ok", "duration": None}])
    >>> calls.select(CallFilters.status.eq("ok") & ~CallFilters.duration.gt(60))
    [{'status': 'ok', 'duration': 5}]
    >>> calls.count(CallFilters.status.eq("ok"))
    2
    """

    def __init__(self, rows: Iterable[R]) -> None:
        self._rows: list[R] = list(rows)
        self._all = (1 << len(self._rows)) - 1
        self._columns: dict[Field[Any], _Column | None] = {}
        self._kept: dict[tuple[Leaf | Some, tuple[Any, ...]], int] = {}

    def select(self, predicate: Predicate) -> list[R]:
        """Give the rows for which a predicate is TRUE, in their order.

        Raises:
            CompileError: for a predicate that no backend takes.
            TypeError, KeyError, AttributeError: as `PythonPredicate.select`, whose rows these are.
        """
        return chosen(self._rows, self._set(*normalize(predicate)))

    def count(self, predicate: Predicate) -> int:
        """Count the rows for which a predicate is TRUE; raises as `select`."""
        return self._set(*normalize(predicate)).bit_count()

    def _set(self, shape: Shape, values: tuple[Any, ...]) -> int:
        if isinstance(shape, Group):
            members = self._members(shape, values)
            return reduce(and_, members, self._all) if shape.conjunction else reduce(or_, members, 0)
        key = shape, values
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _REMEMBERED:
                self._kept.clear()
            found = self._kept[key] = self._passing(shape, values)
        return found

    def _members(self, group: Group, values: tuple[Any, ...]) -> Iterator[int]:
        start = 0
        for member in group.members:
            end = start + width_of(member)
            yield self._set(member, values[start:end])
            start = end

    def _passing(self, shape: Leaf | Some, values: tuple[Any, ...]) -> int:
        test = test_of(shape, 0) if isinstance(shape, Leaf) else None
        column = None if test is None else self._column(test.field)
        if test is None or column is None:
            passing = set(map(id, PythonPredicate(Normal(shape, values)).select(self._rows)))
            return bits([number for number, row in enumerate(self._rows) if id(row) in passing])
        if isinstance(test, Bound):
            return column.beyond(test.operator, test.value(values))
        found = column.holding(test.named(values))
        return found if test.holds else self._all & ~found

    def _column(self, field: Field[Any]) -> _Column | None:
        """Give an attribute of all rows; None where some row holds what cannot be looked up."""
        if field not in self._columns:
            reader = RecordReader((field,))
            held = [reader.read(row)[0][0] for row in self._rows]
            self._columns[field] = None if any(value is UNKNOWN for value in held) else _Column(held)
        return self._columns[field]


class _Column:
    """The rows that hold each value of an attribute, the values in their order, and the rows below some of them."""

    __slots__ = ("_below", "_order", "_present", "_rows", "_step")

    def __init__(self, held: Sequence[Any]) -> None:
        self._rows: defaultdict[Any, list[int]] = defaultdict(list)
        for number, value in enumerate(held):
            self._rows[value].append(number)
        self._order = sorted(value for value in self._rows if value is not None)
        self._step = step = len(self._order) // _STEPS + 1
        parts = (self.holding(self._order[start : start + step]) for start in range(0, len(self._order), step))
        self._below = list(accumulate(parts, or_, initial=0))
        self._present = self._below[-1]

    def holding(self, values: Iterable[Any]) -> int:
        """Give the rows that hold one of some values."""
        return bits(sorted(number for value in values for number in self._rows.get(value, ())))

    def beyond(self, operator: str, bound: Any) -> int:
        """Give the rows that lie on the side of a boundary that an operator tells."""
        place = (bisect_left if operator in ("lt", "gteq") else bisect_right)(self._order, bound)
        steps = place // self._step
        below = self._below[steps] | self.holding(self._order[steps * self._step : place])
        return below if operator in ("lt", "lteq") else self._present & ~below
