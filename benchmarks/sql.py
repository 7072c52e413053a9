"""SQL on SQLite: shape, values, execute and rows, of selections and of pages, against a reused `text()`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from marshmallow_jsonapi import Schema, fields
from sqlalchemy.types import TypeEngine

from benchmarks.contest import Contest
from benchmarks.rows import FIRST, CallFilters, calls
from jsonapi_sieve import And, Predicate, Sort
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime, compile_select
from jsonapi_sieve.paging import CursorPages, OffsetPages
from jsonapi_sieve.query import Query
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.sorting import Position

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


class CallSchema(Schema):
    """What the pages are asked of; nothing is rendered here."""

    id = fields.Str()

    class Meta:
        """The type of the resources."""

        type_ = "calls"


def contests() -> Iterator[Contest]:
    """Give the contests of this stage."""
    engine = sa.create_engine("sqlite://")
    connection = engine.connect()
    CALLS.metadata.create_all(connection)
    connection.execute(CALLS.insert(), calls(COUNT))
    yield from _four_conditions(connection)
    place: dict[str, object] = {"limit": 5, "offset": 5}
    yield _page(connection, "a page by offset", _by_offset(), 1.15, "LIMIT :limit OFFSET :offset", place)
    position = (FIRST + timedelta(days=15), 7)
    yield _page(
        connection,
        "a page by cursor",
        _by_cursor(position),
        1.3,
        "LIMIT :limit",
        {"limit": 6, "moment": position[0], "id": position[1]},
        "AND (time_start, id) > (:moment, :id)",
    )


def _four_conditions(connection: sa.Connection) -> Iterator[Contest]:
    before, least = FIRST + timedelta(minutes=30), Decimal("2.5")
    predicate = (
        CallFilters.account_id.not_eq(17)
        & CallFilters.customer_price.gteq(least)
        & CallFilters.status.eq("Completed")
        & CallFilters.time_start.lt(before)
    )
    limit = _text(
        "WHERE account_id != :account AND customer_price >= :price AND status = :status AND time_start < :moment",
        account=CALLS.c.account_id.type,
        price=CALLS.c.customer_price.type,
        status=CALLS.c.status.type,
        moment=CALLS.c.time_start.type,
    )
    values = {"account": 17, "price": least, "status": "Completed", "moment": before}

    def by_text() -> list[Any]:
        return list(connection.execute(limit, values))

    def ours(predicate: Predicate) -> list[Any]:
        return list(connection.execute(*compile_select(predicate, CALLS)))

    yield Contest("sql", "4 conditions on SQLite, a few rows", by_text, lambda: ours(predicate), 1.15)
    # A predicate remembers its normal form, so here it is another one each time.
    yield Contest("sql", "the same, joined anew each time", by_text, lambda: ours(And(*predicate.members)), 1.3)


def _by_offset() -> tuple[Resource, Query]:
    resource = Resource(
        CallSchema, filters=CallFilters(), sort=Sort("time_start"), pages=OffsetPages(), counting="none"
    )
    return resource, resource.parse("filter[account-id-eq]=17&sort=time-start&page[limit]=5&page[offset]=5")


def _by_cursor(position: Position) -> tuple[Resource, Query]:
    pages = CursorPages(secret=b"-" * 32, default=5)
    resource = Resource(CallSchema, filters=CallFilters(), sort=Sort("time_start"), pages=pages, counting="none")
    query = resource.parse("filter[account-id-eq]=17&sort=time-start")
    page: Any = query.page
    return resource, query._replace(page=page._replace(after=position))


def _page(
    connection: sa.Connection,
    work: str,
    asked: tuple[Resource, Query],
    bar: float,
    end: str,
    place: dict[str, object],
    behind: str = "",
) -> Contest:
    resource, query = asked
    limit = _text(
        f"WHERE account_id = :account {behind} ORDER BY time_start, id {end}",
        account=CALLS.c.account_id.type,
        **({"moment": CALLS.c.time_start.type, "id": CALLS.c.id.type} if behind else {}),
    )
    values = {"account": 17} | place

    def by_text() -> list[Any]:
        return list(connection.execute(limit, values))

    def ours() -> list[Any]:
        return list(connection.execute(*resource.statement(query, CALLS)))

    return Contest("sql", work, by_text, ours, bar)


def _text(clauses: str, **types: TypeEngine[Any]) -> sa.TextualSelect:
    """Give a SELECT that is written by hand, with the types of its parameters."""
    columns = ", ".join(f"calls.{column.name}" for column in CALLS.c)
    selected = sa.text(f"SELECT {columns} FROM calls {clauses}")  # noqa: S608  (own names only)
    return selected.bindparams(*(sa.bindparam(name, type_=type_) for name, type_ in types.items())).columns(*CALLS.c)
