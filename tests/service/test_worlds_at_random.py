"""Whatever a customer asks, the answer is the one it would get if nobody else had any rows."""

from __future__ import annotations

from collections.abc import Collection as Several
from itertools import chain
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve.names import spell
from tests.service.worlds import COLLECTIONS, CUSTOMER, OTHER, Collection, Worlds, text_for, written

Pairs: TypeAlias = list[tuple[str, str]]

FAULTS: Pairs = [
    ("filter[customer-id-eq]", str(OTHER)),
    ("filter[id]", ","),
    ("sort", "customer-id"),
    ("include", "customer"),
    ("fields[customers]", "id"),
    ("page[size]", "0"),
    ("\0", ""),
]
# A request with a fault tells little else, so few have one.
faults = st.sampled_from([*[[]] * 50, *([fault] for fault in FAULTS)])


def listed(key: str, items: Several[str], most: int) -> st.SearchStrategy[Pairs]:
    """Give a parameter that lists some of these items, or none."""
    if not items:
        return st.just([])
    some = st.lists(st.sampled_from(sorted(items)), max_size=most, unique_by=lambda item: item.removeprefix("-"))
    return some.map(lambda chosen: [(key, ",".join(chosen))] if chosen else [])


def filters_of(collection: Collection) -> st.SearchStrategy[Pairs]:
    pairs = [
        (parameter.key, text_for(parameter, values))
        for parameter in collection.endpoint.resource.filters.parameters
        for customer in (CUSTOMER, OTHER)
        if (values := collection.values_of(parameter, customer))
    ]
    return st.lists(st.sampled_from(pairs), max_size=2, unique_by=lambda pair: pair[0]) if pairs else st.just([])


def order_of(collection: Collection) -> st.SearchStrategy[Pairs]:
    sort = collection.endpoint.resource.sort
    assert sort is not None
    return listed("sort", [f"{sign}{spell(name, sort.style)}" for name in sort.names for sign in ("", "-")], 3)


def document_of(collection: Collection) -> st.SearchStrategy[Pairs]:
    """Give what a client may choose of a document."""
    schema = collection.endpoint.resource.schema
    fields, include = listed(f"fields[{schema.type}]", schema.members, 4), listed("include", schema.relationships, 2)
    return st.tuples(fields, include).map(lambda parts: [*chain(*parts)])


numbers = st.lists(st.sampled_from("123456789"), max_size=1)
pages = st.tuples(numbers, numbers).map(
    lambda given: [
        (f"page[{name}]", text) for name, texts in zip(("size", "number"), given, strict=True) for text in texts
    ]
)


def listing_of(collection: Collection) -> st.SearchStrategy[str]:
    parts = st.tuples(filters_of(collection), order_of(collection), pages, document_of(collection), faults)
    return parts.map(lambda given: f"{collection.path}?{written(*chain(*given))}")


def address_of(collection: Collection) -> st.SearchStrategy[str]:
    known = (identifier for customer in (CUSTOMER, OTHER) for identifier in collection.ids(customer)[:20])
    every = [path for identifier in (*known, collection.no_id) for path in collection.addresses(identifier)]
    single = [path for path in every if path.rpartition("/")[0] == collection.path]
    plain = st.tuples(st.sampled_from(every), faults)
    chosen = st.tuples(st.sampled_from(single), document_of(collection))
    return st.one_of(plain, chosen).map(lambda given: f"{given[0]}?{written(*given[1])}")


@given(st.sampled_from(COLLECTIONS).flatmap(listing_of))
def test_no_listing_tells_the_worlds_apart(worlds: Worlds, path: str) -> None:
    worlds.same(path)


@given(st.sampled_from(COLLECTIONS).flatmap(address_of))
def test_no_address_tells_the_worlds_apart(worlds: Worlds, path: str) -> None:
    worlds.same(path)
