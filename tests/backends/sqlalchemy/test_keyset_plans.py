"""Indexes serve pages at any depth, on SQLite and PostgreSQL; PostgreSQL and DuckDB give the pages that Python gives.

PostgreSQL may read a range of few rows by a bitmap of the index.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from jsonapi_sieve import TRUE, CompileError, Field, Order, SortKey, types
from jsonapi_sieve.backends.python import compile_python_page
from jsonapi_sieve.backends.python.pages import position_of
from jsonapi_sieve.backends.sqlalchemy import (
    ExactDecimal,
    UtcDateTime,
    compile_count,
    compile_estimate,
    compile_page,
)
from jsonapi_sieve.sorting import total_order
from tests.servers.postgresql import embedded

COUNT = 4_000
CALLS = sa.Table(
    "calls",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("moment", sa.Integer, nullable=False),
    sa.Column("price", sa.Integer),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
)
sa.Index("by_moment", CALLS.c.moment, CALLS.c.id)
sa.Index("by_price", CALLS.c.price, CALLS.c.id)
sa.Index("by_status", CALLS.c.status.desc(), CALLS.c.moment, CALLS.c.id)
sa.Index("by_name", sa.collate(CALLS.c.name, "C"), CALLS.c.id).ddl_if(dialect="postgresql")
sa.Index("by_name", CALLS.c.name, CALLS.c.id).ddl_if(dialect="sqlite")

UP, DOWN = False, True
ORDERS: list[tuple[Order, str, int]] = [
    ((SortKey("moment", UP),), "by_moment", 1),
    ((SortKey("moment", DOWN),), "by_moment", 1),
    ((SortKey("price", UP),), "by_price", 2),
    ((SortKey("price", DOWN),), "by_price", 1),
    ((SortKey("status", DOWN), SortKey("moment", UP)), "by_status", 2),
    ((SortKey("status", UP), SortKey("moment", DOWN)), "by_status", 2),
    ((SortKey("name", UP),), "by_name", 2),
    ((), "primary", 1),
]


@pytest.fixture(scope="module")
def postgresql() -> Iterator[sa.Engine]:
    with embedded() as url:
        engine = sa.create_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest) -> Iterator[sa.Connection]:
    """A connection to each of the two engines, with rows in the table."""
    if request.param == "postgresql":
        engine: sa.Engine = request.getfixturevalue("postgresql")
    else:
        engine = sa.create_engine("sqlite://")
    with engine.connect() as opened:
        CALLS.metadata.create_all(opened)
        rows = [
            {
                "id": number,
                "moment": number * 7 % 801,
                "price": number * 11 % 101 if number % 20 else None,
                "status": number % 5,
                "name": f"{number * 13 % 211:x}",
            }
            for number in range(COUNT)
        ]
        opened.execute(CALLS.insert(), rows)
        opened.execute(sa.text("ANALYZE calls"))
        opened.commit()
        yield opened
    if request.param == "sqlite":
        engine.dispose()


def plan(connection: sa.Connection, statement: Any, values: dict[str, object]) -> list[str]:
    """Give the steps of the plan by which a statement runs."""
    sent: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, sql: str, parameters: Any, *___: Any) -> None:
        sent.append((sql, parameters))

    sa.event.listen(connection, "before_cursor_execute", note)
    connection.execute(statement, values).all()
    sa.event.remove(connection, "before_cursor_execute", note)
    sql, parameters = sent[0]
    asked = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN (COSTS OFF)"
    return [str(row[-1]).strip() for row in connection.exec_driver_sql(f"{asked} {sql}", parameters)]


@pytest.mark.parametrize("side", ["after", "before"])
@pytest.mark.parametrize(("order", "index", "ranges"), ORDERS, ids=repr)
def test_an_index_serves_each_range(
    connection: sa.Connection, order: Order, index: str, ranges: int, side: str
) -> None:
    keys = total_order(order, ["id"])
    row = connection.execute(*compile_page(TRUE, CALLS, order, limit=1, offset=COUNT * 9 // 10)).one()
    place: Any = {side: position_of(row, keys)}
    steps = plan(connection, *compile_page(TRUE, CALLS, order, limit=5, **place))
    if side == "before" and index == "by_price":
        ranges = 3 - ranges  # turned round, the place of NULL is at the other end
    if connection.dialect.name == "sqlite":
        known = {"primary": "USING INTEGER PRIMARY KEY (rowid"}.get(index, f"USING INDEX {index} (")
        searches = [step for step in steps if step.startswith("SEARCH calls")]
        scans = [step for step in steps if step.startswith("SCAN calls")]
    else:
        known = " calls_pkey" if index == "primary" else f" {index}"
        searches = [step for step in steps if "Index Scan" in step]
        scans = [step for step in steps if "Seq Scan" in step]
        assert sum(step.startswith("Index Cond:") for step in steps) == ranges
    assert len(searches) == ranges
    assert all(known in step for step in searches), steps
    assert scans == []


@pytest.mark.parametrize(("order", "index", "ranges"), ORDERS, ids=repr)
def test_a_walk_shows_every_row(connection: sa.Connection, order: Order, index: str, ranges: int) -> None:
    keys = total_order(order, ["id"])
    everything = connection.execute(*compile_page(TRUE, CALLS, order)).all()
    seen: list[Any] = []
    while page := connection.execute(
        *compile_page(TRUE, CALLS, order, limit=700, after=position_of(seen[-1], keys) if seen else None)
    ).all():
        seen += page
    assert seen == everything


CAPS = [(100, 101), (COUNT - 1, COUNT), (COUNT, COUNT), (COUNT + 1, COUNT)]


@pytest.mark.parametrize(("limit", "count"), CAPS)
def test_counts_stop_at_their_limit(connection: sa.Connection, limit: int, count: int) -> None:
    assert connection.scalar(*compile_count(TRUE, CALLS, limit=limit)) == count
    price = Field(types.Integer(32), name="price", nullable=True)
    assert connection.scalar(*compile_count(price.null(), CALLS, limit=limit)) == min(COUNT // 20, limit + 1)
    assert len({id(compile_count(TRUE, CALLS, limit=number)[0]) for number in range(1, 5)}) == 1


def test_estimates(connection: sa.Connection) -> None:
    status = Field(types.Integer(32), name="status")
    if connection.dialect.name == "sqlite":
        with pytest.raises(CompileError, match=r"^sqlite tells no estimate .* count exactly, to a limit"):
            connection.scalar(*compile_estimate(TRUE, CALLS))
    else:
        assert connection.scalar(*compile_estimate(TRUE, CALLS)) == COUNT
        for number in (1, 2):
            estimate = connection.scalar(*compile_estimate(status.eq(number), CALLS))
            assert estimate == pytest.approx(COUNT / 5, rel=0.2)


def test_estimates_of_drivers_that_give_text() -> None:
    statement, _ = compile_estimate(TRUE, CALLS)
    read = statement.selected_columns[0].type.result_processor(sa.create_engine("sqlite://").dialect, None)
    assert read is not None
    assert read('[{"Plan": {"Plan Rows": 7}}]') == read([{"Plan": {"Plan Rows": 7}}]) == 7
    assert str(statement).startswith("EXPLAIN (FORMAT JSON) SELECT 1 \nFROM calls")


KINDS = sa.Table(
    "kinds",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("flag", sa.Boolean),
    sa.Column("size", sa.SmallInteger),
    sa.Column("price", ExactDecimal(2)),
    sa.Column("cost", sa.Numeric(10, 2)),
    sa.Column("quality", sa.Double),
    sa.Column("name", sa.Text),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("status", sa.Enum("zero", "Two", "one", name="kinds_status")),
    sa.Column("account", sa.Uuid),
    sa.Column("trace", sa.Uuid(as_uuid=False)),
    sa.Column("made_at", UtcDateTime()),
    sa.Column("day", sa.Date),
)


def kinds() -> list[dict[str, Any]]:
    texts = ["", "a", "A", "ab", "é", "e\u0301", "ﬀ", "😀", "\uffff", "Z", "_", "10", "9"]
    made: list[dict[str, Any]] = []
    for number in range(26):
        text = texts[number % len(texts)]
        uuid = UUID(int=number % 5 << 100 | number % 3)
        row = {
            "flag": number % 2 == 1,
            "size": number % 4 - 1,
            "price": Decimal(number % 6 - 2) / 4,
            "cost": Decimal(number % 7 - 3) / 2,
            "quality": (number % 5 - 2) / 10,
            "name": text,
            "status": ("zero", "Two", "one")[number % 3],
            "account": uuid,
            "trace": str(uuid),
            "made_at": datetime(2024, 1, 1, tzinfo=UTC) + timedelta(microseconds=number % 9),
            "day": date(2024, 1, 1 + number % 8),
        }
        empty = number % 6 == 5
        made.append({"id": number, "code": text, **(dict.fromkeys(row) if empty else row)})
    return made


@pytest.fixture(scope="module", params=["postgresql", "duckdb"])
def kept(request: pytest.FixtureRequest) -> Iterator[sa.Connection]:
    if request.param == "postgresql":
        engine: sa.Engine = request.getfixturevalue("postgresql")
    else:
        engine = sa.create_engine("duckdb:///:memory:")
    with engine.connect() as opened:
        KINDS.metadata.create_all(opened)
        opened.execute(KINDS.insert(), kinds())
        opened.commit()
        yield opened
    if request.param == "duckdb":
        engine.dispose()


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", KINDS.c.keys())
def test_other_engines_give_the_pages_of_python(kept: sa.Connection, name: str, descending: bool) -> None:
    for order in [(SortKey(name, descending),), (SortKey(name, descending), SortKey("code", not descending))]:
        keys = total_order(order, ["id"])
        rows = kept.execute(sa.select(KINDS)).all()
        for row in rows[::5]:
            for side in ("after", "before"):
                place: Any = {side: position_of(row, keys)}
                page = kept.execute(*compile_page(TRUE, KINDS, order, limit=4, **place)).all()
                assert page == compile_python_page(order, limit=4, **place)(rows)
