"""A check that a predicate selects the same rows on every engine, and that a query of one's own selects them too."""

from jsonapi_sieve.testing.same_rows.asserting import assert_same_rows
from jsonapi_sieve.testing.same_rows.engines import Engine, Query

__all__ = ["Engine", "Query", "assert_same_rows"]
