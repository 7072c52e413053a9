"""A generated predicate selects the same hostile rows on every engine, and an order sorts them alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import ceil

import pytest

from tests.engines.base import Loaded, Opened
from tests.engines.catalogue import ENGINES
from tests.engines.plugin import FEWEST_PARTS
from tests.parity.answers import arranged, asked, selected, sorted_by_hand
from tests.parity.generated import ORDERS, PAIRS, PART, pairs_in, part
from tests.parity.hostile import HOSTILE
from tests.parity.results import Agree

# The tracer makes what is asked here half as slow again, and other tests reach every branch.
pytestmark = pytest.mark.no_cover

NUMBERS = {pair: number for number, pair in enumerate(PAIRS)}


@pytest.fixture(scope="session")
def hostile(engine: Opened) -> Iterator[Loaded]:
    with engine.load(HOSTILE) as loaded:
        yield loaded


def test_predicates(engine_name: str, hostile: Loaded, part_number: int, predicates: int, agree: Agree) -> None:
    most = min(ENGINES[engine_name].most_predicates or predicates, predicates)
    questions = asked(part_number)[:: ceil(max(predicates, FEWEST_PARTS * PART) / most)]
    if engine_name == "python":
        questions = tuple((predicate, selected(predicate)) for predicate, _ in questions)
    pairs = [NUMBERS[pair] for predicate, _ in questions for pair in pairs_in(predicate)]
    agree("predicates", questions, hostile.select, pairs)


def test_orders(engine_name: str, hostile: Loaded, agree: Agree) -> None:
    expected = sorted_by_hand if engine_name == "python" else arranged
    agree("orders", [(order, expected(order)) for order in ORDERS], hostile.arrange)


def test_that_few_parts_and_few_of_many_parts_test_every_pair() -> None:
    for parts, step, least in ((FEWEST_PARTS, 2, 1), (80, 10, 1)):
        predicates = [predicate for number in range(parts) for predicate in part(number)[::step]]
        assert len(predicates) == parts * PART // step
        counts = Counter(pair for predicate in predicates for pair in pairs_in(predicate))
        assert set(counts) == set(PAIRS)
        assert min(counts.values()) >= least


def test_that_every_attribute_is_sorted_by_in_both_directions_alone_and_before_others() -> None:
    for field in HOSTILE.fields:
        for descending in (False, True):
            first = [order for order in ORDERS if order and order[0] == (field.name, descending)]
            assert min(map(len, first)) == 1 < max(map(len, first))
