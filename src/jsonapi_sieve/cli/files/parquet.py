"""Parquet files, by PyArrow: a batch of rows is read at a time, and its columns are written as they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import BinaryIO, Final, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from jsonapi_sieve.cli.files.rows import BATCH, Row
from jsonapi_sieve.cli.refused import Refused, Unsound

__all__ = ["Parquet"]

_GROUP: Final = 20_000
"""Rows that are written together."""

_BUFFER: Final = 64 * 1024
"""Bytes that are read of a column at a time."""

_Origin: TypeAlias = tuple[pa.RecordBatch, int]
"""A row as one of a batch."""


class Parquet:
    """The rows of a Parquet file, of which only some columns are looked at.

    Raises:
        Refused: for a file that is none.
    """

    unit: str = " rows"

    def __init__(self, file: BinaryIO, columns: Collection[str]) -> None:
        try:
            # Whole row groups would be read ahead otherwise.
            self._file = pq.ParquetFile(file, pre_buffer=False, buffer_size=_BUFFER)
        except pa.ArrowException as error:
            raise Refused(f"this is no Parquet file: {error}") from error
        self.columns: tuple[str, ...] = tuple(self._file.schema_arrow.names)
        self.size: int = self._file.metadata.num_rows
        self.done: int = 0
        self._looked_at = [name for name in self.columns if name in columns]

    def batches(self) -> Iterator[list[Row]]:
        """Give the rows, some at a time."""
        try:
            for batch in self._file.iter_batches(batch_size=BATCH, use_threads=False):
                values = batch.select(self._looked_at).to_pylist() if self._looked_at else [{}] * batch.num_rows
                first = self.done + 1
                self.done += batch.num_rows
                yield [Row(f"row {first + n}", each, (batch, n)) for n, each in enumerate(values)]
        except (pa.ArrowException, ValueError) as error:
            raise Unsound(f"the rows behind row {self.done} cannot be read: {error}") from error

    def compact(self, rows: list[_Origin]) -> list[_Origin]:
        """Give rows as those of a batch that has no others."""
        table = _together(rows, self._file.schema_arrow).combine_chunks()
        return [(batch, index) for batch in table.to_batches() for index in range(batch.num_rows)]

    def sink(self, file: BinaryIO) -> _ParquetSink:
        """Give what writes rows to another file, with the same schema."""
        return _ParquetSink(file, self._file.schema_arrow)


class _ParquetSink:
    def __init__(self, file: BinaryIO, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(file, schema)
        self._waiting: list[pa.Table] = []
        self._count = 0

    def write(self, rows: Sequence[_Origin]) -> None:
        if not rows:
            return
        self._waiting.append(_together(rows, self._schema))
        self._count += len(rows)
        if self._count >= _GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting))
        self._waiting, self._count = [], 0


def _together(rows: Sequence[_Origin], schema: pa.Schema) -> pa.Table:
    """Give rows of any batches as a table: by one take of each batch, and one more to put their rows in order."""
    batches = {id(batch): batch for batch, _ in rows}
    numbers = {key: number for number, key in enumerate(batches)}
    places = sorted(range(len(rows)), key=lambda place: numbers[id(rows[place][0])])
    taken = [
        batches[key].take(pa.array([rows[place][1] for place in group]))
        for key, group in groupby(places, key=lambda place: id(rows[place][0]))
    ]
    table = pa.Table.from_batches(taken, schema)
    if len(taken) > 1:
        back = sorted(range(len(rows)), key=places.__getitem__)
        table = table.combine_chunks().take(pa.array(back))
    return table
