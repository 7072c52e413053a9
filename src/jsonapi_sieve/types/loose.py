"""Moments in other spellings than our own, as python-dateutil reads them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Final

from dateutil.parser import parser, parserinfo

__all__ = ["read_moment"]

_CHARACTERS: Final = 64
_TWO_DIGITS: Final = 99
# What is missing is taken from these, so two that differ everywhere show what is missing. Midnight may be.
_DEFAULTS: Final = (datetime(2000, 1, 1), datetime(2001, 12, 15))  # noqa: DTZ001  (a zone would be taken from them too)


class _WholeYears(parserinfo):
    """Two digits are no year: their century depends on the day on which they are read."""

    def convertyear(self, year: int, century_specified: bool = False) -> int:
        if year <= _TWO_DIGITS and not century_specified:
            raise ValueError("a year has four digits")
        return year


def _zone(name: str | None, offset: int | None) -> timezone | None:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name is not None:
        raise ValueError(f"the zone {name} is not known")
    return None


def read_moment(text: str) -> datetime:
    """Read a date, or a date and a time, from printable ASCII of at most 64 characters.

    Nothing is taken from the current date or the zone of this machine. Without a zone the result has none.

    >>> read_moment("Jan 31 2019 12:30 UTC").isoformat()
    '2019-01-31T12:30:00+00:00'

    Raises:
        ValueError: for text that names no single moment.
    """
    if len(text) > _CHARACTERS or not text.isascii() or not text.isprintable():
        raise ValueError("the text is too long, or holds characters of no date")
    reader = parser(_WholeYears())
    try:
        moment, other = (reader.parse(text, default=default, tzinfos=_zone) for default in _DEFAULTS)
    except Exception as error:  # dateutil lets through whatever goes wrong inside
        raise ValueError("the text is no date") from error
    if moment != other:
        raise ValueError("a part of the date is missing")
    return moment
