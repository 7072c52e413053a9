"""Moments and days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import ClassVar, Final, Literal

from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.types.base import InvalidValue, Kind, ValueType, mismatch, unfit

__all__ = ["AWARE", "DAYS", "NAIVE", "Date", "Timestamp"]


def _in_utc(held: datetime) -> datetime:
    return held.astimezone(UTC)


AWARE: Final[Kind[datetime]] = Kind("aware datetimes", restore=_in_utc)
"""Rows hold datetime with a zone."""

DAYS: Final[Kind[date]] = Kind("dates")
"""Rows hold date."""

_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_date_spelled = re.compile(_DATE).fullmatch
_timestamp_spelled = re.compile(
    rf"""{_DATE}
         (?: [T\ ] (?:[01][0-9]|2[0-3]) : [0-5][0-9]
             (?: : [0-5][0-9] (?: \.[0-9]{{1,9}} )? )?
             ( Z | [+-][0-9]{{2}}:[0-5][0-9] )?
         )?""",
    re.VERBOSE,
).fullmatch
_DATE_LENGTH: Final = len("2019-01-31")
_MICROSECONDS: Final[Mapping[int, int]] = MappingProxyType({3: 1000, 6: 1})
_TWO: Final = tuple(f"{number:02}" for number in range(100))
_THREE: Final = tuple(f"{number:03}" for number in range(1000))


class Timestamp(ValueType[datetime, datetime]):
    """Moments, as PostgreSQL's TIMESTAMP WITH TIME ZONE. Constants are datetime in `datetime.UTC`.

    `digits` is the precision of a second in columns, constants and output: 6 for microseconds, 3 for milliseconds.
    Finer digits of a constant are cut. Text without a zone is in UTC, and a bare date is its midnight. `zone="UTC"`
    declares columns and rows of naive datetimes in UTC. `loose=True` also takes other spellings, as python-dateutil
    reads them, with a year of four digits that comes first, or with the month by its name.

    >>> created_at = Timestamp(digits=3)
    >>> created_at.parse("2019-01-31 12:30:00.1239+02:00")
    datetime.datetime(2019, 1, 31, 10, 30, 0, 123000, tzinfo=datetime.timezone.utc)
    >>> created_at.render(created_at.parse("2019-01-31"))
    '2019-01-31T00:00:00.000Z'

    Raises:
        DeclarationError: for other digits than 3 and 6, or another zone than UTC.
    """

    __slots__ = ("_step", "digits", "loose", "zone")

    name: ClassVar[str] = "timestamp"

    digits: Literal[3, 6]
    zone: Literal["UTC"] | None
    loose: bool
    _step: int

    def __init__(self, *, digits: Literal[3, 6] = 6, zone: Literal["UTC"] | None = None, loose: bool = False) -> None:
        if digits not in _MICROSECONDS:
            raise DeclarationError(f"a timestamp has 3 or 6 digits of a second, not {digits!r}")
        if zone not in (None, "UTC"):
            raise DeclarationError(f"naive datetimes in rows can only be in UTC, not {zone!r}")
        object.__setattr__(self, "digits", digits)
        object.__setattr__(self, "zone", zone)
        object.__setattr__(self, "loose", loose)
        object.__setattr__(self, "_step", _MICROSECONDS[digits])

    def _settings(self) -> dict[str, object]:
        return {"digits": self.digits, "zone": self.zone, "loose": self.loose}

    @property
    def expected(self) -> str:
        return "a date and time such as 2019-01-31T12:30:00Z"

    def parse(self, text: str) -> datetime:
        match = _timestamp_spelled(text)
        if match is None:
            return self._parse_other(text)
        if match.lastindex is None:
            text += "T00:00Z" if len(text) == _DATE_LENGTH else "Z"
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise self._refusal() from None
        if moment.tzinfo is UTC and not moment.microsecond % self._step:
            return moment
        return self._constant(moment)

    def render(self, value: datetime) -> str:
        # `isoformat` takes three times as long.
        century, year = divmod(value.year, 100)
        thousands, ones = divmod(value.microsecond, 1000)
        return (
            f"{_TWO[century]}{_TWO[year]}-{_TWO[value.month]}-{_TWO[value.day]}"
            f"T{_TWO[value.hour]}:{_TWO[value.minute]}:{_TWO[value.second]}.{_THREE[thousands]}"
            f"{'' if self._step > 1 else _THREE[ones]}Z"
        )

    def accept(self, value: datetime) -> datetime:
        if not isinstance(value, datetime):
            raise self._unaccepted(value, "datetime")
        if value.utcoffset() is None and self.zone is None:
            raise TypeError(f"{self!r} takes datetimes with a zone; this one is naive")
        return self._constant(value)

    def kind(self, sample: object) -> Kind[datetime]:
        if not isinstance(sample, datetime):
            raise mismatch(self, sample, "datetime")
        naive = sample.utcoffset() is None
        if naive and self.zone is None:
            raise unfit(
                self, "naive datetimes", "aware ones", 'if they are in UTC, declare types.Timestamp(zone="UTC")'
            )
        if not naive and self.zone is not None:
            raise unfit(self, "aware datetimes", "naive ones", "declare types.Timestamp() without a zone")
        if sample.microsecond % self._step:
            raise unfit(self, "microseconds", "milliseconds", "declare types.Timestamp(digits=6)")
        return NAIVE if naive else AWARE

    def _parse_other(self, text: str) -> datetime:
        head, blank, tail = text.rpartition(" ")
        if blank and _timestamp_spelled(f"{head}+{tail}"):
            raise InvalidValue(f"is not {self.expected}; write %2B for + in a query string")
        if not self.loose:
            raise self._refusal()
        from jsonapi_sieve.types.loose import read_moment  # noqa: PLC0415  (dateutil is imported only where it is used)

        try:
            moment = read_moment(text)
        except ValueError:
            raise self._refusal() from None
        return self._constant(moment)

    def _constant(self, moment: datetime) -> datetime:
        """Bring a moment into the one form of constants; a naive one is in UTC."""
        try:
            at = moment.replace(tzinfo=UTC) if moment.utcoffset() is None else moment.astimezone(UTC)
        except OverflowError:
            raise InvalidValue("lies outside the years 0001 to 9999 in UTC") from None
        microsecond = at.microsecond - at.microsecond % self._step
        # Made anew, for a subclass of datetime may compare in its own way.
        return datetime(at.year, at.month, at.day, at.hour, at.minute, at.second, microsecond, UTC)


class Date(ValueType[date, date]):
    """Days of the calendar, without time and zone. Constants are date.

    >>> Date().parse("2024-02-29")
    datetime.date(2024, 2, 29)
    """

    __slots__ = ()

    name: ClassVar[str] = "date"

    @property
    def expected(self) -> str:
        return "a date such as 2019-01-31"

    def parse(self, text: str) -> date:
        if not _date_spelled(text):
            raise self._refusal()
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self._refusal() from None

    def render(self, value: date) -> str:
        return value.isoformat()

    def accept(self, value: date) -> date:
        if isinstance(value, datetime) or not isinstance(value, date):
            raise self._unaccepted(value, "date")
        return date(value.year, value.month, value.day)

    def kind(self, sample: object) -> Kind[date]:
        if isinstance(sample, datetime) or not isinstance(sample, date):
            raise mismatch(self, sample, "date")
        return DAYS


def _naive(constant: datetime) -> datetime:
    return constant.replace(tzinfo=None)


def _aware(held: datetime) -> datetime:
    return held.replace(tzinfo=UTC)


NAIVE: Final[Kind[datetime]] = Kind("naive datetimes", _naive, _aware)
"""Rows hold datetime without a zone, in UTC."""
