import enum
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.types import TypeEngine

from jsonapi_sieve import types
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime, compile_select, compile_sqlalchemy
from jsonapi_sieve.backends.sqlalchemy.fitting import constant_type
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.field import Field
from jsonapi_sieve.operand import HeldValue

AnyType = types.ValueType[Any, Any]
ENUM = types.Enum("a", "b")
NAIVE = types.Timestamp(zone="UTC")


class Stamp(sa.DateTime):
    """Such as the types of dialects are, which may store in a way of their own."""


class Day(sa.Date):
    """As above."""


class HugeInteger(sa.Integer):
    """As above: DuckDB's has 128 bits, and all that SQLAlchemy knows is that it is an integer."""


class UInt32(sa.Integer):
    """As above: what DuckDB and ClickHouse call an unsigned integer of 32 bits."""


class Coloured(enum.Enum):
    A = "a"
    B = "b"


class Own(sa.types.TypeDecorator[str]):
    impl = sa.String
    cache_ok = True


@pytest.mark.parametrize(
    ("declared", "column", "sent"),
    [
        (types.Boolean(), sa.Boolean(), "Boolean()"),
        (types.Integer(16), sa.SmallInteger(), "SmallInteger()"),
        (types.Integer(32), sa.SmallInteger(), "Integer()"),
        (types.Integer(32), sa.Integer(), "Integer()"),
        (types.Integer(64), sa.Integer(), "BigInteger()"),
        (types.Integer(64), sa.BigInteger(), "BigInteger()"),
        (types.Integer(32), mysql.MEDIUMINT(), "Integer()"),
        (types.Integer(64), UInt32(), "BigInteger()"),
        (types.Decimal(), ExactDecimal(), "DecimalConstant(12)"),
        (types.Decimal(scale=2), ExactDecimal(2), "DecimalConstant(2)"),
        (types.Decimal(), sa.Numeric(40, 12), "DecimalConstant(12)"),
        (types.Decimal(), sa.Numeric(10, 2, asdecimal=False), "DecimalConstant(12)"),
        (types.Decimal(exact=False), sa.Numeric(), "FloatConstant()"),
        (types.Decimal(exact=False), sa.Float(), "FloatConstant()"),
        (types.Float(), sa.Float(), "FloatConstant()"),
        (types.Float(), sa.Double(), "FloatConstant()"),
        (types.Text(), sa.String(10), "String()"),
        (types.Text(), sa.UnicodeText(), "String()"),
        (ENUM, sa.Text(), "String()"),
        (ENUM, sa.Enum("c", "b", "a"), "Enum('c', 'b', 'a')"),
        (types.Uuid(), sa.Uuid(), "Uuid(as_uuid=False)"),
        (types.Uuid(), sa.Uuid(as_uuid=False, native_uuid=False), "Uuid(as_uuid=False, native_uuid=False)"),
        (types.Uuid(), sa.String(), "String()"),
        (types.Uuid(), sa.CHAR(36), "String()"),
        (types.Address(), sa.String(43), "String()"),
        (types.Timestamp(), UtcDateTime(), "TimestampConstant()"),
        (types.Timestamp(), UtcDateTime(digits=3), "TimestampConstant()"),
        (types.Timestamp(digits=3), UtcDateTime(digits=3), "TimestampConstant()"),
        (types.Timestamp(), sa.DateTime(timezone=True), "TimestampConstant()"),
        (NAIVE, sa.DateTime(), "NaiveConstant()"),
        (NAIVE, sa.TIMESTAMP(), "NaiveConstant()"),
        (NAIVE, mysql.DATETIME(fsp=6), "NaiveConstant()"),
        (types.Timestamp(digits=3), postgresql.TIMESTAMP(timezone=True, precision=3), "TimestampConstant()"),
        (types.Timestamp(), postgresql.TIMESTAMP(timezone=True), "TimestampConstant()"),
        (types.Date(), sa.Date(), "DateConstant()"),
    ],
    ids=repr,
)
def test_a_column_stands_for_a_type(declared: AnyType, column: TypeEngine[Any], sent: str) -> None:
    assert repr(constant_type(declared, column)) == sent


DECIMALS = (
    r"ExactDecimal\(scale=12\), or on engines that have decimals Numeric with at most 28 digits before the point and"
    r" 12 behind it; for floats declare types.Decimal\(exact=False\)"
)
INSTANTS = r"UtcDateTime\(digits=6\); for naive datetimes in UTC declare types.Timestamp\(zone='UTC'\)"
UUIDS = "Uuid, or String of at least 36 characters"


