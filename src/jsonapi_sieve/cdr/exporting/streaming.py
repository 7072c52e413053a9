"""Rows from any engine in batches, so that a file of any length is written in the same memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from jsonapi_sieve.cdr.exporting.cells import Cells, cells_of, guarded, spelling
from jsonapi_sieve.cdr.exporting.kinds import Selection
from jsonapi_sieve.cdr.exporting.statements import columns_of, statement_of
from jsonapi_sieve.cdr.exporting.zones import Clock
from jsonapi_sieve.csv_record import quote_item

__all__ = ["Batch", "batches", "header_of", "reader_of", "stream_csv"]

Batch = Sequence[Any]
"""Some rows, each a sequence of what there is for each column."""

_BATCH: Final = 1_000


def header_of(selection: Selection) -> bytes:
    """Give the first line of a file: the titles of its columns."""
    return (",".join(map(quote_item, (column.title for column in selection.columns))) + "\n").encode()


def stream_csv(connection: sa.Connection, selection: Selection, *, guard: bool) -> Iterator[tuple[bytes, int]]:
    """Give the lines of a file in pieces, each with the number of its rows."""
    clock = Clock(selection.time_format, selection.time_zone)
    makers = [_cells(column, connection.dialect, clock, guard=guard) for column in columns_of(selection)]
    for batch in batches(connection, selection):
        columns = [make(values) for make, values in zip(makers, zip(*batch, strict=True), strict=True)]
        lines = "\n".join(map(",".join, zip(*columns, strict=True)))
        yield f"{lines}\n".encode(), len(batch)


def batches(connection: sa.Connection, selection: Selection) -> Iterator[Batch]:
    """Give the rows of a file; `reader_of` reads their values."""
    shown: list[sa.ColumnElement[Any]] = [
        sa.null() if column is None else _as_stored(column, connection.dialect) for column in columns_of(selection)
    ]
    streamed = connection.execution_options(stream_results=True, max_row_buffer=_BATCH)
    with streamed.execute(statement_of(selection, shown)) as result:
        yield from result.partitions(_BATCH)


def reader_of(column: sa.Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Give what makes a value of Python from what there is of a column in a batch; None where it is one already."""
    return column.type.dialect_impl(dialect).result_processor(dialect, None) if _is_plain(dialect) else None


def _as_stored(column: sa.Column[Any], dialect: Dialect) -> sa.ColumnElement[Any]:
    return sa.type_coerce(column, sa.types.NullType()) if _is_plain(dialect) else column


def _is_plain(dialect: Dialect) -> bool:
    """Tell whether a driver gives numbers and texts only. Most repeat, so that few have to be read as what they are."""
    return dialect.name == "sqlite"


def _cells(column: sa.Column[Any] | None, dialect: Dialect, clock: Clock, *, guard: bool) -> Cells:
    if column is None:
        return lambda values: [""] * len(values)
    if isinstance(column.type, sa.String):  # may be long and seldom repeat, so that none is remembered
        texts = cells_of(None)
        return (lambda values: texts([text and guarded(text) for text in values])) if guard else texts
    read, spell = reader_of(column, dialect), spelling(clock, guard=guard)
    repeats = "time" not in column.name
    return cells_of(spell if read is None else lambda value: spell(read(value)), repeats=repeats)
