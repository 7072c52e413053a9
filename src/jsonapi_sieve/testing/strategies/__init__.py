"""Hypothesis strategies: declarations of filters, rows, and all that can be asked of them.

They are what the library is tested with itself: full of texts, numbers and moments that engines are apt to read
differently, of NULL, and of constants that lie next to what a row holds.
"""

try:
    from jsonapi_sieve.testing.strategies.declarations import declarations
    from jsonapi_sieve.testing.strategies.predicates import Case, cases, predicates
    from jsonapi_sieve.testing.strategies.queries import orders, query_strings
    from jsonapi_sieve.testing.strategies.rows import rows
    from jsonapi_sieve.testing.strategies.values import GivesStrategy, constants
    from jsonapi_sieve.testing.strategies.vocabulary import Values
except ModuleNotFoundError as _error:
    raise ModuleNotFoundError(f'{_error}; install it with pip install "jsonapi-sieve[testing]"') from _error

__all__ = [
    "Case",
    "GivesStrategy",
    "Values",
    "cases",
    "constants",
    "declarations",
    "orders",
    "predicates",
    "query_strings",
    "rows",
]
