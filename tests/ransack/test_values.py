"""One value of a parameter, as one item and as several: Ruby's reading, but for the differences that are decided."""

import re
from collections import Counter

import pytest

from jsonapi_sieve import Comparison, Field, FilterSet, QueryErrors, types
from tests.ransack.corpus import read

MEASURED = {line["raw"]: line["values"] for line in read("csv_values.jsonl")}

# Ruby reads the first line only, and nothing in a blank value; here a value is one record, whatever it holds.
RECORDS = MEASURED | {" ": [" "], "": [None], "a\r\nb": ["a\r\nb"], "a\nb,c": ["a\nb", "c"]}

_item = '(?:"(?:[^"]|"")*"|[^",]*)'
_is_well_formed = re.compile(f"{_item}(?:,{_item})*").fullmatch


class Filters(FilterSet):
    src_name_in = Field(types.Text(), operators=("eq", "in"))


FILTERS = Filters()


def answer(operator: str, raw: str) -> object:
    """Give the constants that a parameter reads, or the code of the error."""
    try:
        (node,) = FILTERS.parse({f"filter[src-name-in-{operator}]": raw}).members
    except QueryErrors as refusal:
        return refusal.errors[0].code
    assert isinstance(node, Comparison)
    return node.value


@pytest.mark.parametrize(("raw", "items"), RECORDS.items())
def test_one_item(raw: str, items: list[str | None]) -> None:
    match items:
        case [None]:
            assert answer("eq", raw) == "empty-value"
        case [item]:
            # A stray quote makes one item of the whole value, there and here.
            assert answer("eq", raw) == item
        case _:
            assert answer("eq", raw) == "too-many-values"


@pytest.mark.parametrize(("raw", "items"), RECORDS.items())
def test_several_items(raw: str, items: list[str | None]) -> None:
    if not _is_well_formed(raw):
        assert answer("in", raw) == "malformed-list"
    elif None in items:
        assert answer("in", raw) == "empty-value"
    else:
        assert answer("in", raw) == tuple(dict.fromkeys(items))


def test_counts() -> None:
    lists = Counter(given if isinstance(given := answer("in", raw), str) else "items" for raw in RECORDS)
    assert lists == {"items": 30, "malformed-list": 12, "empty-value": 6}
    assert sum(RECORDS[raw] != values for raw, values in MEASURED.items()) == 4
