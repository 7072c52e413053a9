"""The quick writers of fields against the fields themselves, value by value."""

import enum
import ipaddress
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import NoneType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from marshmallow import fields

from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.serialization import StoredFilters, Typed
from jsonapi_sieve.serialization.compiled.scalars import passing, unchanged, writer

IP: Any = fields.IP


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "another"


class Whole(int):
    pass


class Moment(datetime):
    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        return "another"


class Colour(enum.Enum):
    RED = "red"
    BLUE = 2


class Odd(enum.Enum):
    RED = "red"

    @property
    def value(self) -> str:
        return "another"


class CallFilters(FilterSet):
    duration = Field(types.Integer(32))


class Shouted(fields.Str):
    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return f"{value}!"


class Doubled(fields.Integer):
    def _format_num(self, value: Any) -> Any:
        return 2 * int(value)


class Fractional(fields.Integer):
    num_type: Any = complex


class Rounded(types.Integer):
    pass


class Repriced(Typed):
    def _constant(self, value: object) -> Any:
        return 1


def typed(*value_types: types.ValueType[Any, Any]) -> list[Typed]:
    return [Typed(value_type) for value_type in value_types]


MOMENT = datetime(2019, 1, 31, 12, 30, 1, 123987, UTC)
VALUES: list[Any] = [
    *(None, True, False, 0, 1, -7, 10**19 - 1, 10**19, 10**30, Whole(3), 0.0, -0.0, 1.5, float("nan"), float("inf")),
    *("", "text", "é", "\0", "\ud800", Text("x"), b"bytes", b"\xff", "yes", "off", "red", "RED", "12", "x" * 50),
    *map(
        Decimal, ("0", "-0.00", "0E-12", "0E-50", "0E+50", "1.50", "-2.5", "1E+3", "1E-7", "1E+39", "1E+40", "12.3456")
    ),
    *map(Decimal, ("NaN", "-NaN12", "sNaN", "Infinity", "-Infinity", "1E+999", "0." + "1" * 41, "1" * 40, "9" * 41)),
    *(MOMENT, MOMENT.replace(microsecond=0), MOMENT.replace(tzinfo=None), MOMENT.astimezone(ZoneInfo("Etc/UTC"))),
    *(
        MOMENT.astimezone(timezone(timedelta(hours=2))),
        Moment(2019, 1, 31, tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ),
    *(
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))),
        date(2019, 1, 31),
        time(12, 30, 1, 5),
        time(12, tzinfo=UTC),
    ),
    *(
        timedelta(days=2, seconds=3, microseconds=4),
        timedelta(milliseconds=-1),
        uuid.UUID(int=7),
        str(uuid.UUID(int=7)),
    ),
    *("4ADA4B3C-1F6E-4B1A-9C7E-3F1F6B7F1A2B", "10.0.0.1", "10.0.0.01", "10.0.0.256", "10.0.0.1\n", "10.1.2.3/8", "::1"),
    *map(ipaddress.ip_address, ("10.0.0.1", "2001:db8::1", "::ffff:10.0.0.1")),
    *map(ipaddress.ip_interface, ("10.0.0.1/8", "2001:db8::1/64")),
    *(Colour.RED, Colour.BLUE, Odd.RED, [1, "2"], ("1",), [None], {"a": 1}, [("a", 1)], {1, 2}, object(), Colour),
]

