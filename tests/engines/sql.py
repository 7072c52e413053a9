"""What all databases share: a table of the column types that the documents recommend, and statements on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from jsonapi_sieve import TRUE, Field, Order, Predicate
from jsonapi_sieve.backends.sqlalchemy import check, compile_select
from jsonapi_sieve.testing.same_rows.databases import column_type
from tests.engines.base import Loaded
from tests.engines.table import Table

__all__ = ["OpenedDatabase"]

ColumnTypes: TypeAlias = Callable[[Field[Any]], TypeEngine[Any]]


@dataclass(frozen=True)
class OpenedDatabase:
    """A database with one connection to it.

    `column_type` gives the recommended type for a field, where it differs from the common one; `arguments` is what this
    engine's tables need besides columns.
    """

    connection: sa.Connection
    version: str
    column_type: ColumnTypes = column_type
    arguments: tuple[SchemaItem, ...] = ()

    @contextmanager
    def load(self, table: Table) -> Iterator[Loaded]:
        target = self._target(table)
        check(table.filters, target, self.connection.dialect)
        try:
            target.create(self.connection)
            self.connection.execute(target.insert(), list(table.rows))
            self.connection.commit()
            assert self._rows(target) == list(table.rows), "the rows do not come out as they were put in"
            yield LoadedDatabase(self.connection, target)
        finally:
            self.connection.rollback()
            target.drop(self.connection, checkfirst=True)
            self.connection.commit()

    def typed(self, field: Field[Any], table: Table) -> TypeEngine[Any]:
        """Give the type of a column that is to hold what the rows of a table hold."""
        return self.column_type(field)

    def _target(self, table: Table) -> sa.Table:
        columns: list[sa.Column[Any]] = [
            sa.Column(
                field.name,
                self.typed(field, table),
                primary_key=field.name == "id",
                nullable=field.nullable,
                autoincrement=False,
            )
            for field in table.fields
        ]
        return sa.Table(table.name, sa.MetaData(), *columns, *self.arguments)

    def _rows(self, target: sa.Table) -> list[Mapping[str, Any]]:
        result = self.connection.execute(sa.select(target).order_by(target.c.id))
        return [dict(row) for row in result.mappings()]


@dataclass(frozen=True)
class LoadedDatabase:
    connection: sa.Connection
    target: sa.Table

    def select(self, predicate: Predicate) -> list[int]:
        return sorted(self._ids(*compile_select(predicate, self.target)))

    def arrange(self, order: Order) -> list[int]:
        return self._ids(*compile_select(TRUE, self.target, order))

    def _ids(self, statement: sa.Select[Any], values: dict[str, object]) -> list[int]:
        try:
            return list(self.connection.scalars(_only_ids(statement), values))
        except sa.exc.DBAPIError:
            # Some engines take no further statement in a transaction in which one has failed.
            self.connection.rollback()
            raise


@lru_cache(maxsize=1024)
def _only_ids(statement: sa.Select[Any]) -> sa.Select[Any]:
    """Leave the other columns: to fetch them would take longer than the tests."""
    return statement.with_only_columns(statement.selected_columns["id"])
