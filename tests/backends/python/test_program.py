"""A shape in stages, by code of its own, and bound to the classes of rows: one meaning."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from jsonapi_sieve import And, Field, FilterSet, Or, Predicate, ToMany, types
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.backends.python.guard import guard, unknown
from jsonapi_sieve.backends.python.predicate import PythonPredicate
from jsonapi_sieve.backends.python.program import Program, program_of, select_in_stages
from jsonapi_sieve.backends.python.source import compile_shape
from jsonapi_sieve.normal import normalize
from jsonapi_sieve.operators import Arity, Operator, offered_by
from tests.backends.python.test_logic import MOMENT, NUMBER, PREDICATES, ROWS, TEXT, TRUTH


class PartFilters(FilterSet):
    number = Field(types.Integer(16), nullable=True)


class OrderFilters(FilterSet):
    number = Field(types.Integer(16), nullable=True)
    parts = ToMany(PartFilters)


O, P = OrderFilters, PartFilters  # noqa: E741


class Named(NamedTuple):
    number: int | None
    text: str | None


CONSTANTS: dict[Field[Any], Any] = {NUMBER: 0, TEXT: "a", TRUTH: False, MOMENT: ROWS[-1]["moment"]}
EVERY: list[tuple[Field[Any], Operator]] = [
    (field, operator) for field in CONSTANTS for operator in offered_by(field.type.name)
]


def every_way(predicate: Predicate) -> list[list[dict[str, Any]]]:
    """Select in all the ways that there are; the last looks at the classes of each row."""
    normal = normalize(predicate)
    program = Program(normal.shape, "key")
    constants = PythonPredicate(normal)._convert(program, program.samples(ROWS))
    names = [field.name for field in program.compared]
    samples = [next(row[name] for row in ROWS if row[name] is not None) for name in names]
    bound = guard(normal.shape, "key", tuple(names), dict, tuple(map(type, samples)), constants)
    return [
        compile_shape(normal.shape, "key").select(ROWS, *constants),
        select_in_stages(normal.shape, "key", ROWS, iter(constants)),
        [row for row in ROWS if bound(row)],
        list(filter(compile_python(predicate), ROWS)),
    ]


@pytest.mark.parametrize(("field", "operator"), EVERY, ids=str)
def test_every_operator_means_the_same_in_every_way(field: Field[Any], operator: Operator) -> None:
    value = {Arity.SCALAR: CONSTANTS[field], Arity.LIST: [CONSTANTS[field]], Arity.FLAG: True}[operator.arity]
    test = field.compare(operator.name, value)
    for predicate in (test & NUMBER.not_eq(7), test | NUMBER.null(), ~(test & (~test | TEXT.start("A")))):
        first, *others = every_way(predicate)
        assert [first] * len(others) == others


@given(PREDICATES)
def test_every_way_gives_the_same_rows(predicate: Predicate) -> None:
    first, *others = every_way(predicate)
    assert [first] * len(others) == others


PARTS: list[tuple[int | None, list[int | None]]] = [(1, [1, None]), (2, []), (None, [3]), (4, [4, 5])]
ORDERS: list[dict[str, Any]] = [
    {"number": number, "parts": [{"number": part} for part in parts]} for number, parts in PARTS
]


@pytest.mark.parametrize(
    ("predicate", "numbers"),
    [
        (O.parts.any(P.number.gt(1)) & O.number.gt(1), [4]),
        (O.number.null() | O.parts.any(P.number.eq(1) & P.number.lt(2)), [1, None]),
        (~O.parts.any(P.number.gt(1) | P.number.null()) & O.number.not_null(), [2]),
    ],
)
def test_related_rows_in_stages(predicate: Predicate, numbers: list[int | None]) -> None:
    matches = compile_python(predicate)
    assert [row["number"] for row in matches.select(ORDERS)] == numbers
    assert [row["number"] for row in matches.select(ORDERS * 1000)[: len(numbers)]] == numbers
    assert [row["number"] for row in ORDERS if matches(row)] == numbers


def test_a_row_that_stands_twice_is_found_twice() -> None:
    found = compile_python(NUMBER.eq(7) | TEXT.eq("a")).select([ROWS[-1], ROWS[0], ROWS[-1]])
    assert found == [ROWS[-1], ROWS[-1]]


def test_stages_of_which_none_is_left_give_a_list_of_their_own() -> None:
    both = And(NUMBER.not_eq(8), TRUTH.in_([True, False]))
    rows = tuple(ROWS[-3:])
    assert compile_python(both).select(rows) == [row for row in rows if row["truth"] is not None]
    assert compile_python(Or(NUMBER.eq(8), NUMBER.eq(9))).select(rows) == []


def test_code_is_compiled_when_it_has_been_asked_of_enough_rows() -> None:
    predicate = NUMBER.gt(1) & TEXT.eq("a")
    for rows, calls in (ROWS[:100], 9), (ROWS, 4), (ROWS * 6, 0):
        program = Program(normalize(predicate).shape, "key")
        for _ in range(calls):
            program.select(rows, [1, "a"])
        assert program.guarded(ROWS[0], (int, str), [1, "a"]) is unknown
        program.select(rows, [1, "a"])
        program.select(rows, [1, "a"])
        assert program.guarded(ROWS[0], (int, str), [1, "a"]) is not unknown


def test_programs_are_kept_within_bounds() -> None:
    fields = [Field(types.Integer(), name=f"f{number}") for number in range(40)]
    row = dict.fromkeys([field.name for field in fields], 1)
    for first in fields:
        for second in fields:
            assert compile_python(first.eq(1) & second.eq(1)).select([row]) == [row]
    assert program_of.cache_info().currsize <= 256


@pytest.mark.parametrize("make", [dict, SimpleNamespace, Named])
def test_rows_one_by_one_are_each_looked_at(make: Any) -> None:
    matches = compile_python(NUMBER.gt(1) & TEXT.not_eq("b"))
    held = [(2, "a"), (None, "a"), (2, None), (True + 1, "b"), (3, "a")]
    rows = [make(number=number, text=text) for number, text in held] * 20
    assert [matches(row) for row in rows] == [True, False, False, False, True] * 20
    assert matches({"number": 2, "text": "a"})
    assert matches(SimpleNamespace(number=2, text="a"))
    with pytest.raises(TypeError, match="number: the rows hold str values"):
        matches(make(number="2", text="a"))
    with pytest.raises(TypeError, match="text: the rows hold int values"):
        matches(make(number=0, text=1))
    with pytest.raises((KeyError, AttributeError), match="text"):
        matches({"number": 2} if make is dict else SimpleNamespace(number=2))
    assert matches(rows[0])


def test_an_attribute_that_is_none_keeps_the_kind_that_it_had() -> None:
    matches = compile_python(MOMENT.in_([ROWS[-1]["moment"]]))
    assert [matches(row) for row in (ROWS[-1], {"moment": None}, ROWS[-1])] == [True, False, True]
    assert len(matches._constants) == 1


def test_lists_are_converted_once_for_each_kind_within_bounds() -> None:
    moment = ROWS[-1]["moment"]
    matches = compile_python(MOMENT.in_([moment]))
    for _ in range(300):
        row = {"moment": moment.astimezone(ZoneInfo.no_cache("UTC"))}
        assert matches.select([row]) == matches.select([row]) == [row]
        assert 0 < len(matches._converted) <= 256


def test_what_another_thread_forgets_meanwhile_is_used_all_the_same() -> None:
    class Forgetting(dict[Any, Any]):
        """Remembers nothing."""

        def __setitem__(self, key: object, value: object) -> None:
            pass

    moment = ROWS[-1]["moment"]
    matches = compile_python(MOMENT.in_([moment]))
    matches._converted = Forgetting()
    assert matches({"moment": moment})
