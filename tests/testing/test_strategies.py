"""What strategies for users draw: all that is declared, whatever is declared, and nothing that is refused."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample, Unsatisfiable

from jsonapi_sieve import (
    And,
    AnyOf,
    Comparison,
    Default,
    Dependent,
    Field,
    FilterSet,
    Not,
    Or,
    Predicate,
    Related,
    Required,
    RequiredAny,
    Sort,
    ToMany,
    ToOne,
    types,
)
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.operand import HeldValue, LikePattern
from jsonapi_sieve.testing.strategies import (
    cases,
    constants,
    declarations,
    orders,
    predicates,
    query_strings,
    rows,
)
from jsonapi_sieve.testing.strategies.declarations import TYPES, _class_of
from jsonapi_sieve.testing.strategies.values import held
from jsonapi_sieve.types import ValueType

QUICK = settings(
    max_examples=2_000,
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
FEW = settings(max_examples=30)


class Phone(types.Text):
    """A text of one's own, with a strategy."""

    __slots__ = ()

    def parse(self, text: str) -> str:
        if not text.isdigit():
            raise types.InvalidValue("is no telephone number")
        return text

    def strategy(self) -> st.SearchStrategy[str]:
        return st.text("0123456789", min_size=1)


class Silent(types.Text):
    """A text of one's own, without one."""

    __slots__ = ()


class AccountFilters(FilterSet):
    name = Field(types.Text(), operators=["eq"])


class CallFilters(FilterSet):
    id = Field(types.Uuid(), operators=(), bare="in")
    number = Field(Phone(), operators=["eq", "matches"], nullable=True)
    duration = Field(types.Integer(16), operators=["gt", "in", "null"])
    at = Field(types.Timestamp(zone="UTC"), operators=())
    account = ToOne(AccountFilters)
    accounts = ToMany(AccountFilters)
    number_or_prefix = AnyOf("number", "prefix", operators=["eq"])
    prefix = Field(Phone(), operators=())


FILTERS = CallFilters()


def met(strategy: st.SearchStrategy[Any], condition: Any) -> Any:
    return find(strategy, condition, settings=QUICK)


@FEW
@given(rows(CallFilters, min_size=1, max_size=5))
def test_rows_hold_what_is_declared(calls: list[dict[str, Any]]) -> None:
    assert 1 <= len(calls) <= 5
    assert len({call["id"] for call in calls}) == len(calls)
    assert all(list(call) == ["id", "number", "duration", "at", "account", "accounts", "prefix"] for call in calls)
    for call in calls:
        assert call["number"] is None or Phone().parse(call["number"])
        assert call["at"].tzinfo is None
        for account in [*call["accounts"], *([call["account"]] if call["account"] else [])]:
            assert set(account) == {"id", "name"}


def test_rows_are_null_and_equal_and_related_at_times() -> None:
    calls = rows(CallFilters, min_size=2)
    assert met(calls, lambda calls: calls[0]["number"] is None)
    assert met(calls, lambda calls: calls[0]["number"] == calls[1]["number"] != None)  # noqa: E711
    assert met(calls, lambda calls: calls[0]["account"] and len(calls[0]["accounts"]) > 1)
    numbered = rows(AccountFilters, key="number", values={"name": st.just("north")}, min_size=3, max_size=3)
    assert met(numbered, bool) == [{"number": place, "name": "north"} for place in (1, 2, 3)]


def nodes(node: Predicate) -> list[Predicate]:
    match node:
        case And() | Or():
            return [node, *(below for member in node.members for below in nodes(member))]
        case Not() | Related():
            return [node, *nodes(node.member)]
        case _:
            return [node]


@FEW
@given(cases(CallFilters, max_size=4), cases(AccountFilters, declared=True))
def test_predicates_run_on_the_rows_that_they_are_drawn_with(case: Any, declared: Any) -> None:
    passing, others = (compile_python(each).select(case.rows) for each in (case.predicate, ~case.predicate))
    assert not [call for call in passing if any(call is other for other in others)]
    for node in nodes(declared.predicate):
        assert not isinstance(node, Comparison) or node.operator.name == "eq"


@pytest.mark.parametrize("form", [And, Or, Not, Related, Comparison])
def test_predicates_are_of_every_form(form: type[Predicate]) -> None:
    assert met(predicates(CallFilters), lambda drawn: any(isinstance(node, form) for node in nodes(drawn))) is not None


CALL: dict[str, Any] = {
    "id": None,
    "number": "49123",
    "duration": 77,
    "at": None,
    "account": {"name": "a%b"},
    "accounts": [{"name": "z"}],
    "prefix": "0",
}


@pytest.mark.parametrize(
    ("name", "near"), [("duration", {77, 78}), ("number", {"49%", "49123"}), ("name", {"a%b", "A%B"})]
)
def test_constants_lie_near_rows(name: str, near: set[object]) -> None:
    def holds(predicate: Predicate) -> bool:
        compared = [node for node in nodes(predicate) if isinstance(node, Comparison)]
        return any(node.field.name == name and node.value in near for node in compared)

    assert met(predicates(CallFilters, [CALL]), holds) is not None


@FEW
@given(predicates(CallFilters, [CALL], values={"duration": st.just(123)}))
def test_constants_of_a_field_can_be_given(predicate: Predicate) -> None:
    for node in nodes(predicate):
        if isinstance(node, Comparison) and node.field is CallFilters.duration and not isinstance(node.value, bool):
            assert node.value in (123, (123,), ())


