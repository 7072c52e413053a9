"""The fast path of parsing gives what the gathering path gives, or nothing: it never decides what is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, assume, event, example, given, reject, settings
from hypothesis import strategies as st

from jsonapi_sieve import DeclarationError, Field, FilterSet, Limits, QueryErrors, parsing, types
from jsonapi_sieve.declaration import Declaration, Visible
from jsonapi_sieve.parsing import DECODED, RAW, _Gathering, split
from jsonapi_sieve.trees import Branch
from tests.requests import filter_sets, related_sets, requests_of

Values = dict[Any, object]
Pairs = list[tuple[str, str]]

SNIPPETS = st.sampled_from(
    [
        *("%", "%0", "%00", "%zz", "%FF", "%C3%A9", "%c3", "%2B", "%2C", "%22", "%5B", "%5d", "%26"),
        *("&", "=", "+", ",", '"', '""', "[", "]", "_", "-", ".", " ", "\n", ";", "e9", "0", "true"),
        *("\0", "\ud800", "\ufffd", "é", "\u0663", "\uff11", "\U0001f600", "x" * 40),
        *("&sort=-a", "&include=b", "&page[number]=1", "&page%5bsize%5D=%31", "&fields[\0]=", "&page[\ud800]=1"),
        *("&filter[x]=1", "&utm=1", "&=1", "&&", "filter[", "Filter[", "filters["),
        *("[or][1]", "[not][2]", "%5Band%5D%5B1%5D", "[or]", "[0]", "_none", "-all.", "a."),
    ]
)

LIMITS = st.sampled_from(
    [*[Limits()] * 3, Limits(query_string=90, key=64, value=20, filters=2, list_items=2, parameters=3)]
)


@st.composite
def mutants(draw: st.DrawFn, text: str) -> str:
    """Draw a text that differs from another in a few places."""
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 3)))
        touched = text[start:end]
        touched = draw(
            st.sampled_from(["", touched.swapcase(), touched * 2, quote(touched.encode("utf-8", "replace"), safe="")])
            | SNIPPETS.map(touched.__add__)
            | SNIPPETS
        )
        text = text[:start] + touched + text[end:]
    return text


@st.composite
def shuffled(draw: st.DrawFn, pairs: Pairs) -> Pairs:
    """Draw an order of the pairs, at times with one of them given again or with those of other families."""
    others = [("sort", "a"), ("page[size]", "é"), ("fields[a]", ""), ("filter[x]", "1"), ("", ""), *pairs]
    return list(draw(st.permutations(pairs + draw(st.just([]) | st.lists(st.sampled_from(others), max_size=2)))))


def query_of(pairs: Pairs) -> str:
    return "&".join(f"{quote(key, safe='[]')}={quote(text, safe=',')}" for key, text in pairs)


def agree(fast: Values | None, gather: Callable[[], Branch]) -> None:
    """Assert that the gathering path gives the same values, and that the fast path left errors and groups to it."""
    try:
        gathered, groups = gather()
    except QueryErrors:
        event("refused")
        assert fast is None
        return
    if fast is None:
        event("groups" if groups else "gathered")
        return
    event("fast")
    assert not groups
    assert fast == gathered
    assert list(fast) == list(gathered)
    assert list(map(repr, fast.values())) == list(map(repr, gathered.values()))


def read(declaration: Declaration, given: str | Pairs, visible: Visible | None = None) -> Values | None:
    """Take the fast path."""
    pairs, spelling = (split(declaration, given), RAW) if isinstance(given, str) else (given, DECODED)
    return None if pairs is None else parsing.read(declaration, pairs, spelling, visible)


def read_query(declaration: Declaration, query: str, visible: Visible | None) -> None:
    fast = read(declaration, query, visible)
    agree(fast, lambda: _Gathering(declaration, visible, ("utm",)).read_query(query))


def read_pairs(declaration: Declaration, pairs: Pairs, visible: Visible | None) -> None:
    fast = read(declaration, pairs, visible)
    agree(fast, lambda: _Gathering(declaration, visible, ("utm",)).read_pairs(pairs))


@st.composite
def limited(draw: st.DrawFn) -> FilterSet:
    filters = draw(filter_sets() | related_sets())
    try:
        return type(filters)(limits=draw(LIMITS))
    except DeclarationError:  # a key that is over its budget
        reject()


@st.composite
def clients(draw: st.DrawFn, filters: FilterSet) -> Visible | None:
    """Draw a client who sees all, or all but one field."""
    hidden = draw(st.sampled_from(["", *(declared.name for declared in filters.declarations())]))
    return hidden.__ne__ if hidden else None


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_both_paths_agree_on_query_strings(data: st.DataObject) -> None:
    filters = data.draw(limited())
    pairs = data.draw(shuffled(data.draw(requests_of(filters)).pairs))
    visible = data.draw(clients(filters))
    query = data.draw(mutants(query_of(pairs)))
    read_query(filters._declaration, query, visible)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_both_paths_agree_on_pairs(data: st.DataObject) -> None:
    filters = data.draw(limited())
    pairs = data.draw(shuffled(data.draw(requests_of(filters)).pairs))
    visible = data.draw(clients(filters))
    mutated = [(data.draw(mutants(key)), data.draw(mutants(text))) for key, text in pairs]
    read_pairs(filters._declaration, mutated, visible)


class Anything(types.Text):
    """A type of somebody's own that refuses no text."""

    def parse(self, text: str) -> str:
        return text


