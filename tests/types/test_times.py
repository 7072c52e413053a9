from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import types
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.types import InvalidValue
from jsonapi_sieve.types.times import AWARE, DAYS, NAIVE

MICRO = types.Timestamp()
MILLI = types.Timestamp(digits=3)
IN_UTC = types.Timestamp(zone="UTC")
LOOSE = types.Timestamp(loose=True)
DAY = types.Date()

OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


class Later(datetime):
    """A datetime that differs from every other, as some subclasses do."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = datetime.__hash__


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019-01-31", utc(2019, 1, 31)),
        ("2024-02-29", utc(2024, 2, 29)),
        ("2019-01-31T12:30", utc(2019, 1, 31, 12, 30)),
        ("2019-01-31 12:30", utc(2019, 1, 31, 12, 30)),
        ("2019-01-31 12:30Z", utc(2019, 1, 31, 12, 30)),
        ("2019-01-01 00:00:00", utc(2019, 1, 1)),
        ("2019-01-31T12:30:15.1", utc(2019, 1, 31, 12, 30, 15, 100_000)),
        ("2019-01-31T12:30:15.12", utc(2019, 1, 31, 12, 30, 15, 120_000)),
        ("2019-01-31T12:30:15.1234", utc(2019, 1, 31, 12, 30, 15, 123_400)),
        ("2019-01-31T12:30:15.12345Z", utc(2019, 1, 31, 12, 30, 15, 123_450)),
        ("2019-01-31T12:30:15.123456Z", utc(2019, 1, 31, 12, 30, 15, 123_456)),
        ("2019-01-31T12:30:15.1234569Z", utc(2019, 1, 31, 12, 30, 15, 123_456)),
        ("2019-01-31T12:30:15.12345699+00:00", utc(2019, 1, 31, 12, 30, 15, 123_456)),
        ("2019-01-31T12:30:15.999999999", utc(2019, 1, 31, 12, 30, 15, 999_999)),
        ("2019-01-31T12:30+02:00", utc(2019, 1, 31, 10, 30)),
        ("2019-01-31T12:30:00-00:00", utc(2019, 1, 31, 12, 30)),
        ("2019-01-31 23:30:00-05:45", utc(2019, 2, 1, 5, 15)),
        ("2019-01-31T12:30:00+23:59", utc(2019, 1, 30, 12, 31)),
        ("0001-01-01", utc(1, 1, 1)),
        ("0001-01-01T14:00:00+14:00", utc(1, 1, 1)),
        ("9999-12-31T23:59:59.999999999Z", utc(9999, 12, 31, 23, 59, 59, 999_999)),
    ],
)
def test_timestamp_spellings(text: str, moment: datetime) -> None:
    for type_ in (MICRO, IN_UTC, LOOSE):
        constant = type_.parse(text)
        assert constant == type_.load(text) == moment
        assert constant.tzinfo is UTC
    cut = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert MILLI.parse(text) == cut
    assert MILLI.parse(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        *["0000-01-01", "10000-01-01", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-01", "2024-01-00"],
        *["2024-1-1"],
        *["20240101", "2024-W01-1", "2024-001", "2024-01", "2024", "24-01-01", "-2024-01-01", "+2024-01-01"],
        *["2024-01-01T24:00:00", "2024-01-01T24:00", "2024-01-01T12:60", "2024-01-01T12:00:60", "2024-01-01T12:00:61Z"],
        *["2024-01-01T12", "2024-01-01T", "2024-01-01 ", "2024-01-01T1:00", "2024-01-01T12:00:0", "2024-01-01T120000"],
        *["2024-01-01T12:00:00.", "2024-01-01T12:00:00.1234567891", "2024-01-01T12:00:00,5", "2024-01-01T12:00.5"],
        *["2024-01-01Z", "2024-01-01+02:00", "2024-01-01T12:00+02", "2024-01-01T12:00+0200", "2024-01-01T12:00+2:00"],
        *["2024-01-01T12:00+24:00", "2024-01-01T12:00+02:60", "2024-01-01T12:00+99:59", "2024-01-01T12:00+02:00:00"],
        *["2024-01-01T12:00ZZ", "2024-01-01T12:00 Z", "2024-01-01t12:00", "2024-01-01T12:00z", "2024-01-01  12:00"],
        *["2024-01-01X12:00", "2024-01-01\t12:00", " 2024-01-01", "2024-01-01\n", "2024-01-01T12:00:00\0"],
        *["\uff12\uff1024-01-01"],
        *["2024-01-01T12:00UTC", "2024-01-01T12:00 Europe/Berlin", "2024-01-01T12:00[UTC]", "1704067200", "T12:00"],
        *["12:00"],
        *["2024/01/01", "01/02/2024", "1 Jan 2024", "now", "infinity", "-infinity", "2024-01-01T12:00\u2212" + "02:00"],
    ],
    ids=ascii,
)
def test_timestamp_refusals(text: str) -> None:
    for type_ in (MICRO, MILLI, IN_UTC):
        with pytest.raises(InvalidValue, match=r"^is not a date and time such as 2019-01-31T12:30:00Z$"):
            type_.parse(text)


@pytest.mark.parametrize(
    "text", ["2024-01-01T00:00:00 02:00", "2024-01-01 00:00 02:00", "2024-01-01T00:00:00.123456789 14:00"]
)
def test_a_blank_where_a_plus_stood(text: str) -> None:
    for type_ in (MICRO, LOOSE):
        with pytest.raises(InvalidValue, match=r"; write %2B for \+ in a query string$"):
            type_.parse(text)


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999-12:00", "0001-01-01T00:00+00:01", "9999-12-31T23:59-00:01"],
)
def test_moments_outside_the_calendar(text: str) -> None:
    for type_ in (MICRO, LOOSE):
        with pytest.raises(InvalidValue, match=r"^lies outside the years 0001 to 9999 in UTC$"):
            type_.parse(text)


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=OFFSETS), st.sampled_from("T "))  # noqa: DTZ001
def test_iso_format_is_a_spelling(moment: datetime, separator: str) -> None:
    text = moment.isoformat(separator)
    assert MICRO.parse(text) == MICRO.accept(moment) == moment
    cut = moment.astimezone(UTC)
    cut = cut.replace(microsecond=cut.microsecond // 1000 * 1000)
    assert MILLI.parse(text) == MILLI.accept(moment) == cut
    assert MILLI.accept(moment).tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "micro", "milli"),
    [
        (utc(2019, 1, 1), "2019-01-01T00:00:00.000000Z", "2019-01-01T00:00:00.000Z"),
        (utc(1, 1, 1, 0, 0, 0, 1000), "0001-01-01T00:00:00.001000Z", "0001-01-01T00:00:00.001Z"),
        (utc(9999, 12, 31, 23, 59, 59, 999_000), "9999-12-31T23:59:59.999000Z", "9999-12-31T23:59:59.999Z"),
    ],
)
def test_timestamps_are_shown_with_all_digits(moment: datetime, micro: str, milli: str) -> None:
    assert MICRO.render(moment) == MICRO.dump(moment) == IN_UTC.render(moment) == micro
    assert MILLI.render(moment) == MILLI.dump(moment) == milli


@given(st.datetimes())
def test_moments_are_shown_in_the_form_of_rfc_3339(moment: datetime) -> None:
    assert MICRO.render(moment.replace(tzinfo=UTC)) == moment.isoformat(timespec="microseconds") + "Z"
    assert MILLI.render(moment.replace(tzinfo=UTC)) == moment.isoformat(timespec="milliseconds") + "Z"


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-3)), timezone(timedelta(hours=14))], ids=str)
def test_timestamp_accepts_aware_datetimes(zone: tzinfo) -> None:
    moment = datetime(2019, 7, 1, 12, 0, 0, 123_456, zone)
    for type_ in (MICRO, IN_UTC):
        assert type_.accept(moment) == moment
        assert type_.accept(moment).tzinfo is UTC
    assert MILLI.accept(moment).microsecond == 123_000
    subclass = MICRO.accept(Later(2019, 7, 1, tzinfo=zone))
    assert type(subclass) is datetime
    assert subclass.isoformat() == datetime(2019, 7, 1, tzinfo=zone).astimezone(UTC).isoformat()


def test_timestamp_accepts_naive_datetimes_only_where_declared() -> None:
    naive = datetime(2019, 7, 1, 12)  # noqa: DTZ001
    assert IN_UTC.accept(naive) == utc(2019, 7, 1, 12)
    with pytest.raises(TypeError, match=r"takes datetimes with a zone; this one is naive"):
        MICRO.accept(naive)
    with pytest.raises(TypeError, match=r"takes datetime, not date"):
        MICRO.accept(date(2019, 7, 1))  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match=r"lies outside the years"):
        MICRO.accept(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))))


def test_only_text_is_a_timestamp_in_json() -> None:
    for type_ in (MICRO, DAY):
        for value in (0, 1704067200, True, 1.5):
            with pytest.raises(InvalidValue, match=f"is not {type_.expected}"):
                type_.load(value)


def test_timestamp_rows() -> None:
    aware, naive = utc(2019, 1, 1, 0, 0, 0, 1000), datetime(2019, 1, 1, 0, 0, 0, 1000)  # noqa: DTZ001
    assert MICRO.kind(aware) is MILLI.kind(aware.astimezone(timezone(timedelta(hours=2)))) is AWARE
    assert IN_UTC.kind(naive) is types.Timestamp(digits=3, zone="UTC").kind(naive) is NAIVE
    assert AWARE.convert is None
    assert NAIVE.convert is not None
    assert NAIVE.convert(aware) == naive
    for type_, sample, message in (
        (MICRO, naive, r'hold naive datetimes where .* expects aware ones: .* declare types.Timestamp\(zone="UTC"\)'),
        (
            IN_UTC,
            aware,
            r"hold aware datetimes where .* expects naive ones: declare types.Timestamp\(\) without a zone",
        ),
        (
            MILLI,
            utc(2019, 1, 1, 0, 0, 0, 1),
            r"hold microseconds where .* milliseconds: .* types.Timestamp\(digits=6\)",
        ),
        (MICRO, date(2019, 1, 1), r"hold date values where .* expects datetime: declare types.Date\(\)"),
        (MICRO, "2019-01-01", r"declare types.Text\(\)"),
    ):
        with pytest.raises(TypeError, match=message):
            type_.kind(sample)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"digits": 0}, "3 or 6 digits of a second, not 0"),
        ({"digits": 9}, "3 or 6 digits of a second, not 9"),
        ({"zone": "Europe/Berlin"}, "can only be in UTC, not 'Europe/Berlin'"),
        ({"zone": ""}, "can only be in UTC, not ''"),
    ],
)
def test_timestamp_declarations(settings: dict[str, object], message: str) -> None:
    with pytest.raises(DeclarationError, match=re.escape(message)):
        types.Timestamp(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["2019-01-31", "2024-02-29", "0001-01-01", "9999-12-31"])
def test_date_spellings(text: str) -> None:
    day = date.fromisoformat(text)
    assert DAY.parse(text) == DAY.load(text) == DAY.accept(day) == day
    assert DAY.render(day) == DAY.dump(day) == text


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30",
        "0000-01-01",
        "10000-01-01",
        "20240101",
        "2024-W01-1",
        "2024-01-01T00:00",
        "2024-01-01 ",
        "2024-1-1",
    ],
)
def test_date_refusals(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"^is not a date such as 2019-01-31$"):
        DAY.parse(text)


def test_a_moment_is_no_day() -> None:
    class Day(date):
        pass

    assert type(DAY.accept(Day(2019, 1, 1))) is date
    assert DAY.kind(date(2019, 1, 1)) is DAYS
    with pytest.raises(TypeError, match=r"Date\(\) takes date, not datetime"):
        DAY.accept(utc(2019, 1, 1))
    with pytest.raises(
        TypeError, match=r"hold datetime values where Date\(\) expects date: declare types.Timestamp\(\)"
    ):
        DAY.kind(utc(2019, 1, 1))
