from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from jsonapi_sieve import types
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime, compile_select
from jsonapi_sieve.field import Field
from jsonapi_sieve.predicate import TRUE, Predicate
from jsonapi_sieve.sorting import SortKey

CALLS = sa.Table(
    "calls",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.String, nullable=False, index=True),
    sa.Column("target", sa.String, index=True),
    sa.Column("nickname", sa.String(collation="NOCASE"), index=True),
    sa.Column("duration", sa.Integer, index=True),
    sa.Column("price", ExactDecimal(), index=True),
    sa.Column("started_at", UtcDateTime(), nullable=False, index=True),
    sa.Column("account", sa.Uuid, index=True),
)
sa.Index("lower_source", sa.func.lower(CALLS.c.source))

SOURCE = Field(types.Text(), name="source")
TARGET = Field(types.Text(), name="target", nullable=True)
NICKNAME = Field(types.Text(), name="nickname", nullable=True)
DURATION = Field(types.Integer(32), name="duration", nullable=True)
PRICE = Field(types.Decimal(), name="price", nullable=True)
STARTED_AT = Field(types.Timestamp(), name="started_at")
ACCOUNT = Field(types.Uuid(), name="account", nullable=True)


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    CALLS.metadata.create_all(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def plan(connection: sa.Connection, statement: sa.Select[*tuple[Any, ...]], values: dict[str, object]) -> Sequence[str]:
    """Give the first step of a query plan, and whether it sorts."""
    sent: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, sql: str, parameters: Any, *___: Any) -> None:
        sent.append((sql, parameters))

    sa.event.listen(connection, "before_cursor_execute", note)
    connection.execute(statement, values).all()
    sa.event.remove(connection, "before_cursor_execute", note)
    sql, parameters = sent[0]
    return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)]


@pytest.mark.parametrize(
    ("predicate", "step"),
    [
        (SOURCE.eq("12"), "SEARCH calls USING INDEX ix_calls_source (source=?)"),
        (SOURCE.in_(["12", "34"]), "SEARCH calls USING INDEX ix_calls_source (source=?)"),
        (SOURCE.gt("12"), "SEARCH calls USING INDEX ix_calls_source (source>?)"),
        (SOURCE.start("12"), "SEARCH calls USING INDEX ix_calls_source (source>? AND source<?)"),
        (SOURCE.start("ab"), "SEARCH calls USING INDEX lower_source (<expr>>? AND <expr><?)"),
        (TARGET.start("12"), "SEARCH calls USING INDEX ix_calls_target (target>? AND target<?)"),
        (TARGET.null(), "SEARCH calls USING INDEX ix_calls_target (target=?)"),
        (DURATION.in_([1, 2]), "SEARCH calls USING INDEX ix_calls_duration (duration=?)"),
        (PRICE.lteq(1), "SEARCH calls USING INDEX ix_calls_price (price<?)"),
        (
            STARTED_AT.gteq(datetime(2024, 1, 1, tzinfo=UTC)),
            "SEARCH calls USING INDEX ix_calls_started_at (started_at>?)",
        ),
        (
            ACCOUNT.in_(["4ada0a5e-1f3c-4b0c-9a55-0123456789ab"]),
            "SEARCH calls USING INDEX ix_calls_account (account=?)",
        ),
        # The index of a column that ignores case is of no use for exact text.
        (NICKNAME.eq("12"), "SCAN calls"),
    ],
    ids=repr,
)
def test_indexes_serve_filters(connection: sa.Connection, predicate: Predicate, step: str) -> None:
    assert plan(connection, *compile_select(predicate, CALLS))[0] == step


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", ["source", "target", "duration", "price", "started_at", "account"])
def test_indexes_serve_orders(connection: sa.Connection, name: str, descending: bool) -> None:
    statement, values = compile_select(TRUE, CALLS, (SortKey(name, descending),))
    assert plan(connection, statement.limit(10), values) == [f"SCAN calls USING INDEX ix_calls_{name}"]


def test_the_primary_key_serves_its_own_order(connection: sa.Connection) -> None:
    assert plan(connection, *compile_select(TRUE, CALLS, ())) == ["SCAN calls"]
