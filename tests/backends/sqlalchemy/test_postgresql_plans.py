"""Which index of PostgreSQL serves what, prepared statements included; and that lists may be long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from jsonapi_sieve import TRUE, Field, Predicate, SortKey, types
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime, compile_select
from tests.engines.postgresql import PostgreSQL

ROWS = 20_000
CALLS = sa.Table(
    "calls",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False, index=True),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("target", sa.Text(collation="C"), index=True),
    sa.Column("duration", sa.Integer, index=True),
    sa.Column("price", ExactDecimal(), index=True),
    sa.Column("ratio", sa.Double, index=True),
    sa.Column("started_at", UtcDateTime(), nullable=False, index=True),
    sa.Column("account", sa.Uuid(as_uuid=False), index=True),
    sa.Column("status", sa.Enum("late", "early", name="status"), index=True),
)
sa.Index("by_code_point", sa.collate(CALLS.c.source, "C"))
sa.Index("lower_source", sa.func.lower(sa.collate(CALLS.c.source, "C")))
sa.Index("lower_target", sa.func.lower(CALLS.c.target))
FILLED = sa.text(
    "INSERT INTO calls SELECT number, md5(number::text), md5(number::text), md5(number::text), number, number,"
    " number::float8 / 10, timestamptz '2024-01-01 00:00Z' + number * interval '1 minute', md5(number::text)::uuid,"
    " CASE WHEN number > 10 THEN 'late' ELSE 'early' END::status FROM generate_series(1, :rows) AS number"
)
MOMENT = datetime(2024, 1, 1, 1, tzinfo=UTC)
UUIDS = ["c4ca4238-a0b9-2382-0dcc-509a6f75849b", "00000000-0000-0000-0000-000000000000"]

ID = Field(types.Integer(32), name="id")
NAME = Field(types.Text(), name="name")
SOURCE = Field(types.Text(), name="source")
TARGET = Field(types.Text(), name="target", nullable=True)
DURATION = Field(types.Integer(64), name="duration", nullable=True)
PRICE = Field(types.Decimal(), name="price", nullable=True)
RATIO = Field(types.Float(), name="ratio", nullable=True)
STARTED_AT = Field(types.Timestamp(), name="started_at")
ACCOUNT = Field(types.Uuid(), name="account", nullable=True)
STATUS = Field(types.Enum("late", "early"), name="status", nullable=True)


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    with PostgreSQL().open() as opened:
        connection = opened.connection
        CALLS.metadata.create_all(connection)
        connection.execute(FILLED, {"rows": ROWS})
        connection.execute(sa.text("ANALYZE calls"))
        connection.commit()
        yield connection


def plan(connection: sa.Connection, statement: sa.Select[*tuple[Any, ...]], values: dict[str, object]) -> str:
    sent: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, sql: str, parameters: Any, *___: Any) -> None:
        sent.append((sql, parameters))

    sa.event.listen(connection, "before_cursor_execute", note)
    connection.execute(statement, values).all()
    sa.event.remove(connection, "before_cursor_execute", note)
    sql, parameters = sent[0]
    return "\n".join(connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {sql}", parameters).scalars())


SERVED = [
    (NAME.eq("12"), "ix_calls_name"),
    (NAME.in_(["12", "34"]), "ix_calls_name"),
    (SOURCE.gt("ff"), "by_code_point"),
    (SOURCE.start("12"), "by_code_point"),
    (SOURCE.start("12\U0010ffff"), "by_code_point"),
    (SOURCE.start("AB"), "lower_source"),
    (TARGET.eq("12"), "ix_calls_target"),
    (TARGET.in_(["12", "34"]), "ix_calls_target"),
    (TARGET.gt("ff"), "ix_calls_target"),
    (TARGET.start("12"), "ix_calls_target"),
    (TARGET.start("ab"), "lower_target"),
    (TARGET.null(), "ix_calls_target"),
    (DURATION.lt(10), "ix_calls_duration"),
    (DURATION.in_([1, 2]), "ix_calls_duration"),
    (PRICE.lteq(1), "ix_calls_price"),
    (PRICE.in_([1, Decimal("0.5")]), "ix_calls_price"),
    (RATIO.in_([0.1, 0.3]), "ix_calls_ratio"),
    (STARTED_AT.lt(MOMENT), "ix_calls_started_at"),
    (STARTED_AT.in_([MOMENT]), "ix_calls_started_at"),
    (ACCOUNT.eq(UUIDS[0]), "ix_calls_account"),
    (ACCOUNT.in_(UUIDS), "ix_calls_account"),
    (STATUS.in_(["early"]), "ix_calls_status"),
]


@pytest.mark.parametrize(("predicate", "index"), SERVED, ids=repr)
def test_indexes_serve_filters(connection: sa.Connection, predicate: Predicate, index: str) -> None:
    steps = plan(connection, *compile_select(predicate, CALLS))
    assert f" {index}" in steps
    assert "Index Cond" in steps


@pytest.mark.parametrize("predicate", [predicate for predicate, _ in SERVED], ids=repr)
def test_indexes_serve_prepared_statements(connection: sa.Connection, predicate: Predicate) -> None:
    """After five executions psycopg prepares a statement; after five more PostgreSQL may plan it without the values."""
    before = scans(connection)
    for _ in range(15):
        connection.execute(*compile_select(predicate, CALLS)).all()
    after = scans(connection)
    assert after.seq_scan == before.seq_scan
    assert after.idx_scan >= before.idx_scan + 15
    planned = "SELECT sum(generic_plans + custom_plans) FROM pg_prepared_statements"
    assert connection.scalars(sa.text(planned)).one() >= 10


@pytest.mark.parametrize("field", [NAME, DURATION, PRICE, RATIO, STARTED_AT, ACCOUNT])
def test_lists_of_any_length_are_one_prepared_statement(connection: sa.Connection, field: Field[Any]) -> None:
    values = connection.scalars(sa.select(CALLS.c[field.name]).limit(1000)).all()
    for count in (1, 2, 1000, 3, 10, 100, 999, 1):
        statement, bound = compile_select(
            field.in_(map(str, values[:count]) if field is ACCOUNT else values[:count]), CALLS
        )
        assert len(connection.execute(statement, bound).all()) == count
    prepared = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE :text"
    column = f"%WHERE (calls.{field.name} = ANY (%"
    assert connection.scalars(sa.text(prepared), {"text": column}).one() == 1


def scans(connection: sa.Connection) -> sa.Row[tuple[int, int]]:
    """Give how often the table was read in this transaction, from end to end and by an index."""
    counts = "SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relname = 'calls'"
    return connection.execute(sa.text(counts)).one()


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("source", "by_code_point"),
        *((name, f"ix_calls_{name}") for name in ("target", "duration", "price", "started_at", "account")),
    ],
)
def test_indexes_serve_orders(connection: sa.Connection, name: str, index: str, descending: bool) -> None:
    statement, values = compile_select(TRUE, CALLS, (SortKey(name, descending),))
    steps = plan(connection, statement.limit(10), values)
    direction = "Backward " if descending else ""
    assert f"Index Scan {direction}using {index} on calls" in steps


def test_the_primary_key_serves_its_own_order(connection: sa.Connection) -> None:
    steps = plan(connection, *compile_select(TRUE, CALLS, ()))
    assert steps == "Index Scan using calls_pkey on calls"


@pytest.mark.parametrize(
    ("predicate", "count"),
    [
        (ID.in_(range(-50_000, 50_000)), ROWS),
        (~ID.in_(range(11, 100_011)), 10),
        (NAME.in_([*map(str, range(99_999)), "c4ca4238a0b923820dcc509a6f75849b"]), 1),
        (PRICE.in_([*map(Decimal, range(100_000))]), ROWS),
        (RATIO.in_(number / 10 for number in range(1, 100_000)), ROWS),
        (ID.lteq(100) & SOURCE.compare("start_any", [*(f"x{number}" for number in range(99_999)), "c4ca"]), 1),
    ],
    ids=["integers", "negated", "texts", "decimals", "floats", "needles"],
)
def test_lists_may_be_long(connection: sa.Connection, predicate: Predicate, count: int) -> None:
    statement, values = compile_select(predicate, CALLS)
    assert len(connection.execute(statement, values).all()) == count


def test_a_list_may_hold_what_its_column_cannot(connection: sa.Connection) -> None:
    beyond = [2**31, -(2**40)]
    for predicate, count in [
        (DURATION.in_([1, *beyond]), 1),
        (DURATION.not_in([1, *beyond]), ROWS - 1),
        (DURATION.in_(beyond), 0),
        (DURATION.not_in(beyond), ROWS),
    ]:
        statement, values = compile_select(predicate, CALLS)
        assert len(connection.execute(statement, values).all()) == count


def test_null_is_not_even_in_a_list_of_nothing_that_its_column_can_hold(connection: sa.Connection) -> None:
    connection.execute(CALLS.update().where(CALLS.c.id == 1).values(duration=None))
    statement, values = compile_select(DURATION.not_in([2**31]), CALLS)
    assert len(connection.execute(statement, values).all()) == ROWS - 1
    connection.rollback()
