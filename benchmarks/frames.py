"""Selecting from a frame of a million rows, against the same filter written by hand for Polars."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import narwhals as nw
import polars as pl

from benchmarks.contest import Contest
from benchmarks.rows import FIRST, STATUSES
from jsonapi_sieve import Field, FilterSet, Predicate, types
from jsonapi_sieve.backends.narwhals import compile_narwhals

COUNT = 1_000_000
LEAST, BEFORE, ROWS = Decimal("2.500000000000"), FIRST + timedelta(days=3), 17
WANTED = ["Completed", "Pending"]


class ExportFilters(FilterSet):
    """The attributes of the rows."""

    id = Field(types.Integer(64))
    status = Field(types.Enum(*STATUSES))
    price = Field(types.Decimal(scale=12))
    time = Field(types.Timestamp())
    rows_count = Field(types.Integer(64), nullable=True)


FOUR: Predicate = (
    ExportFilters.status.in_(WANTED)
    & ExportFilters.price.gteq(LEAST)
    & ExportFilters.time.lt(BEFORE)
    & ExportFilters.rows_count.not_eq(ROWS)
)


def exports(count: int = COUNT) -> pl.DataFrame:
    """Make the rows."""
    chance = random.Random(1)
    columns: dict[str, list[Any]] = {
        "id": list(range(count)),
        "status": chance.choices(STATUSES, k=count),
        "price": [Decimal(chance.randrange(100_000)).scaleb(-4) for _ in range(count)],
        "time": [FIRST + timedelta(microseconds=chance.randrange(30 * 86_400_000_000)) for _ in range(count)],
        "rows_count": [chance.randrange(1000) if chance.random() > 0.05 else None for _ in range(count)],
    }
    return pl.DataFrame(
        columns,
        {
            "id": pl.Int64,
            "status": pl.String,
            "price": pl.Decimal(38, 12),
            "time": pl.Datetime("us", "UTC"),
            "rows_count": pl.Int64,
        },
    )


def _by_hand(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(
        pl.col("status").is_in(WANTED)
        & (pl.col("price") >= LEAST)
        & (pl.col("time") < BEFORE)
        & (pl.col("rows_count") != ROWS)
    )


def contests(count: int = COUNT) -> Iterator[Contest]:
    """Give the contests of this stage; compiling the predicate, with the frame's columns checked, is part of it."""
    frame = exports(count)

    def ours() -> pl.DataFrame:
        return nw.from_native(frame).filter(compile_narwhals(FOUR, frame)).to_native()

    # Frames compare element by element, so the two sides are compared as lists of rows.
    if _by_hand(frame).rows() != ours().rows():
        raise ValueError("frames: the two sides differ, so there is nothing to time")
    yield Contest(
        "frames",
        f"4 conjuncts over {count:,} rows of Polars",
        lambda: _by_hand(frame).height,
        lambda: ours().height,
        1.1,
    )
