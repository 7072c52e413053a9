"""How rows are read: by key, by position or by attribute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, Literal, TypeAlias

__all__ = ["Access", "access_of", "read_source", "reader", "report_missing_keys"]

Access: TypeAlias = Literal["key", "attribute"] | tuple[str, ...]
"""`row["name"]`, `row.name`, or the position among these fields."""


def access_of(row: Any) -> Access:
    """Tell how a row, and all that are made like it, is read.

    Whatever has `keys` and takes a key is a mapping, as for `dict()`. Named tuples and SQLAlchemy's rows are read by
    position, which for the latter is eight times faster than by name.

    >>> from collections import namedtuple
    >>> access_of({"id": 1}), access_of(namedtuple("Cdr", "id duration")(1, 60)), access_of(object())
    ('key', ('id', 'duration'), 'attribute')

    Raises:
        TypeError: for a SQLAlchemy row with unnamed columns, which its fields leave out.
    """
    cls: type = type(row)
    style = _style_of(cls)
    if style != "position":
        return style
    fields: tuple[str, ...] = row._fields
    if len(fields) != len(row):
        raise TypeError(f"a row has {len(row)} columns but only {', '.join(fields)} have names; label the others")
    return fields


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

    Raises:
        AttributeError: when the name is not once among the fields.
    """
    match access:
        case "key":
            return f"row[{name!r}]"
        case "attribute":
            return f"row.{name}"
        case fields:
            return f"row[{_position(fields, name)}]"


def reader(access: Access, name: str) -> Callable[[Any], Any]:
    """Make the function that reads an attribute of a row.

    Raises:
        AttributeError: when the name is not once among the fields.
    """
    match access:
        case "key":
            return itemgetter(name)
        case "attribute":
            return attrgetter(name)
        case fields:
            return itemgetter(_position(fields, name))


def _position(fields: tuple[str, ...], name: str) -> int:
    if fields.count(name) != 1:
        found = "more than one" if name in fields else "no"
        raise AttributeError(f"a row has {found} {name}; it has {', '.join(fields)}")
    return fields.index(name)


def report_missing_keys(row: Any, names: Iterable[str]) -> None:
    """Raise when a mapping lacks one of the keys.

    Raises:
        KeyError: naming what is missing and what the mapping has.
    """
    held = list(row.keys())
    missing = [name for name in names if name not in held]
    if missing:
        raise KeyError(f"a row has no {', '.join(missing)}; it has {', '.join(map(str, held))}")
