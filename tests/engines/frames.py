"""What all frames share: a table in Arrow's types, and expressions of Narwhals on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pyarrow as pa

from jsonapi_sieve import Order, Predicate
from jsonapi_sieve.backends.narwhals import check, compile_narwhals, compile_narwhals_order
from jsonapi_sieve.testing.same_rows.frames import arrow_type
from tests.engines.base import Loaded
from tests.engines.table import Table

__all__ = ["OpenedFrames", "arrow_table"]


def arrow_table(table: Table) -> pa.Table:
    """Give the rows of a table as columns of Arrow."""
    schema = pa.schema([pa.field(field.name, arrow_type(field), nullable=field.nullable) for field in table.fields])
    return pa.Table.from_pylist([dict(row) for row in table.rows], schema=schema)


@dataclass(frozen=True)
class OpenedFrames:
    """A library of frames; `from_arrow` makes a frame of its own of a table of Arrow."""

    version: str
    from_arrow: Callable[[pa.Table], Any]

    @contextmanager
    def load(self, table: Table) -> Iterator[Loaded]:
        frame = self.from_arrow(arrow_table(table))
        check(table.filters, frame)
        rows = sorted(_arrow(nw.from_native(frame)).to_pylist(), key=lambda row: int(row["id"]))
        assert rows == list(table.rows), "the rows do not come out as they were put in"
        yield LoadedFrame(frame)


@dataclass(frozen=True)
class LoadedFrame:
    frame: Any

    def select(self, predicate: Predicate) -> list[int]:
        selected = nw.from_native(self.frame).filter(compile_narwhals(predicate, self.frame))
        return sorted(_ids(selected))

    def arrange(self, order: Order) -> list[int]:
        return _ids(nw.from_native(compile_narwhals_order(order)(self.frame)))


def _ids(frame: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> list[int]:
    ids: list[Any] = _arrow(frame.select("id"))["id"].to_pylist()
    return ids


def _arrow(frame: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> pa.Table:
    gathered = frame.collect("pyarrow") if isinstance(frame, nw.LazyFrame) else frame
    return gathered.to_arrow()
