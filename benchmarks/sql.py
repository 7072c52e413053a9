"""SQL on SQLite: shape, values, execute and rows, against a reused `text()`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from benchmarks.contest import Contest
from benchmarks.rows import FIRST, CallFilters, calls
from jsonapi_sieve import And, Predicate
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime, compile_select

COUNT = 20_000

CALLS = sa.Table(
    "calls",
    sa.MetaData(),
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("customer_price", ExactDecimal(12)),
    sa.Column("time_start", UtcDateTime(3), nullable=False, index=True),
    sa.Column("account_id", sa.Integer, index=True),
    sa.Column("src_name_in", sa.Text),
)


def contests() -> Iterator[Contest]:
    """Give the contests of this stage."""
    engine = sa.create_engine("sqlite://")
    connection = engine.connect()
    CALLS.metadata.create_all(connection)
    connection.execute(CALLS.insert(), calls(COUNT))
    yield from _four_conditions(connection)


def _four_conditions(connection: sa.Connection) -> Iterator[Contest]:
    before, least = FIRST + timedelta(minutes=30), Decimal("2.5")
    predicate = (
        CallFilters.account_id.not_eq(17)
        & CallFilters.customer_price.gteq(least)
        & CallFilters.status.eq("Completed")
        & CallFilters.time_start.lt(before)
    )
    columns = ", ".join(f"calls.{column.name}" for column in CALLS.c)
    limit = (
        sa.text(
            f"SELECT {columns} FROM calls WHERE account_id != :a AND customer_price >= :b"  # noqa: S608  # own names only
            " AND status = :c AND time_start < :d"
        )
        .bindparams(
            sa.bindparam("a", type_=CALLS.c.account_id.type),
            sa.bindparam("b", type_=CALLS.c.customer_price.type),
            sa.bindparam("c", type_=CALLS.c.status.type),
            sa.bindparam("d", type_=CALLS.c.time_start.type),
        )
        .columns(*CALLS.c)
    )
    values = {"a": 17, "b": least, "c": "Completed", "d": before}

    def by_text() -> list[Any]:
        return list(connection.execute(limit, values))

    def ours(predicate: Predicate) -> list[Any]:
        return list(connection.execute(*compile_select(predicate, CALLS)))

    yield Contest("sql", "4 conditions on SQLite, a few rows", by_text, lambda: ours(predicate), 1.15)
    # A predicate remembers its normal form, so here it is another one each time.
    yield Contest("sql", "the same, joined anew each time", by_text, lambda: ours(And(*predicate.members)), 1.25)
