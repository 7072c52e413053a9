"""Predicates and orders as SQLAlchemy statements, and the column types that keep their meaning on every engine."""

from jsonapi_sieve.backends.sqlalchemy.column_types import ExactDecimal, UtcDateTime

__all__ = ["ExactDecimal", "UtcDateTime"]
