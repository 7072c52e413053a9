"""SQLite, in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from tests.engines.base import Engine, Opened
from tests.engines.sql import OpenedDatabase

__all__ = ["SQLite"]


class SQLite(Engine):
    name = "SQLite"

    @contextmanager
    def open(self) -> Iterator[Opened]:
        engine = sa.create_engine("sqlite://")
        with engine.connect() as connection:
            yield OpenedDatabase(connection, sqlite3.sqlite_version)
        engine.dispose()
