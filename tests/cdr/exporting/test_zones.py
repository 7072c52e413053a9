"""Times in zones, against what the standard library says of each moment."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve.cdr.exporting import UnknownZone
from jsonapi_sieve.cdr.exporting import zones as module
from jsonapi_sieve.cdr.exporting.zones import Clock, zone_of
from jsonapi_sieve.cdr.times import is_time_zone

ZONES = ["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Etc/GMT-14"]
CLOCKS = {zone: Clock("with_timezone", zone) for zone in ZONES}
moments = st.datetimes(*map(datetime, (1980, 9999), (1, 12), (1, 30)), timezones=st.just(UTC))


def expected(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    text = local.isoformat(sep=" ", timespec="milliseconds")
    time, sign, offset = text[:-6], text[-6], text[-5:]
    time = time.removesuffix(".000").rstrip("0") if time[-3:] != "000" else time.removesuffix(".000")
    return f"{time}{sign}{offset.removesuffix(':00')}"


@given(moments, st.sampled_from(ZONES))
def test_every_moment_is_shown_as_it_is(moment: datetime, zone: str) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert CLOCKS[zone].show(moment) == expected(moment, zone)


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2040-07-01T12:00:00.500Z", "2040-07-01 14:00:00.5+02"),
        ("2040-12-01T12:00:00Z", "2040-12-01 13:00:00+01"),
        ("2040-03-25T00:59:59Z", "2040-03-25 01:59:59+01"),
        ("2040-03-25T01:00:00Z", "2040-03-25 03:00:00+02"),
        ("9999-07-01T12:00:00Z", "9999-07-01 14:00:00+02"),
    ],
)
def test_clocks_go_on_being_changed_after_2037(moment: str, shown: str) -> None:
    assert CLOCKS["Europe/Berlin"].show(datetime.fromisoformat(moment)) == shown


@pytest.mark.parametrize(
    ("moment", "zone", "shown"),
    [
        ("9999-12-31T23:59:59.999Z", "Europe/Berlin", "10000-01-01 00:59:59.999+01"),
        ("9999-12-31T23:00:00Z", "Europe/Berlin", "10000-01-01 00:00:00+01"),
        ("9999-12-31T22:59:59.999Z", "Europe/Berlin", "9999-12-31 23:59:59.999+01"),
        ("9999-12-31T23:59:59.999Z", "Etc/GMT-14", "10000-01-01 13:59:59.999+14"),
        ("9999-12-31T23:59:59.999Z", "America/New_York", "9999-12-31 18:59:59.999-05"),
        ("9999-12-31T23:59:59.999Z", None, "9999-12-31 23:59:59.999+00"),
        ("0001-01-01T00:00:00.120Z", "America/New_York", "0001-12-31 19:03:58.12-04:56:02 BC"),
        ("0001-01-01T04:56:01Z", "America/New_York", "0001-12-31 23:59:59-04:56:02 BC"),
        ("0001-01-01T04:56:02Z", "America/New_York", "0001-01-01 00:00:00-04:56:02"),
        ("0001-01-01T00:00:00Z", "Europe/Berlin", "0001-01-01 00:53:28+00:53:28"),
        ("0001-01-01T00:00:00Z", None, "0001-01-01 00:00:00+00"),
    ],
)
def test_zones_lead_beyond_the_years_of_python(moment: str, zone: str | None, shown: str) -> None:
    """PostgreSQL's spelling, which counts the years before the first from it on."""
    at = datetime.fromisoformat(moment)
    assert Clock("with_timezone", zone).show(at) == shown
    plain = re.sub(r"[+-][0-9:]+(?= BC|$)", "", shown)
    assert Clock("without_timezone", zone).show(at) == plain
    assert Clock("round_to_seconds", zone).show(at) == re.sub(r"[.][0-9]+", "", plain)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe"])
def test_each_second_around_a_change_of_the_clock(zone: str) -> None:
    for day in (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 4, 4, 14, 59, tzinfo=UTC)):
        for second in range(180):
            moment = day + timedelta(seconds=second)
            assert CLOCKS[zone].show(moment) == expected(moment, zone)


def test_a_change_within_a_minute_is_met_to_the_second() -> None:
    """Before zones were of whole minutes, clocks were set at odd seconds."""
    change = datetime(1972, 1, 7, 0, 44, 30, tzinfo=UTC)  # Liberia was the last
    clock = Clock("with_timezone", "Africa/Monrovia")
    assert clock.show(change - timedelta(seconds=1)) == "1972-01-06 23:59:59-00:44:30"
    assert clock.show(change) == "1972-01-07 00:44:30+00"


def test_what_was_asked_is_forgotten_when_it_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MEMORY", 3)
    clock = Clock("with_timezone", "Europe/Berlin")
    for minute in range(10):
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
        assert clock.show(moment) == expected(moment, "Europe/Berlin")
    assert len(clock._offsets) <= 3


@pytest.mark.parametrize(
    "name", ["", "/etc/localtime", "../UTC", "UTC+3", "CET-1CEST", "europe/berlin", "Mars/Base", "localtime", "Factory"]
)
def test_what_is_no_name_of_a_zone_is_none(name: str) -> None:
    assert not is_time_zone(name)
    with pytest.raises(UnknownZone, match="there is no time zone"):
        zone_of(name)
