"""What an index of stored filters costs as it grows: each workload of `benchmarks.index` at several sizes."""

from __future__ import annotations

import gc
import random
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from benchmarks.contest import Clock, Contest, Result, run
from benchmarks.index import CATEGORIES, RECORDS, WORKLOADS, Limit, Record, filters, in_order, record
from benchmarks.plot import Bar, chart
from benchmarks.report import duration
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.index import FilterIndex
from jsonapi_sieve.predicate import And, Comparison

ALONE = 2
"""On so many records filters are tested one by one."""
MOST_ALONE = 2_000
"""At most so many filters are tested one by one; of more, the time is reckoned in proportion."""
SIGNS = {"eq": "==", "not_eq": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "in": "in"}

Test = Callable[[Record], bool]


class Scale(NamedTuple):
    """An index of one size: against the limit, against all filters one by one; seconds to add one, and its bytes."""

    workload: str
    size: int
    limit: Result
    compiled: float
    bare: float
    seconds: float
    bytes: float


def scales(sizes: Iterable[int], *, clock: Clock) -> Iterator[Scale]:
    """Measure every workload at some sizes."""
    for workload in WORKLOADS:
        for size in sizes:
            seconds, held = costs(workload, size)
            yield Scale(workload, size, *_speeds(workload, size, clock), seconds, held)


def _speeds(workload: str, size: int, clock: Clock) -> tuple[Result, float, float]:
    chance = random.Random(2)
    predicates = filters(workload, size)
    records = [record(chance) for _ in range(RECORDS)]
    index = FilterIndex(enumerate(predicates))
    limit = Limit([index.match(each) for each in records], size)
    ours = Contest("index", workload, limit, lambda: list(index.match_many(records)), 2, shown=in_order)
    some = predicates[:MOST_ALONE]
    few = records[:ALONE]

    def faster(tests: list[Test]) -> float:
        def one_by_one() -> list[list[int]]:
            return [[key for key, passes in enumerate(tests) if passes(each)] for each in few]

        def shown(found: list[list[int]]) -> list[list[int]]:
            return [sorted(key for key in keys if key < len(tests)) for keys in found]

        contest = Contest("index", workload, one_by_one, lambda: list(index.match_many(few)), 150, True, shown=shown)
        return run(contest, quick=True, clock=clock).median * size / len(tests)

    against_limit = run(ours, quick=True, clock=clock)
    return against_limit, faster([compile_python(each) for each in some]), faster([bare(each) for each in some])


def bare(predicate: And) -> Test:
    """Give a rule as somebody would write it by hand, who knows which attributes may be NULL."""
    tests = [test for test in predicate.members if isinstance(test, Comparison)]
    return _maker(tuple((test.field.name, test.operator.name) for test in tests))(*(test.value for test in tests))


@cache
def _maker(form: tuple[tuple[str, str], ...]) -> Callable[..., Test]:
    tests = (
        f"r[{name!r}] {SIGNS[operator]} p{place}"
        if name in CATEGORIES
        else f"((v := r[{name!r}]) is not None and v {SIGNS[operator]} p{place})"
        for place, (name, operator) in enumerate(form)
    )
    arguments = ", ".join(f"p{place}" for place in range(len(form)))
    made: Callable[..., Test] = eval(f"lambda {arguments}: lambda r: {' and '.join(tests)}")  # noqa: S307
    return made


def costs(workload: str, size: int) -> tuple[float, float]:
    """Give the seconds that it takes to add a filter and to put it into tables, and its bytes there."""
    predicates = filters(workload, size)
    gc.collect()
    gc.disable()
    start = time.process_time()
    index: FilterIndex[int] = FilterIndex()
    for key, predicate in enumerate(predicates):
        index.add(key, predicate)
    index.settle()
    seconds = (time.process_time() - start) / size
    gc.enable()
    del index
    # Predicates remember their normal form, which belongs to the index here.
    predicates = filters(workload, size)
    tracemalloc.start(1)
    index = FilterIndex(enumerate(predicates))
    index.settle()
    held = tracemalloc.get_traced_memory()[0] / size
    tracemalloc.stop()
    return seconds, held


def table(measured: Iterable[Scale]) -> str:
    """Make the table of an index as it grows."""
    head = (
        "| workload | filters | a record | ratio to the limit | faster than compiled, one by one"
        " | faster than bare lambdas | to add one | bytes of one |\n|---|---:|---:|---:|---:|---:|---:|---:|"
    )
    return "\n".join([head, *map(_row, measured)])


def _row(scale: Scale) -> str:
    limit = scale.limit
    return (
        f"| {scale.workload} | {scale.size:,} | {duration(limit.ours / RECORDS)}"
        f" | {limit.median:.2f} ({limit.low:.2f}-{limit.high:.2f}) | {scale.compiled:,.0f} | {scale.bare:,.0f}"
        f" | {duration(scale.seconds)} | {scale.bytes:,.0f} |"
    )


def picture(measured: Iterable[Scale]) -> str:
    """Draw how many times as fast as one by one an index finds filters."""
    groups: dict[str, list[Bar]] = {}
    for scale in measured:
        groups.setdefault(scale.workload, []).append(Bar(f"{scale.size:,} filters", scale.compiled, "o"))
    told = "How many times as fast an index is as the same compiled predicates one by one."
    return chart("Stored filters", told, list(groups.items()))
