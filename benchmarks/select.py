"""Selecting from a list of rows, against comprehensions written by hand with the same guards, in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from benchmarks.contest import Contest, elapsed
from benchmarks.rows import (
    FIRST,
    AccountFilters,
    CallFilters,
    MappedCall,
    NamedCall,
    SlottedCall,
    accounts,
    as_rows,
    calls,
)
from jsonapi_sieve import And, Comparison, Predicate
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.backends.python.program import program_of

COUNT = 100_000
FEWER = 20_000
LEAST, BEFORE, ACCOUNT = Decimal("2.5"), FIRST + timedelta(days=3), 17
WANTED = frozenset(("Pending", "Completed"))
OTHERS = frozenset(range(500))
ZONE = ZoneInfo("Etc/UTC")
BEFORE_IN_ZONE = BEFORE.astimezone(ZONE)

C = CallFilters
TESTS = (
    C.account_id.not_eq(ACCOUNT),
    C.customer_price.gteq(LEAST),
    C.status.in_(WANTED),
    C.time_start.lt(BEFORE),
)
FOUR = And(*TESTS)
NAMED: Predicate = C.src_name_in.cont("ME 99") & C.status.not_eq("Failed")

Rows: TypeAlias = list[Any]


def _four(rows: Rows) -> Rows:
    return [
        row
        for row in rows
        if (account := row["account_id"]) is not None
        and account != ACCOUNT
        and (price := row["customer_price"]) is not None
        and price >= LEAST
        and row["status"] in WANTED
        and (start := row["time_start"]) is not None
        and start < BEFORE
    ]


def _four_by_position(rows: Rows) -> Rows:
    return [
        row
        for row in rows
        if (account := row[4]) is not None
        and account != ACCOUNT
        and (price := row[2]) is not None
        and price >= LEAST
        and row[1] in WANTED
        and (start := row[3]) is not None
        and start < BEFORE
    ]


def _four_by_attribute(rows: Rows) -> Rows:
    return [
        row
        for row in rows
        if (account := row.account_id) is not None
        and account != ACCOUNT
        and (price := row.customer_price) is not None
        and price >= LEAST
        and row.status in WANTED
        and (start := row.time_start) is not None
        and start < BEFORE
    ]


def _four_of_instances(rows: Rows) -> Rows:
    return [
        row
        for row in rows
        for held in (row.__dict__,)
        if (account := held["account_id"]) is not None
        and account != ACCOUNT
        and (price := held["customer_price"]) is not None
        and price >= LEAST
        and held["status"] in WANTED
        and (start := held["time_start"]) is not None
        and start < BEFORE
    ]


def _passes_four(row: dict[str, Any]) -> bool:
    return (
        (account := row["account_id"]) is not None
        and account != ACCOUNT
        and (price := row["customer_price"]) is not None
        and price >= LEAST
        and row["status"] in WANTED
        and (start := row["time_start"]) is not None
        and start < BEFORE
    )


def _named(rows: Rows) -> Rows:
    return [
        row
        for row in rows
        if (name := row["src_name_in"]) is not None
        and "me 99" in (name.lower() if name.isascii() else name)
        and (status := row["status"]) is not None
        and status != "Failed"
    ]


def _starting(rows: Rows) -> Rows:
    return [
        row
        for row in rows
        if (name := row["src_name_in"]) is not None and (name.lower() if name.isascii() else name).startswith("name 9")
    ]


def _not_in(rows: Rows) -> Rows:
    return [row for row in rows if (account := row["account_id"]) is not None and account not in OTHERS]


def _null(rows: Rows) -> Rows:
    return [row for row in rows if row["customer_price"] is None and row["src_name_in"] is not None]


def _either(rows: Rows) -> Rows:
    return [
        row
        for row in rows
        if row["account_id"] == ACCOUNT or ((price := row["customer_price"]) is not None and price >= LEAST)
    ]


def _related(rows: Rows) -> Rows:
    return [
        row
        for row in rows
        if any((price := call["customer_price"]) is not None and price >= LEAST for call in row["calls"])
    ]


def _in_zone(rows: Rows) -> Rows:
    return [row for row in rows if (start := row["time_start"]) is not None and start < BEFORE_IN_ZONE]


CONDITIONS = (
    "(account := row['account_id']) is not None and account != ACCOUNT",
    "(price := row['customer_price']) is not None and price >= LEAST",
    "row['status'] in WANTED",
    "(start := row['time_start']) is not None and start < BEFORE",
)


def _best_order(rows: Rows) -> Callable[[Rows], Rows]:
    """Time the four conditions in all their orders and give the fastest."""
    written: list[Callable[[Rows], Rows]] = []
    for order in permutations(CONDITIONS):
        source = f"lambda rows: [row for row in rows if {' and '.join(order)}]"
        written.append(eval(source, globals()))  # noqa: S307
    return min(written, key=lambda select: min(elapsed(lambda: select(rows), 1) for _ in range(3)))


def _contest(
    work: str, rows: Rows, by_hand: Callable[[Rows], Rows], predicate: Predicate, bar: float = 1.05
) -> Contest:
    """Compiling the predicate, of a shape that is known, is part of the library's time."""
    return Contest("select", work, lambda: by_hand(rows), lambda: compile_python(predicate).select(rows), bar)


