"""One contest between a hand-written limit and the library, and how it is timed.

Both sides have to give equal results before anything is timed. They are then timed in turn, pair by pair, with the
order swapped from pair to pair, so that a machine that slows down slows both; the median of the pairs' ratios is the
result.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PAIRS = 31
QUICK_PAIRS = 15


def _as_it_is(result: Any) -> object:
    return result


@dataclass(frozen=True, slots=True)
class Contest:
    """`ours` against `limit`.

    `bar` is the ratio to keep: ours / limit at most, or, where the limit is a slower way (`faster`), limit / ours at
    least. `shown` brings the library's result into the form of the limit's, to compare the two.
    """

    stage: str
    work: str
    limit: Callable[[], object]
    ours: Callable[[], object]
    bar: float
    faster: bool = False
    shown: Callable[[Any], object] = _as_it_is


@dataclass(frozen=True, slots=True)
class Result:
    """The ratio of a contest: the median of its pairs, their first and last decile; and the limit's median seconds."""

    contest: Contest
    median: float
    low: float
    high: float
    seconds: float

    @property
    def is_met(self) -> bool:
        """Whether the median keeps the bar."""
        return self.median >= self.contest.bar if self.contest.faster else self.median <= self.contest.bar


def run(contest: Contest, *, quick: bool) -> Result:
    """Time a contest.

    Raises:
        ValueError: when the two sides give different results.
    """
    if contest.limit() != contest.shown(contest.ours()):
        raise ValueError(f"{contest.stage}, {contest.work}: the two sides differ, so there is nothing to time")
    budget = 0.01 if quick else 0.03
    repeats = max(1, int(budget / max(_seconds(contest.limit, 1), 1e-9)))
    ratios, limits = [], []
    for pair in range(QUICK_PAIRS if quick else PAIRS):
        sides = (contest.limit, contest.ours) if pair % 2 else (contest.ours, contest.limit)
        timed = {side: _seconds(side, repeats) for side in sides}
        limits.append(timed[contest.limit])
        ratio = timed[contest.ours] / timed[contest.limit]
        ratios.append(1 / ratio if contest.faster else ratio)
    deciles = statistics.quantiles(ratios, n=10)
    return Result(contest, statistics.median(ratios), deciles[0], deciles[-1], statistics.median(limits))


def _seconds(work: Callable[[], object], repeats: int) -> float:
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        for _ in range(repeats):
            work()
        return (time.perf_counter() - start) / repeats
    finally:
        gc.enable()
