"""Predicates and orders on frames, through Narwhals: Polars, pandas, PyArrow, DuckDB's relations and PySpark."""

from jsonapi_sieve.backends.narwhals.checking import check
from jsonapi_sieve.backends.narwhals.ordering import compile_narwhals_order
from jsonapi_sieve.backends.narwhals.predicate import compile_narwhals

__all__ = ["check", "compile_narwhals", "compile_narwhals_order"]
