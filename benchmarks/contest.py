"""One contest between a hand-written limit and the library, and how it is timed.

Both sides have to give equal results before anything is timed, which also fills the caches of both. They are then timed
in turn, pair by pair, with the order swapped from pair to pair, so that a machine that slows down slows both, and with
the garbage collector off. The median of the pairs' ratios is the result, and no pair is left out.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

PAIRS = 31
QUICK_PAIRS = 15


Side: TypeAlias = Callable[[], object]
Clock: TypeAlias = Callable[[], float]


def _as_it_is(result: Any) -> object:
    return result


def elapsed(side: Side, repeats: int, clock: Clock = time.perf_counter) -> float:
    """Return the seconds that one call takes by a clock, on the average of so many."""
    gc.collect()
    gc.disable()
    try:
        start = clock()
        for _ in range(repeats):
            side()
        return (clock() - start) / repeats
    finally:
        gc.enable()


@dataclass(frozen=True, slots=True)
class Contest:
    """`ours` against `limit`.

    `bar` is the ratio to keep: ours / limit at most, or, where the limit is a slower way (`faster`), limit / ours at
    least; where it is `absolute`, it is the seconds that ours may take. `shown` brings the library's result into the
    form of the limit's, to compare the two. `timed` tells how long a call of a side takes, where a clock does not.
    """

    stage: str
    work: str
    limit: Side
    ours: Side
    bar: float
    faster: bool = False
    absolute: bool = False
    shown: Callable[[Any], object] = _as_it_is
    timed: Callable[[Any, int], float] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The ratio of a contest: the median of its pairs, their first and last decile; and each side's median seconds."""

    contest: Contest
    median: float
    low: float
    high: float
    limit: float
    ours: float

    @property
    def is_met(self) -> bool:
        """Whether the medians keep the bar."""
        contest = self.contest
        if contest.absolute:
            return self.ours <= contest.bar
        return self.median >= contest.bar if contest.faster else self.median <= contest.bar


def compare(contest: Contest) -> None:
    """Run both sides once.

    Raises:
        ValueError: when they give different results.
    """
    if contest.limit() != contest.shown(contest.ours()):
        raise ValueError(f"{contest.stage}, {contest.work}: the two sides differ, so there is nothing to time")


def run(contest: Contest, *, quick: bool = False, clock: Clock = time.perf_counter, pairs: int | None = None) -> Result:
    """Time a contest by a clock: that of the wall, or that of the thread's own work, `time.thread_time`.

    There are as many pairs as `quick` says, unless they are told.

    Raises:
        ValueError: when the two sides give different results.
    """
    compare(contest)
    gc.freeze()  # what the contest runs on is not looked through again before each timing
    timed = contest.timed or partial(elapsed, clock=clock)
    budget = 0.01 if quick else 0.03
    calls = {side: max(1, int(budget / max(timed(side, 1), 1e-9))) for side in (contest.limit, contest.ours)}
    limits, ours, ratios = [], [], []
    for pair in range(pairs or (QUICK_PAIRS if quick else PAIRS)):
        sides = (contest.limit, contest.ours) if pair % 2 else (contest.ours, contest.limit)
        seconds = {side: timed(side, calls[side]) for side in sides}
        limits.append(seconds[contest.limit])
        ours.append(seconds[contest.ours])
        ratios.append(limits[-1] / ours[-1] if contest.faster else ours[-1] / limits[-1])
    gc.unfreeze()
    deciles = statistics.quantiles(ratios, n=10)
    median = statistics.median
    return Result(contest, median(ratios), deciles[0], deciles[-1], median(limits), median(ours))