KNOWN: list[Any] = [
    *(
        fields.Raw(),
        fields.Str(),
        fields.Email(),
        fields.Url(),
        fields.UUID(),
        fields.Bool(),
        StoredFilters(CallFilters()),
    ),
    *(fields.Bool(truthy={"yes"}, falsy={1}), fields.Int(), fields.Int(strict=True), fields.Int(as_string=True)),
    *(fields.Float(), fields.Float(allow_nan=True), fields.Float(as_string=True), fields.Decimal(), fields.Decimal(2)),
    *(fields.Decimal(as_string=True), fields.Decimal(2, "ROUND_UP", as_string=True), fields.Decimal(allow_nan=True)),
    *(fields.Decimal(as_string=True, allow_nan=True), fields.Decimal(0, "ROUND_DOWN"), fields.TimeDelta()),
    *(fields.DateTime(), fields.DateTime("rfc"), fields.DateTime("timestamp"), fields.DateTime("%d/%m/%Y")),
    *(
        fields.NaiveDateTime("timestamp_ms"),
        fields.AwareDateTime("iso8601"),
        fields.Date(),
        fields.Date("%Y"),
        fields.Time(),
    ),
    *(
        fields.Time("%H"),
        IP(),
        IP(exploded=True),
        fields.IPv6Interface(exploded=True),
        fields.IPInterface(),
    ),
    *(fields.Enum(Colour), fields.Enum(Colour, by_value=True), fields.Enum(Colour, by_value=fields.Str)),
    *(fields.List(fields.Int()), fields.Dict(), fields.List(fields.List(fields.Str()))),
    *typed(types.Boolean(), types.Integer(16), types.Decimal(), types.Text(), types.Enum("red"), types.Uuid()),
    *typed(
        *(types.Address(), types.Date(), types.Timestamp(), types.Timestamp(digits=3), types.Timestamp(zone="UTC")),
    ),
]

UNKNOWN: list[Any] = [
    *(
        Shouted(),
        Doubled(),
        Fractional(),
        fields.Enum(Odd),
        fields.Enum(Colour, by_value=Shouted),
        fields.List(Shouted),
    ),
    *(
        fields.Dict(keys=fields.Str()),
        fields.Dict(values=fields.Str()),
        fields.Tuple((fields.Str(),)),
        fields.Nested("X"),
    ),
    *(fields.Constant(1), fields.Function(str), Repriced(types.Integer()), Typed(Rounded())),
    *(Typed(types.Float()), Typed(types.Decimal(exact=False))),
]


def named(case: Any) -> str:
    return type(case).__name__


def outcome(write: Any, value: Any) -> Any:
    """Give what is written, with its class and those of what it holds, or the error."""
    try:
        written = write(value)
    except Exception as error:  # noqa: BLE001  (whatever it is)
        return type(error), str(error), getattr(error, "__notes__", None)
    return type(written), repr(written)


@pytest.mark.parametrize("field", KNOWN, ids=named)
def test_writers_write_what_the_field_does(field: Any) -> None:
    write = writer(field)
    assert write is not None
    for value in VALUES:
        assert outcome(write, value) == outcome(lambda value: field._serialize(value, None, None), value)


@pytest.mark.parametrize("field", KNOWN, ids=named)
def test_values_that_pass_are_written_as_they_are(field: Any) -> None:
    classes = passing(field)
    assert classes is not None
    assert NoneType in classes
    for value in VALUES:
        if type(value) in classes:
            assert outcome(unchanged, value) == outcome(lambda value: field._serialize(value, None, None), value)


@pytest.mark.parametrize(
    ("field", "classes"),
    [
        (fields.Str(), {str}),
        (fields.Int(), {int}),
        (fields.Float(allow_nan=True), {float}),
        (fields.Float(as_string=True), set()),
        (fields.Decimal(), {Decimal}),
        (fields.Decimal(2), set()),
        (fields.Decimal(allow_nan=True), set()),
        (fields.Raw(), {bool, int, float, str}),
        (Typed(types.Boolean()), {bool}),
        (Typed(types.Integer()), set()),
    ],
    ids=named,
)
def test_classes_that_pass(field: Any, classes: set[type]) -> None:
    assert set(passing(field) or ()) == classes | {NoneType}


@pytest.mark.parametrize("field", UNKNOWN, ids=named)
def test_fields_that_are_not_known(field: Any) -> None:
    assert writer(field) is None
    assert passing(field) is None


def test_a_function_of_an_instance_s_own_is_not_known() -> None:
    field: Any = fields.Str()
    field._serialize = str.upper
    assert writer(field) is None