def contests() -> Iterator[Contest]:
    """Give the contests of this stage."""
    rows = calls(COUNT)
    yield _contest(f"4 conjuncts over {COUNT:,} dictionaries", rows, _four, FOUR)
    yield _contest("the same against the best of all orders", rows, _best_order(rows), FOUR, 1.1)
    yield _contest(f"contains, whatever the case, over {COUNT:,}", rows, _named, NAMED)
    yield _contest("starts with, whatever the case", rows, _starting, C.src_name_in.start("NAME 9"))
    yield _contest("not in 500", rows, _not_in, C.account_id.not_in(OTHERS))
    yield _contest("NULL and not NULL", rows, _null, C.customer_price.null() & C.src_name_in.not_null())
    yield _contest("one of two", rows, _either, C.account_id.eq(ACCOUNT) | C.customer_price.gteq(LEAST))
    zoned = [row | {"time_start": row["time_start"].astimezone(ZONE)} for row in rows]
    yield _contest(f"before a moment, over {COUNT:,} in the zone of psycopg", zoned, _in_zone, C.time_start.lt(BEFORE))
    yield from _of_other_rows(rows[:FEWER])
    yield from _of_few(rows[:FEWER])


def _of_other_rows(rows: Rows) -> Iterator[Contest]:
    over = f"4 conjuncts over {FEWER:,}"
    yield _contest(f"{over} named tuples", [NamedCall(**row) for row in rows], _four_by_position, FOUR)
    yield _contest(f"{over} rows of SQLAlchemy", as_rows(rows), _four_by_position, FOUR)
    yield _contest(f"{over} slotted objects", [SlottedCall(**row) for row in rows], _four_by_attribute, FOUR)
    yield _contest(f"{over} instances of SQLAlchemy", [MappedCall(**row) for row in rows], _four_of_instances, FOUR)
    some = AccountFilters.calls.any(C.customer_price.gteq(LEAST))
    yield _contest(f"some of 3 related rows, over {FEWER:,}", accounts(FEWER), _related, some)


def _of_few(rows: Rows) -> Iterator[Contest]:
    matches = compile_python(FOUR)
    yield Contest(
        "select",
        f"{FEWER:,} dictionaries one by one, each looked at",
        lambda: list(filter(_passes_four, rows)),
        lambda: list(filter(matches, rows)),
        1.1,
    )
    page = rows[:50]

    def select() -> Rows:
        tests = [Comparison(test.field, test.operator, test.value) for test in TESTS]
        return compile_python(And(*tests)).select(page)

    def select_by_a_new_shape() -> Rows:
        program_of.cache_clear()
        return select()

    work = "a predicate of 4 conjuncts made, compiled and run on 50"
    yield Contest("select", work, lambda: _four(page), select, 6)
    cold = f"{work}, of a shape not seen before"
    yield Contest("select", cold, lambda: _four(page), select_by_a_new_shape, 10)
