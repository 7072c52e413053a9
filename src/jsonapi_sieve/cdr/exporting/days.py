"""CDRs outside of the database, for engines that read files: a folder of Parquet, in parts by the day of `time_start`.

`<folder>/day=2026-02-01/cdrs.parquet` holds the calls that started on that day in UTC, with all columns of the table in
the types that it has, by `time_start` and `id`. Spark, DuckDB, ClickHouse and Polars read such a folder as one table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from jsonapi_sieve.cdr.exporting.parquet import array_of
from jsonapi_sieve.cdr.models import Cdr
from jsonapi_sieve.cdr.parquet import type_of

__all__ = ["write_days"]

_ROWS: Final = 20_000  # read at once, and a group of rows of the file
_TABLE: Final = Cdr.__table__


def write_days(
    engine: Engine, folder: Path, *, since: date | None = None, progress: Callable[[int], object] | None = None
) -> int:
    """Write the CDRs of a database into such a folder, from the day `since` on; returns how many there are.

    Memory does not grow with them. Each day is read by one statement, and its file takes the place of an older one when
    it is whole. Days that the database does not have (any longer) are left in the folder as they are. `progress` is
    told how many more rows are written.

    >>> from tempfile import TemporaryDirectory
    >>> from jsonapi_sieve.cdr.generate import generate
    >>> engine = sa.create_engine("sqlite://")
    >>> generate(engine, count=100, until=datetime(2026, 2, 1, tzinfo=UTC))
    >>> with TemporaryDirectory() as folder:
    ...     write_days(engine, Path(folder)), max(path.parent.name for path in Path(folder).glob("*/cdrs.parquet"))
    (100, 'day=2026-01-31')
    >>> engine.dispose()

    Raises:
        OSError: when the folder cannot be written.
        DoesNotFit: when a column of Parquet cannot hold a value.
    """
    written = 0
    with engine.connect() as connection:
        for day in _days(connection, since):
            place = folder / f"day={day}"
            place.mkdir(parents=True, exist_ok=True)
            hidden = place / ".cdrs.parquet"  # no engine reads a file with such a name
            written += _write(connection, day, hidden, progress or _ignore)
            hidden.replace(place / "cdrs.parquet")
    return written


def _days(connection: Connection, since: date | None) -> Iterator[date]:
    """Give the days on which calls started, ascending; an index leads from each to the next."""
    first = sa.select(sa.func.min(Cdr.time_start))
    moment = connection.scalar(first if since is None else first.where(Cdr.time_start >= _moment(since, time.min)))
    while moment is not None:
        yield moment.date()
        moment = connection.scalar(first.where(Cdr.time_start > _moment(moment.date(), time.max)))


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, UTC)


def _write(connection: Connection, day: date, path: Path, progress: Callable[[int], object]) -> int:
    fields = [pa.field(each.name, type_of(each.type), nullable=bool(each.nullable)) for each in _TABLE.columns]
    schema = pa.schema(fields)
    within = Cdr.time_start.between(_moment(day, time.min), _moment(day, time.max))
    statement = sa.select(_TABLE).where(within).order_by(Cdr.time_start, Cdr.id)
    written = 0
    with pq.ParquetWriter(path, schema) as writer:
        for rows in connection.execution_options(yield_per=_ROWS).execute(statement).partitions():
            columns = zip(*rows, strict=True)
            arrays = list(map(array_of, columns, schema))
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            written += len(rows)
            progress(len(rows))
    return written


def _ignore(_: int) -> None:
    pass
