"""What all frames share: a table in Arrow's types, and expressions of Narwhals on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pyarrow as pa

from jsonapi_sieve import Field, Order, Predicate, types
from jsonapi_sieve.backends.narwhals import check, compile_narwhals, compile_narwhals_order
from tests.engines.base import Loaded
from tests.engines.table import Table

__all__ = ["OpenedFrames", "arrow_table", "arrow_type"]

_DIGITS = 38
_INTEGERS: Mapping[int, pa.DataType] = {16: pa.int16(), 32: pa.int32(), 64: pa.int64()}


def arrow_type(field: Field[Any]) -> pa.DataType:
    """Give the type of Arrow that is recommended for a field."""
    match field.type:
        case types.Boolean():
            return pa.bool_()
        case types.Integer() as declared:
            return _INTEGERS[declared.bits]
        case types.Decimal() as declared if declared.exact:
            return pa.decimal128(_DIGITS, declared.scale)
        case types.Decimal() | types.Float():
            return pa.float64()
        case types.Timestamp() as declared:
            zone = "UTC" if declared.zone is None else None
            return pa.timestamp("ms" if declared.digits == 3 else "us", zone)
        case types.Date():
            return pa.date32()
        case _:
            return pa.string()


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
