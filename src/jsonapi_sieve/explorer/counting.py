"""The plots: how many rows of a filter fall into each bucket of time, of numbers and of values, all of them counted.

One statement counts the rows of a stretch of time by the buckets of all other plots at once. It is executed for each
bucket of time: so all rows are read once, in the order of the index by time where there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from time import monotonic
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve.backends.sqlalchemy.targets import columns_of
from jsonapi_sieve.explorer.buckets import Buckets, by_number, by_value
from jsonapi_sieve.explorer.declared import Plots, Source
from jsonapi_sieve.explorer.replies import refusal
from jsonapi_sieve.explorer.stretch import Span, Stretch, stretch_of
from jsonapi_sieve.explorer.tally import Found, Tally
from jsonapi_sieve.explorer.times import Times
from jsonapi_sieve.field import Field

__all__ = ["counts"]

_LONGEST: Final = 5.0
"""Seconds that all statements together may take."""


def counts(session: Session, source: Source, plots: Plots, text: str) -> dict[str, Any]:
    """Count the rows that a query selects, whatever page it asks for, for each of the plots.

    Raises:
        QueryErrors: with all faults of the query; 503 when counting takes longer than five seconds.
    """
    times = Times()
    with times.of("parse"):
        query = source.resource.parse(text, visible=source.visible)
    fields = {field.name: field for field in source.resource.filters.fields if _is_visible(field, source)}
    numbers = [plot for plot in plots.numbers if plot.field in fields]
    categories = [plot for plot in plots.categories if plot.field in fields]
    buckets = [by_number(plot, fields[plot.field], source.model) for plot in numbers]
    buckets += [by_value(plot, fields[plot.field], source.model) for plot in categories]
    tally = Tally(session, source, buckets)
    with times.of("database"):
        field = fields.get(plots.time or "")
        span = None if field is None else Span.of(query, field)
        stretch = None if field is None or span is None else stretch_of(session, source, span, field.name)
        if field is None or span is None or stretch is None:
            found = [tally.read(tally.of(query), {})]
        else:
            found = list(_by_time(tally, columns_of(source.model).find(field.name), field, span, stretch))
    total, sums = Found.together(found)
    return {
        "total": total,
        "time": None if stretch is None else _over_time(plots.time, stretch, found),
        "numbers": [
            {
                "field": plot.field,
                "edges": [f"{edge:f}" for edge in map(Decimal, plot.edges)],
                "counts": counted[:-1],
                "none": counted[-1],
            }
            for plot, counted in zip(numbers, sums, strict=False)
        ],
        "categories": [
            {"field": plot.field, "values": _told(each, counted), "none": counted[-1]}
            for plot, each, counted in zip(categories, buckets[len(numbers) :], sums[len(numbers) :], strict=True)
        ],
        "times": dict(times),
    }


def _is_visible(field: Field[Any], source: Source) -> bool:
    return source.visible is None or source.visible(field.name)


def _by_time(
    tally: Tally, column: sa.ColumnElement[Any], field: Field[Any], span: Span, stretch: Stretch
) -> Iterator[Found]:
    """Count the rows of each stretch of time, then those that have no time."""
    rest = tally.of(span.rest)
    low, high = (sa.bindparam(name, type_=column.type, required=True) for name in ("low", "high"))
    between, until = rest.where(column >= low, column < high), monotonic() + _LONGEST
    for bounds in stretch.bounds():
        if monotonic() > until:
            detail = "The database takes too long to count this; ask for less."
            raise refusal(503, "statement-timeout", "Statement timeout", detail)
        start, end = span.within(*bounds)
        yield tally.read(between, {"low": start, "high": end}) if start < end else tally.nothing
    has_none = field.nullable and span.low is None and span.high is None
    yield tally.read(rest.where(column.is_(None)), {}) if has_none else tally.nothing


def _over_time(name: str | None, stretch: Stretch, found: Sequence[Found]) -> dict[str, Any]:
    *within, none = [each.total for each in found]
    return {
        "field": name,
        "start": stretch.start.isoformat().replace("+00:00", "Z"),
        "seconds": stretch.seconds,
        "counts": within,
        "none": none,
    }


def _told(buckets: Buckets, counted: Sequence[int]) -> list[dict[str, Any]]:
    """Tell the counts of values; the bucket of all others is told where it has any."""
    told = [{**each, "count": count} for each, count in zip(buckets.told, counted, strict=False)]
    return told if told[-1]["count"] else told[:-1]
