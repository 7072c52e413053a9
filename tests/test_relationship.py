"""Filters through declared relationships: what a declaration opens, and what a request of it means."""

from __future__ import annotations

import copy
import pickle
from types import new_class
from typing import Any

import pytest

from jsonapi_sieve import (
    FALSE,
    And,
    AnyOf,
    CompileError,
    DeclarationError,
    Default,
    Dependent,
    Field,
    FilterSet,
    Limits,
    Not,
    NotRenderable,
    Predicate,
    QueryErrors,
    Related,
    Required,
    ToMany,
    ToOne,
    types,
)
from jsonapi_sieve.declared import Declared
from jsonapi_sieve.normal import normalize
from jsonapi_sieve.relationship import Hop


class OwnerFilters(FilterSet):
    name = Field(types.Text(), operators=("eq", "cont"))


class AccountFilters(FilterSet):
    id = Field(types.Integer(64), operators=(), bare="in")
    name = Field(types.Text(), operators=("eq", "cont"))
    legal_name = Field(types.Text(), operators=("eq",), nullable=True)
    any_name = AnyOf("name", "legal_name", operators=("eq",))
    owner = ToOne(OwnerFilters)


class PartFilters(FilterSet):
    size = Field(types.Integer(32), operators=("eq", "gt"))


class CdrFilters(FilterSet):
    duration = Field(types.Integer(32), operators=("eq", "gt"))
    account = ToOne(AccountFilters)
    billed_to = ToOne(AccountFilters)
    parts = ToMany(PartFilters)


C, A, W, P = CdrFilters, AccountFilters, OwnerFilters, PartFilters
FILTERS = CdrFilters()


def keys(filters: FilterSet) -> list[str]:
    return [parameter.key for parameter in filters.parameters]


def test_a_relationship_opens_the_parameters_of_its_rows_in_canonical_order() -> None:
    through = ["id", "name-eq", "name-cont", "legal-name-eq", "any-name-eq", "owner.name-eq", "owner.name-cont"]
    assert keys(FILTERS) == [
        *("filter[duration-eq]", "filter[duration-gt]"),
        *(f"filter[account.{name}]" for name in through),
        *(f"filter[billed-to.{name}]" for name in through),
        *(f"filter[{hop}.size-{test}]" for hop in ("parts", "parts-none", "parts-all") for test in ("eq", "gt")),
    ]


def test_what_is_declared_is_known() -> None:
    assert FILTERS.relationships == (C.account, C.billed_to, C.parts)
    assert FILTERS.fields == (C.duration,)
    assert FILTERS.declarations() == (C.duration, C.account, C.billed_to, C.parts)
    assert [repr(each) for each in (C.account, C.parts, ToOne(AccountFilters, name="x"))] == [
        "<ToOne CdrFilters.account>",
        "<ToMany CdrFilters.parts>",
        "<ToOne x>",
    ]


@pytest.mark.rule("FIL-04")
@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("filter[account.name-eq]=a", C.account.any(A.name.eq("a"))),
        ("filter[account.id]=1,2", C.account.any(A.id.in_([1, 2]))),
        ("filter[account.any-name-eq]=a", C.account.any(A.any_name.compare("eq", "a"))),
        ("filter[billed_to.legal_name_eq]=a", C.billed_to.any(A.legal_name.eq("a"))),
        ("filter[billed-to.legal_name-eq]=a", C.billed_to.any(A.legal_name.eq("a"))),
        ("filter%5Baccount%2Ename-eq%5D=a", C.account.any(A.name.eq("a"))),
        ("filter[account.owner.name-eq]=a", C.account.any(And(A.owner.any(W.name.eq("a"))))),
        ("filter[parts.size-gt]=1", C.parts.any(P.size.gt(1))),
        ("filter[parts-none.size-gt]=1", C.parts.none(P.size.gt(1))),
        ("filter[parts_all.size_gt]=1", C.parts.all(P.size.gt(1))),
    ],
)
def test_one_parameter(query: str, meaning: Predicate) -> None:
    assert FILTERS.parse(query) == And(meaning)
    assert FILTERS.parse(FILTERS.render(And(meaning))) == And(meaning)
    assert FILTERS.load(FILTERS.dump(And(meaning))) == And(meaning)


