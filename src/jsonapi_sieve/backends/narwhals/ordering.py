"""An order on frames: NULL is the largest value, text goes by code point, and the primary key makes it total."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import narwhals as nw
from narwhals.typing import Frame, IntoFrame

from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.sorting import Order, SortKey

__all__ = ["compile_narwhals_order"]

F = TypeVar("F", bound=IntoFrame | Frame)


def compile_narwhals_order(order: Order, primary_key: str | Sequence[str] = "id") -> Callable[[F], F]:
    """Make an order run on frames: the function takes one, native or of Narwhals, and gives one of its kind, sorted.

    NULL comes last in an ascending order and first in a descending one. The primary key is appended in the direction of
    the last key, ascending without keys.

    >>> import polars as pl
    >>> from jsonapi_sieve import SortKey
    >>> newest_first = compile_narwhals_order((SortKey("created_at", descending=True),))
    >>> newest_first(pl.DataFrame({"id": [1, 2, 3], "created_at": [5, None, 5]})).rows()
    [(2, None), (3, 5), (1, 5)]

    The function raises CompileError when the frame lacks a column.
    """
    key_names = (primary_key,) if isinstance(primary_key, str) else primary_key
    last_descends = bool(order) and order[-1].descending
    named = {key.name for key in order}
    keys = [*order, *(SortKey(name, last_descends) for name in key_names if name not in named)]

    def arrange(frame: F) -> F:
        sorted_frame: Any = _sorted(nw.from_native(frame), keys)
        arranged: F = sorted_frame if isinstance(frame, (nw.DataFrame, nw.LazyFrame)) else sorted_frame.to_native()
        return arranged

    return arrange


def _sorted(frame: Frame, keys: Sequence[SortKey]) -> Frame:
    schema = frame.collect_schema()
    missing = sorted({key.name for key in keys} - set(schema))
    if missing:
        raise CompileError(f"the frame has no {', '.join(missing)}; it has {', '.join(schema)}")
    # One place of NULL holds for all keys of a sort. So where directions differ, each key gets a flag before it.
    flagged = len({key.descending for key in keys}) > 1
    own = "_" * max(map(len, schema))  # no other column has so long a name
    added: dict[str, nw.Expr] = {}
    by: dict[str, bool] = {}
    for number, (name, descending) in enumerate(keys):
        value, null = f"{own}value_{number}", f"{own}null_{number}"
        if flagged:
            added[null] = nw.col(name).is_null()
            by[null] = descending
        if frame.implementation.is_pandas() and schema[name].is_float():
            # pandas fails where a column has both 0.0 and -0.0, which becomes 0.0 here.
            added[value] = nw.col(name) + 0.0
        by[value if value in added else name] = descending
    arranged = frame.with_columns(**added) if added else frame
    return arranged.sort(*by, descending=list(by.values()), nulls_last=not keys[0].descending).drop(*added)
