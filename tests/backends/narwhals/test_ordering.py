from __future__ import annotations

from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
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
        (UP, DOWN),
        (DOWN, SortKey("ratio"), UP, SortKey("id", descending=True)),
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


def test_an_order_without_any_key_leaves_rows_as_they_are(make: Make) -> None:
    arranged = nw.from_native(compile_narwhals_order((), primary_key=())(make(pa.Table.from_pylist(ROWS))))
    assert arranged.lazy().collect("pyarrow").to_arrow()["id"].to_pylist() == [row["id"] for row in ROWS]


def test_missing_columns() -> None:
    with pytest.raises(CompileError, match="the frame has no id, missing; it has value"):
        compile_narwhals_order((SortKey("missing"),))(pl.DataFrame({"value": [1]}))


def test_columns_whose_names_are_no_text() -> None:
    arranged = compile_narwhals_order((SortKey("value", descending=True), SortKey("id")))(
        pd.DataFrame({"id": [2, 1], 0: [7, 8], "value": [3, 3]})
    )
    assert list(arranged[0]) == [8, 7]


@pytest.mark.parametrize("dtype", [pl.Enum(["b", "a"]), pl.Categorical()])
def test_columns_with_an_order_of_their_own(dtype: Any) -> None:
    frame = pl.DataFrame({"id": [1, 2], "value": ["b", "a"]}, schema_overrides={"value": dtype})
    with pytest.raises(CompileError, match=r"value: the column is .*; an order needs String: cast the column"):
        compile_narwhals_order((UP,))(frame)


def test_text_with_a_collation() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE rows (id INTEGER, value VARCHAR COLLATE NOCASE)")
        connection.execute("INSERT INTO rows VALUES (1, 'a'), (2, 'B')")
        with pytest.raises(CompileError, match="value: the column is String; an order needs no collation"):
            compile_narwhals_order((UP,))(connection.table("rows"))
        relation = connection.sql("SELECT id, value COLLATE C AS value FROM rows")
        assert compile_narwhals_order((UP,))(relation).fetchall() == [(2, "B"), (1, "a")]


@pytest.mark.rule("SRT-05")
def test_frames_have_no_related_rows() -> None:
    with pytest.raises(CompileError, match=r"^account\.name: a frame has no related rows to sort by"):
        compile_narwhals_order((SortKey("account.name"),))
