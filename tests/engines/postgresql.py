"""PostgreSQL: that of a wheel, which sorts by code point, and the system's, in a database that sorts as people do.

Sessions of the second live in a zone far from UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import sqlalchemy as sa

from tests.engines.base import Engine
from tests.engines.sql import OpenedDatabase
from tests.servers import postgresql

__all__ = ["PostgreSQL", "PostgreSQLIcu"]


class PostgreSQL(Engine):
    name = "PostgreSQL"

    def open(self) -> AbstractContextManager[OpenedDatabase]:
        return _opened(postgresql.embedded, "UTC")


class PostgreSQLIcu(Engine):
    name = "PostgreSQL (ICU en-US)"

    def open(self) -> AbstractContextManager[OpenedDatabase]:
        return _opened(postgresql.system_icu, "Pacific/Chatham")


@contextmanager
def _opened(server: Callable[[], AbstractContextManager[str]], zone: str) -> Iterator[OpenedDatabase]:
    with server() as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"options": f"-c timezone={zone}"})
        with engine.connect() as connection:
            version: str = connection.scalars(sa.text("show server_version")).one()
            yield OpenedDatabase(connection, version.split(maxsplit=1)[0])
