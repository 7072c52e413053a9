"""What the checks of all backends ask of a declaration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from jsonapi_sieve.field import Field
from jsonapi_sieve.relationship import Relationship

__all__ = ["Declares"]


class Declares(Protocol):
    """Something with declared fields and relationships, such as a FilterSet."""

    @property
    def fields(self) -> Iterable[Field[Any]]:
        """The fields."""

    @property
    def relationships(self) -> Iterable[Relationship]:
        """The relationships."""
