"""An order gives the same sequence in Python and in SQLite."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import TRUE, SortKey
from jsonapi_sieve.sorting import Order
from tests.parity.datasets import Dataset, datasets, independent
from tests.parity.engines import engines
from tests.parity.predicates import Vocabulary, trees

ORDERS = 3
"""How many are compared on the rows of one example."""


@st.composite
def orders(draw: st.DrawFn, dataset: Dataset) -> Order:
    names = [attribute.name for attribute in dataset.attributes if attribute.holding.sorts] + ["id", "region"]
    keys = draw(st.lists(st.sampled_from(names), unique=True, max_size=4))
    return tuple(SortKey(name, draw(st.booleans())) for name in keys)


@independent
@given(st.data())
def test_orders(data: st.DataObject) -> None:
    dataset = data.draw(datasets())
    vocabulary = Vocabulary(dataset)
    with engines(dataset) as both:
        for _ in range(ORDERS):
            predicate, order = data.draw(st.just(TRUE) | trees(vocabulary)), data.draw(orders(dataset))
            (_, expected), *others = both.orders(predicate, order)
            for way, ids in others:
                assert ids == expected, way
