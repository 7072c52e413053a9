"""Time zones by name, and times in them as PostgreSQL writes them."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from dateutil.tz import UTC, gettz

from jsonapi_sieve.cdr.exporting.kinds import TimeFormat
from jsonapi_sieve.cdr.times import is_time_zone

__all__ = ["Clock", "UnknownZone", "zone_of"]

_NONE: Final = timedelta(0)
_DAY: Final = timedelta(days=1)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC) + _DAY, datetime.max.replace(tzinfo=UTC) - _DAY
_CYCLE: Final = timedelta(days=146_097)  # of 400 years, after which calendars repeat
_MEMORY: Final = 50_000


class UnknownZone(Exception):
    """The IANA database has no time zone of a name."""


@lru_cache(maxsize=64)
def zone_of(name: str | None) -> tzinfo:
    """Give a time zone by its name, UTC for None.

    Raises:
        UnknownZone: when there is none; a name is never taken for that of a file, nor for a rule (`UTC+3`).
    """
    if name is None:
        return UTC
    zone = gettz(name) if is_time_zone(name) else None
    if zone is None:
        raise UnknownZone(f"there is no time zone {name!r}")
    return zone


class Clock:
    """Writes moments in a zone, those of the year 10000 and of the one before the first too, to which a zone can lead.

    >>> moment = datetime.fromisoformat("2026-03-29T00:59:59.120Z")
    >>> [Clock("with_timezone", "Europe/Berlin").show(moment + step) for step in (timedelta(0), timedelta(seconds=1))]
    ['2026-03-29 01:59:59.12+01', '2026-03-29 03:00:00.12+02']
    >>> Clock("round_to_seconds", None).show(moment)
    '2026-03-29 00:59:59'

    Raises:
        UnknownZone: for a name that is none of a zone.
    """

    def __init__(self, form: TimeFormat, zone: str | None) -> None:
        self._form = form
        self._zone = zone_of(zone)
        self._offsets: dict[datetime, timedelta | None] = {}

    def show(self, moment: datetime) -> str:
        """Write a moment, which is in UTC."""
        offset = _NONE if self._zone is UTC else self._offset(moment)
        era = ""
        try:
            text = str(moment + offset if offset else moment)[:-6]  # without the "+00:00" of UTC
        except OverflowError:
            text, era = _beyond(moment, offset)
        if self._form == "round_to_seconds":
            return text.partition(".")[0] + era
        if moment.microsecond:
            text = text.rstrip("0")
        return text + _shown(offset) + era if self._form == "with_timezone" else text + era

    def _offset(self, moment: datetime) -> timedelta:
        """Give the zone's offset at a moment; zones rarely change it, so it is asked once for a minute."""
        minute = moment.replace(second=0, microsecond=0)
        if minute not in self._offsets:
            if len(self._offsets) >= _MEMORY:
                self._offsets.clear()
            first, last = self._exact(minute), self._exact(minute.replace(second=59, microsecond=999_999))
            self._offsets[minute] = first if first == last else None
        offset = self._offsets[minute]
        return self._exact(moment) if offset is None else offset

    def _exact(self, moment: datetime) -> timedelta:
        within = min(max(moment, _FIRST), _LAST)  # no zone changes its clocks on the first day of all, nor on the last
        return within.astimezone(self._zone).utcoffset() or _NONE


def _beyond(moment: datetime, offset: timedelta) -> tuple[str, str]:
    """Write a local time on the day behind the last that Python has, or before the first, and its era."""
    year, shift, era = ("10000", -_CYCLE, "") if offset > _NONE else ("0001", _CYCLE, " BC")
    return year + str(moment + shift + offset)[4:-6], era


@lru_cache(maxsize=64)
def _shown(offset: timedelta) -> str:
    seconds = abs(offset) // timedelta(seconds=1)
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    text = f"{'-' if offset < _NONE else '+'}{hours:02}"
    if minutes or rest:
        text += f":{minutes:02}"
    return text + f":{rest:02}" if rest else text
