"""Moments in other spellings than our own, as python-dateutil reads them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from itertools import chain
from typing import Final

from dateutil.parser import parser, parserinfo

__all__ = ["read_moment"]

_NAMES: Final = parserinfo()
_YEAR = "[1-9][0-9]{3}"
_MONTH_NAME = f"(?:{'|'.join(chain.from_iterable(_NAMES.MONTHS))})"
_DAY = "(?:0?[1-9]|[12][0-9]|3[01])"
_HOUR = "(?:[01][0-9]|2[0-3])"
_SIXTY = "[0-5][0-9]"
# Only what has one reading: dateutil takes 01/02/2019 for January, UTC+3 for -03:00, and the last of two times.
_spelled = re.compile(
    rf"""(?: ({"|".join(chain.from_iterable(_NAMES.WEEKDAYS))}) ,?\ )?
         (?: {_YEAR} (?P<mark>[-/]) (?:0?[1-9]|1[0-2]) (?P=mark) {_DAY}
           | {_YEAR} (?:0[1-9]|1[0-2]) (?:0[1-9]|[12][0-9]|3[01])
           | {_DAY} [-\ ] {_MONTH_NAME} [-\ ] {_YEAR}
           | {_MONTH_NAME} \ {_DAY} ,?\ {_YEAR} )
         (?: (?: T | ,?\ )
             (?: (?:{_HOUR}|[0-9]) : {_SIXTY} (?: : {_SIXTY} (?:\.[0-9]{{1,9}})? )?
               | {_HOUR} {_SIXTY} (?:{_SIXTY})?
               | (?:0?[1-9]|1[0-2]) (?: : {_SIXTY} (?: : {_SIXTY} )? )? \ ?[AP]M (?=\ |$) )
             (?: \ ? (?: Z | UTC | GMT | [+-] {_HOUR} (?: :?{_SIXTY} )? ) )?
         )?""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
).fullmatch
_reader: Final = parser(_NAMES)
# The time of a bare date, and nothing else, is taken from it.
_MIDNIGHT: Final = datetime(2000, 1, 1)  # noqa: DTZ001  (a zone would be taken from it too)


def _zone(_: str | None, offset: int | None) -> timezone | None:
    return None if offset is None else timezone(timedelta(seconds=offset))


def read_moment(text: str) -> datetime:
    """Read a date, or a date and a time: the year first, or the month by its name; then a zone by its offset, or UTC.

    Nothing is taken from the current date or the zone of this machine. Without a zone the result has none.

    >>> read_moment("Jan 31 2019 12:30 UTC").isoformat()
    '2019-01-31T12:30:00+00:00'

    Raises:
        ValueError: for text that has no reading or more than one, and for a day that is not in the calendar.
    """
    match = _spelled(text)
    if match is None:
        raise ValueError("the text has no reading, or more than one")
    moment = _reader.parse(text, default=_MIDNIGHT, tzinfos=_zone)
    if match[1] is not None and _NAMES.weekday(match[1]) != moment.weekday():
        raise ValueError(f"the day is no {match[1]}")
    return moment
