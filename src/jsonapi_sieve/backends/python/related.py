"""Tests of the rows that a row is related to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jsonapi_sieve.relationship import Relationship, ToMany

__all__ = ["SomeRelated"]


class SomeRelated:
    """Tells whether some related row passes a test, from what a row holds at the relationship's name.

    >>> from jsonapi_sieve import FilterSet, ToOne
    >>> is_long = SomeRelated(ToOne(FilterSet, name="cdr"), lambda row: row["duration"] > 60)
    >>> is_long({"duration": 61}), is_long(None)
    (True, False)
    """

    __slots__ = ("_many", "_name", "_passes")

    def __init__(self, relationship: Relationship, passes: Callable[[Any], bool]) -> None:
        self._name = relationship.name
        self._many = isinstance(relationship, ToMany)
        self._passes = passes

    def __call__(self, held: Any) -> bool:
        """Test a row or None, or several rows.

        Raises:
            TypeError: where a to-many relationship holds no rows but something else.
        """
        if not self._many:
            return held is not None and self._passes(held)
        # Lists, of which there are most, are known at once.
        if not isinstance(held, list) and (isinstance(held, (str, Mapping)) or not isinstance(held, Iterable)):
            raise TypeError(f"{self._name}: a to-many relationship holds an iterable of rows, not {held!r}")
        return any(map(self._passes, held))
