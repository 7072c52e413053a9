"""Parquet files, by PyArrow: a batch of rows is read at a time, and its columns are written as they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from jsonapi_sieve.cli.files.rows import BATCH, Row
from jsonapi_sieve.cli.refused import Refused, Unsound

__all__ = ["Parquet"]

_GROUP: Final = 65_536
"""Rows that are written together."""


class Parquet:
    """The rows of a Parquet file, of which only some columns are looked at.

    Raises:
        Refused: for a file that is none.
    """

    unit = " rows"

    def __init__(self, file: BinaryIO, columns: Collection[str]) -> None:
        try:
            self._file = pq.ParquetFile(file)
        except pa.ArrowException as error:
            raise Refused(f"this is no Parquet file: {error}") from error
        self.columns: tuple[str, ...] = tuple(self._file.schema_arrow.names)
        self.size = self._file.metadata.num_rows
        self.done = 0
        self._looked_at = [name for name in self.columns if name in columns]

    def batches(self) -> Iterator[list[Row]]:
        """Give the rows, some at a time."""
        try:
            for batch in self._file.iter_batches(batch_size=BATCH):
                values = batch.select(self._looked_at).to_pylist() if self._looked_at else [{}] * batch.num_rows
                first = self.done + 1
                self.done += batch.num_rows
                yield [Row(f"row {first + n}", each, (batch, n)) for n, each in enumerate(values)]
        except (pa.ArrowException, ValueError) as error:
            raise Unsound(f"the rows behind row {self.done} cannot be read: {error}") from error

    def sink(self, file: BinaryIO) -> _ParquetSink:
        """Give what writes rows to another file, with the same schema."""
        return _ParquetSink(file, self._file.schema_arrow)


class _ParquetSink:
    def __init__(self, file: BinaryIO, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(file, schema)
        self._waiting: list[pa.RecordBatch] = []
        self._count = 0

    def write(self, rows: Sequence[Row]) -> None:
        for _, group in groupby(rows, key=lambda row: id(row.origin[0])):
            origins = [row.origin for row in group]
            self._waiting.append(origins[0][0].take(pa.array([index for _, index in origins])))
        self._count += len(rows)
        if self._count >= _GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting, self._schema))
        self._waiting, self._count = [], 0
