"""The SQL that a query becomes for a dialect, with what the driver is sent for each parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Dialect, Select
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from jsonapi_sieve.backends.sqlalchemy import compile_select
from jsonapi_sieve.cli.declared import Listing
from jsonapi_sieve.cli.refused import Refused
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.explaining.sql import DIALECTS, Sql, compiled, dialect_of
from jsonapi_sieve.query import Query, QueryParser

if TYPE_CHECKING:
    from jsonapi_sieve.backends.sqlalchemy.targets import Target

__all__ = ["sql_of"]


def sql_of(query: Query, listing: Listing, model: Target, dialect: str) -> Sql:
    """Compile the statement that selects what a query asks for.

    Raises:
        Refused: when the dialect is not installed, or the query means nothing on this model or engine.
    """
    engine = _dialect(dialect)
    try:
        statement, values = _statement(query, listing, model)
        return compiled(statement, values, engine)
    except (CompileError, SQLAlchemyError) as error:
        raise Refused(f"{dialect} cannot be asked this: {error}") from error


def _statement(query: Query, listing: Listing, model: Any) -> tuple[Select[Any], dict[str, object]]:
    if isinstance(listing, QueryParser):
        return compile_select(query.predicate, model, query.order or None)
    return listing.statement(query, model)


def _dialect(name: str) -> Dialect:
    url, package = DIALECTS[name]
    try:
        return dialect_of(url)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise Refused(f'SQLAlchemy has no dialect for {name}; install it with pip install "{package}"') from error
