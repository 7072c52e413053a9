"""Rows of the domain as a Parquet file, with columns of the types that its tables have."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime

__all__ = ["type_of", "write_parquet"]

_GROUP: Final = 10_000


def write_parquet(rows: Iterable[Mapping[str, object]], table: sa.FromClause, file: BinaryIO) -> None:
    """Write rows of a table."""
    schema = pa.schema([(column.name, type_of(column.type)) for column in table.columns])
    remaining = iter(rows)
    with pq.ParquetWriter(file, schema) as writer:
        while group := [_plain(row) for row in islice(remaining, _GROUP)]:
            writer.write_table(pa.Table.from_pylist(group, schema))


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {name: json.dumps(value) if isinstance(value, dict) else value for name, value in row.items()}


def type_of(type_: sa.types.TypeEngine[Any]) -> pa.DataType:
    """Give the type of Parquet's that a column's values have."""
    match type_:
        case ExactDecimal():
            return pa.decimal128(38, type_.scale)
        case UtcDateTime():
            return pa.timestamp("ms", "UTC")
        case sa.Boolean():
            return pa.bool_()
        case sa.SmallInteger():
            return pa.int16()
        case sa.BigInteger():
            return pa.int64()
        case sa.Integer():
            return pa.int32()
        case _:
            return pa.string()
