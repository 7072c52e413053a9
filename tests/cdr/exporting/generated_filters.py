"""Stored filters of exports, made at random over what a database holds: at the edges of times, with hostile texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from jsonapi_sieve import types
from jsonapi_sieve.cdr.models import Cdr
from tests.cdr.exporting.databases import TEXTS

__all__ = ["stored_filters"]

MOMENTS = types.Timestamp(digits=3)
MILLISECOND = timedelta(milliseconds=1)
EDGES = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC),
)
Make = Callable[[], object]


def stored_filters(engine: sa.Engine, count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Make different stored filters."""
    random = Random(seed)  # noqa: S311  # nothing here is a secret
    columns = Cdr.time_start, Cdr.duration, Cdr.src_prefix_routing, Cdr.dst_prefix_routing
    with engine.connect() as connection:
        rows = connection.execute(sa.select(*columns).order_by(Cdr.id)).all()
    found: dict[str, dict[str, Any]] = {}
    while len(found) < count:
        filters = dict(_filters(random, rows))
        found[repr(filters)] = filters
    return list(found.values())


def _filters(random: Random, rows: Any) -> Iterator[tuple[str, object]]:
    start, duration, source, destination = (list(values) for values in zip(*rows, strict=True))

    def moment(edges: tuple[datetime, ...]) -> str:
        chosen = random.choice(start) + random.choice((-1, 0, 0, 1)) * MILLISECOND
        return MOMENTS.render(chosen if random.random() < 0.6 else random.choice(edges))

    def seconds() -> int:
        return random.choice(((random.choice(duration) or 0) + random.choice((-1, 0, 1)), 0, -5, 2**31 - 1))

    def text(values: list[str | None]) -> str:
        value = random.choice(values) or ""
        return random.choice((value, value, value[:-1], f"{value}%", random.choice(TEXTS), random.choice(TEXTS)))

    made: tuple[tuple[str, float, Make], ...] = (
        ("time_start_gteq", 0.8, lambda: moment(EDGES[:3])),
        ("time_start_lt", 0.7, lambda: moment(EDGES[2:])),
        ("success_eq", 0.2, lambda: random.random() < 0.5),
        ("duration_eq", 0.1, seconds),
        ("duration_gteq", 0.15, seconds),
        ("duration_lteq", 0.15, seconds),
        ("src_prefix_routing_eq", 0.25, lambda: text(source)),
        ("dst_prefix_routing_eq", 0.1, lambda: text(destination)),
    )
    for name, share, make in made:
        if random.random() < share:
            yield name, make()
