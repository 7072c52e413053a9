from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve.csv_record import MalformedRecord, join_record, quote_item, split_record
from tests.cpu import at_once

MEASURED = [
    (case["raw"], case["values"])
    for line in (Path(__file__).parent / "data/ransack/csv_values.jsonl").read_text(encoding="utf-8").splitlines()
    for case in [json.loads(line)]
]

# Upstream drops a blank value and all lines but the first; here a value is one record, whatever it holds.
OURS: dict[str, list[str | None]] = {
    "": [None],
    " ": [" "],
    "a\r\nb": ["a\r\nb"],
    "a\nb,c": ["a\nb", "c"],
}

# Text in which everything that matters is frequent.
texts = st.text(st.sampled_from('",ab \r\né') | st.characters(), max_size=12)


@pytest.mark.parametrize(("raw", "values"), MEASURED)
def test_records_as_measured(raw: str, values: list[str | None]) -> None:
    if '"' in raw and values == [raw]:
        # Upstream takes the whole value for one item where a quote is astray.
        with pytest.raises(MalformedRecord):
            split_record(raw)
    else:
        assert split_record(raw) == OURS.get(raw, values)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ('a"', "inside an item that is not quoted"),
        ('a,b"c"', "inside an item that is not quoted"),
        (' "a"', "inside an item that is not quoted"),
        ('"a"b', "behind a closing double quote"),
        ('"a" ,b', "behind a closing double quote"),
        ('"', "left open"),
        ('a,"b', "left open"),
        ('"a""', "left open"),
    ],
)
def test_malformed_records_say_what_is_wrong(raw: str, reason: str) -> None:
    with pytest.raises(MalformedRecord, match=reason):
        split_record(raw)


@pytest.mark.parametrize(
    ("raw", "items"),
    [
        ('"a",', ["a", None]),
        (',"a"', [None, "a"]),
        ('"",""', ["", ""]),
        ('"a\r\nb",c', ["a\r\nb", "c"]),
        ('"a"",""b"', ['a","b']),
        ("a b", ["a b"]),
    ],
)
def test_quotes_protect_and_only_quotes_make_an_empty_item(raw: str, items: list[str | None]) -> None:
    assert split_record(raw) == items


@given(st.lists(texts, min_size=1))
def test_items_come_back_from_their_record(items: list[str]) -> None:
    assert split_record(join_record(items)) == items


@given(texts)
def test_an_item_is_quoted_only_where_it_has_to_be(item: str) -> None:
    quoted = quote_item(item)
    assert (quoted == item) is (item != "" and not {",", '"'} & set(item))


@given(texts)
def test_what_can_be_split_is_joined_to_the_same_items(raw: str) -> None:
    try:
        items = split_record(raw)
    except MalformedRecord:
        assert '"' in raw
    else:
        assert split_record(",".join("" if item is None else quote_item(item) for item in items)) == items


@given(st.text('",ab ', max_size=12).filter(bool))
def test_records_are_those_of_the_standard_library(raw: str) -> None:
    try:
        items = split_record(raw)
    except MalformedRecord:
        return
    assert [item or "" for item in items] == next(csv.reader([raw], strict=True))


@pytest.mark.parametrize("piece", ['""', ",", '"a",', '"a""b",', "a,", '"'])
def test_a_long_record_takes_time_in_proportion(piece: str) -> None:
    raw = piece * 50_000
    with at_once(2):
        try:
            split_record(raw)
        except MalformedRecord:
            assert '"' in piece
