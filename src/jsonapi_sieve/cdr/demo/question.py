"""What a query string asks of the calls: which, and in what order."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from jsonapi_sieve import And, ErrorObject, Order, QueryErrors, Sort
from jsonapi_sieve.cdr.filters import CdrFilters

__all__ = ["FILTERS", "SORT", "Question", "read"]

FILTERS: Final = CdrFilters()
SORT: Final = Sort(*(field.name for field in FILTERS.fields), default="-time_start")


class Question(NamedTuple):
    """A query string, read."""

    predicate: And
    order: Order


def read(query: str, now: datetime) -> Question:
    """Read a query string of `filter[...]` and `sort`; `now` is when the last 24 hours end.

    >>> from datetime import UTC
    >>> read("filter[id]=8&sort=-duration", datetime(2026, 1, 1, tzinfo=UTC))
    Question(predicate=And(id in (8,)), order=(SortKey(name='duration', descending=True),))

    Raises:
        QueryErrors: with every fault of the query.
    """
    faults: list[ErrorObject] = []
    predicate, order = And(), SORT.default
    try:
        predicate = FILTERS.parse(query, now=now)
    except QueryErrors as errors:
        faults.extend(errors.errors)
    try:
        order = SORT.parse(_sort_of(query))
    except QueryErrors as errors:
        faults.extend(errors.errors)
    if faults:
        raise QueryErrors(faults)
    return Question(predicate, order)


def _sort_of(query: str) -> str | None:
    """Find the value of `sort`. The other families are JSON:API's too, but they are not for rows."""
    pairs = parse_qsl(query, keep_blank_values=True)
    foreign = {key for key, _ in pairs if key.partition("[")[0] in ("include", "page", "fields")}
    if foreign:
        detail = "This demonstration filters and sorts; it has no pages and shows no documents."
        raise QueryErrors(ErrorObject("unknown-parameter", "Unknown parameter", detail, key) for key in sorted(foreign))
    values = [value for key, value in pairs if key == "sort"]
    if len(values) > 1:
        raise QueryErrors([ErrorObject("repeated-parameter", "Repeated parameter", "sort is given twice.", "sort")])
    return values[0] if values else None
