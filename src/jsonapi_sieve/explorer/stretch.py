"""The time that a plot spans, in buckets of a round width."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve.backends.sqlalchemy.targets import columns_of
from jsonapi_sieve.explorer.declared import Source
from jsonapi_sieve.field import Field
from jsonapi_sieve.predicate import TRUE, And, Comparison, Predicate
from jsonapi_sieve.query import Query
from jsonapi_sieve.types import Timestamp

__all__ = ["Span", "Stretch", "stretch_of"]

_MOST: Final = 100
_EPOCH: Final = datetime(2001, 1, 1, tzinfo=UTC)  # a Monday, so that weeks begin with one
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_WIDTHS: Final = (
    *(1, 2, 5, 10, 15, 30),
    *(_MINUTE * number for number in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * number for number in (1, 2, 3, 4, 6, 8, 12)),
    *(_DAY * number for number in (1, 2, 7, 14, 28, 91, 364, 3_640, 36_400)),
)
_BOUNDS: Final = ("gt", "gteq", "eq", "lt", "lteq")
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_LAST_SECOND: Final = _LAST.replace(microsecond=0)  # in it, what is a unit later is no moment
_EVERYTHING: Final = Query(TRUE, (), None, None, {})


class Stretch(NamedTuple):
    """Buckets of time: how many, and how many seconds each of them has from the first one's start on.

    >>> stretch = Stretch.around(datetime(2026, 1, 1, 0, 7, tzinfo=UTC), datetime(2026, 1, 2, 0, 7, tzinfo=UTC))
    >>> stretch.start.isoformat(), stretch.seconds, stretch.buckets
    ('2026-01-01T00:00:00+00:00', 900, 97)
    """

    start: datetime
    seconds: int
    buckets: int

    @classmethod
    def around(cls, first: datetime, last: datetime) -> Stretch:
        """Give the buckets of the least round width that hold two moments and all between them, some hundred at most.

        They begin at whole minutes, hours, days and weeks of UTC.
        """
        apart = (last - first).total_seconds()
        seconds = next((width for width in _WIDTHS if apart / width < _MOST), _WIDTHS[-1])
        width = timedelta(seconds=seconds)
        start = _EPOCH + max((first - _EPOCH) // width * width, _FIRST - _EPOCH)
        return cls(start, seconds, (last - start) // width + 1)

    def bounds(self) -> Iterator[tuple[datetime, datetime]]:
        """Give the beginning and the end of each bucket, as far as there are moments."""
        width = timedelta(seconds=self.seconds)
        for number in range(self.buckets):
            yield self.start + number * width, self.start + min((number + 1) * width, _LAST - self.start)


class Span(NamedTuple):
    """The time that a query asks for: from `low` on, before `high`, where it says so; `rest` is all else it asks for.

    A bound is taken out of the query because an index is read from one bound only: with two of them SQLite would read
    all rows from the first one on.
    """

    low: datetime | None
    high: datetime | None
    rest: Query

    @classmethod
    def of(cls, query: Query, field: Field[Any]) -> Span:
        """Take the bounds of an attribute, which holds whole units of time, out of a query.

        >>> from jsonapi_sieve import types
        >>> time = Field(types.Timestamp(digits=3), name="time")
        >>> query = _EVERYTHING.within(time.gt(_EPOCH) & Field(types.Integer(), name="age").lt(9))
        >>> span = Span.of(query, time)
        >>> span.low.isoformat(), span.high, span.rest.predicate
        ('2001-01-01T00:00:00.001000+00:00', None, And(age < 9))
        """
        unit = timedelta(microseconds=10 ** (6 - field.type.digits)) if isinstance(field.type, Timestamp) else None
        lows, highs, rest = list[datetime](), list[datetime](), list[Predicate]()
        for member in query.predicate.members:
            match member:
                case Comparison(value=datetime() as value) if (
                    member.field.name == field.name and unit is not None and value < _LAST_SECOND
                ):
                    name = member.operator.name
                    lows += [value + unit if name == "gt" else value] if name in ("gt", "gteq", "eq") else []
                    highs += [value if name == "lt" else value + unit] if name in ("lt", "lteq", "eq") else []
                    rest += [] if name in _BOUNDS else [member]
                case _:
                    rest.append(member)
        narrowed = query._replace(predicate=And(*rest))
        return cls(max(lows, default=None), min(highs, default=None), narrowed)

    def within(self, start: datetime, end: datetime) -> tuple[datetime, datetime]:
        """Give as much of a bucket as the query asks for."""
        return max(start, self.low or start), min(end, self.high or end)


def stretch_of(session: Session, source: Source, span: Span, name: str) -> Stretch | None:
    """Give the buckets of the time that a query can select rows of: that of all rows, as far as the query goes.

    None where there are no rows at all, or some in the last second that there is. It takes two
    look-ups in an index, whatever else the query asks for.
    """
    column = columns_of(source.model).find(name)
    ends = [session.scalar(source.narrowed(sa.select(end(column)), _EVERYTHING)) for end in (sa.func.min, sa.func.max)]
    if not all(isinstance(end, datetime) for end in ends):
        return None
    least, greatest = (end if end.tzinfo else end.replace(tzinfo=UTC) for end in ends)
    first = least if span.low is None else min(max(least, span.low), greatest)
    last = greatest if span.high is None else max(min(greatest, span.high), first)
    return Stretch.around(first, last) if last < _LAST_SECOND else None
