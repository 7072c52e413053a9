"""Relations of DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from tests.engines.base import Engine, Opened
from tests.engines.frames import OpenedFrames

__all__ = ["DuckDBRelation"]


class DuckDBRelation(Engine):
    name = "DuckDB (relation)"

    @contextmanager
    def open(self) -> Iterator[Opened]:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")

            def from_arrow(table: pa.Table) -> duckdb.DuckDBPyRelation:
                # A table of its own, so that plans are those of tables, with what they push into scans.
                connection.from_arrow(table).create_view("arrow")
                connection.execute("CREATE OR REPLACE TABLE rows AS FROM arrow")
                connection.execute("DROP VIEW arrow")
                return connection.table("rows")

            yield OpenedFrames(duckdb.__version__, from_arrow)
