"""What a type checker knows of results; the assertions are its own, and hold at run time too."""

from collections.abc import Sequence
from typing import Any, assert_type

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from jsonapi_sieve.backends.sqlalchemy import compile_order_by, compile_select, compile_sqlalchemy
from jsonapi_sieve.sorting import SortKey
from tests.backends.sqlalchemy.models import FIELDS, Call

PREDICATE = FIELDS["id"].lt(3)


def test_a_mapped_class_gives_its_objects(session: Session) -> None:
    statement, values = compile_select(PREDICATE, Call, ())
    assert_type(session.scalars(statement, values), sa.ScalarResult[Call])
    call = assert_type(session.scalars(*compile_select(PREDICATE, Call, ())).first(), Call | None)
    calls = assert_type(session.scalars(statement.limit(2), values).all(), Sequence[Call])
    assert call is calls[0]


def test_an_alias_of_a_class_gives_its_objects(session: Session) -> None:
    calls = assert_type(session.scalars(*compile_select(PREDICATE, aliased(Call))).all(), Sequence[Call])
    assert {call.id for call in calls} == {0, 1, 2}


def test_a_table_gives_rows(session: Session) -> None:
    table: sa.FromClause = Call.__table__
    rows = assert_type(session.execute(*compile_select(PREDICATE, table)).all(), Sequence[sa.Row[*tuple[Any, ...]]])
    assert [row.id for row in rows] == [0, 1, 2]


def test_a_clause_and_terms_are_expressions(session: Session) -> None:
    clause = assert_type(compile_sqlalchemy(PREDICATE, Call), sa.ColumnElement[bool])
    terms = assert_type(compile_order_by((SortKey("id", descending=True),), Call), list[sa.ColumnElement[Any]])
    calls = assert_type(session.scalars(sa.select(Call).where(clause).order_by(*terms)).all(), Sequence[Call])
    assert [call.id for call in calls] == [2, 1, 0]
