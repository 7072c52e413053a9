"""A statement as a dialect writes it, with what the driver is sent for each parameter."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Dialect, Select, make_url
from sqlalchemy.sql.compiler import SQLCompiler

__all__ = ["DIALECTS", "Sql", "compiled", "dialect_of"]

DIALECTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "sqlite": ("sqlite", "sqlalchemy"),
        "postgresql": ("postgresql+psycopg", "sqlalchemy"),
        "mariadb": ("mariadb+pymysql", "sqlalchemy"),
        "duckdb": ("duckdb", "duckdb-sqlalchemy"),
        "clickhouse": ("clickhousedb", "clickhouse-connect[sqlalchemy]"),
    }
)
"""Each dialect with SQLAlchemy's name for it, and the package that brings it."""


class Sql(NamedTuple):
    """A statement, and its parameters: by name, or where the statement numbers them in their order."""

    statement: str
    parameters: dict[str, object]


@lru_cache(maxsize=16)
def dialect_of(url: str) -> Dialect:
    """Make the dialect that SQLAlchemy knows by a name.

    >>> dialect_of("sqlite").name
    'sqlite'

    Raises:
        NoSuchModuleError: when no package brings it.
        ModuleNotFoundError: when the package lacks something.
    """
    made: Any = make_url(f"{url}://").get_dialect()
    driver = None
    with suppress(ModuleNotFoundError):  # the dialect alone writes the same SQL, but for the style of parameters
        driver = made.import_dbapi()
    return cast("Dialect", made(dbapi=driver))


def compiled(statement: Select[Any], values: Mapping[str, object], dialect: Dialect) -> Sql:
    r"""Write a statement, and its values as they are sent.

    >>> from sqlalchemy import Integer, bindparam, column, select
    >>> compiled(select(column("id", Integer)).where(column("id") > bindparam("p0")), {"p0": 7}, dialect_of("sqlite"))
    Sql(statement='SELECT id \nWHERE id > ?', parameters={'p0': 7})

    Raises:
        CompileError: when the dialect has no way to say it.
    """
    written = statement.compile(dialect=dialect)
    if not isinstance(written, SQLCompiler):  # pragma: no cover  (statements that select are compiled by nothing else)
        raise TypeError(f"{type(written).__name__} compiles no statement")
    # Lists that the dialect writes value by value have their places now.
    expanded = written.construct_expanded_state(dict(values))
    names = expanded.positiontup or list(expanded.parameters)
    binds = {bind.key: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind in written.binds.values()}
    sent = {name: _sent(expanded.parameters[name], expanded.processors.get(name) or binds.get(name)) for name in names}
    return Sql(expanded.statement, sent)


def _sent(value: object, processor: Any) -> object:
    return value if processor is None else processor(value)
