"""Rows as a Parquet file: columns are named by the attributes of calls, and times are instants in UTC."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from jsonapi_sieve.cdr.exporting.kinds import Selection
from jsonapi_sieve.cdr.exporting.reasons import DoesNotFit
from jsonapi_sieve.cdr.exporting.statements import columns_of
from jsonapi_sieve.cdr.exporting.streaming import batches, reader_of
from jsonapi_sieve.cdr.parquet import type_of

__all__ = ["array_of", "stream_parquet"]

_GROUP: Final = 20_000  # rows that are packed together


def stream_parquet(connection: sa.Connection, selection: Selection, file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Write the rows to a file, and yield after each batch its number of rows beside no bytes.

    Raises:
        DoesNotFit: as `array_of` does.
    """
    columns = columns_of(selection)
    readers = [None if column is None else reader_of(column, connection.dialect) for column in columns]
    schema = pa.schema(
        [
            (named.name or named.title, pa.string() if column is None else type_of(column.type))
            for named, column in zip(selection.columns, columns, strict=True)
        ]
    )
    with pq.ParquetWriter(file, schema) as writer:
        group: list[pa.RecordBatch] = []
        for batch in batches(connection, selection):
            arrays = map(_array, schema, readers, zip(*batch, strict=True))
            group.append(pa.RecordBatch.from_arrays(list(arrays), schema=schema))
            if len(group) * len(batch) >= _GROUP:
                writer.write_table(pa.Table.from_batches(group, schema))
                group.clear()
            yield b"", len(batch)
        writer.write_table(pa.Table.from_batches(group, schema))


def array_of(values: Sequence[object], field: pa.Field[Any]) -> pa.Array[Any]:
    """Give the values of a column as Arrow has them.

    Raises:
        DoesNotFit: for a value that is none of the type, such as a decimal of 39 or 40 digits. Parquet itself has
            longer decimals, which Spark does not read.
    """
    try:
        array: pa.Array[Any] = pa.array(values, field.type)
    except pa.ArrowInvalid as error:
        told = f"a value of {field.name} does not fit {field.type}, the type that it has in Parquet; CSV holds any"
        raise DoesNotFit(told) from error
    return array


def _array(field: pa.Field[Any], read: Callable[[Any], Any] | None, values: Sequence[Any]) -> pa.Array[Any]:
    return array_of(values if read is None else list(map(read, values)), field)
