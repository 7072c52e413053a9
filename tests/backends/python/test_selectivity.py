"""The order in which the members of a predicate are tested."""

from __future__ import annotations

from typing import Any

import pytest

from jsonapi_sieve import types
from jsonapi_sieve.backends.like import compile_like
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.backends.python.selectivity import most_decisive_first
from jsonapi_sieve.field import Field
from jsonapi_sieve.normal import Group, normalize
from jsonapi_sieve.predicate import And, Or, Predicate

A = Field(types.Integer(), name="a", nullable=True)
B = Field(types.Integer(), name="b", nullable=True)
C = Field(types.Text(), name="c")

ROWS = [{"a": n % 10, "b": None if n % 100 else n % 7, "c": "aB"[n // 7 % 2]} for n in range(20_000)]

MOST, FEW, HALF, SET = A.gteq(1), B.not_eq(3), C.compare("cont_any", ["A", "x"]), A.in_([3, 4]) | B.null()

# What the generated code tests with, where it is not the value itself.
TESTED: dict[object, object] = {(3, 4): frozenset((3, 4)), "%x": compile_like("%x")}


def constants_of(predicate: Predicate) -> list[object]:
    return [TESTED.get(value, value) for value in normalize(predicate).values]


@pytest.mark.parametrize(
    ("predicate", "ranked"),
    [
        (And(MOST, FEW), [FEW, MOST]),
        (And(MOST, FEW, HALF, SET), [FEW, MOST, HALF, SET]),
        (And(C.matches("%x"), C.not_eq("x"), C.cont("x")), [C.cont("x"), C.matches("%x"), C.not_eq("x")]),
        (Or(FEW, MOST, HALF), [MOST, HALF, FEW]),
    ],
)
def test_what_decides_most_rows_for_its_cost_comes_first(predicate: Predicate, ranked: list[Predicate]) -> None:
    normal = normalize(predicate)
    assert isinstance(normal.shape, Group)
    shape, ordered = most_decisive_first(normal.shape, constants_of(predicate), "key", ROWS)
    assert isinstance(shape, Group)
    assert shape.members == tuple(normalize(member).shape for member in ranked)
    assert ordered == [constant for member in ranked for constant in constants_of(member)]


def test_the_order_changes_no_answer() -> None:
    for predicate in (And(MOST, FEW, HALF, SET), Or(And(MOST, FEW), HALF, ~SET), MOST):
        matches = compile_python(predicate)
        assert matches.select(ROWS) == [row for row in ROWS if matches(row)]


def test_constants_of_one_type_go_with_their_tests() -> None:
    rows = [{"a": n % 4, "b": n % 100} for n in range(20_000)]
    assert compile_python(A.eq(1) & B.eq(77)).select(rows) == rows[77::100]


def test_few_rows_and_single_tests_are_left_alone() -> None:
    normal = normalize(And(MOST, FEW))
    rows: list[dict[str, Any]] = ROWS[:9999]
    assert most_decisive_first(normal.shape, [1, 3], "key", rows) == (normal.shape, [1, 3])
    single = normalize(MOST)
    assert most_decisive_first(single.shape, [1], "key", ROWS) == (single.shape, [1])
