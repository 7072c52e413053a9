"""MariaDB, twice: as it comes, and with columns that say how they compare, in a session that reads SQL otherwise.

The first compares text without case, accents and trailing blanks, unless a statement says otherwise. Sessions of the
second live in a zone far from UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from jsonapi_sieve import Field, types
from tests.engines.base import Engine
from tests.engines.sql import OpenedDatabase
from tests.engines.table import Table
from tests.servers.mariadb import mariadb

__all__ = ["MariaDB", "MariaDBByCodePoint"]

_OTHERWISE = "SET time_zone = '+12:45', sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'"


class MariaDB(Engine):
    name = "MariaDB"

    def open(self) -> AbstractContextManager[OpenedDatabase]:
        return _opened(None)


class MariaDBByCodePoint(Engine):
    name = "MariaDB (utf8mb4_nopad_bin)"

    def open(self) -> AbstractContextManager[OpenedDatabase]:
        return _opened("utf8mb4_nopad_bin", init_command=_OTHERWISE)


@dataclass(frozen=True)
class OpenedMariaDB(OpenedDatabase):
    collation: str | None = None

    def typed(self, field: Field[Any], table: Table) -> TypeEngine[Any]:
        common = super().typed(field, table)
        if isinstance(common, sa.String):
            # It has to have a length, and sorts by a short text only.
            return sa.String(max((len(row[field.name] or "") for row in table.rows), default=0) or 1, self.collation)
        if isinstance(common, sa.Uuid):
            # MariaDB's own type refuses some.
            return sa.Uuid(as_uuid=False, native_uuid=False)
        if isinstance(field.type, types.Timestamp) and field.type.zone is not None:
            return mysql.DATETIME(fsp=field.type.digits)
        return common

    def _target(self, table: Table) -> sa.Table:
        target = super()._target(table)
        for column in target.c:
            # MariaDB finds less by some indexes than without.
            if isinstance(column.type, sa.String):
                sa.Index(f"by_{column.name}", column)
        return target


@contextmanager
def _opened(collation: str | None, **arguments: str) -> Iterator[OpenedDatabase]:
    with mariadb() as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=arguments)
        with engine.connect() as connection:
            version: str = connection.scalars(sa.text("SELECT version()")).one()
            yield OpenedMariaDB(connection, version.partition("-")[0], collation=collation)
