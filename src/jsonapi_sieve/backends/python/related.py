"""Tests of the rows that a row is related to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jsonapi_sieve.relationship import Relationship, ToMany

__all__ = ["some_related"]


def some_related(relationship: Relationship, passes: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Make the test whether some related row passes, of what a row holds at the relationship's name.

    That is a row or None, or several rows. It raises TypeError where a to-many relationship holds no rows but something
    else.

    >>> from jsonapi_sieve import FilterSet, ToOne
    >>> is_long = some_related(ToOne(FilterSet, name="cdr"), lambda row: row["duration"] > 60)
    >>> is_long({"duration": 61}), is_long(None)
    (True, False)
    """
    name = relationship.name

    def one(held: Any) -> bool:
        return held is not None and passes(held)

    def many(held: Any) -> bool:
        # Lists, of which there are most, are known at once.
        if not isinstance(held, list) and (isinstance(held, (str, Mapping)) or not isinstance(held, Iterable)):
            raise TypeError(f"{name}: a to-many relationship holds an iterable of rows, not {held!r}")
        return any(map(passes, held))

    return many if isinstance(relationship, ToMany) else one
