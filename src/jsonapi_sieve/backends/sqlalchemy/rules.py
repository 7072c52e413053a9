"""What a dialect has to say for itself: the rules that SQLAlchemy cannot know, one method for each.

A dialect is supported by one class of this kind in a file of its own; `sqlite.py` is the model. The fragments that go
in and come out are SQL of columns and bound parameters, never values.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.types import TypeEngine

__all__ = ["DialectRules"]


class DialectRules(ABC):
    """How one dialect stores the library's column types and spells its tests, so that all dialects answer alike."""

    @abstractmethod
    def decimal_type(self, scale: int) -> TypeEngine[Decimal]:
        """Give the type that stores decimals of 40 digits, `scale` of them behind the point, exactly and in order."""

    @abstractmethod
    def timestamp_type(self, digits: int) -> TypeEngine[datetime]:
        """Give the type that stores aware UTC datetimes with so many digits of a second, in order."""

    @abstractmethod
    def list_type(self, item: TypeEngine[Any]) -> TypeEngine[Sequence[Any]]:
        """Give the type that sends a list as one parameter, each item as `item` sends it."""
