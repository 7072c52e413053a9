"""What holds for every JSON value: the check answers, quickly, and points to what is there."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve.testing import Kind, check_document
from jsonapi_sieve.testing.pointers import leads_into
from tests.cpu import at_once

KINDS: list[Kind] = list(get_args(Kind))
NAMES = st.sampled_from(
    [
        *["data", "errors", "meta", "included", "links", "jsonapi", "type", "id", "lid", "attributes", "relationships"],
        *[
            "self",
            "related",
            "next",
            "href",
            "rel",
            "hreflang",
            "title",
            "describedby",
            "version",
            "ext",
            "a",
            "@a",
            "e:a",
        ],
        *["status", "code", "source", "pointer", "parameter", "header", "", "-", "a/b", "~", "\ud800"],
    ]
)
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | NAMES


def inside(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(values, max_size=3) | st.dictionaries(NAMES, values, max_size=5)


JSON = st.recursive(VALUES, inside, max_leaves=30)


def resources() -> st.SearchStrategy[Any]:
    """Objects that are nearly resources, so that what concerns several of them is reached."""
    identifiers = st.fixed_dictionaries(
        {"type": st.sampled_from("ab"), "id": st.sampled_from("12")}, optional={"lid": st.sampled_from("12") | JSON}
    )
    relationships = st.fixed_dictionaries({"data": identifiers | st.lists(identifiers | JSON, max_size=3) | JSON})
    return st.fixed_dictionaries(
        {"type": st.sampled_from("ab") | JSON},
        optional={
            "id": st.sampled_from("12") | JSON,
            "lid": st.sampled_from("12"),
            "attributes": JSON,
            "relationships": st.dictionaries(NAMES, relationships | JSON, max_size=3) | JSON,
        },
    )


DOCUMENTS = JSON | st.fixed_dictionaries(
    {"data": resources() | st.lists(resources(), max_size=3)}, optional={"included": st.lists(resources(), max_size=4)}
)


@given(DOCUMENTS, st.sampled_from(KINDS), JSON, st.sampled_from(["", "?include=a,a.next", "?fields[a]=a&include="]))
def test_any_value_gets_an_answer(document: Any, kind: Kind, request: Any, url: str) -> None:
    for found in check_document(document, kind=kind, request=request, url=url, recommended=True):
        assert leads_into(document, found.pointer)
        assert found.message.endswith(".")
        assert str(found).encode()


@given(st.text())
def test_any_address_is_read(url: str) -> None:
    assert check_document({"meta": {}}, url=url) == []


def nested(depth: int, name: str) -> Any:
    value: Any = {"href": "/"}
    for _ in range(depth):
        value = [value] if name == "[]" else {name: value, "href": "/"}
    return value


@pytest.mark.parametrize("name", ["[]", "a", "@a", "describedby", "-"])
def test_depth_costs_nothing(name: str) -> None:
    deep = nested(5_000, name)
    documents = [
        deep,
        {"data": deep, "included": deep, "meta": deep, "links": {"self": deep}, "jsonapi": deep, "errors": deep},
        {"data": {"type": deep, "id": deep, "attributes": deep, "relationships": deep, "links": deep, "meta": deep}},
        {"data": [{"type": "x", "id": "1", "attributes": {"x": deep}, "relationships": {"y": {"data": deep}}}]},
        {"errors": [dict.fromkeys(("id", "links", "status", "code", "title", "source", "meta"), deep)] * 2},
    ]
    with at_once(5):
        for document in documents:
            assert all(len(check_document(document, kind=kind, request=deep)) <= 100 for kind in KINDS)


def test_breadth_costs_what_it_weighs() -> None:
    """A name of a megabyte above 10,000 others would weigh 10 GB were it written into each pointer."""
    name = "n" * (1 << 20)
    identifiers = [{"type": "x", "id": str(number)} for number in range(10_000)]
    names = {f"ü{number}": number for number in range(10_000)}
    document = {
        "data": {
            "type": "x",
            "id": "",
            "attributes": {name: names | {"-": 1}},
            "relationships": {name + "s": {"data": identifiers}},
        },
        "included": [*identifiers, *identifiers[:300]],
    }
    with at_once(5):
        rules = [found.rule for found in check_document(document)]
    assert rules == ["MEM-02"] + ["DOC-23"] * 99


def test_a_long_chain_is_followed() -> None:
    chain = [
        {"type": "x", "id": str(number), "relationships": {"next": {"data": {"type": "x", "id": str(number + 1)}}}}
        for number in range(10_000)
    ]
    url = "/x/0?include=" + ".".join(["next"] * 500)
    with at_once(5):
        assert check_document({"data": chain[0], "included": chain[:0:-1]}) == []
        assert len(check_document({"data": chain[0], "included": chain[1:600]}, url=url)) == 99
