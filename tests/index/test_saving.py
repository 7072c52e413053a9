"""Indexes as lines of JSON."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from jsonapi_sieve import Field, FilterSet, NotRenderable, types
from jsonapi_sieve.index import DamagedIndex, FilterIndex, load_index, save_index
from jsonapi_sieve.predicate import TRUE


class Filters(FilterSet):
    number = Field(types.Integer(16), nullable=True)
    text = Field(types.Text())


class Fewer(FilterSet):
    number = Field(types.Integer(16), nullable=True)


FILTERS = Filters()
LINES = list(
    save_index(
        FilterIndex([("a", FILTERS.parse("filter[number-gt]=1")), (7, Filters.text.eq("é")), (8, TRUE)]), FILTERS
    )
)


def summed(*documents: dict[str, object]) -> list[str]:
    """Give the lines of documents as if they had been saved."""
    lines = [LINES[0].replace("3", str(len(documents))), *(json.dumps(document) + "\n" for document in documents)]
    return [*lines, json.dumps({"sha256": sha256("".join(lines).encode()).hexdigest()}) + "\n"]


def test_that_a_loaded_index_is_the_saved_one() -> None:
    index = load_index(LINES, FILTERS)
    assert list(index) == ["a", 7, 8]
    assert sorted(map(str, index.match({"number": 2, "text": "é"}))) == ["7", "8", "a"]
    assert list(save_index(index, FILTERS)) == LINES
    assert len(load_index(save_index(FilterIndex(), FILTERS), FILTERS)) == 0


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "line 1: this is no JSON"),
        (["{}"], "line 1: this is no saved index"),
        (["{}\n", *LINES], "line 1: this is no saved index"),
        (["[]\n", *LINES], "line 1: this is no JSON object"),
        (
            [LINES[0].replace('"version": 1', '"version": 2'), *LINES[1:]],
            "its version is 2; this library reads version 1",
        ),
        (LINES[:1], "this is no|3 filters were saved, and 0 are left"),
        (LINES[:-1], "3 filters were saved, and 2 are left"),
        ([*LINES[:2], *LINES[3:]], "3 filters were saved, and 2 are left"),
        ([*LINES[:-1], "{}"], "the filters are not as they were saved"),
        ([LINES[0], LINES[1].replace("1}", "2}"), *LINES[2:]], "the filters are not as they were saved"),
        ([*LINES[:2], LINES[2][:9], *LINES[3:]], "line 3: this is no JSON"),
        ([*LINES[:2], "[" * 100_000, *LINES[3:]], "line 3: this is no JSON"),
        ([*LINES[:2], LINES[2].replace("7", '"\udc80"'), *LINES[3:]], "the filters are not as they were saved"),
        (summed({"count": 1, "filters": {}}), "line 2: no filter with a key of its own: 'key'"),
        (summed({"key": [], "filters": {}}), "line 2: no filter with a key of its own: unhashable"),
        (summed({"key": 1, "filters": {}}, {"key": True, "filters": {}}), "line 3: no filter with a key of its own"),
    ],
)
def test_damage(lines: list[str], message: str) -> None:
    with pytest.raises(DamagedIndex, match=message):
        load_index(lines, FILTERS)


def test_a_declaration_that_has_changed() -> None:
    with pytest.raises(DamagedIndex, match="line 3: the filter does not fit the declaration: /text_eq: "):
        load_index(LINES, Fewer())


def test_an_index_that_changes_while_it_is_saved() -> None:
    index = load_index(LINES, FILTERS)
    lines = save_index(index, FILTERS)
    first = next(lines)
    index.remove(7)
    assert [first, *lines] == LINES


def test_what_cannot_be_saved() -> None:
    with pytest.raises(TypeError, match=r"the key 1\.5 cannot be saved"):
        list(save_index(FilterIndex([(1.5, TRUE)]), FILTERS))
    with pytest.raises(NotRenderable):
        list(save_index(FilterIndex([(1, Filters.number.eq(1) | Filters.text.eq("a"))]), FILTERS))