@pytest.mark.parametrize(
    ("declared", "column", "needed"),
    [
        (types.Boolean(), sa.Integer(), "Boolean"),
        (types.Integer(), sa.Numeric(10, 0), "SmallInteger, Integer or BigInteger"),
        (types.Integer(), sa.String(), "SmallInteger, Integer or BigInteger"),
        (types.Integer(32), sa.BigInteger(), r"at most 32 bits: declare types.Integer\(64\)"),
        (types.Integer(16), sa.Integer(), r"at most 16 bits: declare types.Integer\(32\)"),
        (types.Integer(32), mysql.INTEGER(unsigned=True), r"at most 32 bits: declare types.Integer\(64\)"),
        (types.Integer(64), mysql.BIGINT(unsigned=True), "a column that is not UNSIGNED"),
        (types.Integer(32), UInt32(), r"at most 32 bits: declare types.Integer\(64\)"),
        (types.Integer(64), HugeInteger(), "SmallInteger, Integer or BigInteger"),
        (types.Decimal(), ExactDecimal(2), DECIMALS),
        (types.Decimal(), sa.Float(), DECIMALS),
        (types.Decimal(), sa.Numeric(), DECIMALS),
        (types.Decimal(), sa.Numeric(20), DECIMALS),
        (types.Decimal(), sa.Numeric(40, 13), DECIMALS),
        (types.Decimal(), sa.Numeric(40, 11), DECIMALS),
        (types.Decimal(exact=False), sa.Integer(), "Float or Double"),
        (types.Float(), sa.Integer(), "Float or Double"),
        (types.Float(), sa.Numeric(), "Float or Double"),
        (types.Text(), sa.Enum("a"), "String or Text"),
        (types.Text(), Own(), "String or Text"),
        (types.Text(), sa.LargeBinary(), "String or Text"),
        (ENUM, sa.Enum("a", "c"), "String, or Enum with all these members"),
        (ENUM, sa.Integer(), "String, or Enum with all these members"),
        (types.Enum("A", "B"), sa.Enum(Coloured), "String, or Enum with all these members"),
        (types.Uuid(), sa.String(32), UUIDS),
        (types.Uuid(), sa.Enum("a"), UUIDS),
        (types.Address(), sa.Uuid(), "String or Text"),
        (types.Timestamp(), sa.DateTime(), INSTANTS),
        (types.Timestamp(), Stamp(timezone=True), INSTANTS),
        (types.Timestamp(digits=3), sa.DateTime(timezone=True), r"UtcDateTime\(digits=3\); .*"),
        (types.Timestamp(digits=3), UtcDateTime(), r"UtcDateTime\(digits=3\); .*"),
        (NAIVE, mysql.DATETIME(fsp=3), "a DateTime without time zone that holds 6 digits of a second"),
        (NAIVE, UtcDateTime(), "a DateTime without time zone that holds 6 digits of a second"),
        (NAIVE, sa.DateTime(timezone=True), "a DateTime without time zone that holds 6 digits of a second"),
        (NAIVE, Stamp(), "a DateTime without time zone that holds 6 digits of a second"),
        (
            types.Timestamp(digits=3, zone="UTC"),
            sa.DateTime(),
            "a DateTime without time zone that holds 3 digits of a second",
        ),
        (types.Date(), sa.DateTime(), "Date"),
        (types.Date(), Day(), "Date"),
    ],
    ids=repr,
)
def test_a_column_cannot_stand_for_a_type(declared: AnyType, column: TypeEngine[Any], needed: str) -> None:
    with pytest.raises(CompileError, match=f"^{needed}$"):
        constant_type(declared, column)


def test_other_value_types_have_no_columns() -> None:
    class Colour(types.Text):
        pass

    assert constant_type(Colour(), sa.String()) is not None
    with pytest.raises(CompileError, match="a column type that nobody has named yet"):
        constant_type(HeldValue(types.Text()), sa.String())


def test_the_types_for_some_dialects_have_to_stand_for_it_too() -> None:
    either = sa.Uuid().with_variant(sa.String(36), "sqlite")
    sent = constant_type(types.Uuid(), either)
    assert repr(sent.dialect_impl(sqlite.dialect())) == "String()"
    with pytest.raises(CompileError, match=UUIDS):
        constant_type(types.Uuid(), sa.Uuid().with_variant(sa.String(32), "sqlite"))


def test_an_exact_column_on_sqlite_may_be_a_plain_one_elsewhere() -> None:
    price = sa.Numeric(40, 12).with_variant(ExactDecimal(), "sqlite")
    prices = sa.Table("prices", sa.MetaData(), sa.Column("price", price))
    field = Field(types.Decimal(), name="price", nullable=True)
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        prices.create(connection)
        connection.execute(prices.insert(), [{"price": number} for number in (-1, 5, 10)])
        statement, values = compile_select(field.lt(10) & field.in_([5, 10]), prices)
        assert connection.scalars(statement, values).all() == [5]
    engine.dispose()


def test_the_refusal_names_the_field_and_the_column() -> None:
    calls = sa.Table(
        "calls", sa.MetaData(), sa.Column("size", sa.BigInteger, nullable=False), sa.Column("name", sa.String)
    )
    with pytest.raises(CompileError) as refused:
        compile_select(Field(types.Integer(32), name="size").eq(1), calls)
    assert str(refused.value) == (
        "size: calls.size is BigInteger(); Integer(bits=32) needs at most 32 bits: declare types.Integer(64)"
    )
    with pytest.raises(CompileError) as refused:
        compile_select(Field(types.Text(), name="name").eq("x"), calls)
    assert str(refused.value) == "name: calls.name may be NULL; declare the field with nullable=True"


def test_without_an_engine_a_decimal_is_printed_as_it_is() -> None:
    prices = sa.table("prices", sa.column("price", sa.Numeric(10, 2)))
    field = Field(types.Decimal(scale=2), name="price", nullable=True)
    clause = compile_sqlalchemy(field.eq(Decimal("1.50")), prices)
    assert str(clause.compile(compile_kwargs={"literal_binds": True})) == "Exact(prices.price) = 1.50"
