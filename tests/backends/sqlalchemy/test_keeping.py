"""Statements of few tests are kept and compiled once; those of many are made for one request, and as right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve import And, Or, Predicate, SortKey
from jsonapi_sieve.backends.python import compile_python, compile_python_page
from jsonapi_sieve.backends.sqlalchemy import compile_count, compile_page, compile_select
from jsonapi_sieve.backends.sqlalchemy.listings import compile_estimate
from tests.backends.sqlalchemy.models import FIELDS, Base, Call, constants_of_rows, stored

TESTS = [FIELDS[name].compare("null", True) for name in ("small", "size", "price", "source", "day")]
FEW, MANY = Or(*TESTS), Or(*(And(test, FIELDS["id"].gt(number)) for test in TESTS for number in range(4)))
ORDER = (SortKey("duration"),)


@pytest.fixture
def opened() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(map(stored, constants_of_rows()))
        session.commit()
        yield session
    engine.dispose()


@pytest.mark.parametrize(("predicate", "is_kept"), [(FEW, True), (MANY, False)])
def test_only_statements_of_few_tests_are_kept(predicate: Predicate, is_kept: bool) -> None:
    def made() -> list[sa.Select[int] | sa.Select[Call]]:
        return [
            compile_select(predicate, Call)[0],
            compile_count(predicate, Call)[0],
            compile_count(predicate, Call, limit=5)[0],
            compile_estimate(predicate, Call)[0],
            compile_page(predicate, Call, ORDER, limit=2)[0],
            compile_page(predicate, Call, ORDER, limit=2, after=(1, 2))[0],
            compile_page(predicate, Call, limit=2, before=(1,))[0],
        ]

    assert [first is second for first, second in zip(made(), made(), strict=True)] == [is_kept] * 7
    assert [statement._generate_cache_key() is not None for statement in made()] == [is_kept] * 7


@pytest.mark.parametrize("predicate", [FEW, MANY])
def test_both_select_the_same_rows_as_python(opened: Session, predicate: Predicate) -> None:
    calls = opened.scalars(sa.select(Call)).all()
    found = compile_python(predicate).select(calls)
    statement, values = compile_select(predicate, Call, ())
    assert opened.scalars(statement, values).all() == found
    assert opened.scalar(*compile_count(predicate, Call)) == len(found)
    for call in calls:
        place = (call.duration, call.id)
        statement, values = compile_page(predicate, Call, ORDER, limit=3, after=place)
        assert opened.scalars(statement, values).all() == compile_python_page(ORDER, limit=3, after=place)(found)
