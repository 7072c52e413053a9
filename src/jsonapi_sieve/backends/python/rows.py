"""How rows are read: by key, by position or by attribute."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from inspect import getattr_static
from operator import attrgetter, itemgetter
from typing import Any, Final, Literal, TypeAlias

__all__ = ["Access", "access_of", "read_source", "reader", "report_missing_keys", "values_reader"]

Access: TypeAlias = Literal["key", "attribute"] | tuple[str, ...] | frozenset[str]
"""`row["name"]`, `row.name`, the position among these fields, or `row.__dict__["name"]` for these of the attributes.

What the last reads is in `__dict__` only once it is loaded, so that KeyError tells to ask for the attribute itself.
"""


def access_of(row: Any) -> Access:
    """Tell how a row, and all that are made like it, is read.

    Whatever has `keys` and takes a key is a mapping, as for `dict()`. Named tuples and SQLAlchemy's rows are read by
    position, which for the latter is eight times faster than by name, and the columns of SQLAlchemy's instances from
    their `__dict__`, which is seven times faster than by attribute.

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


_GENERIC: Final = getattr_static(object, "__getattribute__")


@lru_cache(maxsize=256)
def _style_of(cls: type) -> Literal["key", "attribute", "position"] | frozenset[str]:
    if issubclass(cls, Sequence) and hasattr(cls, "_fields"):
        return "position"
    if hasattr(cls, "keys") and hasattr(cls, "__getitem__"):
        return "key"
    return _instrumented(cls) or "attribute"


def _instrumented(cls: type) -> frozenset[str]:
    """Give the attributes of a mapped class that are nothing but what `__dict__` holds, once they are loaded."""
    orm = sys.modules.get("sqlalchemy.orm")
    mapper = getattr(cls, "__mapper__", None)
    if orm is None or not isinstance(mapper, orm.Mapper) or getattr_static(cls, "__getattribute__") is not _GENERIC:
        return frozenset()
    # A subclass may compute what a column of its parent holds.
    columns = mapper.column_attrs.keys()
    return frozenset(name for name in columns if isinstance(getattr_static(cls, name), orm.InstrumentedAttribute))


def read_source(access: Access, name: str) -> str:
    """Write the expression that reads an attribute of `row`; the name is a checked identifier.

    `held` stands there for the `__dict__` of the row.

    >>> read_source("key", "status"), read_source("attribute", "status"), read_source(("id", "status"), "status")
    ("row['status']", 'row.status', 'row[1]')
    >>> read_source(frozenset(["status"]), "status"), read_source(frozenset(["status"]), "title")
    ("held['status']", 'row.title')

    Raises:
        AttributeError: when the name is not once among the fields.
    """
    match access:
        case "key":
            return f"row[{name!r}]"
        case tuple() as fields:
            return f"row[{_position(fields, name)}]"
        case frozenset() as held if name in held:
            return f"held[{name!r}]"
        case _:
            return f"row.{name}"


def reader(access: Access, name: str) -> Callable[[Any], Any]:
    """Make the function that reads an attribute of a row.

    Raises:
        AttributeError: when the name is not once among the fields.
    """
    match access:
        case "key":
            return itemgetter(name)
        case tuple() as fields:
            return itemgetter(_position(fields, name))
        case frozenset() as held if name in held:
            return _held_or_loaded(name)
        case _:
            return attrgetter(name)


def _held_or_loaded(name: str) -> Callable[[Any], Any]:
    load = attrgetter(name)

    def read(row: Any) -> Any:
        try:
            return row.__dict__[name]
        except KeyError:
            return load(row)

    return read


def values_reader(access: Access, names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Make the function that reads several attributes of a row at once.

    >>> values_reader("key", ("id", "status"))({"status": "Pending", "id": 1})
    (1, 'Pending')

    Raises:
        AttributeError: when a name is not once among the fields.
    """
    if access == "key" and len(names) > 1:
        return itemgetter(*names)
    if access == "attribute" and len(names) > 1:
        return attrgetter(*names)
    readers = [reader(access, name) for name in names]
    return lambda row: tuple([read(row) for read in readers])


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
