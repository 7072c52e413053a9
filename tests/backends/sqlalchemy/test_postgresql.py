"""What is sent to PostgreSQL, and what is refused before; no server is needed."""

from __future__ import annotations

import enum
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, registry
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeEngine

from jsonapi_sieve import CompileError, Field, Predicate, SortKey, types
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime, check, compile_order_by, compile_select
from tests.backends.sqlalchemy.models import Filters

PSYCOPG: Dialect = registry.load("postgresql.psycopg")()


class Shade(enum.Enum):
    ZINC = "zinc"
    ASH = "ash"


def _values(members: type[enum.Enum]) -> list[str]:
    return [member.value for member in members]


CALLS = sa.Table(
    "calls",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("small", sa.SmallInteger, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("great", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("plain", sa.Text(collation="C"), nullable=False),
    sa.Column("accentless", sa.Text(collation="ignores_accents"), nullable=False),
    sa.Column("price", ExactDecimal(2), nullable=False),
    sa.Column("rough", sa.Numeric(10, 2), nullable=False),
    sa.Column("ratio", sa.Float, nullable=False),
    sa.Column("fine", sa.Float(53), nullable=False),
    sa.Column("status", sa.Enum("z", "a", name="status"), nullable=False),
    sa.Column("state", sa.Enum("z", "a", native_enum=False), nullable=False),
    sa.Column("shade", sa.Enum(Shade, name="shade", values_callable=_values), nullable=False),
    sa.Column("account", sa.Uuid, nullable=False),
    sa.Column("token", sa.Uuid(native_uuid=False), nullable=False),
    sa.Column("started_at", UtcDateTime(), nullable=False),
    sa.Column("ended_at", UtcDateTime(digits=3), nullable=False),
    sa.Column("seen_at", sa.DateTime, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
)
MOMENT = datetime(2024, 1, 1, tzinfo=UTC)
UUID = "4ada0a5e-1f3c-4b0c-9a55-0123456789ab"
ID = Field(types.Integer(32), name="id")
SMALL = Field(types.Integer(64), name="small")
SIZE = Field(types.Integer(64), name="size")
GREAT = Field(types.Integer(64), name="great")
NAME = Field(types.Text(), name="name")
PLAIN = Field(types.Text(), name="plain")
ACCENTLESS = Field(types.Text(), name="accentless")
PRICE = Field(types.Decimal(scale=2), name="price")
ROUGH = Field(types.Decimal(exact=False), name="rough")
RATIO = Field(types.Float(), name="ratio")
FINE = Field(types.Float(), name="fine")
STATUS = Field(types.Enum("a", "z"), name="status")
STATE = Field(types.Enum("a", "z"), name="state")
SHADE = Field(types.Enum(Shade), name="shade")
ACCOUNT = Field(types.Uuid(), name="account")
TOKEN = Field(types.Uuid(), name="token")
STARTED_AT = Field(types.Timestamp(), name="started_at")
SEEN_AT = Field(types.Timestamp(zone="UTC"), name="seen_at")
DAY = Field(types.Date(), name="day")


def where(predicate: Predicate, dialect: Dialect = PSYCOPG) -> str:
    """Give the condition that is sent for a predicate."""
    statement, _ = compile_select(predicate, CALLS)
    return str(statement.compile(dialect=dialect)).partition("WHERE ")[2]


@pytest.mark.parametrize(
    ("predicate", "sent"),
    [
        (ID.eq(1), "calls.id = %(p0)s::INTEGER"),
        (ID.in_([1, 2]), "(calls.id = ANY (%(p0)s::INTEGER[]))"),
        (ID.not_in([1, 2]), "calls.id IS NOT NULL AND (NOT (calls.id = ANY (%(p0)s::INTEGER[])))"),
        (NAME.eq("a"), "calls.name = %(p0)s::VARCHAR"),
        (NAME.in_(["a", "b"]), "(calls.name = ANY (%(p0)s::VARCHAR[]))"),
        (NAME.gt("a"), 'calls.name COLLATE "C" > %(p0)s::VARCHAR'),
        (NAME.start("1"), '(calls.name COLLATE "C" ^@ %(p0)s::VARCHAR)'),
        (NAME.start("A"), '(lower(calls.name COLLATE "C") ^@ %(p0)s::VARCHAR)'),
        (NAME.cont("1"), '(strpos(calls.name COLLATE "C", %(p0)s::VARCHAR) > 0)'),
        (NAME.end("1"), '(right(calls.name COLLATE "C", length(%(p0)s::VARCHAR)) = %(p0)s::VARCHAR)'),
        (NAME.matches("_1"), '(calls.name COLLATE "C" LIKE %(p0)s::VARCHAR)'),
        (NAME.not_end("1"), '(NOT (right(calls.name COLLATE "C", length(%(p0)s::VARCHAR)) = %(p0)s::VARCHAR))'),
        (PLAIN.eq("a"), "calls.plain = %(p0)s::VARCHAR"),
        (ACCENTLESS.eq("a"), 'calls.accentless COLLATE "C" = %(p0)s::VARCHAR'),
        (ACCENTLESS.in_(["a", "b"]), '(calls.accentless COLLATE "C" = ANY (%(p0)s::VARCHAR[]))'),
        (PRICE.gt(1), "calls.price > %(p0)s"),
        (PRICE.in_([1, 2]), "(calls.price = ANY (%(p0)s::NUMERIC(40, 2)[]))"),
        (ROUGH.gt(1), "CAST(calls.rough AS DOUBLE PRECISION) > %(p0)s"),
        (RATIO.gt(1), "calls.ratio > %(p0)s"),
        (FINE.in_([1, 2]), "(calls.fine = ANY (%(p0)s::DOUBLE PRECISION[]))"),
        (STATUS.eq("a"), "calls.status = %(p0)s"),
        (STATUS.in_(["a", "z"]), "(calls.status = ANY (%(p0)s::status[]))"),
        (STATE.in_(["a", "z"]), "(calls.state = ANY (%(p0)s::VARCHAR(1)[]))"),
        (SHADE.in_(["ash", "zinc"]), "(calls.shade = ANY (%(p0)s::shade[]))"),
        (ACCOUNT.in_([UUID, UUID.replace("4", "5")]), "(calls.account = ANY (%(p0)s::UUID[]))"),
        (TOKEN.eq(UUID), "calls.token = %(p0)s"),
        (STARTED_AT.gt(MOMENT), "calls.started_at > %(p0)s::TIMESTAMP WITH TIME ZONE"),
        (SEEN_AT.gt(MOMENT), "calls.seen_at > %(p0)s::TIMESTAMP WITHOUT TIME ZONE"),
        (DAY.in_([MOMENT.date(), date(2024, 1, 2)]), "(calls.day = ANY (%(p0)s::DATE[]))"),
    ],
    ids=repr,
)
def test_what_is_sent(predicate: Predicate, sent: str) -> None:
    assert where(predicate) == sent


@pytest.mark.parametrize("driver", ["asyncpg", "pg8000", "psycopg2"])
@pytest.mark.parametrize("predicate", [NAME.start("a"), NAME.compare("cont_any", ["a", "b"]), ID.in_([1, 2])], ids=repr)
def test_drivers_differ_in_parameters_only(driver: str, predicate: Predicate) -> None:
    parameters = re.compile(r"(%\(p0\)s|%s|\$1)(::[A-Z]+)?(\[\])?")
    sent = where(predicate, registry.load(f"postgresql.{driver}")())
    assert parameters.sub("?", sent) == parameters.sub("?", where(predicate))


SELECT = 'EXISTS (SELECT 1 FROM (SELECT lower(calls.name COLLATE "C") AS tested OFFSET 0) AS jsonapi_sieve_row'
LIST = "CROSS JOIN unnest(%(p0)s::VARCHAR[]) AS jsonapi_sieve_list(item)"


def test_a_row_is_folded_once_for_all_needles() -> None:
    some = f"{SELECT} {LIST}"
    found = "(strpos(jsonapi_sieve_row.tested, jsonapi_sieve_list.item) > 0)"
    assert where(NAME.compare("cont_any", ["a", "b"])) == f"({some} WHERE {found}))"
    missed = f"({some} WHERE (NOT {found})))"
    assert where(NAME.compare("cont_all", ["a", "b"])) == f"calls.name IS NOT NULL AND (NOT {missed})"


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("name", 'calls.name COLLATE "C" DESC, calls.id DESC'),
        ("status", 'CAST(calls.status AS TEXT) COLLATE "C" DESC, calls.id DESC'),
        ("state", 'calls.state COLLATE "C" DESC, calls.id DESC'),
        ("account", "calls.account DESC, calls.id DESC"),
        ("token", 'calls.token COLLATE "C" DESC, calls.id DESC'),
        ("price", "calls.price DESC, calls.id DESC"),
    ],
)
def test_text_sorts_by_code_point(name: str, terms: str) -> None:
    sorted_by = compile_order_by((SortKey(name, descending=True),), CALLS)
    assert ", ".join(str(term.compile(dialect=PSYCOPG)) for term in sorted_by) == terms


def test_columns_hold_what_is_put_in() -> None:
    created = str(CreateTable(CALLS).compile(dialect=PSYCOPG))
    assert "price NUMERIC(40, 2)" in created
    assert "started_at TIMESTAMP WITH TIME ZONE" in created
    assert "ended_at TIMESTAMP(3) WITH TIME ZONE" in created


PADDED = "PostgreSQL pads calls.x with blanks, which it then ignores; make it a String or Text"
CASELESS = "calls.x is CITEXT, which ignores case; make it a String or Text"
ROUNDED = "PostgreSQL keeps calls.x in single precision, which rounds; make it a Double"


@pytest.mark.parametrize(
    ("column", "declared", "sentence"),
    [
        (sa.CHAR(3), types.Text(), PADDED),
        (sa.NCHAR(3), types.Text(), PADDED),
        (sa.String().with_variant(sa.CHAR(3), "postgresql"), types.Text(), PADDED),
        (postgresql.CITEXT(), types.Text(), CASELESS),
        (sa.String().with_variant(postgresql.CITEXT(), "postgresql"), types.Text(), CASELESS),
        (sa.REAL(), types.Float(), ROUNDED),
        (sa.Float(24), types.Decimal(exact=False), ROUNDED),
    ],
    ids=repr,
)
def test_what_would_answer_otherwise_is_refused(
    column: TypeEngine[Any], declared: types.ValueType[Any, Any], sentence: str
) -> None:
    calls = sa.Table("calls", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", column))
    filters = Filters([Field(declared, name="x", nullable=True)])
    with pytest.raises(CompileError) as refused:
        check(filters, calls, PSYCOPG)
    assert str(refused.value) == sentence


def test_a_variant_for_another_dialect_is_passed_over() -> None:
    name = sa.Column("x", sa.String().with_variant(sa.CHAR(3), "mysql"), nullable=False)
    check(Filters([Field(types.Text(), name="x")]), sa.Table("calls", sa.MetaData(), name), PSYCOPG)


def parameter(predicate: Predicate, driver: str) -> object:
    """Give what a driver gets for the only value of a predicate."""
    statement, values = compile_select(predicate, CALLS)
    dialect = registry.load(f"postgresql.{driver}")()
    (convert,) = statement.compile(dialect=dialect)._bind_processors.values()
    assert callable(convert)
    return convert(*values.values())


@pytest.mark.parametrize(
    ("predicate", "text", "items"),
    [
        (NAME.in_(["a", 'b"', "c\\", "NULL"]), r'{"a","b\"","c\\","NULL"}', ["a", 'b"', "c\\", "NULL"]),
        (PRICE.in_([1, Decimal("0.5")]), "{1,0.5}", [Decimal(1), Decimal("0.5")]),
        (DAY.in_([date(2024, 1, 1)]), "{2024-01-01}", [date(2024, 1, 1)]),
        (SIZE.in_([1, 2**31, -(2**31), 2**31 - 1]), "{1,-2147483648,2147483647}", [1, -(2**31), 2**31 - 1]),
        (SMALL.not_in([-(2**15) - 1, 2**15]), "{}", []),
        (GREAT.in_([2**63 - 1]), "{9223372036854775807}", [2**63 - 1]),
    ],
    ids=repr,
)
def test_a_list_is_one_parameter(predicate: Predicate, text: str, items: list[Any]) -> None:
    assert parameter(predicate, "psycopg") == parameter(predicate, "pg8000") == text
    assert parameter(predicate, "psycopg2") == items


def test_integers_in_a_list_have_the_type_of_their_column() -> None:
    assert where(SIZE.in_([1])) == "(calls.size = ANY (%(p0)s::INTEGER[]))"
    assert where(SMALL.in_([1])) == "(calls.small = ANY (%(p0)s::SMALLINT[]))"
    assert where(GREAT.in_([1])) == "(calls.great = ANY (%(p0)s::BIGINT[]))"
    assert where(SIZE.eq(1)) == "calls.size = %(p0)s::BIGINT"