def test_parameters_of_one_hop_speak_of_one_row() -> None:
    query = (
        "filter[parts.size-gt]=1&filter[account.owner.name-eq]=c&filter[billed-to.name-eq]=b&filter[parts-all.size-gt]=0"
        "&filter[account.name-cont]=a&filter[parts.size-eq]=2&filter[duration-gt]=9&filter[parts-all.size-eq]=7"
    )
    meant = And(
        C.duration.gt(9),
        C.account.any(A.name.cont("a") & A.owner.any(W.name.eq("c"))),
        C.billed_to.any(A.name.eq("b")),
        C.parts.any(P.size.eq(2) & P.size.gt(1)),
        C.parts.all(P.size.eq(7) & P.size.gt(0)),
    )
    assert FILTERS.parse(query) == meant
    assert FILTERS.render(meant).count("&") == query.count("&")
    assert FILTERS.dump(meant) == {
        "duration_gt": 9,
        "account.name_cont": "a",
        "account.owner.name_eq": "c",
        "billed_to.name_eq": "b",
        "parts.size_eq": 2,
        "parts.size_gt": 1,
        "parts_all.size_eq": 7,
        "parts_all.size_gt": 0,
    }


def test_the_depth_of_a_tree_is_known_before_it_is_made() -> None:
    for query in ("", "filter[duration-gt]=1", "filter[account.owner.name-eq]=a", "filter[parts-all.size-gt]=1"):
        predicate = FILTERS.parse(query)
        depth = predicate.depth
        assert depth == And(*predicate.members).depth


def test_building_in_code() -> None:
    assert C.account.any(A.name.eq("a")) == Related(C.account, And(A.name.eq("a")))
    assert C.account.any(And(A.name.eq("a"))) == C.account.any(A.name.eq("a"))
    assert C.parts.none(P.size.eq(1)) == Not(C.parts.any(P.size.eq(1)))
    assert C.parts.all(P.size.eq(1)) == Not(Related(C.parts, Not(And(P.size.eq(1)))))
    assert C.parts.all(And(P.size.eq(1))) == C.parts.all(P.size.eq(1))
    assert (
        repr(~C.parts.any(P.size.eq(1)) & C.duration.gt(1)) == "And(Not(Related(parts, And(size = 1))), duration > 1)"
    )
    assert C.account.any(FALSE) != C.billed_to.any(FALSE)
    assert hash(C.account.any(FALSE)) == hash(C.account.any(FALSE))
    with pytest.raises(TypeError, match="tests rows by a predicate, not by str"):
        Related(C.account, "name")  # type: ignore[arg-type]
    with pytest.raises(AttributeError, match="a predicate cannot be changed"):
        C.account.any(FALSE).member = FALSE


def test_predicates_and_relationships_can_be_pickled_and_copied() -> None:
    predicate = FILTERS.parse("filter[account.owner.name-eq]=a&filter[parts-all.size-gt]=1")
    assert pickle.loads(pickle.dumps(predicate)) == copy.deepcopy(predicate) == predicate  # noqa: S301
    assert pickle.loads(pickle.dumps(C.parts)) is copy.copy(C.parts) is C.parts  # noqa: S301
    with pytest.raises(TypeError, match="a relationship outside a FilterSet cannot be pickled"):
        pickle.dumps(ToOne(AccountFilters, name="account"))


def test_a_tree_of_related_rows_that_is_too_deep_is_refused() -> None:
    node: Predicate = A.name.eq("a")
    for _ in range(40):
        node = Related(A.owner, node)
    with pytest.raises(CompileError, match="41 levels deep"):
        normalize(node)


