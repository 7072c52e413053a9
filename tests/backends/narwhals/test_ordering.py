from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl
import pyarrow as pa
import pytest

from jsonapi_sieve import Order, SortKey
from jsonapi_sieve.backends.narwhals import compile_narwhals_order
from jsonapi_sieve.backends.python import compile_python_order
from jsonapi_sieve.errors import CompileError
from tests.backends.narwhals.frames import Make

UP, DOWN = SortKey("value"), SortKey("value", descending=True)
ROWS: list[dict[str, Any]] = [
    {"id": number, "value": value, "ratio": ratio}
    for number, (value, ratio) in enumerate(
        [
            ("b", 0.0),
            (None, -0.0),
            ("a", None),
            ("B", 0.5),
            ("\U00010000", -1.0),
            ("\uffee", 0.0),
            ("", None),
            ("b", None),
        ]
    )
]


@pytest.mark.parametrize(
    "order",
    [
        (),
        (UP,),
        (DOWN,),
        (UP, SortKey("id", descending=True)),
        (DOWN, SortKey("id")),
        (SortKey("ratio"),),
        (SortKey("ratio", descending=True), UP),
        (UP, SortKey("ratio", descending=True), SortKey("id")),
    ],
)
def test_an_order_is_that_of_python(make: Make, order: Order) -> None:
    table = pa.Table.from_pylist(ROWS)
    arranged = nw.from_native(compile_narwhals_order(order)(make(table)))
    assert arranged.collect_schema().names() == table.column_names
    assert arranged.lazy().select("id").collect("pyarrow").to_arrow()["id"].to_pylist() == [
        row["id"] for row in compile_python_order(order)(ROWS)
    ]


def test_a_frame_comes_back_as_it_went_in() -> None:
    frame = pl.DataFrame(ROWS)
    arrange = compile_narwhals_order((UP,))
    assert isinstance(arrange(frame), pl.DataFrame)
    assert isinstance(arrange(frame.lazy()), pl.LazyFrame)
    assert isinstance(arrange(nw.from_native(frame)), nw.DataFrame)
    assert isinstance(arrange(nw.from_native(frame.lazy())), nw.LazyFrame)


def test_a_primary_key_of_two_columns_and_columns_of_names_like_our_own() -> None:
    frame = pl.DataFrame({"a": [1, 1, 2], "b": [1, 2, 1], "___null_0": [None, None, 1]})
    arranged = compile_narwhals_order((SortKey("___null_0"), SortKey("a", descending=True)), primary_key=("a", "b"))(
        frame
    )
    assert arranged.rows() == [(2, 1, 1), (1, 2, None), (1, 1, None)]


def test_missing_columns() -> None:
    with pytest.raises(CompileError, match="the frame has no id, missing; it has value"):
        compile_narwhals_order((SortKey("missing"),))(pl.DataFrame({"value": [1]}))
