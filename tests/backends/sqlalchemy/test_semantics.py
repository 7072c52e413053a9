from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from jsonapi_sieve.backends.sqlalchemy import compile_select, compile_sqlalchemy
from jsonapi_sieve.operators import Arity, Operator, offered_by
from jsonapi_sieve.predicate import FALSE, TRUE, And, Comparison, Not, Or, Predicate
from tests.backends.sqlalchemy.models import FIELDS, VALUES, Call, constants_of_rows
from tests.truth import truth_of

ROWS = constants_of_rows()
CASES = [(name, operator) for name, field in FIELDS.items() if name != "id" for operator in offered_by(field.type.name)]

# Constants that no row, and partly no column, can hold.
BEYOND: dict[str, tuple[Any, ...]] = {
    "small": (2**15, -(2**31), 2**40),
    "duration": (2**31, -(2**31) - 1, 2**63, -(10**19) + 1),
    "size": (2**63, -(2**63) - 1, 10**19 - 1),
    "price": (Decimal("0.105"), Decimal("-0.505"), Decimal("1E+39"), Decimal("-1E+39"), Decimal("1E-40")),
    "rough": (Decimal("1E+39"),),
    "source": ("b", "\\\\", "_", "__", "%b%", "\\%%", "\\_", "%", "ab%", "x\\y"),
}


def constants(name: str, operator: Operator) -> tuple[Any, ...]:
    """Give constants for an operator, those that are no LIKE patterns left out where patterns are taken."""
    given = (*VALUES[name], *BEYOND.get(name, ()))
    if operator.base.name in ("matches", "does_not_match"):
        return tuple(text for text in given if (len(text) - len(text.rstrip("\\"))) % 2 == 0)
    return given


def operands(name: str, operator: Operator) -> list[Any]:
    """Give values for an operator: flags, each constant, or some lists of none, one, two and all of them."""
    if operator.arity is Arity.FLAG:
        return [True, False]
    values = constants(name, operator)
    if operator.arity is Arity.SCALAR:
        return list(values)
    return [(), *((value,) for value in values[::5]), *list(pairwise(values))[::4], values]


def expected(predicate: Predicate) -> list[int]:
    return [row["id"] for row in ROWS if truth_of(predicate, row)]


def selected(session: Session, predicate: Predicate) -> list[int]:
    statement, values = compile_select(predicate, Call, order=())
    return [call.id for call in session.scalars(statement, values)]


@pytest.mark.parametrize(("name", "operator"), CASES, ids=lambda part: part if isinstance(part, str) else part.name)
def test_each_operator_answers_in_three_values(session: Session, name: str, operator: Operator) -> None:
    for operand in operands(name, operator):
        predicate = FIELDS[name].compare(operator.name, operand)
        assert selected(session, predicate) == expected(predicate), predicate
        assert selected(session, ~predicate) == expected(~predicate), ~predicate


def comparisons() -> st.SearchStrategy[Predicate]:
    return st.sampled_from(CASES).flatmap(
        lambda case: st.sampled_from(operands(*case)).map(
            lambda operand: FIELDS[case[0]].compare(case[1].name, operand)
        )
    )


def trees() -> st.SearchStrategy[Predicate]:
    return st.recursive(
        comparisons() | st.sampled_from([TRUE, FALSE]),
        lambda members: st.one_of(
            members.map(Not),
            st.lists(members, max_size=3).map(lambda nodes: And(*nodes)),
            st.lists(members, max_size=3).map(lambda nodes: Or(*nodes)),
        ),
        max_leaves=8,
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(predicate=trees())
def test_trees_select_the_same_rows_by_statement_and_by_clause(session: Session, predicate: Predicate) -> None:
    rows = expected(predicate)
    assert selected(session, predicate) == rows
    clause = compile_sqlalchemy(predicate, Call)
    assert session.scalars(sa.select(Call.id).where(clause).order_by(Call.id)).all() == rows
    counted = sa.select(sa.func.count()).select_from(Call).where(clause, clause)
    assert session.scalar(counted) == len(rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4), data=st.data())
def test_texts_are_tested_by_code_point(connection: sa.Connection, text: str, data: st.DataObject) -> None:
    needles = st.text(st.sampled_from([*text, "a", "A", "\U0010ffff", "\ud7ff", "\ue000", "%", "_"]), max_size=3)
    operator = data.draw(
        st.sampled_from([operator for operator in offered_by("text") if operator.arity is Arity.SCALAR])
    )
    needle = data.draw(needles)
    predicate: Comparison = FIELDS["source"].compare(operator.name, needle)
    row = sa.select(sa.literal(text).label("source")).subquery()
    statement, values = compile_select(predicate, row)
    assert connection.execute(statement, values).all() == ([(text,)] if truth_of(predicate, {"source": text}) else [])