@pytest.mark.parametrize(
    "predicate",
    [
        C.account.any(A.name.eq("a")),
        And(Related(C.account, A.name.eq("a"))),
        And(C.account.any(FALSE)),
        And(C.account.any(And())),
        And(C.account.any(A.name.eq("a") | A.name.eq("b"))),
        And(C.account.none(A.name.eq("a"))),
        And(C.parts.any(~P.size.eq(1))),
        And(Related(C.parts, ~P.size.eq(1))),
        And(~Related(C.parts, ~P.size.eq(1))),
        And(~~C.parts.any(P.size.eq(1))) & C.parts.any(P.size.gt(1)),
        And(C.parts.any(P.size.eq(1)), C.duration.eq(1)),
        And(C.parts.any(A.name.eq("a"))),
        And(C.parts.any(P.size.lt(1))),
        And(C.account.any(A.owner.any(W.name.eq("a")) & A.name.eq("a"))),
        And(C.account.any(A.name.eq("a")) | C.duration.eq(1)),
    ],
    ids=repr,
)
def test_what_no_request_means_is_not_rendered(predicate: Predicate) -> None:
    for write in (FILTERS.render, FILTERS.dump):
        with pytest.raises(NotRenderable):
            write(predicate)


class Spelled(FilterSet):
    parts_none = ToOne(PartFilters)
    parts = ToMany(PartFilters)


class Wrong(CdrFilters):
    rules = (Required("account.nam_eq"),)


def declared(**attributes: Declared) -> FilterSet:
    made: Any = new_class("Made", (FilterSet,), {}, lambda space: space.update(attributes))
    filters: FilterSet = made()
    return filters


def test_hops_that_are_spelled_alike_are_refused() -> None:
    with pytest.raises(
        DeclarationError,
        match=r"^parts_all.size_eq would mean both size eq of all parts and size eq of any parts_all; rename one",
    ):
        declared(parts=ToMany(PartFilters), parts_all=ToMany(PartFilters))
    with pytest.raises(DeclarationError, match=r"a_none.size_eq would mean both size eq of none a and size eq of any "):
        declared(a=ToMany(PartFilters), b=ToOne(PartFilters, name="a_none"))
    with pytest.raises(
        DeclarationError, match="of any parts_none of any account and size eq of none parts of any account"
    ):
        declared(account=ToOne(Spelled))
    assert keys(declared(parts=ToOne(PartFilters), parts_all=ToMany(PartFilters)))[2] == "filter[parts-all.size-eq]"


def test_a_name_is_given_once() -> None:
    with pytest.raises(DeclarationError, match="declares two fields or relationships of one name"):
        declared(parts=ToMany(PartFilters), size=Field(types.Integer(), name="parts"))
    with pytest.raises(
        DeclarationError, match=r"^one relationship is declared twice: as CdrFilters.parts and as Made.p"
    ):
        declared(pieces=C.parts)
    with pytest.raises(DeclarationError, match="a relationship has no name yet"):
        ToOne(AccountFilters).any(FALSE).relationship.name  # noqa: B018
    with pytest.raises(DeclarationError, match=r"'account.owner' cannot name an attribute"):
        ToOne(AccountFilters, name="account.owner")


def test_a_relationship_that_is_named_like_a_method() -> None:
    with pytest.raises(DeclarationError, match=r'hides FilterSet.fields; assign the relationship .* name="fields"'):
        declared(fields=ToMany(PartFilters))
    filters = declared(acres=ToMany(PartFilters, name="fields"))
    assert keys(filters)[0] == "filter[fields.size-eq]"
    assert repr(filters.parse("filter[fields.size-eq]=1")) == "And(Related(fields, And(size = 1)))"


@pytest.mark.parametrize("wrong", [AccountFilters(), types.Text(), Field, "AccountFilters", None])
def test_a_relationship_leads_to_the_rows_of_a_declaration(wrong: Any) -> None:
    with pytest.raises(DeclarationError, match="ToMany takes the FilterSet class of the related rows"):
        ToMany(wrong)


def nested(depth: int) -> type[FilterSet]:
    filters: type[FilterSet] = PartFilters
    for _ in range(depth):
        filters = new_class("Nested", (FilterSet,), {}, lambda space, inner=filters: space.update(to=ToOne(inner)))  # type: ignore[misc]
    return filters


def test_paths_are_as_deep_as_the_budget() -> None:
    assert keys(nested(3)(limits=Limits(depth=3)))[0] == "filter[to.to.to.size-eq]"
    with pytest.raises(DeclarationError, match=r"<ToOne Nested.to> is more than 3 relationships deep"):
        nested(4)(limits=Limits(depth=3))
    with pytest.raises(DeclarationError, match="is longer than the 23 bytes that are read of a key"):
        nested(3)(limits=Limits(key=23))
    assert nested(15)().parse(f"filter[{'to.' * 15}size-eq]=1").depth == 32
    with pytest.raises(DeclarationError, match="size_eq makes predicates of 34 levels; at most 32 are compiled"):
        nested(16)()


