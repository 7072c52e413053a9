"""Which rules belong to which dialect."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy.engine import Dialect

from jsonapi_sieve.backends.sqlalchemy.clickhouse import ClickHouseRules
from jsonapi_sieve.backends.sqlalchemy.cockroachdb import CockroachDBRules
from jsonapi_sieve.backends.sqlalchemy.duckdb import DuckDBRules
from jsonapi_sieve.backends.sqlalchemy.mariadb import MariaDBRules
from jsonapi_sieve.backends.sqlalchemy.postgresql import PostgreSQLRules
from jsonapi_sieve.backends.sqlalchemy.rules import DialectRules
from jsonapi_sieve.backends.sqlalchemy.sqlite import SQLiteRules
from jsonapi_sieve.errors import CompileError

__all__ = ["RULES", "is_generic", "rules_of"]

RULES: Final[Mapping[str, DialectRules]] = MappingProxyType(
    {
        "sqlite": SQLiteRules(),
        "postgresql": PostgreSQLRules(),
        "cockroachdb": CockroachDBRules(),
        "mariadb": MariaDBRules(),
        "duckdb": DuckDBRules(),
        "clickhousedb": ClickHouseRules(),
        "chdb": ClickHouseRules(),
    }
)
"""The rules by the name that SQLAlchemy gives the dialect."""


def rules_of(dialect: Dialect) -> DialectRules:
    """Give the rules of a dialect.

    Raises:
        CompileError: when there are none.
    """
    try:
        return RULES[dialect.name]
    except KeyError:
        known = ", ".join(RULES)
        raise CompileError(f"there are no rules for the dialect {dialect.name!r}; there are for {known}") from None


def is_generic(dialect: Dialect) -> bool:
    """Tell whether this is the dialect that SQLAlchemy prints statements in when it knows no engine."""
    return dialect.name == "default"
