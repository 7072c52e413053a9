"""What is sent to CockroachDB where that is not what PostgreSQL gets; no server is needed, and none can be had."""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.engine import Dialect

from jsonapi_sieve import CompileError, Field, Predicate, SortKey, types
from jsonapi_sieve.backends.sqlalchemy import compile_order_by, compile_select

COCKROACHDB: Dialect = registry.load("cockroachdb.psycopg")()
CALLS = sa.Table(
    "calls",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("padded", sa.CHAR(3), nullable=False),
)
ID = Field(types.Integer(64), name="id")
NAME = Field(types.Text(), name="name")
FOLDED = f"translate(calls.name COLLATE \"C\", '{ascii_uppercase}', '{ascii_lowercase}')"


@pytest.mark.parametrize(
    ("predicate", "sent"),
    [
        (ID.in_([1, 2**40]), "(calls.id = ANY (%(p0)s::BIGINT[]))"),
        (NAME.eq("a"), "calls.name = %(p0)s::VARCHAR"),
        (NAME.cont("a"), f"(strpos({FOLDED}, %(p0)s::VARCHAR) > 0)"),
        (NAME.start("a"), f"(left({FOLDED}, length(%(p0)s::VARCHAR)) = %(p0)s::VARCHAR)"),
    ],
    ids=repr,
)
def test_what_is_sent(predicate: Predicate, sent: str) -> None:
    statement, _ = compile_select(predicate, CALLS)
    assert str(statement.compile(dialect=COCKROACHDB)).partition("WHERE ")[2] == sent


def test_text_sorts_by_code_point() -> None:
    terms = compile_order_by((SortKey("name"),), CALLS)
    assert str(terms[0].compile(dialect=COCKROACHDB)) == 'calls.name COLLATE "C" ASC'


def test_what_postgresql_refuses_is_refused() -> None:
    statement, _ = compile_select(Field(types.Text(), name="padded").eq("a"), CALLS)
    with pytest.raises(CompileError, match="make it a String or Text"):
        statement.compile(dialect=COCKROACHDB)