def test_inheritance() -> None:
    class More(CdrFilters):
        billed_to = None  # type: ignore[assignment]
        parts = ToMany(OwnerFilters)
        peer = ToOne(CdrFilters)

    filters = More()
    assert filters.relationships == (More.account, More.parts, More.peer)
    assert More.account is C.account
    assert repr(filters.parse("filter[parts.name-eq]=a&filter[peer.parts.size-eq]=1")) == (
        "And(Related(parts, And(name = 'a')), Related(peer, And(Related(parts, And(size = 1)))))"
    )


def test_camel_case_is_read_on_both_sides_of_a_point() -> None:
    class Camel(CdrFilters, camel=True):
        pass

    meant = And(C.billed_to.any(A.legal_name.eq("a")), C.parts.all(P.size.gt(1)))
    assert Camel().parse("filter[billedTo.legalNameEq]=a&filter[partsAll.sizeGt]=1") == meant
    with pytest.raises(QueryErrors, match="is no filter of this resource"):
        FILTERS.parse("filter[billedTo.legalNameEq]=a")


class RuledFilters(CdrFilters):
    rules = (
        Required("account.id"),
        Dependent("parts_none.size_eq", on=("account.owner.name_eq",)),
        Default("parts_all.size_gt", 0),
        Default("account.legal_name_eq", lambda _: "x", unless=("account.any_name_eq",)),
    )


def test_rules_name_parameters_with_their_hops() -> None:
    filters = RuledFilters()
    predicate = filters.parse("filter[account.id]=1")
    assert repr(predicate) == (
        "And(Related(account, And(id in (1,), default(legal_name = 'x'))), "
        "Not(Related(parts, Not(And(default(size > 0))))))"
    )
    assert filters.render(predicate) == "filter%5Baccount.id%5D=1"
    assert filters.dump(predicate) == {"account.id": [1]}
    assert repr(filters.load({"account.id": [1], "account.any_name_eq": "a"})).startswith(
        "And(Related(account, And(id in (1,), any_name = 'a'))"
    )
    with pytest.raises(QueryErrors) as caught:
        filters.parse("filter[parts-none.size-eq]=1")
    assert [error.at for error in caught.value.errors] == ["filter[account.id]", "filter[account.owner.name-eq]"]
    with pytest.raises(DeclarationError, match=r"a rule names account.nam_eq, which no field opens"):
        Wrong()


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("filter[account]=1", "'filter[account]' is no filter of this resource; did you mean filter[account.id]?"),
        ("filter[account.nme-eq]=1", "did you mean filter[account.name-eq]?"),
        ("filter[account.name]=1", "did you mean filter[account.name-eq]?"),
        ("filter[account-none.name-eq]=1", "'filter[account-none.name-eq]' is no filter of this resource"),
        ("filter[account][name-eq]=1", "is no filter of this resource"),
        ("filter[account.any.name-eq]=1", "is no filter of this resource"),
        ("filter[account..name-eq]=1", "is no filter of this resource"),
        ("filter[parts-any.size-eq]=1", "is no filter of this resource"),
        ("filter[account.owner.owner.name-eq]=1", "is no filter of this resource"),
        ("filter[owner.name-eq]=1", "is no filter of this resource"),
        ("filter[parts.size-eq]=x", "filter[parts.size-eq]: 'x' is not an integer"),
        ("filter[parts.size-eq]=1&filter[parts.size_eq]=1", "filter[parts.size-eq] is given twice."),
    ],
)
def test_faults(query: str, detail: str) -> None:
    with pytest.raises(QueryErrors) as caught:
        FILTERS.parse(query)
    assert detail in str(caught.value)


def test_hops_are_named_as_parameters_name_them() -> None:
    assert [Hop(C.parts, quantifier).name for quantifier in C.parts.quantifiers] == ["parts", "parts_none", "parts_all"]
    for quantifier in C.parts.quantifiers:
        hop = Hop(C.parts, quantifier)
        assert hop.over(And(P.size.eq(1))).depth == hop.depth + 1
