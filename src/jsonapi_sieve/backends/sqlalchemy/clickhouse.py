"""The rules of ClickHouse (25 or newer), for the dialects of chdb-sqlalchemy and clickhouse-connect."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from jsonapi_sieve.backends.sqlalchemy.json_list import JsonList
from jsonapi_sieve.backends.sqlalchemy.rules import DialectRules
from jsonapi_sieve.errors import CompileError

__all__ = ["ClickHouseRules"]

_DIGITS: Final = 40


class ClickHouseRules(DialectRules):
    """ClickHouse has exact types for everything, and reads what lies beyond one as something else within it."""

    engine: ClassVar[str] = "clickhouse"

    def decimal_type(self, scale: int) -> TypeEngine[Decimal]:
        return sa.Numeric(_DIGITS, scale)

    def decimal_constant(self, scale: int, whole: int | None = None) -> TypeEngine[Decimal]:
        return DecimalText(scale)

    def float_constant(self) -> TypeEngine[float]:
        return FloatText()

    def timestamp_type(self, digits: int) -> TypeEngine[datetime]:
        return Instant(digits)

    def timestamp_constant(self) -> TypeEngine[datetime]:
        return Microseconds()

    def date_constant(self) -> TypeEngine[date]:
        return Days()

    def list_type(self, item: TypeEngine[Any]) -> TypeEngine[Sequence[Any]]:
        return Array(item)

    def pattern_type(self) -> TypeEngine[str]:
        return Pattern()

    def exact(self, value: str, type_: TypeEngine[Any]) -> str:
        if isinstance(type_, sa.DateTime):
            raise CompileError(
                f"ClickHouse keeps {value} in whole seconds or in the server's zone; make it a UtcDateTime"
            )
        if isinstance(type_, (sa.CHAR, sa.NCHAR)) or type(type_).__name__ == "FixedString":
            raise CompileError(f"ClickHouse pads {value}; make it a String or Text")
        if isinstance(type_, sa.Date):
            # Days since 1970: dates that lie beyond the years of the column's type have them, too.
            return f"toInt32({value})"
        return value

    def floating(self, value: str, type_: TypeEngine[Any]) -> str:
        if not isinstance(type_, sa.Float):
            return f"toFloat64({value})"
        # One of the dialects makes a single one of Float, too.
        if not isinstance(type_, sa.Double) and type(type_).__name__ != "Float64":
            raise CompileError(f"ClickHouse may keep {value} in single precision, which rounds; make it a Double")
        # Lists tell -0.0 from 0.0, which the sum with 0 does not.
        return f"{value} + 0"

    def ordered(self, value: str, type_: TypeEngine[Any]) -> str:
        # A UUID sorts by its second half first, and an Enum as its members were declared.
        return f"toString({value})" if isinstance(type_, (sa.Uuid, sa.Enum)) else self.exact(value, type_)

    def ascii_lower(self, text: str) -> str:
        return f"lower({text})"

    def contains(self, text: str, needle: str) -> str:
        return f"position({text}, {needle}) > 0"

    def starts_with(self, text: str, prefix: str) -> str:
        return f"startsWith({text}, {prefix})"

    def ends_with(self, text: str, suffix: str) -> str:
        return f"endsWith({text}, {suffix})"

    def matches(self, text: str, pattern: str) -> str:
        return f"{text} LIKE {pattern}"

    def some_item(self, items: str, text: str, test: str) -> str:
        # The text is put into an array of its own, so that it is computed once.
        some = f"arrayExists({self.item()} -> ifNull({test}, 0), {items})"
        return f"arrayExists({self.tested()} -> {some}, [{text}])"

    def some_row(self, exists: str) -> str:
        raise CompileError(
            "ClickHouse may answer wrongly where a subquery looks at the row around it; "
            "join related rows in a view, and filter by its columns"
        )

    def tested(self) -> str:
        return "jsonapi_sieve_tested"

    def item(self) -> str:
        return "jsonapi_sieve_item"


class DecimalText(TypeDecorator[Decimal]):
    """A decimal that is compared, of 76 digits with `scale` behind the point: a literal would be a float."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.String
    cache_ok: bool | None = True

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.scale = scale

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{value:f}"

    def bind_expression(self, bindparam: sa.BindParameter[Any]) -> sa.ColumnElement[Any]:
        return sa.func.toDecimal256(bindparam, sa.literal_column(str(self.scale)))


