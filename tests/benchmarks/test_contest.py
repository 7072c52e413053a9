from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from benchmarks.contest import QUICK_PAIRS, Contest, Side, compare, run

EVEN = Contest("sums", "of three", lambda: 6, lambda: sum((1, 2, 3)), 1.0)


def test_a_contest_whose_sides_differ_is_refused() -> None:
    with pytest.raises(ValueError, match="sums, of three: the two sides differ"):
        run(replace(EVEN, ours=lambda: 5))


def test_results_are_compared_in_the_form_of_the_limit() -> None:
    compare(replace(EVEN, ours=lambda: "6", shown=int))


def told(limit: float, ours: float) -> Contest:
    """Make a contest whose sides take these seconds, the library a little more or less from pair to pair."""
    noise = count()

    def seconds(side: Side, _: int) -> float:
        return limit if side is EVEN.limit else ours + (next(noise) % 3 - 1) * ours / 10

    return replace(EVEN, timed=seconds)


def test_the_ratio_is_the_median_of_the_pairs() -> None:
    result = run(told(2.0, 3.0), quick=True)
    assert result.limit == 2.0
    assert result.ours == pytest.approx(3.0)
    assert result.median == pytest.approx(1.5)
    assert result.low == pytest.approx(1.35)
    assert result.high == pytest.approx(1.65)
    assert not result.is_met


def test_where_the_limit_is_a_slower_way_the_ratio_is_turned_round() -> None:
    result = run(replace(told(3.0, 2.0), faster=True, bar=1.4), quick=True)
    assert result.median == pytest.approx(1.5)
    assert result.is_met


def test_another_clock_can_be_asked() -> None:
    ticks = count()
    assert run(EVEN, quick=True, clock=lambda: float(next(ticks))).median == 1.0


def test_an_absolute_bar_is_in_seconds() -> None:
    assert run(replace(told(1.0, 3.0), absolute=True, bar=3.1), quick=True).is_met
    assert not run(replace(told(1.0, 3.0), absolute=True, bar=2.9), quick=True).is_met


def test_both_sides_go_first_in_turn_and_every_pair_counts() -> None:
    order: list[str] = []

    def seconds(side: Side, calls: int) -> float:
        order.append("limit" if side is EVEN.limit else "ours")
        return float(len(order)) / calls

    result = run(replace(EVEN, timed=seconds), quick=True)
    pairs = order[2:]
    assert pairs[:6] == ["ours", "limit", "limit", "ours", "ours", "limit"]
    assert len(pairs) == 2 * QUICK_PAIRS
    assert result.low < result.median < result.high
