"""What is sent to DuckDB and what is refused before, and that its settings change no answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateTable

from jsonapi_sieve import CompileError, Field, Predicate, SortKey, types
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime, check, compile_order_by, compile_select
from jsonapi_sieve.backends.sqlalchemy.dialects import RULES
from tests.backends.sqlalchemy.models import Filters

DUCKDB: Dialect = registry.load("duckdb")(paramstyle="numeric_dollar")

DUCKDB_RULES = RULES["duckdb"]

SAMPLES = sa.Table(
    "samples",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("alike", sa.Text(collation="nocase.noaccent"), nullable=False),
    sa.Column("price", ExactDecimal(2), nullable=False),
    sa.Column("cost", sa.Numeric(10, 2), nullable=False),
    sa.Column("ratio", sa.Double, nullable=False),
    sa.Column("status", sa.Enum("z", "a", "A", name="status"), nullable=False),
    sa.Column("state", sa.Enum("z", "a", native_enum=False), nullable=False),
    sa.Column("account", sa.Uuid(as_uuid=False), nullable=False),
    sa.Column("token", sa.Uuid(native_uuid=False, as_uuid=False), nullable=False),
    sa.Column("started_at", UtcDateTime(), nullable=False),
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("seen_at", sa.DateTime, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
)
FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
LOW, HIGH = "0f000000-0000-4000-8000-000000000000", "f0000000-0000-4000-8000-000000000000"
ID = Field(types.Integer(32), name="id")
NAME = Field(types.Text(), name="name")
ALIKE = Field(types.Text(), name="alike")
PRICE = Field(types.Decimal(scale=2), name="price")
COST = Field(types.Decimal(scale=2), name="cost")
ROUGH = Field(types.Decimal(exact=False), name="cost")
RATIO = Field(types.Float(), name="ratio")
STATUS = Field(types.Enum("a", "A", "z"), name="status")
STATE = Field(types.Enum("a", "z"), name="state")
ACCOUNT = Field(types.Uuid(), name="account")
TOKEN = Field(types.Uuid(), name="token")
STARTED_AT = Field(types.Timestamp(), name="started_at")
OPENED_AT = Field(types.Timestamp(), name="opened_at")
SEEN_AT = Field(types.Timestamp(zone="UTC"), name="seen_at")
DAY = Field(types.Date(), name="day")

LOWER = (
    "CASE WHEN strlen(samples.name) = length(samples.name) THEN lower(samples.name)"
    " ELSE translate(samples.name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') END"
)


def where(predicate: Predicate) -> str:
    """Give the condition that is sent for a predicate."""
    statement, _ = compile_select(predicate, SAMPLES)
    return " ".join(str(statement.compile(dialect=DUCKDB)).partition("WHERE ")[2].split())


@pytest.mark.parametrize(
    ("predicate", "sent"),
    [
        (ID.eq(1), "samples.id = $1"),
        (ID.in_([1, 2]), "(samples.id IN (SELECT unnest($1)))"),
        (NAME.eq("a"), 'samples.name COLLATE "C" = $1'),
        (
            NAME.not_in(["a", "b"]),
            'samples.name IS NOT NULL AND (NOT (samples.name COLLATE "C" IN (SELECT unnest($1))))',
        ),
        (NAME.gt("a"), 'samples.name COLLATE "C" > $1'),
        (NAME.start("1"), '(prefix(samples.name COLLATE "C", $1))'),
        (NAME.cont("1"), '(contains(samples.name COLLATE "C", $1))'),
        (NAME.cont("A"), f'(contains({LOWER} COLLATE "C", $1))'),
        (NAME.end("1"), '(suffix(samples.name COLLATE "C", $1))'),
        (NAME.matches("_1"), '(regexp_full_match(samples.name COLLATE "C", $1))'),
        (PRICE.gt(1), "samples.price > $1"),
        (ROUGH.gt(1), "CAST(samples.cost AS DOUBLE) > $1"),
        (RATIO.in_([1, 2]), "(samples.ratio IN (__[POSTCOMPILE_p0]))"),
        (STATUS.eq("a"), 'CAST(samples.status AS VARCHAR) COLLATE "C" = $1'),
        (STATE.in_(["a", "z"]), '(samples.state COLLATE "C" IN (SELECT unnest($1)))'),
        (ACCOUNT.in_([LOW, HIGH]), "(samples.account IN (SELECT unnest(CAST($1 AS UUID[]))))"),
        (TOKEN.in_([LOW, HIGH]), "(samples.token IN (SELECT unnest($1)))"),
        (STARTED_AT.gt(FIRST), "samples.started_at > $1"),
    ],
    ids=repr,
)
def test_what_is_sent(predicate: Predicate, sent: str) -> None:
    assert where(predicate).replace("::UUID", "") == sent


def test_a_row_is_folded_once_for_all_needles() -> None:
    row = f'(SELECT {LOWER} COLLATE "C" AS tested) AS jsonapi_sieve_row'
    items = "(SELECT unnest($1) AS item) AS jsonapi_sieve_list"
    test = "(contains(jsonapi_sieve_row.tested, jsonapi_sieve_list.item))"
    sent = where(NAME.compare("cont_any", ["a", "b"]))
    assert sent == f"(EXISTS (SELECT 1 FROM {row}, {items} WHERE {test}))"  # noqa: S608


def test_sort_terms() -> None:
    terms = compile_order_by((SortKey("name"), SortKey("status", descending=True)), SAMPLES)
    assert [str(term.compile(dialect=DUCKDB)) for term in terms] == [
        'samples.name COLLATE "C" ASC',
        'CAST(samples.status AS VARCHAR) COLLATE "C" DESC',
        "samples.id DESC",
    ]


def test_column_types() -> None:
    columns = sa.Table("t", sa.MetaData(), sa.Column("x", ExactDecimal(37)), sa.Column("y", UtcDateTime(digits=3)))
    created = str(CreateTable(columns).compile(dialect=DUCKDB))
    assert "x NUMERIC(38, 37)" in created
    assert "y TIMESTAMP WITH TIME ZONE" in created


def findings(declared: types.ValueType[Any, Any], column: sa.types.TypeEngine[Any]) -> str:
    target = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", column))
    with pytest.raises(CompileError) as refused:
        check(Filters([Field(declared, name="x", nullable=True)]), target, DUCKDB)
    return str(refused.value)


@pytest.mark.parametrize("column", [sa.REAL(), sa.Float(24), sa.Double().with_variant(sa.REAL(), "duckdb")])
def test_single_precision_is_refused(column: sa.types.TypeEngine[Any]) -> None:
    assert findings(types.Float(), column) == "DuckDB keeps t.x in single precision, which rounds; make it a Double"


@pytest.mark.parametrize(
    "column", [sa.Float(), sa.Float(25), sa.Double(), sa.REAL().with_variant(sa.Double(), "duckdb")]
)
def test_double_precision_is_taken(column: sa.types.TypeEngine[Any]) -> None:
    target = sa.Table("t", sa.MetaData(), sa.Column("x", column))
    check(Filters([Field(types.Float(), name="x", nullable=True)]), target, DUCKDB)


@pytest.mark.parametrize(
    ("scale", "column", "digits"),
    [
        (12, sa.Numeric(38, 12), "26 before the point with 12 behind it"),
        (12, sa.Numeric(28, 0), "28 before the point with 12 behind it"),
        (39, sa.Numeric(1, 1), "0 before the point with 39 behind it"),
        (38, ExactDecimal(38), "0 before the point with 38 behind it"),
    ],
)
def test_longer_decimals_than_there_are_are_refused(scale: int, column: sa.types.TypeEngine[Any], digits: str) -> None:
    found = findings(types.Decimal(scale=scale), column)
    assert found.startswith(f"DuckDB compares decimals of at most 37 digits, and {digits} are more; ")


def test_of_a_variant_the_own_digits_count() -> None:
    column = sa.Numeric(40, 12).with_variant(ExactDecimal(), "duckdb")
    target = sa.Table("t", sa.MetaData(), sa.Column("x", column))
    field = Field(types.Decimal(), name="x", nullable=True)
    check(Filters([field]), target, DUCKDB)
    assert "28 before the point" in findings(types.Decimal(), sa.Numeric(40, 12))


def test_no_column_is_made_that_decimals_do_not_fit() -> None:
    with pytest.raises(CompileError, match="0 before the point with 38 behind it are more"):
        CreateTable(sa.Table("t", sa.MetaData(), sa.Column("x", ExactDecimal(38)))).compile(dialect=DUCKDB)


NAMES = ["Ab", "ab", "\u00e4B", "\u00c4b", "\u0130", "i", "a\U0010ffff", "a\U0010ffffb", "a\x7f", "%", "a\nb"]
MOST = Decimal("9" * 35 + ".99")


def _row(number: int, name: str) -> dict[str, object]:
    """Give a row whose values are those of its number, or the least and the greatest in turn."""
    odd = number % 2
    moment = (FIRST, LAST)[odd]
    uuid = (LOW, HIGH)[odd]
    texts = {"name": name, "alike": name, "status": "zaA"[number % 3], "state": "za"[odd]}
    numbers = {"id": number, "price": (MOST.copy_negate(), MOST)[odd], "cost": number, "ratio": number / 10}
    times = {"started_at": moment, "opened_at": moment, "seen_at": moment.replace(tzinfo=None), "day": moment.date()}
    return {**texts, **numbers, **times, "account": uuid, "token": uuid}


ROWS = [_row(number, name) for number, name in enumerate(NAMES)]
EVEN, ODD = list(range(0, len(NAMES), 2)), list(range(1, len(NAMES), 2))


@pytest.fixture(scope="module")
def engine() -> Iterator[sa.Engine]:
    made = sa.create_engine("duckdb:///:memory:")
    with made.begin() as connection:
        SAMPLES.metadata.create_all(connection)
        connection.execute(SAMPLES.insert(), ROWS)
    yield made
    made.dispose()


@pytest.fixture(params=[("UTC", ""), ("Pacific/Chatham", "nocase.noaccent"), ("America/St_Johns", "de")])
def connection(engine: sa.Engine, request: pytest.FixtureRequest) -> Iterator[sa.Connection]:
    zone, collation = request.param
    with engine.connect() as opened:
        opened.execute(sa.text(f"SET TimeZone = '{zone}'"))
        opened.execute(sa.text(f"SET default_collation = '{collation}'"))
        yield opened


def found(connection: sa.Connection, predicate: Predicate) -> list[int]:
    statement, values = compile_select(predicate, SAMPLES, ())
    return [row.id for row in connection.execute(statement.with_only_columns(SAMPLES.c.id), values)]


@pytest.mark.parametrize("text", [NAME, ALIKE])
def test_no_collation_changes_what_texts_are_equal(connection: sa.Connection, text: Field[str]) -> None:
    for number, name in enumerate(NAMES):
        assert found(connection, text.eq(name)) == [number]
        assert found(connection, text.in_([name, "x"])) == [number]
        assert found(connection, text.lt(name)) == [n for n, other in enumerate(NAMES) if other < name]
    assert found(connection, text.cont("AB")) == [0, 1]
    assert found(connection, text.compare("end_any", ["\u00e4b", "F"])) == [2]
    assert found(connection, text.start("a\U0010ffff")) == [6, 7]
    assert found(connection, text.matches("a_b")) == [7, 10]
    statement, _ = compile_select(text.not_eq("x"), SAMPLES, (SortKey(text.name),))
    names = connection.scalars(statement.with_only_columns(SAMPLES.c.name), {"p0": "x"}).all()
    assert names == sorted(NAMES)


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (ACCOUNT.eq(HIGH), ODD),
        (ACCOUNT.in_([HIGH, HIGH.replace("f", "e")]), ODD),
        (TOKEN.in_([LOW, LOW.replace("f", "e")]), EVEN),
        (STATUS.eq("A"), [2, 5, 8]),
        (STATUS.in_(["A", "z"]), [0, 2, 3, 5, 6, 8, 9]),
        (STATE.not_in(["a"]), EVEN),
        (STARTED_AT.eq(LAST), ODD),
        (STARTED_AT.lt(FIRST + timedelta(microseconds=1)), EVEN),
        (OPENED_AT.in_([FIRST, FIRST + timedelta(1)]), EVEN),
        (SEEN_AT.gt(LAST - timedelta(microseconds=1)), ODD),
        (DAY.in_([date.max, date.min]), sorted(EVEN + ODD)),
        (PRICE.gt(0), ODD),
        (PRICE.lt(Decimal("9" * 38)), sorted(EVEN + ODD)),
        (PRICE.gteq(-(10**37)), sorted(EVEN + ODD)),
        (PRICE.in_([MOST, Decimal("0.1"), Decimal("9" * 37), Decimal("9" * 38 + ".99")]), ODD),
        (COST.in_([Decimal("1.00"), Decimal("0.3"), Decimal(10) ** 30, 2]), [1, 2]),
        (ROUGH.lteq(1), [0, 1]),
        (RATIO.in_([0.1, 0.3]), [1, 3]),
    ],
    ids=repr,
)
def test_no_zone_nor_edge_changes_an_answer(
    connection: sa.Connection, predicate: Predicate, expected: list[int]
) -> None:
    assert found(connection, predicate) == expected


def test_no_pattern_takes_long(connection: sa.Connection) -> None:
    assert found(connection, NAME.matches("%a" * 10_000 + "%b")) == []
    assert found(connection, NAME.compare("matches_any", ["%a%" * 20 + "b", "\\%%", "i\\a"])) == [9]
    assert found(connection, NAME.matches("%" * 50_000)) == sorted(EVEN + ODD)
    with pytest.raises(sa.exc.StatementError, match="a LIKE pattern of at most 50000 characters"):
        found(connection, NAME.matches("_" * 50_001))


@pytest.mark.parametrize("name", ["account", "token", "status", "state"])
def test_everything_sorts_as_its_text_does(connection: sa.Connection, name: str) -> None:
    statement, _ = compile_select(ID.gteq(0), SAMPLES, (SortKey(name),))
    values = connection.scalars(statement.with_only_columns(SAMPLES.c[name]), {"p0": 0}).all()
    assert values == sorted(str(row[name]) for row in ROWS)


def test_values_come_back(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.text("SET TimeZone = 'UTC'"))
        first, second = connection.execute(sa.select(SAMPLES).order_by(SAMPLES.c.id).limit(2)).mappings().all()
    assert [dict(first), dict(second)] == ROWS[:2]
    assert first["started_at"].tzinfo is UTC


def test_a_column_holds_37_digits(engine: sa.Engine) -> None:
    with (
        engine.connect() as connection,
        pytest.raises(sa.exc.StatementError, match="at most 35 digits before") as refused,
    ):
        connection.execute(SAMPLES.insert(), {**ROWS[0], "id": -1, "price": Decimal(-(10**35))})
    assert isinstance(refused.value.orig, ValueError)


@pytest.mark.parametrize(
    "type_", [DUCKDB_RULES.decimal_type(2), DUCKDB_RULES.decimal_constant(2), DUCKDB_RULES.pattern_type()]
)
def test_null_is_sent_as_it_is(type_: sa.types.TypeEngine[Any]) -> None:
    processor = type_.dialect_impl(DUCKDB).bind_processor(DUCKDB)
    assert processor is not None
    assert processor(None) is None


@pytest.mark.parametrize(
    "predicate",
    [ID.in_(range(-1, 99_999)), NAME.in_([*NAMES, *map(str, range(100_000))]), ~NAME.in_(map(str, range(100_000)))],
    ids=["integers", "texts", "negated"],
)
def test_lists_may_be_long(engine: sa.Engine, predicate: Predicate) -> None:
    with engine.connect() as connection:
        assert found(connection, predicate) == sorted(EVEN + ODD)


@pytest.mark.parametrize(
    ("predicate", "filters"),
    [
        (NAME.eq("a"), "name='a'"),
        (NAME.start("1"), "name>='1' AND name<'2'"),
        (PRICE.gt(1), "price>1.00"),
        (STARTED_AT.gt(LAST), "EMPTY_RESULT"),
    ],
    ids=repr,
)
def test_a_scan_leaves_out_what_cannot_match(engine: sa.Engine, predicate: Predicate, filters: str) -> None:
    statement, values = compile_select(predicate, SAMPLES)
    sent = statement.with_only_columns(SAMPLES.c.id).compile(dialect=DUCKDB)
    with engine.connect() as connection:
        connection.execute(sa.text("SET TimeZone = 'UTC'"))
        plan = connection.exec_driver_sql(f"EXPLAIN {sent}", tuple(_sent(sent, values))).one()
    assert filters in "".join(plan)


def _sent(compiled: Any, values: dict[str, object]) -> Iterator[object]:
    for name, value in values.items():
        processor = compiled._bind_processors.get(name)
        yield processor(value) if processor else value
