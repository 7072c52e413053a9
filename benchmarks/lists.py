"""Long lists over a million rows: one parameter against `in_()`, which sends one for each value."""

from __future__ import annotations

import random
from collections.abc import Iterator

import sqlalchemy as sa
from tests.servers.postgresql import embedded

from benchmarks.contest import Contest
from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.backends.sqlalchemy import compile_select

ROWS = 1_000_000
LIST = 10_000

NUMBERS = sa.Table(
    "numbers",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, nullable=False, index=True),
)
# A prime above the number of rows: each row has another number, and those of neighbours are far apart.
FILLED = sa.text(
    "WITH RECURSIVE counted(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM counted WHERE id < :rows)"
    " INSERT INTO numbers SELECT id, id * 1009 % 1000003 FROM counted"
)


class NumberFilters(FilterSet):
    """The attributes of the rows."""

    id = Field(types.Integer(32))
    number = Field(types.Integer(32))


def contests(rows: int = ROWS) -> Iterator[Contest]:
    """Give the contests of this stage, each while its database runs."""
    with sa.create_engine("sqlite://").connect() as connection:
        yield _long_list(connection, "SQLite", rows, 1.4)
    with embedded() as url, sa.create_engine(url).connect() as connection:
        yield _long_list(connection, "PostgreSQL", rows, 3)


def _long_list(connection: sa.Connection, engine: str, rows: int, bar: float) -> Contest:
    NUMBERS.metadata.create_all(connection)
    connection.execute(FILLED, {"rows": rows})
    connection.execute(sa.text("ANALYZE numbers"))
    connection.commit()
    wanted = random.Random(1).sample(range(2 * rows), LIST)
    predicate = NumberFilters.number.in_(wanted)

    # Sets, for no order is asked for.
    def ours() -> set[object]:
        return set(connection.execute(*compile_select(predicate, NUMBERS)))

    def by_in() -> set[object]:
        return set(connection.execute(sa.select(NUMBERS).where(NUMBERS.c.number.in_(wanted))))

    return Contest("lists", f"{LIST:,} values on {engine}", by_in, ours, bar, faster=True)
