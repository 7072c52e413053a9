"""How rows are read: by key, by position or by attribute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, Literal, TypeAlias

__all__ = ["Access", "access_of", "read_source", "reader", "report_missing"]

Access: TypeAlias = Literal["key", "attribute"] | tuple[str, ...]
"""`row["name"]`, `row.name`, or the position among these fields."""


def access_of(row: Any) -> Access:
    """Tell how a row, and all that are made like it, is read.

    Whatever has `keys` and takes a key is a mapping, as for `dict()`. Named tuples and SQLAlchemy's rows are read by
    position, eight times faster than by name, unless a name is there twice or `_fields` leaves a column out.

    >>> from collections import namedtuple
    >>> access_of({"id": 1}), access_of(namedtuple("Cdr", "id duration")(1, 60)), access_of(object())
    ('key', ('id', 'duration'), 'attribute')
    """
    cls: type = type(row)
    style = _style_of(cls)
    if style != "position":
        return style
    fields: tuple[str, ...] = row._fields
    return fields if len(set(fields)) == len(row) else "attribute"


@lru_cache(maxsize=256)
def _style_of(cls: type) -> Literal["key", "attribute", "position"]:
    if issubclass(cls, Sequence) and hasattr(cls, "_fields"):
        return "position"
    if hasattr(cls, "keys") and hasattr(cls, "__getitem__"):
        return "key"
    return "attribute"


def read_source(access: Access, name: str) -> str:
    """Write the expression that reads an attribute of `row`; the name is a checked identifier.

    >>> read_source("key", "status"), read_source("attribute", "status"), read_source(("id", "status"), "status")
    ("row['status']", 'row.status', 'row[1]')
    """
    if access == "key":
        return f"row[{name!r}]"
    if access == "attribute" or name not in access:
        return f"row.{name}"
    return f"row[{access.index(name)}]"


def reader(access: Access, name: str) -> Callable[[Any], Any]:
    """Make the function that reads an attribute of a row."""
    if access == "key":
        return itemgetter(name)
    if access == "attribute" or name not in access:
        return attrgetter(name)
    return itemgetter(access.index(name))


def report_missing(access: Access, names: Sequence[str], row: Any) -> None:
    """Raise when a row lacks one of the attributes; an object's own AttributeError says it already.

    Raises:
        KeyError, AttributeError: naming what is missing and what the row has.
    """
    if access == "attribute":
        return
    held = list(row.keys()) if access == "key" else list(access)
    missing = [name for name in names if name not in held]
    if missing:
        kind = KeyError if access == "key" else AttributeError
        raise kind(f"a row has no {', '.join(missing)}; it has {', '.join(map(str, held))}")
