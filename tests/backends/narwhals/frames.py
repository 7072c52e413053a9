"""The light kinds of frames, each made of a table of Arrow, and what an expression selects of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa

from jsonapi_sieve import Predicate
from jsonapi_sieve.backends.narwhals import compile_narwhals

__all__ = ["KINDS", "Make", "differing", "numbered", "selected", "selects"]

Make: TypeAlias = Callable[[pa.Table], Any]


def _duckdb(table: pa.Table) -> duckdb.DuckDBPyRelation:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.from_arrow(table).create("rows")
    return connection.table("rows")


KINDS: Mapping[str, Make] = {
    "polars": pl.from_arrow,
    "polars-lazy": lambda table: pl.DataFrame(pl.from_arrow(table)).lazy(),
    "pandas": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "pandas-numpy": lambda table: table.to_pandas(),
    "pyarrow": lambda table: table,
    "duckdb": _duckdb,
}


def numbered(values: Sequence[Any], type_: pa.DataType | None = None) -> pa.Table:
    """Make a table of `id`, from 0 on, and `value`."""
    return pa.table({"id": pa.array(range(len(values)), pa.int64()), "value": pa.array(values, type_)})


def selected(frame: Any, expression: nw.Expr) -> list[int]:
    """Give the ids of the rows that an expression keeps, ascending."""
    kept = nw.from_native(frame).lazy().filter(expression).select("id").collect("pyarrow").to_arrow()
    ids: list[int] = sorted(kept["id"].to_pylist())
    return ids


def selects(frame: Any, predicate: Predicate) -> list[int]:
    """Give the ids that a predicate selects, with the frame's columns checked before."""
    return selected(frame, compile_narwhals(predicate, frame))


def differing(frame: Any, expected: Mapping[Predicate, list[int]]) -> dict[Predicate, list[int | None]]:
    """Give the predicates that are TRUE of other ids than expected, with those, or with None where one is NULL.

    Many are asked in one query, for that is faster by far.
    """
    found: dict[Predicate, list[int | None]] = {}
    predicates = list(expected)
    for start in range(0, len(predicates), 100):
        part = {f"answer_{number}": predicate for number, predicate in enumerate(predicates[start : start + 100])}
        answers = {name: compile_narwhals(predicate) for name, predicate in part.items()}
        told = nw.from_native(frame).lazy().select("id", **answers).collect("pyarrow").to_arrow().to_pydict()
        for name, predicate in part.items():
            pairs = sorted(zip(told["id"], told[name], strict=True))
            ids = [None if answer is None else number for number, answer in pairs if answer is not False]
            if ids != expected[predicate]:
                found[predicate] = ids
    return found
