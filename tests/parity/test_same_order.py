"""An order gives the same sequence in Python and in SQLite."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import TRUE
from jsonapi_sieve.testing.strategies import orders, predicates
from tests.parity.datasets import datasets, independent
from tests.parity.engines import engines

# The tracer makes what is asked here half as slow again, and other tests reach every branch.
pytestmark = pytest.mark.no_cover

ORDERS = 3
"""How many are compared on the rows of one example."""


@independent
@given(st.data())
def test_orders(data: st.DataObject) -> None:
    dataset = data.draw(datasets())
    asked = st.just(TRUE) | predicates(dataset.filters, dataset.constants)
    sorted_by = [attribute.name for attribute in dataset.attributes if attribute.holding.sorts] + ["id", "region"]
    with engines(dataset) as both:
        for _ in range(ORDERS):
            predicate, order = data.draw(asked), data.draw(orders(sorted_by, max_size=4))
            (_, expected), *others = both.orders(predicate, order)
            for way, ids in others:
                assert ids == expected, way
