"""The SQL that a query becomes for a dialect, with what the driver is sent for each parameter."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from sqlalchemy import Dialect, Select, make_url
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError
from sqlalchemy.sql.compiler import SQLCompiler

from jsonapi_sieve.backends.sqlalchemy import compile_select
from jsonapi_sieve.cli.declared import Listing
from jsonapi_sieve.cli.refused import Refused
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.query import Query, QueryParser

if TYPE_CHECKING:
    from jsonapi_sieve.backends.sqlalchemy.targets import Target

__all__ = ["DIALECTS", "Sql", "sql_of"]

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


def sql_of(query: Query, listing: Listing, model: Target, dialect: str) -> Sql:
    """Compile the statement that selects what a query asks for.

    Raises:
        Refused: when the dialect is not installed, or the query means nothing on this model or engine.
    """
    engine = _dialect(dialect)
    try:
        statement, values = _statement(query, listing, model)
        return _compiled(statement, values, engine)
    except (CompileError, SQLAlchemyError) as error:
        raise Refused(f"{dialect} cannot be asked this: {error}") from error


def _statement(query: Query, listing: Listing, model: Any) -> tuple[Select[Any], dict[str, object]]:
    if isinstance(listing, QueryParser):
        return compile_select(query.predicate, model, query.order or None)
    return listing.statement(query, model)


def _dialect(name: str) -> Dialect:
    url, package = DIALECTS[name]
    try:
        made: Any = make_url(f"{url}://").get_dialect()
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise Refused(f'SQLAlchemy has no dialect for {name}; install it with pip install "{package}"') from error
    driver = None
    with suppress(ModuleNotFoundError):  # the dialect alone writes the same SQL, but for the style of parameters
        driver = made.import_dbapi()
    return cast("Dialect", made(dbapi=driver))


def _compiled(statement: Select[Any], values: dict[str, object], dialect: Dialect) -> Sql:
    compiled = statement.compile(dialect=dialect)
    if not isinstance(compiled, SQLCompiler):  # pragma: no cover  (statements that select are compiled by nothing else)
        raise TypeError(f"{type(compiled).__name__} compiles no statement")
    # Lists that the dialect writes value by value have their places now.
    expanded = compiled.construct_expanded_state(values)
    names = expanded.positiontup or list(expanded.parameters)
    binds = {bind.key: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind in compiled.binds.values()}
    sent = {name: _sent(expanded.parameters[name], expanded.processors.get(name) or binds.get(name)) for name in names}
    return Sql(expanded.statement, sent)


def _sent(value: object, processor: Any) -> object:
    return value if processor is None else processor(value)
