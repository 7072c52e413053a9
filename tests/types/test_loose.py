from __future__ import annotations

from datetime import UTC, datetime

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
        *["Jan of 19"],
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
        LOOSE.parse("0001-01-01 00:00 +0300")


@given(WORDS.map(" ".join))
def test_loose_text_is_refused_or_read(text: str) -> None:
    try:
        moment = LOOSE.parse(text)
    except InvalidValue:
        return
    assert moment.tzinfo is UTC
