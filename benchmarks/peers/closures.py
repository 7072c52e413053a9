"""No library: one function for each term of a predicate, as most libraries' users write it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter

Term = Callable[[dict[str, Any]], bool]


def _term(name: str, compare: Callable[[Any, Any], bool], value: object) -> Term:
    def holds(row: dict[str, Any]) -> bool:
        found = row[name]
        return found is not None and compare(found, value)

    return holds


def select() -> Adapter:
    """Try the terms one after the other."""
    rows = tasks.rows()
    terms = (
        _term("account_id", operator.ne, tasks.ACCOUNT),
        _term("customer_price", operator.ge, tasks.LEAST),
        _term("status", lambda found, wanted: found in wanted, frozenset(tasks.WANTED)),
        _term("time_start", operator.lt, tasks.BEFORE),
    )
    return Adapter("a closure for each term", lambda: [row for row in rows if all(term(row) for term in terms)], list)
