"""What a client may not see, it cannot filter by, and cannot find out either."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from types import new_class
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jsonapi_sieve import (
    And,
    AnyOf,
    Default,
    Dependent,
    Field,
    FilterSet,
    NotRenderable,
    QueryErrors,
    Required,
    RequiredAny,
    ToMany,
    ToOne,
    types,
)
from jsonapi_sieve.field import Several
from jsonapi_sieve.rules import Rule
from tests.requests import filter_sets, requests_of
from tests.test_fast_path import mutants, query_of


class OpenFilters(FilterSet):
    name = Field(types.Text(), operators=("eq", "in"))
    price = Field(types.Integer(), operators=("eq", "gt"))


class AllFilters(OpenFilters):
    secret = Field(types.Integer(), operators=("eq", "in"), bare="gt")
    cost = Field(types.Integer(), operators=("eq",))
    any_price = AnyOf("price", "secret", operators=("gt",))


F = AllFilters
OPEN, ALL = OpenFilters(), AllFilters()


def outsider(name: str) -> bool:
    return name in ("name", "price", "any_price")


def answer(read: Callable[[], And]) -> tuple[list[Any], bytes]:
    """Give the nodes, or the bytes of the errors, that a client is answered."""
    try:
        return list(read().members), b""
    except QueryErrors as caught:
        return [], json.dumps([error.to_dict() for error in caught.errors], ensure_ascii=False).encode()


QUERIES = [
    *("filter[secret-eq]=1", "filter[secret-eq]=x", "filter[secret-eq]=", "filter[secret-eq]", "filter[secret]=1"),
    *("filter[secret-gt]=1", "filter[secret_eq]=1", "filter%5Bsecret-eq%5D=1", "filter[secret-in]=1,,2"),
    *("filter[any-price-gt]=1", "filter[any_price-gt]=x", "filter[secret-eq]=%FF", "filter[secret-eq]=%00"),
    *("filter[secret-eq]=" + "1" * 40_000, "filter[secret-eq]=1&filter[secret-eq]=2", "filter[secre-eq]=1"),
    *("filter[cots-eq]=1", "filter[any-pric-gt]=1", "Filter[secret-eq]=1", "filter[x]=1&filter[cost-eq]=1"),
    *("filter[secret-eq]=1&filter[name-eq]=a", "filter[name-eq]=a&filter[price-gt]=1", "filter[price-eq]=x"),
]


@pytest.mark.parametrize("query", QUERIES)
def test_what_is_hidden_and_what_is_unknown_have_the_same_answer(query: str) -> None:
    assert answer(lambda: ALL.parse(query, visible=outsider)) == answer(lambda: OPEN.parse(query))


@pytest.mark.parametrize(
    "document",
    [
        *({"secret_eq": 1}, {"secret_eq": "x"}, {"secret_eq": None}, {"secret_in": []}, {"secret_in": ["x"]}),
        *({"secret": 1}, {"secret_gt": 1}, {"any_price_gt": 1}, {"secre_eq": 1}, {"cost_eq": "1" * 40_000}),
        *({"secret": 1, "secret_gt": 1}, {"name_eq": "a", "cost_eq": 1}, {"name_eq": "a"}),
    ],
)
def test_the_same_holds_for_the_stored_form(document: dict[str, object]) -> None:
    assert answer(lambda: ALL.load(document, visible=outsider)) == answer(lambda: OPEN.load(document))


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_a_client_sees_no_difference_between_hidden_and_undeclared(data: st.DataObject) -> None:
    filters = data.draw(filter_sets(max_rules=0))
    declared = filters._declaration.fields
    hidden = data.draw(st.sets(st.sampled_from([field.name for field in declared])))
    gone = [field.name for field in declared if isinstance(field, Several) and hidden.intersection(field.attributes)]
    reduced: Any = new_class(
        "Reduced", (type(filters),), {}, lambda space: space.update(dict.fromkeys([*hidden, *gone]))
    )
    request = data.draw(requests_of(filters))
    query = data.draw(mutants(query_of(request.pairs)))
    document = {data.draw(mutants(name)): value for name, value in request.document.items()}
    visible = {field.name for field in declared}.difference(hidden).__contains__
    assert answer(lambda: filters.parse(query, visible=visible)) == answer(lambda: reduced().parse(query))
    assert answer(lambda: filters.load(document, visible=visible)) == answer(lambda: reduced().load(document))


def test_what_is_visible_can_be_used() -> None:
    query = "filter[secret]=1&filter[any-price-gt]=2"
    everything = And(F.secret.gt(1), F.any_price.compare("gt", 2))
    assert ALL.parse(query) == ALL.parse(query, visible=ALL._declared.__contains__) == everything
    assert ALL.parse("filter[price-gt]=1", visible=outsider) == And(F.price.gt(1))


@pytest.mark.parametrize("hidden", ["price", "secret", "any_price"])
def test_a_parameter_of_several_attributes_needs_all_of_them(hidden: str) -> None:
    with pytest.raises(QueryErrors, match=r"'filter\[any-price-gt\]' is no filter of this resource"):
        ALL.parse("filter[any-price-gt]=1", visible=hidden.__ne__)


def test_only_declared_names_are_asked_about() -> None:
    asked = set()

    def visible(name: str) -> bool:
        asked.add(name)
        return False

    for query in QUERIES:
        answer(lambda query=query: ALL.parse(query, visible=visible))  # type: ignore[misc]
    assert asked == {"name", "price", "secret", "cost", "any_price"}


class OpenPerson(FilterSet):
    name = Field(types.Text(), operators=("eq",))


class OpenRelated(FilterSet, groups=True):
    name = Field(types.Text(), operators=("eq", "in"))
    owner = ToOne(OpenPerson)
    keepers = ToMany(OpenPerson)


class Person(OpenPerson):
    pin = Field(types.Integer(), operators=("eq",))


class AllRelated(OpenRelated):
    owner = ToOne(Person)
    keepers = ToMany(Person)
    secret = Field(types.Integer(), operators=("eq",), bare="gt")
    spies = ToMany(Person)


ALL_RELATED, OPEN_RELATED = AllRelated(), OpenRelated()
PROBES = [
    *("secret-eq", "secret", "owner.pin-eq", "keepers-all.pin-eq"),
    *("spies.name-eq", "spies-none.name-eq", "spies.pin-eq"),
]
INSIDE = ["", "[or][1]", "[not][2][or][7]", "[or][0]", "[OR][1]", "[or]"]


def stranger(name: str) -> bool:
    return name not in ("secret", "pin", "spies")


@pytest.mark.parametrize("text", ["1", "x", "", "%FF", "%00", "1,,2", "1" * 40_000])
@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.parametrize("probe", PROBES)
def test_a_hidden_relationship_and_what_is_hidden_behind_one_are_unknown(probe: str, inside: str, text: str) -> None:
    key = f"filter{inside}[{probe}]"
    for query in (f"{key}={text}", f"{key}=1&{key}=2", f"{key}={text}&filter[name-eq]=a&filter[owner.name-eq]=b"):
        hidden = answer(partial(ALL_RELATED.parse, query, visible=stranger))
        assert hidden == answer(partial(OPEN_RELATED.parse, query))


@pytest.mark.parametrize("value", [1, "x", None, [], "1" * 40_000], ids=lambda value: repr(value)[:9])
@pytest.mark.parametrize("probe", PROBES)
def test_the_same_holds_for_stored_groups(probe: str, value: object) -> None:
    name = probe.replace("-", "_")
    for document in ({name: value}, {"or": [{name: value}]}, {"not": [{"name_eq": "a", "or": [{name: value}] * 2}]}):
        hidden = answer(partial(ALL_RELATED.load, document, visible=stranger))
        assert hidden == answer(partial(OPEN_RELATED.load, document))


def test_only_names_that_are_declared_on_the_way_are_asked_about() -> None:
    asked = []

    def visible(name: str) -> bool:
        asked.append(name)
        return True

    ALL_RELATED.parse("filter[keepers-all.pin-eq]=1", visible=visible)
    assert asked == ["keepers", "pin"]


def ruled(*declared: Rule) -> FilterSet:
    class Ruled(AllFilters):
        rules = declared

    return Ruled()


@pytest.mark.parametrize(
    ("rule", "query", "needed"),
    [
        (Required("secret_eq"), "", []),
        (Required("secret_eq", "name_eq", "any_price_gt"), "", [["filter[name-eq]"]]),
        (RequiredAny("secret_eq", "cost_eq"), "", []),
        (RequiredAny("secret_eq", "name_eq", "price_gt"), "", [["filter[name-eq]", "filter[price-gt]"]]),
        (RequiredAny("secret_eq", "name_eq"), "", [["filter[name-eq]"]]),
        (RequiredAny("secret_eq", "name_eq"), "filter[name-eq]=a", []),
        (Dependent("name_eq", on=("secret", "price_gt")), "filter[name-eq]=a", [["filter[price-gt]"]]),
        (Dependent("name_eq", on=("secret",)), "filter[name-eq]=a", []),
    ],
)
def test_rules_ask_nobody_for_what_is_hidden(rule: Rule, query: str, needed: list[list[str]]) -> None:
    nodes, errors = answer(lambda: ruled(rule).parse(query, visible=outsider))
    assert b"secret" not in errors
    assert b"cost" not in errors
    assert [error["meta"]["allowed"] for error in json.loads(errors or b"[]")] == needed
    assert len(nodes) == (0 if needed else query.count("filter"))


def test_a_default_holds_for_clients_who_cannot_see_it() -> None:
    filters = ruled(Default("cost_eq", 1), Default("secret_eq", 2, unless=("name_eq",)))
    assert repr(filters.parse("filter[name-eq]=a", visible=outsider)) == "And(name = 'a', default(cost = 1))"
    assert repr(filters.load({}, visible=outsider)) == "And(default(secret = 2), default(cost = 1))"


def test_what_a_client_may_ask_for_can_be_written_for_it() -> None:
    filters = ruled(Required("cost_eq"))
    predicate = filters.parse("filter[name-eq]=a", visible=outsider)
    assert filters.render(predicate, visible=outsider) == "filter%5Bname-eq%5D=a"
    assert filters.dump(predicate, visible=outsider) == {"name_eq": "a"}
    with pytest.raises(NotRenderable, match=r"filter\[cost-eq\] is needed"):
        filters.render(predicate)
    for write in (ALL.render, ALL.dump):
        with pytest.raises(NotRenderable, match="is no filter of this resource"):
            write(And(F.cost.eq(1)), visible=outsider)
