"""Whatever is added and removed, in whatever order, an index finds what the filters find one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.index import FilterIndex
from jsonapi_sieve.predicate import Predicate
from jsonapi_sieve.testing import strategies
from tests.index.declared import Everything, make_small

FILTERS = Everything()


class Indexed(RuleBasedStateMachine):
    """Adds and removes filters, and matches rows by the index and one by one."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        make_small(self.patch)
        self.index: FilterIndex[int] = FilterIndex()
        self.filters: dict[int, Callable[[object], bool]] = {}
        self.rows: list[dict[str, Any]] = []
        self.predicates: st.SearchStrategy[Predicate] = st.nothing()
        self.added = 0

    @initialize(rows=strategies.rows(FILTERS, min_size=2, max_size=5))
    def have_rows(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows
        self.predicates = strategies.predicates(FILTERS, rows)

    @rule(data=st.data(), count=st.integers(1, 6))
    def add(self, data: st.DataObject, count: int) -> None:
        for _ in range(count):
            predicate = data.draw(self.predicates)
            self.added += 1
            self.index.add(self.added, predicate)
            self.filters[self.added] = compile_python(predicate)

    @precondition(lambda self: self.filters)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        for key in data.draw(st.sets(st.sampled_from(list(self.filters)), min_size=1)):
            self.index.remove(key)
            del self.filters[key]

    @rule()
    def match(self) -> None:
        for row, found in zip(self.rows, self.index.match_many(self.rows), strict=True):
            assert sorted(found) == [key for key, passes in self.filters.items() if passes(row)]

    def teardown(self) -> None:
        self.match()
        self.patch.undo()


TestIndexed = Indexed.TestCase
TestIndexed.settings = settings(
    max_examples=12, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)
