"""What every engine has to answer, computed once for all of them; and what Python itself is held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cmp_to_key, lru_cache
from typing import Any

from jsonapi_sieve import Order, Predicate, SortKey
from tests.engines.python import LoadedRows
from tests.parity.generated import part
from tests.parity.hostile import HOSTILE
from tests.truth import Row, truth_of

__all__ = ["arranged", "asked", "selected", "sorted_by_hand"]

_REFERENCE = LoadedRows(HOSTILE.rows)


@lru_cache(maxsize=2)
def asked(number: int) -> tuple[tuple[Predicate, list[int]], ...]:
    """Give the predicates of a part, each with the ids that `compile_python` selects."""
    return tuple((predicate, _REFERENCE.select(predicate)) for predicate in part(number))


def selected(predicate: Predicate) -> list[int]:
    """Give the ids of the rows for which a predicate, read in three values, is TRUE: what Python is held to."""
    return [row["id"] for row in HOSTILE.rows if truth_of(predicate, row) is True]


@lru_cache(maxsize=1024)
def arranged(order: Order) -> list[int]:
    """Give all ids as `compile_python_order` sorts them."""
    return _REFERENCE.arrange(order)


def sorted_by_hand(order: Order) -> list[int]:
    """Give all ids as comparing the rows pair by pair sorts them: what Python is held to."""
    last = SortKey("id", bool(order) and order[-1].descending)
    return [row["id"] for row in sorted(HOSTILE.rows, key=cmp_to_key(_comparing([*order, last])))]


def _comparing(keys: Sequence[SortKey]) -> Callable[[Row, Row], int]:
    def compare(left: Row, right: Row) -> int:
        for name, descending in keys:
            sign = _sign(left[name], right[name])
            if sign:
                return -sign if descending else sign
        return 0

    return compare


def _sign(left: Any, right: Any) -> int:
    if left is None or right is None:
        return (left is None) - (right is None)
    return int(left > right) - int(left < right)
