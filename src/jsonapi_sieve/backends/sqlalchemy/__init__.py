"""Predicates and orders as SQLAlchemy statements, and the column types that keep their meaning on every engine."""

from jsonapi_sieve.backends.sqlalchemy.checking import check
from jsonapi_sieve.backends.sqlalchemy.column_types import ExactDecimal, UtcDateTime
from jsonapi_sieve.backends.sqlalchemy.constructs import AsciiLower
from jsonapi_sieve.backends.sqlalchemy.listings import compile_count, compile_estimate, compile_page
from jsonapi_sieve.backends.sqlalchemy.ordering import compile_order_by
from jsonapi_sieve.backends.sqlalchemy.statements import compile_select, compile_sqlalchemy

__all__ = [
    "AsciiLower",
    "ExactDecimal",
    "UtcDateTime",
    "check",
    "compile_count",
    "compile_estimate",
    "compile_order_by",
    "compile_page",
    "compile_select",
    "compile_sqlalchemy",
]
