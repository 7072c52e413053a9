"""What a dialect has to say for itself: the rules that SQLAlchemy cannot know, one method for each.

A dialect is supported by one class of this kind in a file of its own; `sqlite.py` is the model. The fragments of SQL
that go in are columns and bound parameters, never values, and hold together by themselves; truth values that come out
are put in parentheses.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

__all__ = ["DialectRules", "null_placed"]


class DialectRules(ABC):
    """How one dialect stores the library's column types and spells its tests, so that all dialects answer alike."""

    engine: ClassVar[str]
    """The engine's name, by which own operators have a form for it."""

    expands_lists: ClassVar[bool] = False
    """Whether a list has a parameter for each item, where that is faster than one for all."""

    expands_floats: ClassVar[bool] = True
    """Whether a list of floats has: not every engine reads the text of a float back to the last bit."""

    @abstractmethod
    def decimal_type(self, scale: int) -> TypeEngine[Decimal]:
        """Give the type that stores decimals of 40 digits, `scale` of them behind the point, exactly and in order."""

    @abstractmethod
    def timestamp_type(self, digits: int) -> TypeEngine[datetime]:
        """Give the type that stores aware UTC datetimes with so many digits of a second, in order."""

    def decimal_constant(self, scale: int, whole: int | None = None) -> TypeEngine[Decimal]:
        """Give the type that sends a decimal of at most 40 digits that is compared; the column may hold fewer.

        A Numeric column holds `whole` digits before the point; None stands for a column of `decimal_type`.

        Raises:
            CompileError: when the engine cannot compare such a column with such constants.
        """
        return self.decimal_type(scale)

    def float_constant(self) -> TypeEngine[float]:
        """Give the type that sends a float that is compared, to the last bit."""
        return sa.Double()

    def timestamp_constant(self) -> TypeEngine[datetime]:
        """Give the type that sends an aware UTC datetime that is compared, of any year from 1 to 9999."""
        return self.timestamp_type(6)

    def naive_constant(self) -> TypeEngine[datetime]:
        """Give the type that sends a naive datetime that is compared."""
        return sa.DateTime()

    def date_constant(self) -> TypeEngine[date]:
        """Give the type that sends a date that is compared."""
        return sa.Date()

    def item_type(self, item: TypeEngine[Any], column: TypeEngine[Any]) -> TypeEngine[Any]:
        """Give the type in which the items of a list are sent, which a column of a type is compared with.

        `list_type` of it may leave those items out that such a column cannot hold.
        """
        return item

    @abstractmethod
    def list_type(self, item: TypeEngine[Any]) -> TypeEngine[Sequence[Any]]:
        """Give the type that sends a list as one parameter, each item as `item` sends it."""

    @abstractmethod
    def pattern_type(self) -> TypeEngine[str]:
        """Give the type that sends a LIKE pattern; it refuses one that the engine would refuse."""

    @abstractmethod
    def exact(self, value: str, type_: TypeEngine[Any]) -> str:
        """Spell a column so that it equals what it holds and nothing else, whatever its collation.

        Raises:
            CompileError: when a column of this type, the dialect's own, does not hold exactly what is put in.
        """

    @abstractmethod
    def floating(self, value: str, type_: TypeEngine[Any]) -> str:
        """Spell a column of floats, or of numbers that are compared as floats, as a number of double precision.

        Raises:
            CompileError: when its values are of single precision, which rounds what is put in.
        """

    @abstractmethod
    def ordered(self, value: str, type_: TypeEngine[Any]) -> str:
        """Spell a column so that it sorts and compares in the library's order: text and UUIDs by code point.

        Raises:
            CompileError: as in `exact`.
        """

    def sorted(self, value: str, type_: TypeEngine[Any]) -> str:
        """Spell a column that rows are sorted by, in the library's order.

        Raises:
            CompileError: as in `exact`; and when the engine sorts by less than what the column holds.
        """
        return self.ordered(value, type_)

    @abstractmethod
    def ascii_lower(self, text: str) -> str:
        """Put the ASCII letters of a text, and no others, in lower case."""

    @abstractmethod
    def contains(self, text: str, needle: str) -> str:
        """Test whether a text contains another, by code point."""

    @abstractmethod
    def starts_with(self, text: str, prefix: str) -> str:
        """Test whether a text, spelled by `ordered` or `ascii_lower`, starts with another, so that an index serves."""

    @abstractmethod
    def ends_with(self, text: str, suffix: str) -> str:
        """Test whether a text ends with another, by code point."""

    @abstractmethod
    def matches(self, text: str, pattern: str) -> str:
        r"""Test whether a text matches a LIKE pattern, by code point, with a backslash as the escape character."""

    def one_of(self, value: str, items: str, item: TypeEngine[Any]) -> str:
        """Test whether a value, spelled by `exact`, is in a list that `list_type(item)` sent; NULL is unknown."""
        return f"{value} IN {items}"

    @abstractmethod
    def some_item(self, items: str, text: str, test: str) -> str:
        """Test whether a list that was sent by `list_type` has an item for which a test of `tested` and `item` is TRUE.

        The text is computed once for a row, not once for each item.
        """

    def some_row(self, exists: str) -> str:
        """Test whether there is a related row, by an EXISTS that looks at the row around it."""
        return exists

    def order_term(self, value: str, direction: str) -> str:
        """Spell a term that sorts by a value that may be NULL, which is the largest; the direction is ASC or DESC."""
        return null_placed(value, direction)

    @abstractmethod
    def tested(self) -> str:
        """Spell the text that the test in `some_item` looks at."""

    @abstractmethod
    def item(self) -> str:
        """Spell the item that the test in `some_item` looks at."""


def null_placed(value: str, direction: str) -> str:
    """Spell a term of an order with NULL as the largest value, as SQL has it since 2003."""
    return f"{value} {direction} NULLS {'LAST' if direction == 'ASC' else 'FIRST'}"
