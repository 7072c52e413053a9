"""How the values of rows are read as marshmallow reads them: by key where that works, else by attribute."""

from __future__ import annotations

import sys
from keyword import iskeyword
from typing import Any, Literal, TypeAlias

from jsonapi_sieve.backends.python.rows import access_of

__all__ = ["Way", "read_source", "way_of"]

Way: TypeAlias = Literal["key", "attribute"] | tuple[str | None, ...] | frozenset[str]
"""`row["name"]`, `row.name`, the position among these columns, or `row.__dict__["name"]` for these of the attributes.

Where the way raises anything, or gives marshmallow's `missing`, marshmallow itself has to read the row.
"""


def way_of(row: Any) -> Way:
    """Tell how a row, and all that are made like it, is read.

    >>> from collections import namedtuple
    >>> way_of({"id": 1}), way_of(namedtuple("Cdr", "id duration")(1, 60)), way_of(object())
    ('key', 'attribute', 'attribute')
    """
    cls = type(row)
    if _is_sqlalchemy_row(cls):
        # What a row's class itself calls by the name of a column is what marshmallow gets by that name.
        fields = tuple(None if hasattr(cls, name) else name for name in row._fields)
        return fields if len(fields) == len(row) else "attribute"
    # A tuple takes no name for a key, whatever names its items have.
    if hasattr(cls, "__getitem__") and getattr(cls, "__getitem__") is not tuple.__getitem__:  # noqa: B009
        return "key"
    access = "attribute" if issubclass(cls, tuple) else access_of(row)
    return access if isinstance(access, frozenset) else "attribute"


def _is_sqlalchemy_row(cls: type) -> bool:
    engine = sys.modules.get("sqlalchemy.engine")
    return engine is not None and cls is engine.Row


def read_source(way: Way, name: str) -> str:
    """Write the expression that reads an attribute of `row`; `held` stands there for the `__dict__` of the row.

    >>> read_source("key", "status"), read_source("attribute", "status"), read_source("attribute", "class")
    ("row['status']", 'row.status', "getattr(row, 'class')")
    >>> read_source(("id", "status"), "status"), read_source(frozenset(["status"]), "status")
    ('row[1]', "held['status']")
    """
    match way:
        case "key":
            return f"row[{name!r}]"
        case tuple() if way.count(name) == 1:
            return f"row[{way.index(name)}]"
        case frozenset() if name in way:
            return f"held[{name!r}]"
        case _:
            # An identifier beyond ASCII would be normalised in code.
            is_plain = name.isascii() and name.isidentifier() and not iskeyword(name)
            return f"row.{name}" if is_plain else f"getattr(row, {name!r})"