class TextFilters(FilterSet):
    a = Field(types.Text(), operators=("eq", "in", "matches"))
    b = Field(types.Integer(), operators=("eq",), bare="eq")
    c = Field(Anything(), operators=("eq", "in"))


TEXT = TextFilters()._declaration


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["filter[a-eq]", "filter[a-in]", "filter[b]", "filter[c-eq]", "filter[c-in]", "sort"])
            | st.text(),
            st.text(),
        )
    )
)
@example([("page[\0]", "1")])
@example([("page[\ud800]", "1")])
@example([("sort", "\0")])
@example([("filter[a-eq]", "\ud800")])
@example([("filter[c-eq]", "\0")])
@example([("filter[c-in]", "a,\ud800")])
@example([("filter[a-eq]", "é")])
@example([("page[size]", "é"), ("fields[é]", "é")])
def test_both_paths_agree_on_any_pairs(pairs: Pairs) -> None:
    read_pairs(TEXT, pairs, None)
    read_query(TEXT, "&".join(f"{key}={text}" for key, text in pairs), None)


@pytest.mark.parametrize(
    "pairs",
    [
        [("sort", None)],
        [(None, "a")],
        [(["sort"], "a")],
        [("filter[a-eq]", ["a"])],
        [("filter[a-in]", ("a",))],
        [("filter[b]", b"1")],
        [("filter[b]", 1)],
        [("filter[c-eq]", "a", "b")],
        [1],
    ],
)
def test_what_is_no_pair_of_texts_is_left_to_the_gathering_path(pairs: Any) -> None:
    assert read(TEXT, pairs) is None


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_a_good_request_takes_the_fast_path(data: st.DataObject) -> None:
    filters = data.draw(filter_sets() | related_sets())
    declaration = filters._declaration
    values = data.draw(requests_of(filters)).given
    pairs = [(parameter.key, parameter.operand.render(value)) for parameter, value in values.items()]
    missing = bool(declaration.missing(values, None))
    for sent in (query_of([*pairs, ("sort", "a"), ("page[size]", "1")]), pairs):
        assert read(declaration, sent) == (None if missing else values)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_groups_are_left_to_the_gathering_path(data: st.DataObject) -> None:
    filters = data.draw(related_sets(max_rules=0))
    declaration = filters._declaration
    given = data.draw(requests_of(filters)).given
    assume(given)
    first, *others = [(parameter.key, parameter.operand.render(value)) for parameter, value in given.items()]
    inside = data.draw(st.sampled_from(["filter[or][1]", "filter[not][7][and][10]"]))
    pairs = [(first[0].replace("filter", inside, 1), first[1]), *others]
    assert read(declaration, query_of(pairs)) is None
    assert read(declaration, pairs) is None
    for gathered in (
        _Gathering(declaration, None, ()).read_pairs(pairs),
        _Gathering(declaration, None, ()).read_query(query_of(pairs)),
    ):
        assert gathered.groups
        assert gathered.values == read(declaration, others)
