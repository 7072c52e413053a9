"""When calls start: the traffic of a network that grew from nothing within 32 days, quiet at night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from random import Random
from typing import Final

__all__ = ["start_times"]

# Traffic that grows day by day to the end of 32 days has 32 parts of 528 in the last one: 6,060 calls of 100,000.
_DAYS: Final = 32
_HOUR: Final = timedelta(hours=1)
_HOUR_MS: Final = 3_600_000

# Calls per hour of the day (UTC), relative to each other.
_RHYTHM: Final = (4, 3, 2, 2, 3, 6, 14, 32, 58, 72, 78, 76, 66, 70, 74, 72, 68, 62, 54, 46, 36, 24, 14, 8)


def start_times(random: Random, count: int, until: datetime) -> Iterator[datetime]:
    """Yield `count` times in whole milliseconds, ascending, all of them before `until` and within 32 days of it.

    >>> from datetime import UTC
    >>> until = datetime(2026, 1, 1, tzinfo=UTC)
    >>> times = list(start_times(Random(1), 100_000, until))
    >>> len(times), sum(time >= until - timedelta(hours=24) for time in times)
    (100000, 6061)
    """
    first = until - _DAYS * 24 * _HOUR
    weights = _hourly_weights(random, first)
    totals = list(accumulate(weights, initial=0.0))
    edges = [round(count * total / totals[-1]) for total in totals]
    for hour, (start, end) in enumerate(pairwise(edges)):
        for offset in sorted(random.randrange(_HOUR_MS) for _ in range(end - start)):
            yield first + hour * _HOUR + timedelta(milliseconds=offset)


def _hourly_weights(random: Random, first: datetime) -> list[float]:
    """Weigh each hour: by the rhythm with some chance within a day, by growth from day to day."""
    weights: list[float] = []
    for day in range(_DAYS):
        hours = [_RHYTHM[(first.hour + hour) % 24] * random.uniform(0.8, 1.2) for hour in range(24)]
        weights.extend(weight * (day + 1) / sum(hours) for weight in hours)
    return weights
