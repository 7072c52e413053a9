"""Polars, eager and lazy."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import polars as pl
import pyarrow as pa

from tests.engines.base import Engine, Opened
from tests.engines.frames import OpenedFrames

__all__ = ["LazyPolars", "Polars"]


class Polars(Engine):
    name = "Polars"

    def open(self) -> AbstractContextManager[Opened]:
        return nullcontext(OpenedFrames(pl.__version__, pl.from_arrow))


class LazyPolars(Engine):
    name = "Polars (lazy)"

    def open(self) -> AbstractContextManager[Opened]:
        return nullcontext(OpenedFrames(pl.__version__, _lazy))


def _lazy(table: pa.Table) -> Any:
    return pl.DataFrame(pl.from_arrow(table)).lazy()
