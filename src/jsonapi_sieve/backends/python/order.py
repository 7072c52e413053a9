"""Orders on Python rows: NULL is the largest value, text goes by code point, and the primary key makes it total."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from enum import Enum
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, Final, TypeVar

from jsonapi_sieve.backends.python.rows import Access, access_of, reader, report_missing_keys
from jsonapi_sieve.sorting import Order, total_order
from jsonapi_sieve.types.text import text_of

__all__ = ["compile_python_order", "path_reader"]

R = TypeVar("R")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def compile_python_order(order: Order, primary_key: str | Sequence[str] = "id") -> Callable[[Iterable[R]], list[R]]:
    """Make an order run on Python rows: the function gives them sorted, in a new list.

    The first row decides how all are read, as in `PythonPredicate.select`. None comes last in an ascending order and
    first in a descending one. The primary key is appended in the direction of the last key, ascending without keys. A
    name such as `account.name` leads on to what an attribute holds, and is None where that is None.

    >>> from jsonapi_sieve.sorting import SortKey
    >>> newest_first = compile_python_order((SortKey("created_at", descending=True),))
    >>> newest_first([{"id": 1, "created_at": 5}, {"id": 2, "created_at": None}, {"id": 3, "created_at": 5}])
    [{'id': 2, 'created_at': None}, {'id': 3, 'created_at': 5}, {'id': 1, 'created_at': 5}]

    The function raises KeyError or AttributeError when a row lacks an attribute, and TypeError when two values of an
    attribute do not compare.
    """
    keys = total_order(order, (primary_key,) if isinstance(primary_key, str) else primary_key)
    # One sort serves adjacent keys of one direction. Sorts are stable, so the least significant keys come first.
    runs = [(backwards, [key.name for key in run]) for backwards, run in groupby(keys, attrgetter("descending"))]

    def arrange(rows: Iterable[R]) -> list[R]:
        arranged = list(rows)
        if len(arranged) > 1:
            access = access_of(arranged[0])
            for backwards, names in reversed(runs):
                columns = [_column(access, name, arranged) for name in names]
                pairs = sorted(
                    zip(zip(*columns, strict=True), arranged, strict=True), key=itemgetter(0), reverse=backwards
                )
                arranged = [row for _, row in pairs]
        return arranged

    return arrange


def _column(access: Access, name: str, rows: Sequence[Any]) -> list[Any]:
    """Give an attribute of all rows, in a form in which None compares as the largest value."""
    try:
        column = list(map(path_reader(access, name), rows))
    except LookupError:
        if access == "key":
            for row in rows:
                report_missing_keys(row, name.split(".")[:1])
        raise
    first = next((value for value in column if value is not None), None)
    if isinstance(first, datetime) and first.tzinfo is not None:
        # Two of one zone compare by its clocks, and in an hour that those repeat one equals none of another (PEP 495).
        column = [value if value is None else value - _EPOCH for value in column]
    elif isinstance(first, Enum) and not isinstance(first, str):
        column = [value if value is None else text_of(value) for value in column]
    if any(value is None for value in column):
        return [(value is None, value) for value in column]
    return column


def path_reader(access: Access, path: str) -> Callable[[Any], Any]:
    """Make the function that reads an attribute of a row, or of the rows that it leads to: None where one is missing.

    >>> path_reader("key", "account.name")({"account": {"name": "north"}})
    'north'

    Raises:
        AttributeError: when the first name is not once among the fields.
    """
    name, *names = path.split(".")
    read = reader(access, name)
    if not names:
        return read

    def follow(row: Any) -> Any:
        value = read(row)
        for name in names:
            if value is None:
                return None
            value = reader(access_of(value), name)(value)
        return value

    return follow
