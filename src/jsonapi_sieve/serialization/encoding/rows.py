"""The attributes of rows as columns, each value what the schema's own look at a row gives."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from inspect import getattr_static
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, Final, TypeAlias

from marshmallow.utils import get_value, missing

from jsonapi_sieve.serialization.encoding.library import Column

__all__ = ["columns_of"]

_Read: TypeAlias = Callable[[Sequence[Any]], Iterable[Column]]

_GENERIC: Final = getattr_static(object, "__getattribute__")


def columns_of(rows: Sequence[object], names: tuple[str, ...]) -> list[Column]:
    """Read the attributes of these names from rows, at least one, each into a column.

    >>> columns_of([{"id": 1, "name": "a"}, {"id": 2, "name": "b"}], ("name", "id"))
    [('a', 'b'), (1, 2)]

    Raises:
        LookupError: for a row that lacks one of them, which is not shown of that row.
    """
    near = tuple(name for name in names if "." not in name)
    columns = dict(zip(near, _read(rows, near), strict=False))
    for name in names:
        if name not in columns:
            columns[name] = [get_value(row, name, missing) for row in rows]
            if any(value is missing for value in columns[name]):
                raise LookupError(f"a row lacks the attribute {name!r}")
    return [columns[name] for name in names]


def _read(rows: Sequence[object], names: tuple[str, ...]) -> Iterable[Column]:
    classes = set(map(type, rows))
    if names and len(classes) == 1:
        try:
            return list(_quick_reader(classes.pop(), names)(rows))
        except (AttributeError, KeyError):
            pass  # some rows lack what others have, or hold it in another way
    return ()


@lru_cache(maxsize=256)
def _quick_reader(cls: type, names: tuple[str, ...]) -> _Read:
    """Give the quickest way to read rows of a class; it fails where get_value may give something else."""
    # Of one name alone they would give no tuple.
    by_key, by_attribute = itemgetter(*names, names[0]), attrgetter(*names, names[0])
    if cls is dict:
        return lambda rows: zip(*map(by_key, rows), strict=True)
    if _is_in(cls, "sqlalchemy", "Row") and not any(hasattr(cls, name) for name in names):
        return lambda rows: _of_results(rows, names)
    if _is_mapped(cls, names):
        return lambda rows: zip(*map(by_key, map(attrgetter("__dict__"), rows)), strict=True)
    if getattr(cls, "__getitem__", tuple.__getitem__) is tuple.__getitem__ and not hasattr(cls, "__getattr__"):
        return lambda rows: zip(*map(by_attribute, rows), strict=True)
    return _unknown


def _unknown(_: Sequence[Any]) -> list[Column]:
    raise AttributeError("such rows are read one by one")


def _is_in(cls: type, module: str, name: str) -> bool:
    """Tell whether a class is one of a module, which is not imported for that."""
    return module in sys.modules and cls is getattr(sys.modules[module], name)


def _is_mapped(cls: type, names: tuple[str, ...]) -> bool:
    """Tell whether the values of these attributes stand in the `__dict__` of instances, if they are loaded."""
    if hasattr(cls, "__getitem__") or getattr_static(cls, "__getattribute__") is not _GENERIC:
        return False  # it may give other values than those
    return all(
        _is_in(type(getattr_static(cls, name, None)), "sqlalchemy.orm", "InstrumentedAttribute") for name in names
    )


def _of_results(rows: Sequence[Any], names: tuple[str, ...]) -> list[Column]:
    """Read SQLAlchemy's rows by position, eight times as quick as by name, if they are of one result."""
    # By its descriptor it is read four times as quick as by its name.
    result = getattr(type(rows[0]), "_parent").__get__  # noqa: B009  (nothing public tells as quickly)
    if len(set(map(result, rows))) > 1:
        raise AttributeError("the rows are of several results")
    fields: tuple[str, ...] = rows[0]._fields
    width = len(rows[0])
    positions = _positions(fields, width, names)
    # The values of one row lie near one another in memory: to take them row by row spares the processor's caches.
    values = list(chain.from_iterable(rows))
    return [values[position::width] for position in positions]


@lru_cache(maxsize=256)
def _positions(fields: tuple[str, ...], width: int, names: tuple[str, ...]) -> tuple[int, ...]:
    """Tell where in rows of these fields and this width those of these names stand."""
    if len(set(fields)) != width or not set(fields).issuperset(names):
        raise AttributeError("names of columns are missing, or there twice")
    return tuple(map(fields.index, names))
