"""Selecting from a list of rows, against comprehensions written by hand with the same guards, in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from benchmarks.contest import Contest
from benchmarks.rows import FIRST, CallFilters, calls
from jsonapi_sieve import Predicate
from jsonapi_sieve.backends.python import compile_python

COUNT = 100_000
LEAST, BEFORE, ACCOUNT = Decimal("2.5"), FIRST + timedelta(days=3), 17
WANTED = frozenset(("Pending", "Completed"))

FOUR: Predicate = (
    CallFilters.account_id.not_eq(ACCOUNT)
    & CallFilters.customer_price.gteq(LEAST)
    & CallFilters.status.in_(sorted(WANTED))
    & CallFilters.time_start.lt(BEFORE)
)
NAMED: Predicate = CallFilters.src_name_in.cont("ME 99") & CallFilters.status.not_eq("Failed")

Rows = list[dict[str, Any]]


def _four_by_hand(rows: Rows) -> Rows:
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


def _named_by_hand(rows: Rows) -> Rows:
    return [
        row
        for row in rows
        if (name := row["src_name_in"]) is not None
        and "me 99" in (name.lower() if name.isascii() else name)
        and (status := row["status"]) is not None
        and status != "Failed"
    ]


def contests() -> Iterator[Contest]:
    """Give the contests of this stage; compiling the predicate is part of the library's time."""
    rows = calls(COUNT)
    yield Contest(
        "select",
        f"4 conjuncts over {COUNT:,} dictionaries",
        lambda: _four_by_hand(rows),
        lambda: compile_python(FOUR).select(rows),
        1.05,
    )
    yield Contest(
        "select",
        f"contains, whatever the case, over {COUNT:,}",
        lambda: _named_by_hand(rows),
        lambda: compile_python(NAMED).select(rows),
        1.05,
    )
