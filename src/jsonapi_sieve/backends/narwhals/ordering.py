"""An order on frames: NULL is the largest value, text goes by code point, and the primary key makes it total."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import narwhals as nw
from narwhals.dtypes import DType
from narwhals.typing import Frame, IntoFrame

from jsonapi_sieve.backends.narwhals.collation import needed_texts
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.sorting import Order

__all__ = ["compile_narwhals_order"]

F = TypeVar("F", bound=IntoFrame | Frame)


def compile_narwhals_order(order: Order, primary_key: str | Sequence[str] = "id") -> Callable[[F], F]:
    """Make an order run on frames: the function takes one, native or of Narwhals, and gives one of its kind, sorted.

    NULL comes last in an ascending order and first in a descending one. The primary key is appended in the direction of
    the last key, ascending without keys. Where there is no key at all, the frame comes back as it is.

    >>> import polars as pl
    >>> from jsonapi_sieve import SortKey
    >>> newest_first = compile_narwhals_order((SortKey("created_at", descending=True),))
    >>> newest_first(pl.DataFrame({"id": [1, 2, 3], "created_at": [5, None, 5]})).rows()
    [(2, None), (3, 5), (1, 5)]

    Raises:
        CompileError: for a name that leads through relationships, for a frame has no related rows.

    The function raises CompileError when the frame lacks a column, or has one that it would sort in another way: of a
    dictionary's or an enumeration's own order, or of text with a collation.
    """
    last_descends = bool(order) and order[-1].descending
    keys: dict[str, bool] = {}
    for name, descending in (*order, *((name, last_descends) for name in _names(primary_key))):
        keys.setdefault(name, descending)  # a key that comes again decides nothing
    if paths := [name for name in keys if "." in name]:
        raise CompileError(
            f"{', '.join(paths)}: a frame has no related rows to sort by; join them before, under a name"
        )

    def arrange(frame: F) -> F:
        sorted_frame: Any = _sorted(nw.from_native(frame), keys)
        arranged: F = sorted_frame if isinstance(frame, (nw.DataFrame, nw.LazyFrame)) else sorted_frame.to_native()
        return arranged

    return arrange


def _names(primary_key: str | Sequence[str]) -> Sequence[str]:
    return (primary_key,) if isinstance(primary_key, str) else primary_key


def _sorted(frame: Frame, keys: Mapping[str, bool]) -> Frame:
    schema = frame.collect_schema()
    _check(keys, schema, frame)
    if not keys:
        return frame
    # One place of NULL holds for all keys of a sort. So where directions differ, each key gets a flag before it.
    flagged = len(set(keys.values())) > 1
    own = "_" * max(len(str(name)) for name in schema)  # no other column has so long a name
    added: dict[str, nw.Expr] = {}
    by: dict[str, bool] = {}
    for number, (name, descending) in enumerate(keys.items()):
        value, null = f"{own}value_{number}", f"{own}null_{number}"
        if flagged:
            added[null] = nw.col(name).is_null()
            by[null] = descending
        if frame.implementation.is_pandas() and schema[name].is_float():
            # pandas fails where a column has both 0.0 and -0.0, which becomes 0.0 here.
            added[value] = nw.col(name) + 0.0
        by[value if value in added else name] = descending
    arranged = frame.with_columns(**added) if added else frame
    return arranged.sort(*by, descending=list(by.values()), nulls_last=not next(iter(keys.values()))).drop(*added)


def _check(names: Iterable[str], schema: Mapping[str, DType], frame: Frame) -> None:
    missing = sorted(set(names) - set(schema))
    if missing:
        raise CompileError(f"the frame has no {', '.join(missing)}; it has {', '.join(map(str, schema))}")
    needed = {name: "String: cast the column" for name in names if schema[name] in (nw.Categorical, nw.Enum)}
    needed |= needed_texts(frame, [name for name in names if schema[name] == nw.String])
    if needed:
        lines = [f"{name}: the column is {schema[name]}; an order needs {lacking}" for name, lacking in needed.items()]
        raise CompileError("\n".join(lines))
