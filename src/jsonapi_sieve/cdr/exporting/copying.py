"""Rows from PostgreSQL by COPY: the server writes the lines of the file itself.

COPY takes no parameters, so psycopg puts the values in their places, quoted by its own rules ("client-side binding").
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.engine import Dialect

from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime
from jsonapi_sieve.cdr.exporting.cells import FORMULA
from jsonapi_sieve.cdr.exporting.kinds import Selection, TimeFormat
from jsonapi_sieve.cdr.exporting.statements import columns_of, statement_of
from jsonapi_sieve.cdr.exporting.zones import zone_of

__all__ = ["can_copy", "copy_csv", "copy_statement"]

_PIECE: Final = 1_000  # lines


def can_copy(dialect: Dialect) -> bool:
    """Tell whether an engine's driver can COPY."""
    return (dialect.name, dialect.driver) == ("postgresql", "psycopg")


def copy_csv(connection: sa.Connection, selection: Selection, *, guard: bool) -> Iterator[tuple[bytes, int]]:
    """Give the lines of a file in pieces, each with the number of its rows.

    Raises:
        UnknownZone: when the IANA database has no zone of the name.
        DBAPIError: when the server ends the statement.
    """
    zone_of(selection.time_zone)  # what other engines would refuse is refused here, too
    for name, value in _settings(selection):
        connection.execute(sa.select(sa.func.set_config(name, value, True)))
    sql, values = copy_statement(connection.dialect, selection, guard=guard)
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101  (it is open)
    with _as_sqlalchemy(connection), driver.cursor() as cursor, cursor.copy(sql, values) as copy:
        lines: list[bytes] = []
        for line in copy:  # the server sends one row at a time
            lines.append(line)
            if len(lines) == _PIECE:
                yield b"".join(lines), _PIECE
                lines.clear()
        if lines:
            yield b"".join(lines), len(lines)


@contextmanager
def _as_sqlalchemy(connection: sa.Connection) -> Iterator[None]:
    """Raise what the driver raises as SQLAlchemy does of all statements."""
    try:
        yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise sa.exc.DBAPIError(None, None, error, hide_parameters=True) from error


def _settings(selection: Selection) -> Iterator[tuple[str, str]]:
    """Say how the server spells what it writes, until the end of the transaction; and that it may take its time."""
    yield "timezone", selection.time_zone or "UTC"
    yield "datestyle", "ISO"
    yield "client_encoding", "UTF8"
    yield "statement_timeout", "0"


def copy_statement(dialect: Dialect, selection: Selection, *, guard: bool) -> tuple[str, dict[str, Any]]:
    """Give the statement, with places for values, and the values as the driver takes them."""
    shown = [_shown(column, selection.time_format, guard=guard) for column in columns_of(selection)]
    compiled: Any = statement_of(selection, shown).compile(dialect=dialect)
    values = dict(compiled.params)
    for bind, name in compiled.bind_names.items():
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if process is not None:
            values[name] = process(values[name])
    return f"COPY ({compiled}) TO STDOUT WITH (FORMAT csv, FORCE_QUOTE *)", values


def _shown(column: sa.Column[Any] | None, form: TimeFormat, *, guard: bool) -> sa.ColumnElement[Any]:
    if column is None:
        return sa.null()
    match column.type:
        case UtcDateTime():
            return _time(column, form)
        case ExactDecimal():
            return sa.func.trim_scale(column)
        case sa.String() if guard:
            return sa.case((column.regexp_match(f"^[{FORMULA}]"), sa.literal("'") + column), else_=column)
        case _:
            return column


def _time(column: sa.Column[Any], form: TimeFormat) -> sa.ColumnElement[Any]:
    if form == "with_timezone":
        return column
    local = sa.cast(column, TIMESTAMP(timezone=False))
    return local if form == "without_timezone" else sa.func.date_trunc("second", local)
