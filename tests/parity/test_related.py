"""Predicates over related rows, and groups of filters, select the same rows in Python and in databases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve import FilterSet, Predicate
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.backends.sqlalchemy import check, compile_select, compile_sqlalchemy
from jsonapi_sieve.declaration import CONNECTIVES, Connective
from tests.engines.base import Opened
from tests.parity.related import (
    ACCOUNTS,
    CALLS,
    AccountFilters,
    Asked,
    CallFilters,
    Mapped,
    Question,
    mapped,
    part,
    requests,
)
from tests.truth import Row, Truth, all_3, any_3, compared, not_3, related_rows, truth_of

# The tracer makes what is asked here half as slow again, and other tests reach every branch.
pytestmark = pytest.mark.no_cover

SLOW = {"duckdb": 4, "mariadb": 2, "mariadb-by-code-point": 2}
"""Of how many predicates an engine is asked one."""

databases = pytest.mark.only_on("sqlite", "postgresql", "postgresql-icu", *SLOW)


@pytest.fixture(scope="module")
def related(engine: Opened) -> Iterator[Mapped]:
    with mapped(engine) as rows:
        yield rows


def rows_of(filters: FilterSet) -> list[dict[str, Any]]:
    return ACCOUNTS if isinstance(filters, AccountFilters) else CALLS


def found(filters: FilterSet, predicate: Predicate) -> list[int]:
    return [row["id"] for row in compile_python(predicate).select(rows_of(filters))]


def selected(filters: FilterSet, predicate: Predicate, related: Mapped) -> list[int]:
    target = related.account if isinstance(filters, AccountFilters) else related.call
    statement, values = compile_select(predicate, target)
    return sorted(row.id for row in related.connection.execute(statement, values))


def test_python_selects_the_rows_for_which_a_tree_is_true(part_number: int) -> None:
    for filters, predicate in part(part_number):
        rows = rows_of(filters)
        expected = [row["id"] for row in rows if truth_of(predicate, row) is True]
        assert found(filters, predicate) == expected, predicate
        assert [row["id"] for row in filter(compile_python(predicate), rows)] == expected, predicate


def none_3(truths: Iterable[Truth]) -> Truth:
    return all_3(map(not_3, truths))


def meant(asked: Sequence[Asked], row: Row, hops: int = 0) -> Truth:
    """Read a request by what the documents say of it, without a tree."""
    here = [(parameter, value) for groups, parameter, value in asked if not groups]
    truths = [compared(each.operator, row[each.field.name], value) for each, value in here if len(each.path) == hops]
    for hop in {each.path[hops] for each, _ in here if len(each.path) > hops}:
        inside = [((), each, value) for each, value in here if each.path[hops : hops + 1] == (hop,)]
        found = [meant(inside, other, hops + 1) for other in related_rows(hop.relationship, row)]
        truths.append({"any": True in found, "none": True not in found, "all": False not in found}[hop.quantifier])
    branches: dict[tuple[Connective, int], list[Asked]] = {}
    for groups, parameter, value in asked:
        if groups:
            branches.setdefault(groups[0], []).append((groups[1:], parameter, value))
    for connective in CONNECTIVES:
        found = [meant(below, row) for (joined, _), below in branches.items() if joined == connective]
        if found:
            truths.append({"and": all_3, "or": any_3, "not": none_3}[connective](found))
    return all_3(truths)


def test_a_request_means_what_the_documents_say(part_number: int) -> None:
    parsed = list(part(part_number))[-50:]
    for (filters, asked), (_, predicate) in zip(requests(part_number), parsed, strict=True):
        rows = rows_of(filters)
        assert found(filters, predicate) == [row["id"] for row in rows if meant(asked, row) is True], predicate
        assert found(filters, ~predicate) == [row["id"] for row in rows if meant(asked, row) is False], predicate


@databases
def test_databases_select_what_python_selects(engine_name: str, related: Mapped, part_number: int) -> None:
    for filters, predicate in list(part(part_number))[:: SLOW.get(engine_name, 1)]:
        assert selected(filters, predicate, related) == found(filters, predicate), predicate


@databases
def test_the_rows_of_a_database_are_fit_to_be_asked(related: Mapped) -> None:
    check(AccountFilters(), related.account, related.connection.dialect)
    check(CallFilters(), related.call, related.connection.dialect)


@pytest.mark.only_on("sqlite")
def test_objects_with_their_relationships_are_rows_too(related: Mapped) -> None:
    with Session(related.connection) as session:
        accounts = session.scalars(sa.select(related.account)).all()
        calls = session.scalars(sa.select(related.call)).all()
        for filters, predicate in list(part(0))[::3]:
            target, objects = (
                (related.account, accounts) if isinstance(filters, AccountFilters) else (related.call, calls)
            )
            expected = found(filters, predicate)
            assert sorted(row.id for row in compile_python(predicate).select(objects)) == expected, predicate
            clause = compile_sqlalchemy(predicate, target)
            assert sorted(session.scalars(sa.select(target.id).where(clause))) == expected, predicate


def test_that_predicates_select_some_rows_and_not_others() -> None:
    def tells(question: Question) -> bool:
        filters, predicate = question
        return 0 < len(found(filters, predicate)) < len(rows_of(filters))

    questions = list(part(0))
    assert len(questions) == 250
    assert sum(map(tells, questions[:200])) > 50
    assert sum(map(tells, questions[200:])) > 8
