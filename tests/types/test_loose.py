from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import types
from jsonapi_sieve.types import InvalidValue

LOOSE = types.Timestamp(loose=True)
NOON = datetime(2019, 1, 31, 12, tzinfo=UTC)

WORDS = st.lists(
    st.sampled_from(
        [
            *[
                "2019",
                "31",
                "1",
                "99",
                "12",
                "12:30",
                "12:30:15.5",
                "Jan",
                "january",
                "Thu",
                "of",
                "and",
                "at",
                "T",
                "Z",
            ],
            *["UTC", "GMT", "EST", "+02:00", "-3", "+", "-", "/", ",", ".", ":", "am", "PM", "h", "m", "s"],
        ]
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    "text",
    [
        *["20190131T120000Z", "2019-01-31t12:00:00z", "2019-01-31 12:00:00 UTC", "2019-01-31 12:00:00.0000009+00"],
        *["31 Jan 2019 12:00", "Thu, 31 Jan 2019 12:00:00 GMT", "2019/01/31 14:00 +0200", "January 31 2019 12 PM"],
    ],
)
def test_other_spellings_of_one_moment(text: str) -> None:
    assert LOOSE.parse(text) == LOOSE.load(text) == NOON
    assert LOOSE.parse(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        *["12:00", "noon", "Jan 2019", "2019", "31 Jan", "Thu", "Thu Jan 2019", "today", "now", "junk", "01/02/19"],
        *["Jan of 19", "31 Jan 19", "5 Jan 0005", "0019/01/31"],
        # Day or month first, a sign that is read both ways, two times, one half of the day twice, and the wrong day.
        *["01/02/2019", "31/01/2019", "1-2-2019", "2019-01-31 12:30 UTC+3", "2019-01-31 12:30 GMT-3"],
        *["12:30 2019-01-31 13:00", "2019-01-31 12:30 13:00", "12:30 PM AM", "2019-01-31 12:30 PM AM"],
        *["2019-01-31 13:00 PM", "-2019-01-31", "2019-01/31", "2019-13-01", "20191301", "Fri, 31 Jan 2019"],
        *["201901311230", "20190131123000", "2019-01-31 12:30 utc", "31 Feb 2019"],
        *["2019-01-31 12:00 EST", "2019-01-31 12:00 CET", "2019-01-31 12:00 +99:00", "2019-02-30 12:00 UTC"],
        *["99999999999999"],
        *["", " ", "31 Jan\0 2019", "31 Jan\n2019", "31\u00a0Jan 2019", "\u0663\u0661 Jan 2019"],
        *["31 Jan 2019" + " " * 54, "1e5 1e5 1e5"],
    ],
    ids=ascii,
)
def test_what_names_no_moment(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"is not a date and time such as"):
        LOOSE.parse(text)


def test_loose_moments_outside_the_calendar() -> None:
    with pytest.raises(InvalidValue, match=r"lies outside the years 0001 to 9999 in UTC"):
        LOOSE.parse("9999-12-31 23:00 -0300")


DATES = ["%Y/%m/%d", "%Y%m%d", "%d %b %Y", "%d-%b-%Y", "%A %d %B %Y", "%b %d %Y", "%a, %B %d, %Y"]
TIMES = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%H%M", "%H%M%S", "%I:%M %p", "%I%p", "%I:%M:%S%p"]
ZONES = {"": 0.0, " Z": 0.0, " UTC": 0.0, " GMT": 0.0, " +02": 2.0, " -03": -3.0, " +0530": 5.5, " -03:30": -3.5}


@given(
    st.datetimes(datetime(1001, 1, 1), datetime(9998, 1, 1)),  # noqa: DTZ001  (the zone is drawn apart)
    st.tuples(st.sampled_from(DATES), st.sampled_from("T "), st.sampled_from(TIMES)).map("".join),
    st.sampled_from([*ZONES]),
)
def test_what_is_read_is_what_was_written(moment: datetime, spelling: str, zone: str) -> None:
    written = moment.strftime(spelling)
    there = datetime.strptime(written, spelling).replace(tzinfo=UTC)
    assert LOOSE.parse(written + zone) == there - timedelta(hours=ZONES[zone])


@given(WORDS.map(" ".join))
def test_loose_text_is_refused_or_read(text: str) -> None:
    try:
        moment = LOOSE.parse(text)
    except InvalidValue:
        return
    assert moment.tzinfo is UTC
