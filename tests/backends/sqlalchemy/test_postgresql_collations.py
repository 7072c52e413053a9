"""Columns of PostgreSQL that collate as they like hold, find and sort what is put in all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from jsonapi_sieve import TRUE, Field, Predicate, SortKey, types
from jsonapi_sieve.backends.sqlalchemy import compile_select
from tests.engines.postgresql import PostgreSQLIcu

pytestmark = pytest.mark.heavy

METADATA = sa.MetaData()
STATES = sa.Enum("late", "Early", "done", name="state", metadata=METADATA)
ROWS = sa.Table(
    "texts",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text(collation="letters_alone"), nullable=False),
    sa.Column("state", STATES, nullable=False),
    sa.Column("token", sa.Uuid(as_uuid=False, native_uuid=False), nullable=False),
)
TEXT = Field(types.Text(), name="text")
STATE = Field(types.Enum("Early", "done", "late"), name="state")
TOKEN = Field(types.Uuid(), name="token")
UUIDS = [f"{digit}0000000-0000-4000-8000-00000000000a" for digit in "f0a"]


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    with PostgreSQLIcu().open() as opened:
        alone = "(provider = icu, locale = 'und-u-ks-level1', deterministic = false)"
        opened.connection.execute(sa.text(f"CREATE COLLATION letters_alone {alone}"))
        METADATA.create_all(opened.connection)
        texts = zip(["resume", "Résumé", "RESUME"], STATES.enums, UUIDS, strict=True)
        rows = [
            {"id": id_, "text": text, "state": state, "token": token} for id_, (text, state, token) in enumerate(texts)
        ]
        opened.connection.execute(ROWS.insert(), rows)
        yield opened.connection


def test_the_column_takes_all_for_one(connection: sa.Connection) -> None:
    assert connection.scalar(sa.select(sa.func.count()).where(ROWS.c.text == "RÉSUMÉ")) == 3


@pytest.mark.parametrize(
    ("predicate", "found"),
    [
        (TEXT.eq("resume"), [0]),
        (TEXT.not_eq("resume"), [1, 2]),
        (TEXT.in_(["resume", "RESUME"]), [0, 2]),
        (TEXT.not_in(["resume"]), [1, 2]),
        (TEXT.lt("S"), [1, 2]),
        (TEXT.cont("\u00e9"), [1]),
        (TEXT.start("Re"), [0, 2]),
        (TEXT.end("\u00e9"), [1]),
        (TEXT.matches("r_sume"), [0, 2]),
        (TEXT.compare("matches_any", ["%\u00c9", "%E"]), [0, 2]),
        (TEXT.present(), [0, 1, 2]),
        (STATE.eq("Early"), [1]),
        (STATE.in_(["done", "late"]), [0, 2]),
        (TOKEN.eq(UUIDS[0]), [0]),
        (TOKEN.in_(UUIDS[1:]), [1, 2]),
    ],
    ids=repr,
)
def test_text_is_what_it_is(connection: sa.Connection, predicate: Predicate, found: list[int]) -> None:
    statement, values = compile_select(predicate, ROWS, ())
    assert [row.id for row in connection.execute(statement, values)] == found


@pytest.mark.parametrize(("name", "found"), [("text", [2, 1, 0]), ("state", [1, 2, 0]), ("token", [1, 2, 0])])
def test_text_sorts_by_code_point(connection: sa.Connection, name: str, found: list[int]) -> None:
    statement, values = compile_select(TRUE, ROWS, (SortKey(name),))
    assert [row.id for row in connection.execute(statement, values)] == found
