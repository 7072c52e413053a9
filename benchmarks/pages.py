"""Pages by cursor over a million rows: one after nine tenths of them against the first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from tests.servers.postgresql import embedded

from benchmarks.contest import Contest
from jsonapi_sieve import TRUE, Order, SortKey
from jsonapi_sieve.backends.python.pages import position_of
from jsonapi_sieve.backends.sqlalchemy import compile_page
from jsonapi_sieve.sorting import total_order

ROWS = 1_000_000
SIZE = 50


class Base(DeclarativeBase):
    """What the tables of this stage share."""


class Event(Base):
    """A row of the listing."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    moment: Mapped[int]
    price: Mapped[int | None]
    status: Mapped[int]
    name: Mapped[str] = mapped_column(sa.Text)


sa.Index("by_moment", Event.moment, Event.id)
sa.Index("by_price", Event.price, Event.id)
sa.Index("by_status", Event.status.desc(), Event.moment, Event.id)
sa.Index("by_name", sa.collate(Event.name, "C"), Event.id).ddl_if(dialect="postgresql")
sa.Index("by_name", Event.name, Event.id).ddl_if(dialect="sqlite")
# Primes, so that neighbours in one order are far apart in the others. A price in twenty is NULL.
FILLED = sa.text(
    "WITH RECURSIVE counted(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM counted WHERE id < :rows)"
    " INSERT INTO events SELECT id, id * 1009 % 200003,"
    " CASE WHEN id % 20 > 0 THEN id * 1013 % 100003 END, id * 7 % 5, 'name ' || id * 1021 % 50021 FROM counted"
)

ORDERS: dict[str, Order] = {
    "one key": (SortKey("moment"),),
    "one key, descending": (SortKey("moment", descending=True),),
    "a key that may be NULL": (SortKey("price"),),
    "a key that may be NULL, descending": (SortKey("price", descending=True),),
    "text": (SortKey("name"),),
    "two keys in mixed directions": (SortKey("status", descending=True), SortKey("moment")),
}


def contests(rows: int = ROWS) -> Iterator[Contest]:
    """Give the contests of this stage, each while its database runs."""
    with sa.create_engine("sqlite://").connect() as connection:
        yield from _on(connection, "SQLite", rows)
    with embedded() as url, sa.create_engine(url).connect() as connection:
        yield from _on(connection, "PostgreSQL", rows)


def _on(connection: sa.Connection, engine: str, rows: int) -> Iterator[Contest]:
    Base.metadata.create_all(connection)
    connection.execute(FILLED, {"rows": rows})
    connection.execute(sa.text("ANALYZE events"))
    connection.commit()
    for name, order in ORDERS.items():
        yield _deep(connection, f"{name}, {engine}", order, rows * 9 // 10)


def _deep(connection: sa.Connection, work: str, order: Order, depth: int) -> Contest:
    def page(**place: Any) -> int:
        # Each request has a session of its own, and makes its objects anew.
        with Session(connection) as session:
            return len(session.scalars(*compile_page(TRUE, Event, order, limit=SIZE + 1, **place)).all())

    with Session(connection) as session:
        row = session.scalars(*compile_page(TRUE, Event, order, limit=1, offset=depth)).one()
        after = position_of(row, total_order(order, ["id"]))
    return Contest("pages", f"at depth {depth:,} by {work}", page, partial(page, after=after), 1.5)
