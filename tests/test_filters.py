"""FilterSet: how it is declared, and the ways between parameters and predicates."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from jsonapi_sieve import (
    FALSE,
    TRUE,
    AllOf,
    And,
    AnyOf,
    Comparison,
    DeclarationError,
    Default,
    Field,
    FilterSet,
    Limits,
    Not,
    NotRenderable,
    Or,
    Predicate,
    Required,
    types,
)
from jsonapi_sieve.operators import OPERATORS
from tests.requests import NOW, filter_sets, requests_of


class CallFilters(FilterSet):
    id = Field(types.Integer(), operators=("eq", "in"), bare="in")
    src = Field(types.Text(), nullable=True, operators=("eq", "cont", "in", "cont_any", "null"))
    dst = Field(types.Text(), operators=("eq",))
    either = AnyOf("src", "dst", operators=("cont", "in"))
    both = AllOf("src", "dst", operators=(), bare="start")
    rate = Field(types.Decimal(scale=2), operators=("eq", "gteq"))


F = CallFilters
FILTERS = CallFilters()


def names_of(filters: FilterSet) -> list[str]:
    return [parameter.name for parameter in filters.parameters]


# Declaring


def test_fields_are_those_of_one_attribute_in_order() -> None:
    assert FILTERS.fields == (F.id, F.src, F.dst, F.rate)


def test_parameters_stand_in_canonical_order() -> None:
    assert names_of(FILTERS) == [
        *("id_eq", "id", "src_eq", "src_in", "src_cont", "src_cont_any", "src_null", "dst_eq"),
        *("either_in", "either_cont", "both", "rate_eq", "rate_gteq"),
    ]


def test_limits_are_those_given() -> None:
    assert FILTERS.limits == Limits()
    assert CallFilters(limits=Limits(filters=3)).limits.filters == 3


def test_an_empty_declaration_takes_no_filter() -> None:
    class Empty(FilterSet):
        pass

    assert (Empty().fields, Empty().parameters) == ((), ())
    assert Empty().parse("sort=a") == TRUE
    assert Empty().dump(TRUE) == {}


def test_a_subclass_adds_and_replaces_fields_in_their_place() -> None:
    class More(CallFilters):
        rate = Field(types.Decimal(), operators=("lt",))
        new = Field(types.Boolean())

    assert names_of(More())[-4:] == ["both", "rate_lt", "new_eq", "new_not_eq"]
    assert names_of(CallFilters()) == names_of(FILTERS)


def test_a_subclass_takes_a_field_away() -> None:
    class Less(CallFilters):
        rate = None  # type: ignore[assignment]

    assert names_of(Less()) == names_of(FILTERS)[:-2]


def test_a_class_that_is_no_filter_set_may_lend_fields() -> None:
    class Mixin:
        a = Field(types.Integer(), operators=("eq",))
        b = Field(types.Integer(), operators=("eq",))
        any_of_them = AnyOf("a", "b", operators=("eq",))

    class One(Mixin, FilterSet):
        pass

    class Two(Mixin, FilterSet):
        c = Field(types.Integer(), operators=("eq",))

    assert names_of(One()) == ["a_eq", "b_eq", "any_of_them_eq"]
    assert names_of(Two()) == ["a_eq", "b_eq", "any_of_them_eq", "c_eq"]


def test_joined_fields_are_not_replaced_behind_the_back_of_what_joins_them() -> None:
    with pytest.raises(DeclarationError, match="either joins a field that was replaced later; declare either anew too"):

        class Replaced(CallFilters):
            src = Field(types.Text())

    with pytest.raises(DeclarationError, match="either joins src, which the FilterSet does not declare"):

        class Removed(CallFilters):
            src = None  # type: ignore[assignment]

    class Anew(CallFilters):
        src = Field(types.Text(), operators=("end",))
        either = AnyOf("src", "dst", operators=("eq",))
        both = None  # type: ignore[assignment]

    assert names_of(Anew())[2:5] == ["src_end", "dst_eq", "either_eq"]


@pytest.mark.parametrize(
    "taken", ["parse", "load", "render", "dump", "rules", "fields", "parameters", "limits", "_declared"]
)
def test_an_attribute_of_filter_set_is_no_field(taken: str) -> None:
    with pytest.raises(DeclarationError, match=f'hides FilterSet.{taken}; .* give it name="{taken}"'):
        type("Taken", (FilterSet,), {taken: Field(types.Integer())})


def test_a_name_that_is_taken_can_be_given() -> None:
    class Filters(FilterSet):
        load_ = Field(types.Integer(), name="load", operators=("eq",))

    assert Filters().parse("filter[load-eq]=1") == And(Filters.load_.eq(1))


def test_two_fields_of_one_name_are_refused() -> None:
    with pytest.raises(DeclarationError, match="Twice declares two fields or relationships of one name"):

        class Twice(FilterSet):
            a = Field(types.Integer())
            b = Field(types.Integer(), name="a")


def test_options_of_other_base_classes_reach_them() -> None:
    class Options:
        def __init_subclass__(cls, *, title: str = "", **options: Any) -> None:
            super().__init_subclass__(**options)
            cls.title = title

        title: str

    class Titled(FilterSet, Options, title="calls", camel=True):
        a_b = Field(types.Integer())

    assert Titled.title == "calls"
    assert Titled().parse("filter[aBEq]=1") == And(Titled.a_b.eq(1))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made))])  # noqa: S301
def test_what_is_declared_can_be_copied_and_pickled(copied: Any) -> None:
    query = "filter[id]=1,2&filter[rate-gteq]=2.5&filter[src-cont]=a"
    assert copied(FILTERS).parse(query) == FILTERS.parse(query)


def test_what_was_parsed_can_be_copied_and_pickled() -> None:
    predicate = FILTERS.parse("filter[id]=1,2&filter[both]=a")
    assert copy.deepcopy(predicate) == pickle.loads(pickle.dumps(predicate)) == predicate  # noqa: S301


# Writing


@pytest.mark.parametrize(
    ("predicate", "query", "document"),
    [
        (TRUE, "", {}),
        (And(F.id.in_([2, 1])), "filter%5Bid%5D=2,1", {"id": [2, 1]}),
        (And(F.id.eq(-1)), "filter%5Bid-eq%5D=-1", {"id_eq": -1}),
        (And(F.src.eq("")), "filter%5Bsrc-eq%5D=%22%22", {"src_eq": ""}),
        (And(F.src.eq("a,b")), "filter%5Bsrc-eq%5D=%22a,b%22", {"src_eq": "a,b"}),
        (And(F.src.eq('"')), "filter%5Bsrc-eq%5D=%22%22%22%22", {"src_eq": '"'}),
        (And(F.src.in_(["a,b", "c", ""])), "filter%5Bsrc-in%5D=%22a,b%22,c,%22%22", {"src_in": ["a,b", "c", ""]}),
        (And(F.src.eq(" +&=#%é\n")), "filter%5Bsrc-eq%5D=%20%2B%26%3D%23%25%C3%A9%0A", {"src_eq": " +&=#%é\n"}),
        (And(F.src.null(False)), "filter%5Bsrc-null%5D=false", {"src_null": False}),
        (And(F.both.compare("start", "49")), "filter%5Bboth%5D=49", {"both": "49"}),
        (
            And(F.src.cont("x"), F.either.compare("cont", "y")),
            "filter%5Bsrc-cont%5D=x&filter%5Beither-cont%5D=y",
            {"src_cont": "x", "either_cont": "y"},
        ),
        (And(F.rate.gteq(10**20)), "filter%5Brate-gteq%5D=100000000000000000000.0", {"rate_gteq": f"{10**20}.0"}),
    ],
)
def test_what_is_written_is_canonical_and_read_again(predicate: And, query: str, document: dict[str, object]) -> None:
    assert FILTERS.render(predicate) == query
    assert FILTERS.dump(predicate) == document
    assert FILTERS.parse(query) == FILTERS.load(document) == predicate


class Stranger:
    """An attribute that no FilterSet declares."""

    name = "id"


class OtherFilters(FilterSet):
    id = Field(types.Integer(), operators=("eq", "in"), bare="in")


def without_parameter(predicate: Predicate, filters: FilterSet = FILTERS) -> None:
    with pytest.raises(NotRenderable):
        filters.render(predicate)
    with pytest.raises(NotRenderable):
        filters.dump(predicate)


@pytest.mark.parametrize(
    "predicate",
    [
        FALSE,
        F.id.eq(1),
        ~F.id.eq(1),
        F.id.eq(1) | F.dst.eq("a"),
        And(F.id.eq(1) | F.dst.eq("a")),
        And(~F.id.eq(1)),
        And(And(F.id.eq(1))),
        And(TRUE),
        And(FALSE),
        Not(TRUE),
        Or(And(F.id.eq(1))),
        And(F.id.eq(1), F.id.eq(1)),
        And(F.id.eq(1), F.id.eq(2)),
        And(F.dst.eq("a"), F.id.eq(1)),
        And(F.id.in_([1]), F.id.eq(1)),
        And(F.id.in_([])),
        And(F.src.compare("cont_any", [])),
        And(F.id.gt(1)),
        And(F.dst.null()),
        And(F.rate.in_([1])),
        And(F.id.in_(range(1001))),
        And(F.src.eq("x" * 32_769)),
        And(OtherFilters.id.eq(1)),
        And(F.id.eq(1), OtherFilters.id.in_([1])),
        And(Comparison(F.id, OPERATORS["eq"], 1, default=True)),
        And(Comparison(F.id, OPERATORS["in"], [1])),
        And(Comparison(Stranger(), OPERATORS["eq"], 1)),
    ],
)
def test_what_cannot_be_asked_for_cannot_be_written(predicate: Predicate) -> None:
    without_parameter(predicate)


def test_the_sentences_of_what_cannot_be_written() -> None:
    sentences: list[tuple[Predicate, str]] = [
        (FALSE, "only an And has parameters, not Or"),
        (And(F.id.gt(1)), "id > 1 has no parameter of its own"),
        (
            And(F.id.in_([])),
            r"the predicate has no query string, because reading it would fail: filter\[id\]: .* empty",
        ),
        (
            And(F.dst.eq("a"), F.id.eq(1)),
            r"the predicate has no query string: read again it would be And\(id = 1, dst = 'a'\)",
        ),
        (
            And(F.id.eq(1), F.id.eq(2)),
            r"the predicate has no query string: read again it would be And\(id = 2\)",
        ),
    ]
    for predicate, sentence in sentences:
        with pytest.raises(NotRenderable, match=sentence):
            FILTERS.render(predicate)
    with pytest.raises(NotRenderable, match="the predicate has no stored form, because reading it would fail: /id: "):
        FILTERS.dump(And(F.id.in_([])))


def test_what_is_within_the_budgets_can_be_written() -> None:
    for predicate in (And(F.id.in_(range(1000))), And(F.src.eq("x" * 32_768))):
        assert FILTERS.parse(FILTERS.render(predicate)) == FILTERS.load(FILTERS.dump(predicate)) == predicate


def test_a_canonical_query_string_that_is_over_the_budget_cannot_be_written() -> None:
    predicate = FILTERS.parse([("filter[src-eq]", "%" * 32_000)])
    with pytest.raises(NotRenderable, match="The query string is 96019 bytes long; at most 65536 are read"):
        FILTERS.render(predicate)
    assert FILTERS.load(FILTERS.dump(predicate)) == predicate


class RuledFilters(CallFilters):
    rules = (Required("dst_eq"), Default("rate_gteq", 1, unless=("id",)))


RULED = RuledFilters()


def assumed(rate: int = 1) -> Comparison:
    return Comparison(F.rate, OPERATORS["gteq"], rate, default=True)


@pytest.mark.parametrize(
    "predicate",
    [
        TRUE,
        And(F.dst.eq("a")),
        And(assumed()),
        And(assumed(), F.dst.eq("a")),
        And(F.dst.eq("a"), assumed(), F.rate.gteq(1)),
        And(F.dst.eq("a"), assumed(), assumed()),
        And(F.id.in_([1]), F.dst.eq("a"), assumed()),
    ],
    ids=repr,
)
def test_what_the_rules_do_not_give_cannot_be_written(predicate: Predicate) -> None:
    without_parameter(predicate, RULED)


def test_what_the_rules_give_can_be_written() -> None:
    for predicate in (
        And(F.dst.eq("a"), assumed()),
        And(F.dst.eq("a"), F.rate.gteq(1)),
        And(F.id.in_([1]), F.dst.eq("a")),
    ):
        assert RULED.parse(RULED.render(predicate)) == RULED.load(RULED.dump(predicate)) == predicate


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_what_is_parsed_and_loaded_comes_back(data: st.DataObject) -> None:
    filters = data.draw(filter_sets())
    request = data.draw(requests_of(filters))
    assume(not filters._declaration.missing(request.given, None))
    predicate = filters.parse(request.pairs, now=NOW)
    members = [node for node in predicate.members if isinstance(node, Comparison)]
    expected = sorted(request.given.items(), key=lambda item: item[0].position)
    assert [(node.field, node.operator, node.value) for node in members if not node.default] == [
        (parameter.field, parameter.operator, value) for parameter, value in expected
    ]
    order = [filters._declaration.by_test[(), node.field, node.operator].position for node in members]  # type: ignore[index]
    assert order == sorted(set(order))
    assert filters.load(request.document, now=NOW) == predicate
    query, document = filters.render(predicate), filters.dump(predicate)
    assert filters.parse(query, now=NOW) == predicate
    assert filters.load(json.loads(json.dumps(document)), now=NOW) == predicate
    assert filters.render(filters.load(document, now=NOW)) == query
