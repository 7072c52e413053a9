"""What is sent to MariaDB, and what is refused before; no server is needed."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeEngine

from jsonapi_sieve import CompileError, Field, Predicate, SortKey, types
from jsonapi_sieve.backends.sqlalchemy import (
    ExactDecimal,
    UtcDateTime,
    check,
    compile_order_by,
    compile_select,
    compile_sqlalchemy,
)
from tests.backends.sqlalchemy.models import Filters

MARIADB: Dialect = MariaDBDialect(paramstyle="pyformat")
BINARY = "utf8mb4_nopad_bin"


class Shade(enum.Enum):
    ZINC = "zinc"
    ASH = "ash"


def _values(members: type[enum.Enum]) -> list[str]:
    return [member.value for member in members]


CALLS = sa.Table(
    "c",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(256), nullable=False),
    sa.Column("plain", sa.String(256, BINARY), nullable=False),
    sa.Column("padded", mysql.VARCHAR(9, charset="utf8mb4", collation="utf8mb4_bin"), nullable=False),
    sa.Column("newer", sa.String(9, "uca1400_ai_ci")),
    sa.Column("price", ExactDecimal(2), nullable=False),
    sa.Column("rough", sa.Numeric(10, 2), nullable=False),
    sa.Column("ratio", sa.Double, nullable=False),
    sa.Column("fine", sa.Float(53), nullable=False),
    sa.Column("status", sa.Enum("z", "a"), nullable=False),
    sa.Column("state", sa.Enum("z", "a", native_enum=False), nullable=False),
    sa.Column("shade", sa.Enum(Shade, values_callable=_values), nullable=False),
    sa.Column("account", sa.Uuid, nullable=False),
    sa.Column("token", sa.Uuid(native_uuid=False), nullable=False),
    sa.Column("started_at", UtcDateTime(), nullable=False),
    sa.Column("ended_at", UtcDateTime(digits=3), nullable=False),
    sa.Column("seen_at", mysql.DATETIME(fsp=6), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
)
MOMENT = datetime(2024, 1, 1, tzinfo=UTC)
UUID = "4ada0a5e-1f3c-4b0c-9a55-0123456789ab"
ID = Field(types.Integer(32), name="id")
NAME = Field(types.Text(), name="name")
PLAIN = Field(types.Text(), name="plain")
PADDED = Field(types.Text(), name="padded")
NEWER = Field(types.Text(), name="newer", nullable=True)
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


def where(predicate: Predicate) -> str:
    """Give the condition that is sent for a predicate."""
    statement, _ = compile_select(predicate, CALLS)
    return str(statement.compile(dialect=MARIADB)).partition("WHERE ")[2]


VALUE = "CONVERT(%(p0)s USING utf8mb4)"
LOWER = f"CAST(LOWER(CONVERT(CAST(c.name COLLATE {BINARY} AS BINARY) USING hebrew)) AS BINARY)"
LAST = "CONCAT(CONVERT(%(p0)s USING utf8mb4), REPEAT(_utf8mb4 X'F48FBFBF', 16384))"


@pytest.mark.parametrize(
    ("predicate", "sent"),
    [
        (ID.eq(1), "c.id = %(p0)s"),
        (ID.in_([1, 2]), "(c.id IN (__[POSTCOMPILE_p0]))"),
        (ID.not_in([1, 2]), "c.id IS NOT NULL AND (NOT (c.id IN (__[POSTCOMPILE_p0])))"),
        (NAME.eq("a"), f"c.name COLLATE {BINARY} = %(p0)s"),
        (NAME.in_(["a", "b"]), f"(c.name COLLATE {BINARY} IN (__[POSTCOMPILE_p0]))"),
        (NAME.gt("a"), f"c.name COLLATE {BINARY} > %(p0)s"),
        (NAME.cont("1"), f"(LOCATE({VALUE}, c.name COLLATE {BINARY}) > 0)"),
        (NAME.cont("A"), f"(LOCATE({VALUE}, {LOWER}) > 0)"),
        (NAME.end("1"), f"(RIGHT(CAST(c.name COLLATE {BINARY} AS BINARY), OCTET_LENGTH({VALUE})) = {VALUE})"),
        (PLAIN.eq("a"), "c.plain = %(p0)s"),
        (PLAIN.in_(["a", "b"]), "(c.plain IN (__[POSTCOMPILE_p0]))"),
        (PLAIN.start("1"), f"(c.plain >= {VALUE} AND c.plain <= {LAST})"),
        (PLAIN.matches("_1"), f"(CONVERT(c.plain USING utf8mb4) COLLATE {BINARY} LIKE %(p0)s ESCAPE X'5C')"),
        (PADDED.eq("a"), f"c.padded COLLATE {BINARY} = %(p0)s"),
        (NEWER.eq("a"), f"c.newer COLLATE {BINARY} = %(p0)s"),
        (PRICE.gt(1), "c.price > %(p0)s"),
        (PRICE.in_([1, 2]), "(c.price IN (__[POSTCOMPILE_p0]))"),
        (ROUGH.gt(1), "c.rough > %(p0)s"),
        (RATIO.gt(1), "c.ratio > %(p0)s"),
        (FINE.in_([1, 2]), "(c.fine IN (__[POSTCOMPILE_p0]))"),
        (STATUS.eq("a"), "c.status = %(p0)s"),
        (STATE.eq("a"), f"c.state COLLATE {BINARY} = %(p0)s"),
        (SHADE.in_(["ash", "zinc"]), "(c.shade IN (__[POSTCOMPILE_p0]))"),
        (ACCOUNT.eq(UUID), "CONVERT(c.account USING utf8mb4) = %(p0)s"),
        (TOKEN.eq(UUID), "c.token = %(p0)s"),
        (STARTED_AT.gt(MOMENT), "c.started_at > %(p0)s"),
        (SEEN_AT.gt(MOMENT), "c.seen_at > %(p0)s"),
        (DAY.in_([MOMENT.date(), date(2024, 1, 2)]), "(c.day IN (__[POSTCOMPILE_p0]))"),
    ],
    ids=repr,
)
def test_what_is_sent(predicate: Predicate, sent: str) -> None:
    assert where(predicate) == sent


TEXT = f"LONGTEXT CHARACTER SET utf8mb4 COLLATE {BINARY} PATH '$'"
ARRAY = f"JSON_ARRAY(CONVERT({LOWER} USING utf8mb4), RAND())"
ROW = f"JSON_TABLE({ARRAY}, '$[0]' COLUMNS (tested {TEXT})) AS jsonapi_sieve_row"
ITEMS = f"JSON_TABLE(%(p0)s, '$[*]' COLUMNS (item {TEXT})) AS jsonapi_sieve_items"
LIST = f"(SELECT item FROM {ITEMS} LIMIT 18446744073709551615) AS jsonapi_sieve_list"  # noqa: S608
SOME = f"EXISTS (SELECT 1 FROM {ROW} STRAIGHT_JOIN {LIST} WHERE"  # noqa: S608


def test_a_row_is_folded_once_for_all_needles() -> None:
    found = "(LOCATE(CONVERT(jsonapi_sieve_list.item USING utf8mb4), jsonapi_sieve_row.tested) > 0)"
    assert where(NAME.compare("cont_any", ["a", "b"])) == f"({SOME} {found}))"
    missed = f"({SOME} (NOT {found})))"
    assert where(NAME.compare("cont_all", ["a", "b"])) == f"c.name IS NOT NULL AND (NOT {missed})"


def test_needles_that_texts_start_with_are_not_made_ends_of_ranges() -> None:
    item = "CONVERT(jsonapi_sieve_list.item USING utf8mb4)"
    found = f"(LEFT(CAST(jsonapi_sieve_row.tested AS BINARY), OCTET_LENGTH({item})) = {item})"
    assert where(NAME.compare("start_any", ["a", "b"])) == f"({SOME} {found}))"


def test_items_are_sent_one_by_one_whatever_the_statement_was_compiled_with() -> None:
    cache: dict[Any, Any] = {}
    for numbers in ([1, 2], [3, 4, 5]):
        statement = sa.select(CALLS.c.id).where(compile_sqlalchemy(PRICE.in_(numbers), CALLS))
        compiled, extracted, *_ = statement._compile_w_cache(MARIADB, compiled_cache=cache, column_keys=[])
        sent = compiled.construct_params(extracted_parameters=extracted)
        assert sent is not None
        assert list(sent.values()) == [tuple(map(Decimal, numbers))]
    assert len(cache) == 1


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("name", f"c.name COLLATE {BINARY} DESC, c.id DESC"),
        ("plain", "c.plain DESC, c.id DESC"),
        ("newer", f"c.newer COLLATE {BINARY} IS NULL DESC, c.newer COLLATE {BINARY} DESC, c.id DESC"),
        ("status", f"CONVERT(c.status USING utf8mb4) COLLATE {BINARY} DESC, c.id DESC"),
        ("state", f"c.state COLLATE {BINARY} DESC, c.id DESC"),
        ("account", "CONVERT(c.account USING utf8mb4) DESC, c.id DESC"),
        ("token", "c.token DESC, c.id DESC"),
        ("price", "c.price DESC, c.id DESC"),
    ],
)
def test_text_sorts_by_code_point(name: str, terms: str) -> None:
    sorted_by = compile_order_by((SortKey(name, descending=True),), CALLS)
    assert ", ".join(str(term.compile(dialect=MARIADB)) for term in sorted_by) == terms


def test_nothing_is_the_largest() -> None:
    term, _ = compile_order_by((SortKey("newer", descending=False),), CALLS)
    text = f"c.newer COLLATE {BINARY}"
    assert str(term.compile(dialect=MARIADB)) == f"{text} IS NULL ASC, {text} ASC"


def test_columns_hold_what_is_put_in() -> None:
    created = str(CreateTable(CALLS).compile(dialect=MARIADB))
    assert "price NUMERIC(40, 2)" in created
    assert "started_at DATETIME(6)" in created
    assert "ended_at DATETIME(3)" in created


def with_x(column: TypeEngine[Any]) -> sa.Table:
    return sa.Table("c", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", column))


TRIMMED = "MariaDB takes the trailing blanks off c.x; make it a String or Text"
ROUNDED = "MariaDB keeps c.x in single precision, which rounds; make it a Double"
WHOLE = "MariaDB keeps whole seconds in c.x; make it a UtcDateTime, or mysql.DATETIME(fsp=6)"
ZONED = "c.x changes with the zone of the session; make it a UtcDateTime, or mysql.DATETIME(fsp=6)"
UNZONED = "MariaDB keeps c.x without its zone; make it a UtcDateTime"
SHORT = "MariaDB has decimals of at most 38 digits behind the point, not 39"
NAIVE = types.Timestamp(zone="UTC")


@pytest.mark.parametrize(
    ("column", "declared", "sentence"),
    [
        (sa.CHAR(3), types.Text(), TRIMMED),
        (sa.NCHAR(3), types.Text(), TRIMMED),
        (sa.String(3).with_variant(sa.CHAR(3), "mariadb"), types.Text(), TRIMMED),
        (
            sa.String(3, "latin1_bin"),
            types.Text(),
            "c.x has the charset latin1, in which not all text fits; make it utf8mb4",
        ),
        (
            mysql.TEXT(charset="ucs2"),
            types.Text(),
            "c.x has the charset ucs2, in which not all text fits; make it utf8mb4",
        ),
        (sa.NVARCHAR(3), types.Text(), "c.x has the charset utf8mb3, in which not all text fits; make it utf8mb4"),
        (sa.REAL(), types.Float(), ROUNDED),
        (mysql.REAL(30, 2), types.Float(), ROUNDED),
        (sa.Float(), types.Decimal(exact=False), ROUNDED),
        (sa.Float(24), types.Float(), ROUNDED),
        (mysql.FLOAT(30, 2), types.Float(), ROUNDED),
        (sa.DateTime(), NAIVE, WHOLE),
        (mysql.DATETIME(), NAIVE, WHOLE),
        (sa.TIMESTAMP(), NAIVE, ZONED),
        (mysql.TIMESTAMP(fsp=6), NAIVE, ZONED),
        (sa.DateTime(timezone=True), types.Timestamp(), UNZONED),
        (ExactDecimal(39), types.Decimal(scale=39), SHORT),
        (sa.Numeric(1, 0), types.Decimal(scale=39), SHORT),
    ],
    ids=repr,
)
def test_what_would_answer_otherwise_is_refused(
    column: TypeEngine[Any], declared: types.ValueType[Any, Any], sentence: str
) -> None:
    with pytest.raises(CompileError) as refused:
        check(Filters([Field(declared, name="x", nullable=True)]), with_x(column), MARIADB)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("column", [sa.String(257), sa.Text(), sa.Text(9), mysql.LONGTEXT()], ids=repr)
def test_a_text_that_may_be_long_cannot_be_sorted_by(column: TypeEngine[Any]) -> None:
    (term, _) = compile_order_by((SortKey("x", descending=False),), with_x(column))
    with pytest.raises(CompileError, match=r"sorts by no more than 256 characters, and c\.x may hold more; make it a"):
        term.compile(dialect=MARIADB)


def test_mysql_is_another() -> None:
    with pytest.raises(CompileError, match=r"no rules for the dialect 'mysql'; there are for .*mariadb"):
        compile_select(NAME.eq("a"), CALLS)[0].compile(dialect=mysql.dialect())
