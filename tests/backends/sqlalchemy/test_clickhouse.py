"""What is sent to ClickHouse, and what is refused before; no server is needed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from clickhouse_connect.cc_sqlalchemy.datatypes import sqltypes as native
from sqlalchemy.dialects import registry
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from jsonapi_sieve import CompileError, Field, Predicate, SortKey, types
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime, check, compile_order_by, compile_select
from jsonapi_sieve.backends.sqlalchemy.dialects import RULES
from tests.backends.sqlalchemy.models import Filters

SERVER: Dialect = registry.load("clickhousedb.connect")(paramstyle="qmark")
LIBRARY: Dialect = registry.load("clickhousedb.connect")(paramstyle="qmark")
LIBRARY.name, LIBRARY.driver = "chdb", "chdb"

CALLS = sa.Table(
    "calls",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("success", sa.Boolean, nullable=False),
    sa.Column("price", ExactDecimal(2), nullable=False),
    sa.Column("cost", sa.Numeric(10, 2), nullable=False),
    sa.Column("ratio", sa.Double, nullable=False),
    sa.Column("status", sa.Enum("z", "a"), nullable=False),
    sa.Column("account", sa.Uuid(as_uuid=False), nullable=False),
    sa.Column("started_at", UtcDateTime(), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
)
MOMENT = datetime(2024, 1, 1, 0, 0, 0, 1, UTC)
UUID = "4ada0a5e-1f3c-4b0c-9a55-0123456789ab"
ID = Field(types.Integer(32), name="id")
NAME = Field(types.Text(), name="name")
SUCCESS = Field(types.Boolean(), name="success")
PRICE = Field(types.Decimal(scale=2), name="price")
COST = Field(types.Decimal(scale=3), name="cost")
ROUGH = Field(types.Decimal(exact=False), name="cost")
RATIO = Field(types.Float(), name="ratio")
STATUS = Field(types.Enum("a", "z"), name="status")
ACCOUNT = Field(types.Uuid(), name="account")
STARTED_AT = Field(types.Timestamp(), name="started_at")
DAY = Field(types.Date(), name="day")


SOME = (
    "arrayExists(jsonapi_sieve_item -> ifNull((position(jsonapi_sieve_tested, jsonapi_sieve_item) > 0), 0),"
    " JSONExtract(?, 'Array(String)'))"
)


def where(predicate: Predicate, dialect: Dialect) -> str:
    """Give the condition that is sent for a predicate."""
    statement, _ = compile_select(predicate, CALLS)
    return str(statement.compile(dialect=dialect)).partition("WHERE ")[2].replace("`", "")


@pytest.mark.parametrize("dialect", [SERVER, LIBRARY], ids=["clickhousedb", "chdb"])
@pytest.mark.parametrize(
    ("predicate", "sent"),
    [
        (ID.eq(1), "calls.id = ?"),
        (ID.in_([1, 2]), "(calls.id IN JSONExtract(?, 'Array(Int64)'))"),
        (ACCOUNT.in_([UUID]), "(calls.account IN JSONExtract(?, 'Array(UUID)'))"),
        (NAME.eq("a"), "calls.name = ?"),
        (NAME.not_in(["a", "b"]), "calls.name IS NOT NULL AND (NOT (calls.name IN JSONExtract(?, 'Array(String)')))"),
        (NAME.gt("a"), "calls.name > ?"),
        (NAME.start("1"), "(startsWith(calls.name, ?))"),
        (NAME.cont("1"), "(position(calls.name, ?) > 0)"),
        (NAME.cont("A"), "(position(lower(calls.name), ?) > 0)"),
        (NAME.end("1"), "(endsWith(calls.name, ?))"),
        (NAME.matches("_1"), "(calls.name LIKE ?)"),
        (SUCCESS.in_([True, False]), "(calls.success IN JSONExtract(?, 'Array(Bool)'))"),
        (PRICE.gt(1), "calls.price > toDecimal256(?, 2)"),
        (
            COST.in_([1, 2]),
            "(calls.cost IN arrayMap(x -> toDecimal256(x, 3), JSONExtract(?, 'Array(String)')))",
        ),
        (ROUGH.gt(1), "toFloat64(calls.cost) > toFloat64(?)"),
        (RATIO.eq(1), "calls.ratio + 0 = toFloat64(?)"),
        (STATUS.in_(["a", "z"]), "(calls.status IN JSONExtract(?, 'Array(String)'))"),
        (ACCOUNT.eq(UUID), "calls.account = ?"),
        (STARTED_AT.gt(MOMENT), "calls.started_at > fromUnixTimestamp64Micro(toInt64(?), 'UTC')"),
        (
            STARTED_AT.in_([MOMENT, MOMENT.replace(year=1)]),
            "(calls.started_at IN arrayMap(x -> fromUnixTimestamp64Micro(x, 'UTC'), JSONExtract(?, 'Array(Int64)')))",
        ),
        (DAY.lt(date(1, 1, 1)), "toInt32(calls.day) < ?"),
        (DAY.in_([date(1, 1, 1), date(2, 1, 1)]), "(toInt32(calls.day) IN JSONExtract(?, 'Array(Int64)'))"),
        (NAME.compare("cont_any", ["a", "b"]), f"(arrayExists(jsonapi_sieve_tested -> {SOME}, [lower(calls.name)]))"),
    ],
    ids=repr,
)
def test_what_is_sent(predicate: Predicate, sent: str, dialect: Dialect) -> None:
    assert where(predicate, dialect) == sent


def sent_values(predicate: Predicate) -> list[object]:
    """Give the values that a driver gets with a statement."""
    statement, values = compile_select(predicate, CALLS)
    compiled: Any = statement.compile(dialect=LIBRARY)
    state = compiled.construct_expanded_state(values)
    processors = {**compiled._bind_processors, **state.processors}
    return [processors[name](value) if name in processors else value for name, value in state.parameters.items()]


@pytest.mark.parametrize(
    ("predicate", "values"),
    [
        (ID.in_([2**31 - 1, -1]), ["[2147483647, -1]"]),
        (NAME.in_(["'", "\\", '"', "\u00e9"]), ['["\'", "\\\\", "\\"", "\u00e9"]']),
        (NAME.matches("\\a\\%\\_\\\\\\\\n%_"), ["a\\%\\_\\\\\\\\n%_"]),
        (PRICE.gt(Decimal("9" * 38 + ".99")), ["9" * 38 + ".99"]),
        (COST.in_([Decimal("0.125"), 10**20]), ['["0.125", "100000000000000000000"]']),
        (RATIO.in_([0.1 + 0.2, -1e-9]), ["0.30000000000000004", "-1e-09"]),
        (STARTED_AT.gteq(MOMENT), [1_704_067_200_000_001]),
        (STARTED_AT.lt(datetime(1, 1, 1, tzinfo=UTC)), [-62_135_596_800_000_000]),
        (DAY.in_([date(1, 1, 1), date(1970, 1, 2)]), ["[-719162, 1]"]),
    ],
    ids=repr,
)
def test_values(predicate: Predicate, values: list[object]) -> None:
    assert sent_values(predicate) == values


def test_sort_terms() -> None:
    order = (SortKey("account"), SortKey("status", descending=True), SortKey("day"), SortKey("name"))
    assert [str(term.compile(dialect=SERVER)).replace("`", "") for term in compile_order_by(order, CALLS)] == [
        "toString(calls.account) ASC",
        "toString(calls.status) DESC",
        "calls.day ASC",
        "calls.name ASC",
        "calls.id ASC",
    ]


def test_column_types() -> None:
    columns: list[TypeEngine[Any]] = [ExactDecimal(40), UtcDateTime(), UtcDateTime(digits=3)]
    shown = [column.compile(dialect=SERVER) for column in columns]
    assert shown == ["NUMERIC(40, 40)", "DateTime64(6, 'UTC')", "DateTime64(3, 'UTC')"]


def findings(declared: types.ValueType[Any, Any], column: TypeEngine[Any]) -> str:
    target = sa.Table("t", sa.MetaData(), sa.Column("x", column))
    with pytest.raises(CompileError) as refused:
        check(Filters([Field(declared, name="x", nullable=True)]), target, SERVER)
    return str(refused.value)


@pytest.mark.parametrize(
    ("declared", "column", "sentence"),
    [
        (types.Float(), sa.Float(), "may keep `t`.`x` in single precision, which rounds; make it a Double"),
        (types.Float(), sa.REAL(), "may keep `t`.`x` in single precision"),
        (types.Float(), native.Float32(), "may keep `t`.`x` in single precision"),
        (types.Text(), sa.CHAR(3), "ClickHouse pads `t`.`x`; make it a String or Text"),
        (types.Text(), native.FixedString(size=3), "ClickHouse pads `t`.`x`"),
        (types.Timestamp(zone="UTC"), sa.DateTime(), "whole seconds or in the server's zone; make it a UtcDateTime"),
        (types.Timestamp(), sa.DateTime(timezone=True), "make it a UtcDateTime"),
        (types.Timestamp(), native.DateTime64(6), "needs UtcDateTime"),
    ],
    ids=repr,
)
def test_refused_columns(declared: types.ValueType[Any, Any], column: TypeEngine[Any], sentence: str) -> None:
    assert sentence in findings(declared, column)


@pytest.mark.parametrize(
    ("declared", "column"),
    [
        (types.Float(), sa.DOUBLE_PRECISION()),
        (types.Float(), native.Float64()),
        (types.Date(), native.Date32()),
        (types.Decimal(scale=2), sa.Numeric(40, 2)),
        (types.Text(), sa.String(9)),
    ],
    ids=repr,
)
def test_taken_columns(declared: types.ValueType[Any, Any], column: TypeEngine[Any]) -> None:
    target = sa.Table("t", sa.MetaData(), sa.Column("x", column))
    check(Filters([Field(declared, name="x", nullable=True)]), target, SERVER)


def bound(type_: TypeEngine[Any], value: object, dialect: Dialect) -> object:
    processor = type_.dialect_impl(dialect).bind_processor(dialect)
    assert processor is not None
    return processor(value)


def test_timestamps_go_to_the_server_as_they_are_and_to_the_library_as_text() -> None:
    assert bound(UtcDateTime(), MOMENT, SERVER) == MOMENT
    assert bound(UtcDateTime(), MOMENT, LIBRARY) == "2024-01-01 00:00:00.000001"


@pytest.mark.parametrize("dialect", [SERVER, LIBRARY], ids=["clickhousedb", "chdb"])
@pytest.mark.parametrize("moment", [datetime(1899, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)])
def test_a_column_holds_four_centuries(moment: datetime, dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="outside the years 1900 to 2299, which are those of ClickHouse"):
        bound(UtcDateTime(), moment, dialect)


def test_a_pattern_is_short_enough_for_a_regular_expression() -> None:
    pattern = RULES["chdb"].pattern_type()
    assert bound(pattern, "_" * 50_000, LIBRARY) == "_" * 50_000
    with pytest.raises(CompileError, match="a LIKE pattern of at most 50000 characters"):
        bound(pattern, "_" * 50_001, LIBRARY)


@pytest.mark.parametrize(
    "type_",
    [
        RULES["chdb"].pattern_type(),
        RULES["chdb"].decimal_constant(2),
        RULES["chdb"].float_constant(),
        RULES["chdb"].timestamp_type(6),
        RULES["chdb"].timestamp_constant(),
        RULES["chdb"].date_constant(),
    ],
    ids=repr,
)
@pytest.mark.parametrize("dialect", [SERVER, LIBRARY], ids=["clickhousedb", "chdb"])
def test_null_is_sent_as_it_is(type_: TypeEngine[Any], dialect: Dialect) -> None:
    assert bound(type_, None, dialect) is None