class FloatText(TypeDecorator[float]):
    """A float as its shortest exact text: a driver may write fewer digits."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.String
    cache_ok: bool | None = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> str | None:
        return None if value is None else repr(value)

    def bind_expression(self, bindparam: sa.BindParameter[Any]) -> sa.ColumnElement[Any]:
        return sa.func.toFloat64(bindparam)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)


class Instant(UserDefinedType[datetime]):
    """Instants in UTC of the years 1900 to 2299; ClickHouse would read others as the nearest of them."""

    cache_ok: bool | None = True

    def __init__(self, digits: int) -> None:
        self.digits = digits

    def get_col_spec(self, **_: Any) -> str:
        return f"DateTime64({self.digits}, 'UTC')"

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], datetime | str | None]:
        # The server's driver takes datetimes in, chDB's no zone.
        return _checked if dialect.driver == "connect" else _shown


def _checked(value: datetime | None) -> datetime | None:
    if value is not None and not _FIRST <= value < _LAST:
        raise ValueError(f"{value.isoformat()} lies outside the years 1900 to 2299, which are those of ClickHouse")
    return value


def _shown(value: datetime | None) -> str | None:
    return None if value is None or _checked(value) is None else value.replace(tzinfo=None).isoformat(" ")


class Microseconds(TypeDecorator[datetime]):
    """An instant that is compared, of any year, as microseconds since 1970."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.BigInteger
    cache_ok: bool | None = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def bind_expression(self, bindparam: sa.BindParameter[Any]) -> sa.ColumnElement[Any]:
        return sa.func.fromUnixTimestamp64Micro(sa.func.toInt64(bindparam), sa.literal_column("'UTC'"))


class Days(TypeDecorator[date]):
    """A date that is compared, of any year, as days since 1970."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.Integer
    cache_ok: bool | None = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:
        return None if value is None else value.toordinal() - _EPOCH.toordinal()


_PATTERN_LENGTH: Final = 50_000


class Pattern(TypeDecorator[str]):
    """A LIKE pattern, short enough for a regular expression, in which a backslash escapes nothing but what needs it."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.String
    cache_ok: bool | None = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if len(value) > _PATTERN_LENGTH:
            raise CompileError(f"ClickHouse takes a LIKE pattern of at most {_PATTERN_LENGTH} characters")
        # Before another character it would stand for itself.
        return re.sub(r"(\\[%_\\])|\\", r"\1", value)


class Array(JsonList):
    """A list as JSON text, which is read as an array: a driver may write a list otherwise, and decimals as floats."""

    cache_ok: bool | None = True

    def bind_expression(self, bindvalue: sa.BindParameter[Any]) -> sa.ColumnElement[Any]:
        item: Any = self.item
        match item.impl_instance if isinstance(item, TypeDecorator) else item:
            case sa.Numeric():
                return _each(f"toDecimal256(x, {item.scale})", _array("String", bindvalue))
            case sa.DateTime():
                return _each("fromUnixTimestamp64Micro(x, 'UTC')", _array("Int64", bindvalue))
            case sa.Integer() | sa.Date():
                return _array("Int64", bindvalue)
            case sa.Boolean():
                return _array("Bool", bindvalue)
            case sa.Uuid(native_uuid=True):
                # Beside text, a list of more than a megabyte has no common type.
                return _array("UUID", bindvalue)
            case _:
                return _array("String", bindvalue)


def _array(item: str, text: sa.BindParameter[Any]) -> sa.ColumnElement[Any]:
    return sa.func.JSONExtract(text, sa.literal_column(f"'Array({item})'"))


def _each(made: str, items: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.arrayMap(sa.literal_column(f"x -> {made}"), items)
