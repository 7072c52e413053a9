"""Operators of an application's own: how they are defined, declared, read and written."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from jsonapi_sieve import (
    DEFAULTS,
    AnyOf,
    Arity,
    Backends,
    DeclarationError,
    Default,
    Field,
    FilterSet,
    Limits,
    OwnOperator,
    QueryErrors,
    Refused,
    ToMany,
    define_operator,
    types,
)
from jsonapi_sieve.operand import HeldValue
from jsonapi_sieve.own_operators import ENGINES
from jsonapi_sieve.types import InvalidValue

REFUSED = Refused("it is not asked for")


def of_python(test: Callable[[Any, Any], object]) -> Backends:
    return Backends(
        python=lambda constant: lambda value: test(value, constant),
        sqlalchemy=dict.fromkeys(ENGINES, REFUSED),
        narwhals=REFUSED,
    )


has = define_operator("has", of_python(lambda text, part: part in text), on=types.Text)
among = define_operator("among", of_python(lambda text, other: text == other), on=types.Text, takes=Arity.LIST)
divides = define_operator("divides", of_python(lambda value, by: value % by == 0), on=(types.Integer, types.Decimal))


class Filters(FilterSet, groups=True):
    name = Field(types.Text(), nullable=True, operators=(*DEFAULTS, has, has.any, among, has.complement))
    title = Field(types.Text(), nullable=True, operators=(has,))
    count = Field(types.Integer(16), operators=("eq", divides), bare=divides.complement)
    either = AnyOf("name", "title", operators=(has, "eq"))


class Related(FilterSet):
    parts = ToMany(Filters)


FILTERS = Filters()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"python": None}, "no form for Python: give"),
        ({"narwhals": None}, "no form for Narwhals: give a function for each, or Refused with the reason"),
        ({"narwhals": Refused(" ")}, "no form for Narwhals:"),
        ({"narwhals": Refused}, "no form for Narwhals:"),
        ({"sqlalchemy": None}, "no form for SQLAlchemy:"),
        ({"sqlalchemy": REFUSED}, "no form for SQLAlchemy:"),
        ({"sqlalchemy": {}, "narwhals": None}, "SQLAlchemy on sqlite, .*, SQLAlchemy on clickhouse, Narwhals:"),
        ({"sqlalchemy": {**dict.fromkeys(ENGINES, REFUSED), "duckdb": None}}, "no form for SQLAlchemy on duckdb:"),
        ({"sqlalchemy": {**dict.fromkeys(ENGINES, REFUSED), "oracle": REFUSED}}, "'oracle': engines are sqlite, "),
    ],
    ids=repr,
)
def test_each_backend_has_to_be_told(changes: Mapping[str, Any], told: str) -> None:
    with pytest.raises(DeclarationError, match=told):
        define_operator("own", of_python(lambda *_: True)._replace(**changes), on=types.Text)


@pytest.mark.parametrize(
    ("name", "settings", "told"),
    [
        ("eq", {}, "eq, not_eq, eq_any.*: the library has an operator of this name"),
        ("null", {}, "null, not_null: the library has"),
        ("Has", {}, "'Has' cannot name an attribute"),
        ("in", {}, "'in' cannot name an attribute or an operator: .*, and no keyword of Python"),
        ("has", {"takes": Arity.FLAG}, "has takes Arity.SCALAR or Arity.LIST, not <Arity.FLAG"),
        ("has", {"takes": "list"}, "has takes Arity.SCALAR or Arity.LIST, not 'list'"),
        ("has", {"on": ()}, r"on= of the operator has takes classes of value types, not \(\)"),
        ("has", {"on": types.Text()}, r"takes classes of value types, not Text\(\)"),
        ("has", {"on": (types.Text, str)}, "takes classes of value types"),
        ("has", {"operand": types.Integer}, "operand of has is a value type such as types.Integer"),
    ],
)
def test_an_operator_has_a_name_and_types(name: str, settings: dict[str, Any], told: str) -> None:
    with pytest.raises(DeclarationError, match=told):
        define_operator(name, of_python(lambda *_: True), **{"on": types.Text, **settings})


def test_the_forms_do_not_change_behind_the_operator() -> None:
    forms = dict.fromkeys(ENGINES, REFUSED)
    own = define_operator("own", of_python(lambda *_: True)._replace(sqlalchemy=forms), on=types.Text)
    forms.clear()
    assert own.sql_form("sqlite") is REFUSED
    assert own.any.complement.sql_form("clickhouse") is REFUSED


def test_an_operator_for_one_value_has_forms_for_lists() -> None:
    family = [has, has.any, has.all]
    assert [operator.name for operator in family] == ["has", "has_any", "has_all"]
    assert [operator.complement.name for operator in family] == ["not_has", "not_has_all", "not_has_any"]
    assert [operator.arity for operator in family] == [Arity.SCALAR, Arity.LIST, Arity.LIST]
    for operator in family:
        assert operator.complement.complement is operator
        assert operator.positive is operator.complement.positive is has
        assert (operator.holds, operator.complement.holds) == (True, False)
    assert has.complement.any is has.all.complement


def test_an_operator_for_lists_has_no_others() -> None:
    assert (among.arity, among.complement.name) == (Arity.LIST, "not_among")
    for own in (among, among.complement):
        with pytest.raises(DeclarationError, match="among takes a list itself; it has no form 'any'"):
            _ = own.any
        with pytest.raises(DeclarationError, match="no form 'all'"):
            _ = own.all


def test_an_operator_is_known_by_its_identity() -> None:
    predicate = FILTERS.parse("filter[name-has]=a")
    assert copy.copy(has) is copy.deepcopy(has) is has
    assert copy.deepcopy(predicate) == predicate
    with pytest.raises(TypeError, match="the operator has cannot be pickled: it is known by its identity"):
        pickle.dumps(predicate)
    assert repr(has.any) == "Operator('has_any')"


def test_a_declaration_opens_own_operators_behind_those_of_the_table() -> None:
    names = [parameter.name for parameter in FILTERS.parameters if parameter.field is Filters.name]
    assert names == [
        *("name_eq", "name_not_eq", "name_in", "name_not_in", "name_cont", "name_cont_any", "name_start", "name_end"),
        *("name_has", "name_not_has", "name_has_any", "name_among"),
    ]
    assert [parameter.key for parameter in FILTERS.parameters if parameter.field is Filters.count] == [
        "filter[count-eq]",
        "filter[count-divides]",
        "filter[count]",
    ]


def test_defaults_stand_beside_named_operators() -> None:
    assert Field(types.Text(), operators=DEFAULTS).operators == Field(types.Text()).operators
    flags = Field(types.Boolean(), operators=(*DEFAULTS, "null", "eq"))
    assert [operator.name for operator in flags.operators] == ["eq", "not_eq", "null"]


@pytest.mark.parametrize(
    ("declare", "told"),
    [
        (
            lambda: Field(types.Uuid(), operators=(has,)),
            r"Uuid\(\) has no operator Operator\('has'\); it is an operator of Text",
        ),
        (lambda: Field(types.Integer(), bare=has), "it is an operator of Text"),
        (
            lambda: Field(types.Integer(), operators=(divides.any,)),
            "its list would hold .*, and lists of own operators",
        ),
        (lambda: Field(types.Text(), operators=("has",)), "has no operator 'has'; it has eq"),
        (lambda: Field(types.Text(), bare=DEFAULTS[0]), r"has no operator '\*'"),
        (lambda: Field(types.Text(), operators=has), r"takes a list of operators, not Operator\('has'\) alone"),  # type: ignore[arg-type]
    ],
)
def test_an_operator_is_one_of_some_types(declare: Callable[[], object], told: str) -> None:
    with pytest.raises(DeclarationError, match=told):
        declare()


def test_two_operators_of_one_name_are_told_apart_in_no_declaration() -> None:
    other = define_operator("has", of_python(lambda *_: True), on=types.Text)

    class Twice(FilterSet):
        name = Field(types.Text(), operators=(has, other))

    with pytest.raises(DeclarationError, match="would mean both name has and name has"):
        Twice()


def test_a_type_keeps_its_name() -> None:
    class Colour(types.Text):
        name = "colour"

    with pytest.raises(DeclarationError, match=r"Colour\(\) is named 'colour': a type of your own has the name of"):
        Field(Colour())


@pytest.mark.parametrize(
    ("query", "stored"),
    [
        ("filter[name-has]=a", {"name_has": "a"}),
        ("filter[name-has-any]=a,b", {"name_has_any": ["a", "b"]}),
        ("filter[name-among]=a,b", {"name_among": ["a", "b"]}),
        ("filter[count]=3&filter[count-divides]=2", {"count_divides": 2, "count": 3}),
        ("filter[either-has]=a", {"either_has": "a"}),
        ("filter[or][1][name-has]=a&filter[or][2][name-not-has]=b", {"or": [{"name_has": "a"}, {"name_not_has": "b"}]}),
    ],
)
def test_what_is_read_is_written_again(query: str, stored: dict[str, object]) -> None:
    predicate = FILTERS.parse(query)
    assert FILTERS.dump(predicate) == stored
    assert FILTERS.load(stored) == predicate == FILTERS.parse(FILTERS.render(predicate))


def test_own_operators_go_through_relationships_and_into_rules() -> None:
    class Ruled(Related):
        own = Field(types.Text(), operators=(among,))
        rules = (Default("own_among", ["a", "b"]),)

    ruled = Ruled()
    predicate = ruled.parse("filter[parts-none.name-has]=a")
    assert repr(predicate) == "And(Not(Related(parts, And(name has 'a'))), default(own among ('a', 'b')))"
    assert ruled.parse(ruled.render(predicate)) == predicate


@pytest.mark.parametrize(
    ("query", "code", "told"),
    [
        ("filter[name-hass]=a", "unknown-filter", "did you mean filter\\[name-has\\]"),
        ("filter[name-has]=a,b", "too-many-values", "holds 2 values"),
        ("filter[name-among]=a,b,c", "list-items-limit", "holds 3 items; at most 2"),
        ("filter[count-divides]=x", "invalid-value", "'x' is not an integer"),
        ("filter[count-divides]=32768", "invalid-value", "'32768' is too great, too small or too fine"),
        ("filter[count-divides]=-32769", "invalid-value", "too small"),
    ],
)
def test_faults_are_told_as_those_of_other_operators(query: str, code: str, told: str) -> None:
    with pytest.raises(QueryErrors, match=told) as raised:
        Filters(limits=Limits(list_items=2)).parse(query)
    assert [error.code for error in raised.value.errors] == [code]


def test_a_hidden_attribute_hides_its_own_operators() -> None:
    with pytest.raises(QueryErrors, match="is no filter of this resource"):
        FILTERS.parse("filter[name-has]=a", visible=lambda name: name != "name")


def test_comparisons_in_code_take_the_operator_or_the_name_of_one_that_is_open() -> None:
    assert Filters.title.compare(has.all, ["a"]) == Filters.title.compare(has.all, ("a", "a"))
    assert Filters.title.compare("has", "a") == Filters.title.compare(has, "a")
    assert Filters.count.compare("not_divides", 2) == Filters.count.compare(divides.complement, 2)
    for field, operator in ((Filters.title, "among"), (Filters.count, has), (Filters.count, "divides_any")):
        with pytest.raises(TypeError, match="has no operator"):
            field.compare(operator, "a")
    with pytest.raises(InvalidValue, match="too great"):
        Filters.count.compare(divides, 2**15)


def test_a_value_that_is_held_is_a_value_of_its_type() -> None:
    held = HeldValue(types.Decimal(scale=2))
    assert (held.name, repr(held)) == ("held", "HeldValue(type=Decimal(scale=2, exact=True))")
    assert held == HeldValue(types.Decimal(scale=2)) != HeldValue(types.Decimal(scale=3))
    assert held.expected == types.Decimal().expected
    assert held.render(held.load("1.50")) == "1.5"
    assert held.dump(held.accept(2)) == "2.0"
    assert held.kind(1) is types.Decimal(scale=2).kind(1)
    with pytest.raises(InvalidValue):
        held.load("1.005")


def test_an_own_operator_is_typed() -> None:
    operators: tuple[OwnOperator, ...] = (has, has.any, has.complement, has.complement.all, has.base, has.positive)
    assert len(set(operators)) == 4
