"""Which statements are kept, to be used again: those of few tests.

A statement with a hundred tests of related rows takes megabytes, and clients can ask for others like it without end.
"""

from __future__ import annotations

from functools import _lru_cache_wrapper
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from jsonapi_sieve.normal import Group, Shape, Some

__all__ = ["CACHED", "is_kept", "kept", "mark_as_large"]

T = TypeVar("T")

CACHED: Final = 256
"""How many statements of one kind are kept."""

_MOST_TESTS: Final = 32

_LARGE: Final = "jsonapi_sieve_large"


def is_kept(shape: Shape) -> bool:
    """Tell whether the statement of a shape is kept: each step to related rows counts as a test.

    >>> from jsonapi_sieve import Field, Or, types
    >>> from jsonapi_sieve.normal import normalize
    >>> tests = [Field(types.Integer(), name=f"f{number}").eq(1) for number in range(33)]
    >>> is_kept(normalize(Or(*tests[1:])).shape), is_kept(normalize(Or(*tests)).shape)
    (True, False)
    """
    return _tests(shape) <= _MOST_TESTS


def _tests(shape: Shape) -> int:
    if isinstance(shape, Group):
        return sum(map(_tests, shape.members))
    return 1 + _tests(shape.member) if isinstance(shape, Some) else 1


def mark_as_large(statement: sa.Select[Any]) -> sa.Select[Any]:
    """Mark a statement, and those that are made of it, as not to be kept."""
    return statement.execution_options(**{_LARGE: True})


def kept(make: _lru_cache_wrapper[T], statement: sa.Select[Any], *arguments: Any) -> T:
    """Make something of a statement by a cached function, past its cache where the statement is not kept."""
    is_large = _LARGE in statement.get_execution_options()
    return make.__wrapped__(statement, *arguments) if is_large else make(statement, *arguments)
