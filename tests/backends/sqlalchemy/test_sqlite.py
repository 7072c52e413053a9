from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from jsonapi_sieve import types
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, compile_select
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.field import Field
from jsonapi_sieve.predicate import Predicate

ROWS = sa.Table(
    "rows",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("price", ExactDecimal(), nullable=False),
    sa.Column("ratio", sa.Float, nullable=False),
    sa.Column("rough", sa.Numeric(10, 2), nullable=False),
)
ID = Field(types.Integer(32), name="id")
NAME = Field(types.Text(), name="name")
PRICE = Field(types.Decimal(), name="price")
RATIO = Field(types.Float(), name="ratio")


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as opened:
        ROWS.metadata.create_all(opened)
        numbers = [(1, "Ab"), (2, "aB"), (3, "ÄB"), (4, "äb"), (5, "x" * 60_000)]
        opened.execute(
            ROWS.insert(), [{"id": n, "name": name, "price": n, "ratio": n / 10, "rough": n} for n, name in numbers]
        )
        yield opened
    engine.dispose()


def found(connection: sa.Connection, predicate: Predicate) -> list[int]:
    statement, values = compile_select(predicate, ROWS, ())
    return [row.id for row in connection.execute(statement.with_only_columns(ROWS.c.id), values)]


@pytest.mark.parametrize("pragma", ["ON", "OFF"])
def test_patterns_do_not_depend_on_a_pragma(connection: sa.Connection, pragma: str) -> None:
    connection.exec_driver_sql(f"PRAGMA case_sensitive_like = {pragma}")
    assert found(connection, NAME.matches("a_")) == [1, 2]
    assert found(connection, NAME.matches("ä_")) == [4]
    assert found(connection, NAME.matches("Ä%")) == [3]
    assert found(connection, NAME.does_not_match("%B")) == [5]


@pytest.mark.parametrize("text", ["\ufffd", "\ufffe", "\uffff"])
def test_a_pattern_tells_apart_what_like_takes_for_one(connection: sa.Connection, text: str) -> None:
    row = sa.select(sa.literal(f"a{text}b").label("name")).subquery()

    def holds(predicate: Predicate) -> bool:
        statement, values = compile_select(predicate, row)
        return bool(connection.scalars(statement, values).all())

    assert holds(NAME.matches("A_b"))
    assert holds(NAME.matches(f"%{text}b"))
    for other in {"\ufffd", "\ufffe", "\uffff"} - {text}:
        assert not holds(NAME.matches(f"a{other}b"))
        assert holds(NAME.does_not_match(f"%{other}%"))
        assert holds(NAME.compare("matches_any", [f"_{other}_", f"_{text}_"]))
        assert not holds(NAME.compare("matches_all", [f"_{other}_", f"_{text}_"]))


def test_a_pattern_that_is_too_long_is_refused_before_the_engine_does(connection: sa.Connection) -> None:
    assert found(connection, NAME.matches("x" * 49_998 + "%")) == [5]
    assert found(connection, NAME.compare("matches_any", ["x" * 49_999 + "%", "Ä_"])) == [3, 5]
    for predicate in (NAME.matches("ä" * 25_001), NAME.compare("matches_any", ["a", "b" * 50_001])):
        with pytest.raises(sa.exc.StatementError, match="LIKE pattern of at most 50000 bytes") as refused:
            found(connection, predicate)
        assert isinstance(refused.value.orig, CompileError)


def test_long_needles_are_looked_for(connection: sa.Connection) -> None:
    long = "x" * 60_000
    for predicate in (NAME.cont(long), NAME.start(long), NAME.end(long), NAME.eq(long), NAME.in_([long, "Ab"])):
        assert 5 in found(connection, predicate)
    assert found(connection, NAME.cont(long + "x")) == []


@pytest.mark.parametrize(
    "predicate",
    [
        ID.in_(range(-50_000, 50_000)),
        NAME.in_([*map(str, range(99_996)), "Ab", "aB", "ÄB", "äb", "x" * 60_000]),
        PRICE.in_([*map(Decimal, range(100_000))]),
        RATIO.in_(number / 10 for number in range(1, 20_000)),
        ~NAME.in_(map(str, range(100_000))),
    ],
    ids=["integers", "texts", "decimals", "floats", "negated"],
)
def test_lists_may_be_long(connection: sa.Connection, predicate: Predicate) -> None:
    assert found(connection, predicate) == [1, 2, 3, 4, 5]


def test_needles_may_be_many(connection: sa.Connection) -> None:
    needles = [*map(str, range(100_000)), "B"]
    assert found(connection, ID.lteq(4) & NAME.compare("cont_any", needles)) == [1, 2, 3, 4]
    assert found(connection, ID.lteq(4) & NAME.compare("end_all", needles)) == []


def test_a_row_is_folded_once_for_all_needles() -> None:
    folded: list[str] = []

    def lower(text: str) -> str:
        folded.append(text)
        return text.lower()

    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        ROWS.metadata.create_all(connection)
        connection.execute(
            ROWS.insert(), [{"id": n, "name": f"A{n}", "price": n, "ratio": n, "rough": n} for n in (1, 2)]
        )
        driver: Any = connection.connection.driver_connection
        driver.create_function("lower", 1, lower, deterministic=True)
        assert found(connection, NAME.compare("cont_any", ["x", "y", "a2"])) == [2]
        assert found(connection, NAME.compare("not_start_all", ["x", "y", "a2"])) == [1]
    engine.dispose()
    assert folded == ["A1", "A2"] * 2


@pytest.mark.parametrize("text", ["'", '"', "\\", "]", '","', "\u2028", "\x01", "\x7f", "😀", "\ufffe"])
def test_a_list_carries_any_text(connection: sa.Connection, text: str) -> None:
    row = sa.select(sa.literal(text).label("name")).subquery()
    statement, values = compile_select(NAME.in_(["x", text]), row)
    assert connection.scalars(statement, values).all() == [text]


@pytest.mark.parametrize(
    "predicate", [Field(types.Decimal(), name="rough").eq(1), Field(types.Decimal(), name="rough").lt(1)]
)
def test_a_numeric_column_is_no_exact_one(connection: sa.Connection, predicate: Predicate) -> None:
    with pytest.raises(CompileError, match=r"SQLite keeps rows.rough as floats; make it an ExactDecimal"):
        found(connection, predicate)


def test_a_column_with_a_zone_loses_it(connection: sa.Connection) -> None:
    times = sa.table("times", sa.column("at", sa.DateTime(timezone=True)))
    at = Field(types.Timestamp(), name="at")
    compile_select(at.null(), times)[0].compile(connection)
    for predicate in (at.eq(datetime(2024, 1, 1, tzinfo=UTC)), at.gt(datetime(2024, 1, 1, tzinfo=UTC))):
        with pytest.raises(CompileError, match=r"SQLite keeps times.at without its zone; make it a UtcDateTime"):
            compile_select(predicate, times)[0].compile(connection)
