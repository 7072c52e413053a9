"""Trees over rows with NULLs, against SQLite, which has the three-valued logic of SQL."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, assert_never

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jsonapi_sieve import types
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.field import Field
from jsonapi_sieve.operators import Arity, Operator, Quantifier, offered_by
from jsonapi_sieve.predicate import And, Comparison, Not, Or, Predicate, Related

NUMBER = Field(types.Integer(16), name="number", nullable=True)
TEXT = Field(types.Text(), name="text", nullable=True)
TRUTH = Field(types.Boolean(), name="truth", nullable=True)
MOMENT = Field(types.Timestamp(digits=3), name="moment", nullable=True)

TEXTS = ["", "a", "A", "aB", "ab%", "é", "ÉA", "b_a", "\\"]
PATTERNS = ["", "%", "_", "a%", "%A", "a_", r"%\%", r"\\", "é%", "%a%b%"]
MOMENTS = [datetime(2024, 2, 29, tzinfo=UTC) + timedelta(milliseconds=n) for n in range(3)]

ROWS: list[dict[str, Any]] = [
    {"id": number, "number": values[0], "text": values[1], "truth": values[2], "moment": values[3]}
    for number, values in enumerate(
        itertools.product([None, -1, 0, 7], [None, *TEXTS], [None, False, True], [None, *MOMENTS[:2]])
    )
]

VALUES: dict[Field[Any], st.SearchStrategy[Any]] = {
    NUMBER: st.sampled_from([-(10**6), -1, 0, 1, 7, 10**6]),
    TEXT: st.sampled_from(TEXTS),
    TRUTH: st.booleans(),
    MOMENT: st.sampled_from(MOMENTS),
}


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    field: Field[Any] = draw(st.sampled_from(list(VALUES)))
    operator = draw(st.sampled_from(offered_by(field.type.name)))
    like = operator.base.name in ("matches", "does_not_match")
    values = st.sampled_from(PATTERNS) if like else VALUES[field]
    match operator.arity:
        case Arity.SCALAR:
            return field.compare(operator.name, draw(values))
        case Arity.LIST:
            return field.compare(operator.name, draw(st.lists(values, max_size=3)))
        case Arity.FLAG:
            return field.compare(operator.name, draw(st.booleans()))
        case _:
            assert_never(operator.arity)


PREDICATES: st.SearchStrategy[Predicate] = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=3).map(lambda members: And(*members)),
        st.lists(inner, max_size=3).map(lambda members: Or(*members)),
    ),
    max_leaves=8,
)

# What the table of operators says in words, in SQL; the constant of a text test is named twice.
SQL = {
    "eq": "{x} = {p}",
    "not_eq": "{x} <> {p}",
    "gt": "{x} > {p}",
    "gteq": "{x} >= {p}",
    "lt": "{x} < {p}",
    "lteq": "{x} <= {p}",
    "cont": "instr(lower({x}), lower({p})) > 0",
    "not_cont": "instr(lower({x}), lower({p})) = 0",
    "start": "substr(lower({x}), 1, length({p})) = lower({p})",
    "not_start": "substr(lower({x}), 1, length({p})) <> lower({p})",
    "end": "substr(lower('/' || {x}), -length('/' || {p}) + 1, length({p})) = lower({p})",
    "not_end": "substr(lower('/' || {x}), -length('/' || {p}) + 1, length({p})) <> lower({p})",
    "matches": r"{x} like {p} escape '\'",
    "does_not_match": r"{x} not like {p} escape '\'",
}


def constant(value: Any) -> str:
    match value:
        case bool():
            return str(int(value))
        case datetime():
            return f"'{value.isoformat(timespec='milliseconds')}'"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            return str(value)


def sql_comparison(field: Field[Any], operator: Operator, value: Any) -> str:
    if operator.arity is Arity.FLAG:
        plain = {
            "true": f"{field.name} = 1",
            "false": f"{field.name} = 0",
            "null": f"{field.name} is null",
            "not_null": f"{field.name} is not null",
            "present": f"({field.name} is not null and {field.name} <> '')",
            "blank": f"({field.name} is null or {field.name} = '')",
        }[operator.name]
        return plain if value else f"not ({plain})"
    if operator.name in ("in", "not_in"):
        return f"{field.name} {operator.symbol} ({', '.join(map(constant, value))})"
    if operator.quantifier is None:
        return SQL[operator.name].format(x=field.name, p=constant(value))
    parts = [SQL[operator.base.name].format(x=field.name, p=constant(item)) for item in value]
    return join(" or " if operator.quantifier is Quantifier.ANY else " and ", parts)


def join(joint: str, parts: list[str]) -> str:
    return f"({joint.join(parts)})" if parts else str(int(joint == " and "))


def sql(node: Predicate) -> str:
    match node:
        case Comparison():
            assert isinstance(node.field, Field)
            return sql_comparison(node.field, node.operator, node.value)
        case And():
            return join(" and ", [f"({sql(member)})" for member in node.members])
        case Or():
            return join(" or ", [f"({sql(member)})" for member in node.members])
        case Not():
            return f"not ({sql(node.member)})"
        case Related():
            raise TypeError("none of these rows is related to others")
        case _:
            assert_never(node)


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table rows (id, number, text, truth, moment)")
    stored = [{**row, "moment": row["moment"] and row["moment"].isoformat(timespec="milliseconds")} for row in ROWS]
    connection.executemany("insert into rows values (:id, :number, :text, :truth, :moment)", stored)
    yield connection
    connection.close()


@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(predicate=PREDICATES)
def test_trees_select_what_sqlite_selects(database: sqlite3.Connection, predicate: Predicate) -> None:
    expected = [found for (found,) in database.execute(f"select id from rows where {sql(predicate)} order by id")]  # noqa: S608
    matches = compile_python(predicate)
    assert [row["id"] for row in matches.select(ROWS)] == expected
    assert [row["id"] for row in ROWS if matches(row)] == expected


SOME: dict[Field[Any], list[Any]] = {NUMBER: [0, 7], TEXT: ["", "a", "é"], TRUTH: [True], MOMENT: MOMENTS[:1]}
EVERY_COMPARISON = [
    field.compare(operator.name, value)
    for field, values in SOME.items()
    for operator in offered_by(field.type.name)
    for value in {Arity.SCALAR: values, Arity.LIST: [values, values[-1:]], Arity.FLAG: [True, False]}[operator.arity]
]


@pytest.mark.parametrize("comparison", EVERY_COMPARISON, ids=repr)
def test_each_operator_and_its_negation_select_what_sqlite_selects(
    database: sqlite3.Connection, comparison: Comparison
) -> None:
    for predicate in (comparison, ~comparison):
        query = f"select id from rows where {sql(predicate)} order by id"  # noqa: S608
        expected = [found for (found,) in database.execute(query)]
        assert [row["id"] for row in compile_python(predicate).select(ROWS)] == expected
