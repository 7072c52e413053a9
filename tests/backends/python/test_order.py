"""Orders on Python rows."""

from __future__ import annotations

import sqlite3
import uuid
from collections import namedtuple
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve.backends.python import compile_python_order
from jsonapi_sieve.sorting import Order, SortKey

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.sampled_from([None, -1, 0, 2]),
            "text": st.sampled_from([None, "", "A", "a", "Z", "é", "😀", "\uffff"]),
            "truth": st.sampled_from([None, False, True]),
        }
    ),
    max_size=12,
)
ORDERS = st.lists(
    st.builds(SortKey, st.sampled_from(["number", "text", "truth", "id"]), st.booleans()),
    max_size=4,
    unique_by=lambda key: key.name,
)


@given(rows=ROWS, keys=ORDERS)
def test_rows_are_ordered_as_sqlite_orders_them(rows: list[dict[str, Any]], keys: list[SortKey]) -> None:
    numbered = [{"id": number, **row} for number, row in enumerate(rows)]
    last = keys[-1].descending if keys else False
    terms = [
        f"{key.name} {'desc nulls first' if key.descending else 'asc nulls last'}"
        for key in [*keys, SortKey("id", last)]
    ]
    connection = sqlite3.connect(":memory:")
    connection.execute("create table rows (id, number, text, truth)")
    connection.executemany("insert into rows values (:id, :number, :text, :truth)", reversed(numbered))
    expected = [found for (found,) in connection.execute(f"select id from rows order by {', '.join(terms)}")]  # noqa: S608
    connection.close()
    assert [row["id"] for row in compile_python_order(tuple(keys))(numbered)] == expected


@pytest.mark.parametrize(
    ("order", "primary_key", "expected"),
    [
        ((), ("id",), [0, 1, 2, 3]),
        ((), (), [3, 1, 0, 2]),
        ((SortKey("a"),), ("id",), [0, 1, 3, 2]),
        ((SortKey("a", descending=True),), ("id",), [2, 3, 1, 0]),
        ((SortKey("a", descending=True),), (), [2, 3, 1, 0]),
        ((SortKey("a"),), (), [1, 0, 3, 2]),
        ((SortKey("a"), SortKey("b", descending=True)), ("id",), [1, 0, 3, 2]),
        ((SortKey("a", descending=True), SortKey("b")), ("id",), [2, 3, 0, 1]),
        ((SortKey("b"),), ("a", "id"), [3, 0, 2, 1]),
        ((SortKey("id", descending=True),), ("id",), [3, 2, 1, 0]),
    ],
)
def test_the_primary_key_follows_the_last_key(order: Order, primary_key: tuple[str, ...], expected: list[int]) -> None:
    rows: list[dict[str, Any]] = [
        {"id": 3, "a": 2, "b": 1},
        {"id": 1, "a": 1, "b": None},
        {"id": 0, "a": 1, "b": 2},
        {"id": 2, "a": None, "b": 2},
    ]
    assert [row["id"] for row in compile_python_order(order, primary_key)(rows)] == expected
    assert [row["id"] for row in rows] == [3, 1, 0, 2]


@pytest.mark.parametrize("make", [lambda row: SimpleNamespace(**row), lambda row: namedtuple("Row", "a id")(**row)])  # noqa: PYI024
def test_rows_of_every_sort_are_ordered_and_stay_the_same_objects(make: Any) -> None:
    rows = [make({"id": number, "a": -number}) for number in range(3)]
    arranged = compile_python_order((SortKey("a"),))(iter(rows))
    assert [id(row) for row in arranged] == [id(row) for row in rows[::-1]]


def test_native_uuids_order_as_their_text() -> None:
    keys = [uuid.UUID(int=number << shift) for number in (1, 9, 10, 15) for shift in (0, 60, 124)]
    rows = [{"id": key} for key in keys]
    assert [str(row["id"]) for row in compile_python_order(())(rows)] == sorted(map(str, keys))


def test_datetimes_are_ordered_as_moments() -> None:
    berlin, noon = ZoneInfo("Europe/Berlin"), datetime(2023, 10, 29, 12, tzinfo=UTC)
    # From 00:00 to 02:00 in UTC, clocks in Berlin show each time twice.
    repeated = [datetime(2023, 10, 29, hour, minute, tzinfo=UTC) for hour in (0, 1) for minute in (15, 30)]
    rows = [{"id": number, "at": moment.astimezone(berlin)} for number, moment in enumerate([*repeated, noon])]
    rows += [{"id": number, "at": moment} for number, moment in enumerate([*repeated, noon], len(rows))]
    arranged = compile_python_order((SortKey("at"), SortKey("id", descending=True)))(rows)
    assert [row["id"] for row in arranged] == [5, 0, 6, 1, 7, 2, 8, 3, 9, 4]
    arranged = compile_python_order((SortKey("at", descending=True),))([{"id": 10, "at": None}, *rows])
    assert [row["id"] for row in arranged] == [10, 9, 4, 8, 3, 7, 2, 6, 1, 5, 0]
    naive = [{"id": number, "at": datetime(2023, 10, 29, 12 - number)} for number in range(3)]  # noqa: DTZ001
    assert compile_python_order((SortKey("at"),))(naive) == naive[::-1]


def test_no_row_and_one_row_are_in_order() -> None:
    order = compile_python_order((SortKey("a"),))
    assert order([]) == []
    assert order([{"a": 1}]) == [{"a": 1}]


def test_a_row_that_lacks_an_attribute_is_refused() -> None:
    order = compile_python_order((SortKey("a"),))
    with pytest.raises(KeyError, match="a row has no a; it has id"):
        order([{"id": 1, "a": 1}, {"id": 2}])
    with pytest.raises(AttributeError, match="has no attribute 'a'"):
        order([SimpleNamespace(id=1, a=2), SimpleNamespace(id=2)])


def test_values_that_do_not_compare_are_refused() -> None:
    with pytest.raises(TypeError, match="not supported between"):
        compile_python_order((SortKey("a"),))([{"id": 1, "a": 1}, {"id": 2, "a": "x"}])
