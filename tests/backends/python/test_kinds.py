"""Constants in the kind in which rows hold the values."""

from __future__ import annotations

import ipaddress
import uuid
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzutc

from jsonapi_sieve import types
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.backends.python.constants import kind_of
from jsonapi_sieve.field import Field

ONE, TWO = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-00000000000f"
NOON = datetime(2024, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")
NAIVE_NOON = NOON.replace(tzinfo=None)

ANY: dict[str, types.ValueType[Any, Any]] = {
    "uuid": types.Uuid(),
    "address": types.Address(),
    "aware": types.Timestamp(),
    "naive": types.Timestamp(zone="UTC"),
    "decimal": types.Decimal(),
    "rounded": types.Decimal(exact=False),
    "float": types.Float(),
    "integer": types.Integer(),
    "date": types.Date(),
    "boolean": types.Boolean(),
    "text": types.Text(),
}
FIELDS = {name: Field(type_, name=name, nullable=True) for name, type_ in ANY.items()}


@pytest.mark.parametrize(
    ("name", "constant", "equal", "other"),
    [
        ("uuid", TWO, TWO, ONE),
        ("uuid", uuid.UUID(TWO), TWO, ONE),
        ("uuid", TWO, uuid.UUID(TWO), uuid.UUID(ONE)),
        ("address", "10.0.0.1", "10.0.0.1", "10.0.0.1/8"),
        ("address", "10.0.0.1", ipaddress.ip_address("10.0.0.1"), ipaddress.ip_interface("10.0.0.1/8")),
        ("address", "10.0.0.1/8", ipaddress.ip_interface("10.0.0.1/8"), ipaddress.ip_address("10.0.0.1")),
        ("aware", NOON, NOON, NOON + HOUR),
        ("aware", NOON, NOON.astimezone(timezone(HOUR)), (NOON + HOUR).astimezone(timezone(HOUR))),
        ("aware", NOON, NOON.astimezone(BERLIN), (NOON + HOUR).astimezone(BERLIN)),
        ("aware", NOON, NOON.astimezone(ZoneInfo("Etc/UTC")), (NOON + HOUR).astimezone(ZoneInfo("Etc/UTC"))),
        ("naive", NOON, NAIVE_NOON, NAIVE_NOON + HOUR),
        ("decimal", Decimal("0.1"), Decimal("0.10"), Decimal("0.11")),
        ("decimal", 2, 2, 3),
        ("rounded", Decimal("0.1"), 0.1, 0.11),
        ("float", 0.1, 0.1, 0.11),
        ("float", 2, 2, 3),
        ("integer", 2, 2, 3),
        ("date", date(2024, 7, 1), date(2024, 7, 1), date(2024, 7, 2)),
        ("boolean", True, True, False),
        ("text", "a", "a", "A"),
    ],
)
def test_a_constant_finds_the_equal_value(name: str, constant: Any, equal: Any, other: Any) -> None:
    field = FIELDS[name]
    rows = [{name: None}, {name: equal}, {name: other}]
    for predicate, found in [
        (field.eq(constant), [1]),
        (field.in_([constant]), [1]),
        (field.not_eq(constant), [2]),
        (field.not_in([constant]), [2]),
    ]:
        matches = compile_python(predicate)
        assert matches.select(rows) == [rows[number] for number in found]
        assert [row for row in rows if matches(row)] == [rows[number] for number in found]


def test_rows_of_two_kinds_are_told_apart_one_by_one() -> None:
    rows = [{"uuid": value} for value in (TWO, uuid.UUID(TWO), None, uuid.UUID(ONE), ONE)]
    assert [compile_python(FIELDS["uuid"].eq(TWO))(row) for row in rows] == [True, True, False, False, False]
    matches = compile_python(FIELDS["uuid"].in_([TWO, TWO.upper()]))
    assert list(filter(matches, rows)) == rows[:2]
    assert matches.select(rows[:1]) == rows[:1]
    assert matches.select(rows[1:]) == rows[1:2]


def test_the_kind_is_that_of_the_first_value_that_is_not_null() -> None:
    rows = [{"uuid": None}] * 1000 + [{"uuid": uuid.UUID(TWO)}]
    assert compile_python(FIELDS["uuid"].eq(TWO)).select(rows) == rows[-1:]
    assert compile_python(FIELDS["uuid"].not_in([ONE])).select(rows) == rows[-1:]
    assert compile_python(FIELDS["uuid"].eq(TWO)).select(rows[:-1]) == []


@pytest.mark.parametrize("instant", [datetime(2024, 10, 27, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)])
def test_moments_in_an_hour_that_clocks_repeat(instant: datetime) -> None:
    field = FIELDS["aware"]
    rows = [{"aware": (instant + n * HOUR).astimezone(BERLIN)} for n in (-1, 0, 1)]
    assert compile_python(field.eq(instant)).select(rows) == rows[1:2]
    assert compile_python(field.in_([instant])).select(rows) == rows[1:2]
    assert compile_python(field.not_eq(instant)).select(rows) == rows[::2]
    assert compile_python(field.not_in([instant])).select(rows) == rows[::2]
    assert compile_python(field.lt(instant)).select(rows) == rows[:1]
    assert compile_python(field.gteq(instant)).select(rows) == rows[1:]


@pytest.mark.parametrize(
    ("name", "constant", "value", "message"),
    [
        ("uuid", TWO, 5, "uuid: the rows hold int values"),
        ("uuid", TWO, TWO.upper(), "uuid: the rows hold text"),
        ("aware", NOON, NAIVE_NOON, "aware: the rows hold naive datetimes"),
        ("naive", NOON, NOON, "naive: the rows hold aware datetimes"),
        ("decimal", 2, 2.0, "decimal: the rows hold float values"),
        ("integer", 2, "2", "integer: the rows hold str values"),
        ("integer", 2, True, "integer: the rows hold bool values"),
        ("boolean", True, 1, "boolean: the rows hold int values"),
        ("date", date(2024, 7, 1), NOON, "date: the rows hold datetime values"),
    ],
)
def test_values_of_another_kind_are_refused(name: str, constant: Any, value: Any, message: str) -> None:
    matches = compile_python(FIELDS[name].eq(constant))
    for _ in range(2):
        with pytest.raises(TypeError, match=message):
            matches({name: value})
        with pytest.raises(TypeError, match=message):
            matches.select([{name: None}, {name: value}])


@pytest.mark.parametrize("zone", [ZoneInfo("UTC"), ZoneInfo("Etc/UTC"), ZoneInfo.no_cache("UTC")], ids=repr)
def test_moments_are_compared_in_the_zone_object_of_the_rows_where_it_is_utc(zone: ZoneInfo) -> None:
    kind = kind_of(FIELDS["aware"], NOON.astimezone(zone))
    assert kind is not None
    assert kind.convert is not None
    converted = kind.convert(NOON)
    assert isinstance(converted, datetime)
    assert converted == NOON
    assert converted.tzinfo is zone


class Summery(tzinfo):
    """Tells its standard offset where it is asked of no moment, as the example in Python's documentation does."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return timedelta(0) if moment is None else HOUR

    def dst(self, moment: datetime | None) -> timedelta:
        return self.utcoffset(moment)

    def tzname(self, moment: datetime | None) -> str:
        return "always summer"


class SummeryZone(ZoneInfo):
    """The same as a subclass of a class whose offset without a moment tells that it never changes."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return timedelta(0) if moment is None else HOUR

    def fromutc(self, moment: datetime) -> datetime:
        return moment + HOUR


@pytest.mark.parametrize(
    ("zone", "is_utc"),
    [
        (timezone(timedelta(0), "Zulu"), True),
        (timezone(HOUR), False),
        (tzutc(), False),
        (BERLIN, False),
        (ZoneInfo("Europe/London"), False),
        (Summery(), False),
        (SummeryZone("UTC"), False),
    ],
    ids=["Zulu", "an hour", "tzutc", "Berlin", "London", "summery", "summery by name"],
)
def test_zones_of_other_classes_are_utc_where_they_cannot_change(zone: tzinfo, is_utc: bool) -> None:
    later = [(NOON + n * HOUR).astimezone(zone) for n in range(3)]
    kind = kind_of(FIELDS["aware"], later[0])
    assert kind is not None
    assert (kind.convert is not None) is is_utc
    rows = [{"aware": moment} for moment in later] + [
        {"aware": NOON + HOUR},
        {"aware": (NOON + HOUR).astimezone(BERLIN)},
    ]
    equal, since = FIELDS["aware"].eq(NOON + HOUR), FIELDS["aware"].gteq(NOON + HOUR)
    for predicate, expected in [(equal, [rows[1], *rows[3:]]), (since, rows[1:]), (~since, rows[:1])]:
        assert compile_python(predicate).select(rows) == expected
        assert list(filter(compile_python(predicate), rows)) == expected


def test_a_null_test_asks_for_no_kind() -> None:
    rows = [{"integer": "x"}, {"integer": None}]
    assert compile_python(FIELDS["integer"].null()).select(rows) == rows[1:]
    assert compile_python(~FIELDS["integer"].null()).select(rows) == rows[:1]
    with pytest.raises(TypeError, match="text: the rows hold int values"):
        compile_python(FIELDS["text"].blank()).select([{"text": 0}])


@pytest.mark.parametrize(
    ("name", "rows", "message"),
    [
        ("integer", [1, 3, "x"], "integer: the rows hold str values"),
        ("aware", [NOON, NAIVE_NOON], "aware: the rows hold naive datetimes"),
        ("text", ["x", 5], "text: the rows hold int values"),
    ],
)
def test_a_value_of_another_kind_further_down_that_breaks_a_test_is_refused(
    name: str, rows: list[Any], message: str
) -> None:
    operator, constant = {"integer": ("gt", 2), "aware": ("in", [NOON]), "text": ("cont", "a")}[name]
    matches = compile_python(FIELDS[name].compare(operator, constant))
    with pytest.raises(TypeError, match=message):
        matches.select([{name: value} for value in rows])


def test_a_naive_datetime_after_an_aware_one_is_refused_by_name() -> None:
    matches = compile_python(FIELDS["aware"].eq(NOON))
    assert matches({"aware": NOON})
    with pytest.raises(TypeError, match="aware: the rows hold naive datetimes"):
        matches({"aware": NAIVE_NOON})


def test_an_error_that_no_kind_explains_is_passed_on() -> None:
    class Odd(int):
        def __gt__(self, other: object) -> bool:
            raise TypeError("odd")

    with pytest.raises(TypeError, match=r"^odd$"):
        compile_python(FIELDS["integer"].gt(2)).select([{"integer": Odd(3)}])


def test_what_is_remembered_of_rows_is_bounded() -> None:
    matches = compile_python(FIELDS["integer"].gt(2))
    for number in range(1000):
        assert matches({"integer": type(f"Int{number}", (int,), {})(3)})
    assert len(matches._constants) <= 256
    moments = compile_python(FIELDS["aware"].eq(NOON))
    for _ in range(1000):
        assert moments.select([{"aware": NOON.astimezone(ZoneInfo.no_cache("UTC"))}])
    assert len(moments._converted) <= 256
