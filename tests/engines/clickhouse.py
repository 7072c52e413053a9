"""ClickHouse, in process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from jsonapi_sieve import Field, types
from tests.engines.base import Engine, Opened
from tests.engines.sql import OpenedDatabase
from tests.engines.table import Table

__all__ = ["ClickHouse"]


class ClickHouse(Engine):
    name = "ClickHouse"
    most_predicates: ClassVar[int | None] = 2_000

    @contextmanager
    def open(self) -> Iterator[Opened]:
        engine = sa.create_engine("chdb:///:memory:")
        with engine.connect() as connection:
            # An hour that is skipped in spring lies in this zone; and statements with long lists are long.
            connection.execute(sa.text("SET session_timezone = 'Pacific/Chatham', max_query_size = 100000000"))
            version: str = connection.scalars(sa.text("SELECT version()")).one()
            yield OpenedClickHouse(connection, version)
        engine.dispose()


class OpenedClickHouse(OpenedDatabase):
    def typed(self, field: Field[Any], table: Table) -> TypeEngine[Any]:
        from chdb_sqlalchemy.types import Date32  # noqa: PLC0415  (only the heavy engines have it)

        match field.type:
            case types.Date():
                wide: TypeEngine[Any] = Date32()
                return wide
            case types.Float():
                return WrittenInFull()
            case types.Uuid():
                # The driver gives UUIDs of Python for its own type, whatever is asked for.
                return sa.String(36)
            case _:
                return super().typed(field, table)


class WrittenInFull(sa.Double):  # type: ignore[type-arg]
    """Floats as the text that gives them back: the driver writes 15 digits."""

    def bind_processor(self, dialect: Dialect) -> Callable[[float | None], str | None]:
        return lambda value: None if value is None else repr(value)