def test_constants_are_edges_and_patterns_too() -> None:
    assert met(constants(LikePattern(), ["49123"]), lambda drawn: drawn == "49%")
    near = constants(types.Integer(16), [77])
    assert [met(near, lambda drawn, edge=edge: drawn == edge) for edge in (77, 78, 2**31)] == [77, 78, 2**31]


class Bare(FilterSet):
    a = Field(types.Boolean(), operators=())
    b = Field(types.Boolean(), operators=(), bare="eq")


class Nothing(FilterSet):
    pass


def test_only_what_is_opened_is_declared() -> None:
    drawn = predicates(Bare(), declared=True)
    assert met(drawn, lambda drawn: isinstance(drawn, Comparison)).field is Bare.b
    for nothing in (predicates(Nothing), predicates(Nothing(), declared=True)):
        assert met(nothing, lambda predicate: predicate.depth == 1).members == ()


def test_a_type_of_ones_own_needs_a_strategy() -> None:
    class Filters(FilterSet):
        name = Field(Silent(), operators=["eq"])

    told = r"of Silent\(\) nothing can be drawn: give the class a method strategy\(\) that .*, or give one by values="
    for strategy in (predicates(Filters), rows(Filters), query_strings(Filters())):
        with pytest.raises(TypeError, match=told):
            met(strategy, lambda _: False)
    assert met(rows(Filters, min_size=1, values={"name": st.just("x")}), bool) == [{"id": 1, "name": "x"}]
    with pytest.raises(TypeError, match=told):
        met(predicates(Filters, values={"name_not_eq": st.just("x")}), lambda _: False)
    asked = predicates(Filters, values={"name_eq": st.just("x")}, declared=True)
    assert met(asked, lambda drawn: isinstance(drawn, Comparison) and drawn.value == "x") == Filters.name.eq("x")


@pytest.mark.parametrize("declared", [*TYPES, LikePattern(), HeldValue(types.Integer(16)), Phone()])
def test_constants_are_accepted(declared: ValueType[Any, Any]) -> None:
    @settings(max_examples=10)
    @given(constants(declared))
    def check(constant: Any) -> None:
        assert declared.accept(constant) == constant

    check()


@pytest.mark.parametrize("declared", TYPES)
def test_constants_near_what_rows_hold_are_accepted(declared: ValueType[Any, Any]) -> None:
    @settings(max_examples=10)
    @given(st.lists(st.none() | held(declared), max_size=2).flatmap(lambda some: constants(declared, some)))
    def check(constant: Any) -> None:
        assert declared.accept(constant) == constant

    check()


class Ruled(FilterSet, camel=True, groups=True):
    a_b = Field(types.Integer(32))
    b = Field(types.Text(), operators=["eq", "matches", "in"])
    c = Field(types.Text(), operators=["eq"], bare="eq")
    account = ToOne(AccountFilters)
    rules = (
        Required("a_b_gt"),
        RequiredAny("b_eq", "b_in"),
        Dependent("a_b_gt", on=("account.name_eq",)),
        Dependent("account.name_eq", on=("c",)),
        Default("a_b_lt", 7),
    )


@FEW
@given(query_strings(Ruled(), [{"a_b": 7, "b": "x&y", "c": "é", "account": {"name": "+"}}]), query_strings(FILTERS))
def test_query_strings_are_understood(ruled: str, free: str) -> None:
    FILTERS.parse(free)
    assert len(Ruled().parse(ruled).members) >= 4
    assert ruled.isascii()


def test_query_strings_are_spelled_in_every_way() -> None:
    for spelling in ("a_b_gt", "a-b-gt", "a-b_gt"):
        assert met(query_strings(Ruled()), lambda query, spelling=spelling: f"filter%5B{spelling}%5D=" in query)
    assert met(query_strings(FILTERS, max_size=0), lambda _: True) == ""


@FEW
@given(orders(Sort("a", "b", "c")), orders(["a", "b"], max_size=1))
def test_orders_name_what_can_be_sorted_by(order: Any, short: Any) -> None:
    assert {key.name for key in order} <= {"a", "b", "c"}
    assert len({key.name for key in order}) == len(order)
    assert len(short) <= 1


@settings(max_examples=10)
@given(declarations(types=[types.Date()], max_rules=1, relationships=True))
def test_declarations_are_of_the_types_that_are_named(filters: FilterSet) -> None:
    assert {field.type for field in filters.fields} == {types.Date()}
    assert [each.name for each in filters.relationships] == ["to_one", "to_many"]
    assert len(filters.rules) <= 1


def test_declarations_have_rules_of_every_kind_but_no_two_that_contradict() -> None:
    ruled = declarations(types=[types.Boolean()], max_rules=3)
    for kind in (Required, RequiredAny, Dependent, Default):
        assert met(ruled, lambda filters, kind=kind: any(isinstance(rule, kind) for rule in filters.rules)).parameters
    assert not met(declarations(), lambda filters: len(filters.fields) > 2).relationships


def test_declarations_of_which_two_parameters_have_one_name_are_not_drawn() -> None:
    twice: dict[str, object] = {
        "a": Field(types.Text(), operators=["not_in"]),
        "a_not": Field(types.Text(), operators=["in"]),
    }
    with pytest.raises((NoSuchExample, Unsatisfiable)):
        met(st.just(twice).map(lambda attributes: _class_of(attributes, {})), lambda _: True)


def test_what_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("jsonapi_sieve.testing.strategies")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(ModuleNotFoundError, match=r'install it with pip install "jsonapi-sieve\[testing\]"'):
        import_module("jsonapi_sieve.testing.strategies")
