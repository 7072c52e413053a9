"""DuckDB, in memory, set up to compare text as people do, in a zone far from UTC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import sqlalchemy as sa

from tests.engines.base import Engine, Opened
from tests.engines.sql import OpenedDatabase

__all__ = ["DuckDB"]


class DuckDB(Engine):
    name = "DuckDB"

    @contextmanager
    def open(self) -> Iterator[Opened]:
        engine = sa.create_engine("duckdb:///:memory:")
        with engine.connect() as connection:
            connection.execute(sa.text("SET TimeZone = 'Pacific/Chatham'"))
            connection.execute(sa.text("SET default_collation = 'nocase.noaccent'"))
            yield OpenedDatabase(connection, duckdb.__version__)
        engine.dispose()
