"""Many filters over one list of rows: the same rows as one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.index import RowIndex, row_index, tables
from jsonapi_sieve.predicate import Predicate
from jsonapi_sieve.testing import strategies
from tests.index.declared import Everything

FILTERS = Everything()


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(strategies.rows(FILTERS, max_size=8), st.data())
def test_that_rows_are_those_of_the_predicate(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    predicates = strategies.predicates(FILTERS, rows)
    index = RowIndex(rows)
    for _ in range(5):
        predicate = data.draw(predicates)
        expected = compile_python(predicate).select(rows)
        assert index.select(predicate) == expected
        assert index.count(predicate) == len(expected)


def test_that_tests_are_kept_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_index, "_REMEMBERED", 2)
    index = RowIndex([{"number": number % 3} for number in range(9)])
    for number in (0, 1, 2, 0, 1):
        assert index.select(Everything.number.eq(number)) == [{"number": number}] * 3


def test_that_an_order_is_seen_when_it_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    index = RowIndex([{"number": number} for number in range(200)])
    assert index.count(Everything.number.eq(1)) == 1
    asked: list[Predicate] = []

    def bits(numbers: list[int]) -> int:
        # As another thread would, while the order is made.
        if not asked:
            asked.append(Everything.number.gt(150))
            assert index.count(asked[0]) == 49
        return tables.bits(numbers)

    monkeypatch.setattr(row_index, "bits", bits)
    assert index.count(Everything.number.gt(100)) == 99
    assert asked


def test_rows_whose_values_compare_in_their_own_way() -> None:
    class Odd(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            return str.__eq__(self, other) or other == "odd"

        __hash__ = str.__hash__

    rows = [{"text": Odd("a")}, {"text": Odd("b")}]
    assert RowIndex(rows).select(Everything.text.eq("odd")) == rows


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (Everything.text.null(), [None]),
        (Everything.text.not_null(), ["", "a", "b"]),
        (Everything.text.blank(), ["", None]),
        (Everything.text.present(), ["a", "b"]),
        (Everything.text.not_in(["a"]), ["", "b"]),
        (Everything.text.gt("a"), ["b"]),
        (Everything.text.gteq("a"), ["a", "b"]),
        (Everything.text.lt("a"), [""]),
        (Everything.text.lteq("a"), ["", "a"]),
        (Everything.text.cont("A"), ["a"]),
    ],
)
def test_tests(predicate: Predicate, expected: list[str | None]) -> None:
    rows = [{"text": text} for text in ("", "a", None, "b")]
    index = RowIndex(rows)
    assert index.count(Everything.text.gt("A")) == 2
    assert [row["text"] for row in index.select(predicate)] == expected
