"""Pages by position on Python rows, as `compile_page` gives them in SQL: for tests, and for ranges that end early."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar

from jsonapi_sieve.backends.python.order import compile_python_order, path_reader
from jsonapi_sieve.backends.python.rows import access_of
from jsonapi_sieve.sorting import Order, Position, backwards, total_order
from jsonapi_sieve.types.text import text_of

__all__ = ["compile_python_page", "follows", "position_of"]

R = TypeVar("R")


def compile_python_page(
    order: Order,
    primary_key: str | Sequence[str] = "id",
    *,
    limit: int,
    after: Position | None = None,
    before: Position | None = None,
) -> Callable[[Iterable[R]], list[R]]:
    """Make a function that gives one page of Python rows; see `compile_page`, whose rows it gives.

    With `before`, too, they come last first.

    >>> next_two = compile_python_page((), limit=2, after=(2,))
    >>> next_two([{"id": number} for number in range(9)])
    [{'id': 3}, {'id': 4}]
    """
    keys = total_order(order, (primary_key,) if isinstance(primary_key, str) else primary_key)
    place, keys = (after, keys) if before is None else (before, backwards(keys))
    arrange = compile_python_order(keys, ())

    def page(rows: Iterable[R]) -> list[R]:
        arranged = arrange(rows)
        if place:
            arranged = [row for row in arranged if follows(position_of(row, keys), place, keys)]
        return arranged[:limit]

    return page


def position_of(row: object, keys: Order) -> Position:
    """Give the position of a row in a total order.

    >>> from jsonapi_sieve.sorting import SortKey
    >>> position_of({"id": 7, "status": None}, (SortKey("status"), SortKey("id")))
    (None, 7)

    Raises:
        KeyError, AttributeError: when it lacks an attribute.
    """
    access = access_of(row)
    return tuple(_plain(path_reader(access, key.name)(row)) for key in keys)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return text_of(value)
    # Two of one zone would compare by its clocks, which repeat an hour (PEP 495).
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo is not None else value


def follows(position: Position, other: Position, keys: Order) -> bool:
    """Tell whether a position comes after another in a total order.

    >>> from jsonapi_sieve.sorting import SortKey
    >>> follows((None, 1), (5, 2), (SortKey("status"), SortKey("id")))
    True
    """
    for key, value, limit in zip(keys, position, other, strict=True):
        ours: Any = value
        if ours != limit:
            is_larger = ours is None or (limit is not None and ours > limit)
            return is_larger is not key.descending
    return False
