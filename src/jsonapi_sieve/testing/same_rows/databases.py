"""Rows in a temporary table of a database, and what is selected from it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Mapper
from sqlalchemy.sql import visitors
from sqlalchemy.types import TypeEngine

from jsonapi_sieve import types
from jsonapi_sieve.backends.python.rows import access_of
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime, compile_select
from jsonapi_sieve.field import Field
from jsonapi_sieve.testing.same_rows.answer import Answer
from jsonapi_sieve.testing.same_rows.question import NUMBER, Question
from jsonapi_sieve.types.text import members_by_text

__all__ = ["column_type", "database", "select_by", "select_from"]

_INTEGERS: Final[Mapping[int, TypeEngine[Any]]] = {16: sa.SmallInteger(), 32: sa.Integer(), 64: sa.BigInteger()}


def column_type(field: Field[Any]) -> TypeEngine[Any]:
    """Give the type of SQLAlchemy that is recommended for the column of a field.

    >>> column_type(Field(types.Decimal(scale=2)))
    ExactDecimal(scale=2)
    """
    match field.type:
        case types.Boolean():
            return sa.Boolean()
        case types.Integer() as declared:
            return _INTEGERS[declared.bits]
        case types.Decimal(exact=True) as declared:
            return ExactDecimal(declared.scale)
        case types.Decimal() | types.Float():
            return sa.Double()
        case types.Timestamp(zone=None) as declared:
            return UtcDateTime(declared.digits)
        case types.Timestamp():
            return sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mariadb")
        case types.Date():
            return sa.Date()
        case types.Uuid():
            return sa.Uuid(as_uuid=False)
        case _:
            return sa.String().with_variant(sa.Text(), "mariadb")


_TEMPORARY_SCHEMAS: Final[Mapping[str, str]] = {"duckdb": "temp", "postgresql": "pg_temp", "sqlite": "temp"}
"""Where temporary tables are, if not before all others of their name in the usual schema."""


@contextmanager
def database(engine: str | sa.URL | sa.Engine) -> Iterator[sa.Connection]:
    """Connect to a database; what stands in it stays as it is, and temporary tables go."""
    opened = engine if isinstance(engine, sa.Engine) else sa.create_engine(engine)
    try:
        with opened.connect() as connection:
            try:
                yield connection
            finally:
                connection.rollback()
                if connection.dialect.name != "sqlite":
                    # Temporary tables end with their session; a database in memory would, too.
                    connection.detach()
    finally:
        if opened is not engine:
            opened.dispose()


def select_by(connection: sa.Connection, question: Question) -> Answer:
    """Put the fields that are spoken of into a table, and select by the predicate."""
    table = _table(question.fields)
    with _filled(connection, table, question.constants):
        statement, values = compile_select(question.predicate, table, question.order)
        chosen = statement.with_only_columns(table.c[NUMBER])
        return Answer(list(connection.scalars(chosen, values)), str(chosen.compile(connection)), values)


@lru_cache(maxsize=64)
def _table(fields: tuple[Field[Any], ...]) -> sa.Table:
    columns = [sa.Column(field.name, column_type(field), nullable=field.nullable) for field in fields]
    number = sa.Column(NUMBER, sa.Integer, primary_key=True, autoincrement=False)
    return sa.Table("jsonapi_sieve_rows", sa.MetaData(), number, *columns, prefixes=["TEMPORARY"])


def select_from(connection: sa.Connection, statement: sa.Select[Any], rows: Sequence[Any], key: str) -> Answer:
    """Put rows into a temporary table of the name that a statement selects from, and give the keys that it selects.

    Raises:
        ValueError: for a statement over several tables, and one that does not select the key.
        TypeError: for what is no Select.
    """
    given: object = statement
    if not isinstance(given, sa.Select):
        raise TypeError(f"query= takes a function of rows or a Select of SQLAlchemy, not {type(given).__name__}")
    found = {table.fullname: table for table in visitors.iterate(statement) if isinstance(table, sa.Table)}
    if len(found) != 1:
        told = ", ".join(sorted(found)) or "no table"
        raise ValueError(f"the query selects from {told}; rows are put into one table: give a function of rows instead")
    (table,) = found.values()
    columns = _columns(statement, table)
    copies = [
        sa.Column(column.name, column.type, primary_key=column.primary_key, nullable=not column.primary_key)
        for column in table.columns
    ]
    copy = sa.Table(table.name, sa.MetaData(), *copies, prefixes=["TEMPORARY"])
    if table.schema is not None:
        in_place = {table.schema: _TEMPORARY_SCHEMAS.get(connection.dialect.name)}
        connection = connection.execution_options(schema_translate_map=in_place)
    with _filled(connection, copy, [_in_columns(row, columns) for row in rows]):
        compiled = statement.compile(dialect=connection.dialect)
        result = connection.execute(statement)
        names, selected = tuple(result.keys()), result.mappings().all()
    if key not in names:
        raise ValueError(f"the query selects {', '.join(names)}, and has to select {key}")
    return Answer([row[key] for row in selected], str(compiled), dict(compiled.params))


def _columns(statement: sa.Select[Any], table: sa.Table) -> Mapping[str, sa.Column[Any]]:
    """Give the columns by the names of the attributes that they are mapped to, else their own."""
    for described in statement.column_descriptions:
        mapper = sa.inspect(described.get("entity"), raiseerr=False)
        if isinstance(mapper, Mapper):
            return dict(mapper.columns)
    return dict(table.columns)


def _in_columns(row: Any, columns: Mapping[str, sa.Column[Any]]) -> dict[str, Any]:
    """Give what a row holds of some columns, by their names in the table."""
    read = row.get if access_of(row) == "key" else partial(getattr, row)
    return {column.name: _bound(column, read(name, None)) for name, column in columns.items()}


def _bound(column: sa.Column[Any], value: Any) -> Any:
    """Give what a column takes for what a row holds."""
    match column.type:
        case sa.Uuid(as_uuid=True) if isinstance(value, str):
            return uuid.UUID(value)
        case sa.Enum(enum_class=type() as enumeration) if isinstance(value, str):
            return members_by_text(enumeration)[value]
        case _:
            return value


@contextmanager
def _filled(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> Iterator[None]:
    table.create(connection, checkfirst=False)
    try:
        if rows:
            connection.execute(table.insert(), rows)
        yield
    finally:
        if connection.dialect.name == "sqlite":
            connection.rollback()
            connection.exec_driver_sql(f'DROP TABLE IF EXISTS temp."{table.name}"')
