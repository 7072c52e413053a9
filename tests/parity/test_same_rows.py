"""A predicate selects the same rows in Python and in SQLite: those for which it is TRUE as it stands."""

from __future__ import annotations

from itertools import chain
from typing import Any, assert_never

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import And, Comparison, Not, Or, Predicate, Related, types
from jsonapi_sieve.field import Field, Several
from jsonapi_sieve.testing.strategies import query_strings
from jsonapi_sieve.testing.strategies.predicates import trees
from tests.parity.datasets import Dataset, SameRows, datasets, independent
from tests.parity.engines import Engines, engines
from tests.truth import truth_of

# The tracer makes what is asked here half as slow again, and other tests reach every branch.
pytestmark = pytest.mark.no_cover

PREDICATES, REQUESTS = 10, 3
"""How many are compared on the rows of one example."""


def rounded(node: Predicate) -> Predicate:
    """Round decimals that are compared with floats, as declared by `exact=False`."""
    match node:
        case Comparison(field=Field() | Several() as field) if field.type == types.Decimal(exact=False):
            return Comparison(field, node.operator, _floats(node.value))
        case Comparison():
            return node
        case Not():
            return Not(rounded(node.member))
        case Related():
            return Related(node.relationship, rounded(node.member))
        case And() | Or():
            return type(node)(*map(rounded, node.members))
        case _:
            assert_never(node)


def _floats(value: Any) -> Any:
    match value:
        case bool():
            return value
        case tuple():
            return tuple(map(float, value))
        case _:
            return float(value)


def agree(dataset: Dataset, both: Engines, predicate: Predicate) -> None:
    """Assert that all ways select the rows for which a predicate is TRUE, and its negation those where it is FALSE."""
    plain = rounded(predicate)
    truths = [truth_of(plain, row) for row in dataset.constants]
    for way, ids in chain(both.selections(predicate), both.other_selections(predicate)):
        assert ids == [number for number, truth in enumerate(truths) if truth is True], way
    for way, ids in both.selections(~predicate):
        assert ids == [number for number, truth in enumerate(truths) if truth is False], f"{way}, negated"


@independent
@given(st.data())
def test_predicates_that_are_built_in_code(data: st.DataObject) -> None:
    dataset = data.draw(datasets())
    predicates = trees(SameRows(dataset.related, dataset.constants, {}))
    with engines(dataset) as both:
        for _ in range(PREDICATES):
            agree(dataset, both, data.draw(predicates))


@independent
@given(st.data())
def test_predicates_that_are_parsed(data: st.DataObject) -> None:
    dataset = data.draw(datasets())
    requests = query_strings(dataset.filters, dataset.constants)
    with engines(dataset) as both:
        for _ in range(REQUESTS):
            agree(dataset, both, dataset.filters.parse(data.draw(requests)))
