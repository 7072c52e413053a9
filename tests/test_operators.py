from __future__ import annotations

import copy
import pickle

import pytest

from jsonapi_sieve.operators import OPERATORS, Arity, Operator, Quantifier, defaults_of, offered_by

EQUALITY = "eq not_eq"
ORDER = "gt gteq lt lteq"
SETS = "in not_in"
NULL = "null not_null"
UNLIKE = "not_cont not_start not_end matches does_not_match"


def forms(names: str) -> str:
    return " ".join(f"{name}_{quantifier}" for name in names.split() for quantifier in ("any", "all"))


ORDERED = (f"{EQUALITY} {ORDER} {SETS}", f"{NULL} {forms(f'{EQUALITY} {ORDER}')}")
DISCRETE = (f"{EQUALITY} {SETS}", NULL)

TABLE = {
    # The forms of a Boolean are those that Ransack was measured with.
    "boolean": (EQUALITY, f"{SETS} true false {NULL} {forms(EQUALITY)}"),
    "integer": ORDERED,
    "decimal": ORDERED,
    "timestamp": ORDERED,
    "date": ORDERED,
    "text": (
        f"{EQUALITY} cont start end {SETS} cont_any",
        f"{UNLIKE} {ORDER} {NULL} present blank cont_all {forms(f'{EQUALITY} {ORDER} start end {UNLIKE}')}",
    ),
    "uuid": DISCRETE,
    "enum": DISCRETE,
    "address": DISCRETE,
    "float": (f"{EQUALITY} {ORDER} {SETS}", NULL),
}

all_operators = pytest.mark.parametrize("operator", OPERATORS.values(), ids=OPERATORS)


@pytest.mark.parametrize("type_name", TABLE)
def test_what_a_type_offers(type_name: str) -> None:
    default, optional = (names.split() for names in TABLE[type_name])
    assert sorted(operator.name for operator in defaults_of(type_name)) == sorted(default)
    assert sorted(operator.name for operator in offered_by(type_name)) == sorted(default + optional)


@pytest.mark.parametrize("type_name", TABLE)
def test_operators_are_offered_in_table_order(type_name: str) -> None:
    for operators in (defaults_of(type_name), offered_by(type_name)):
        places = [operator.order for operator in operators]
        assert places == sorted(set(places))


def test_every_operator_is_offered_by_a_type() -> None:
    assert {operator for type_name in TABLE for operator in offered_by(type_name)} == set(OPERATORS.values())


def test_the_table_counts_its_rows() -> None:
    assert [operator.order for operator in OPERATORS.values()] == list(range(len(OPERATORS)))
    assert [operator.name for operator in OPERATORS.values()] == list(OPERATORS)


@pytest.mark.parametrize(
    ("name", "complement"),
    [
        ("eq", "not_eq"),
        ("gt", "lteq"),
        ("lt", "gteq"),
        ("in", "not_in"),
        ("cont", "not_cont"),
        ("start", "not_start"),
        ("end", "not_end"),
        ("matches", "does_not_match"),
        ("true", "false"),
        ("null", "not_null"),
        ("present", "blank"),
        ("eq_any", "not_eq_all"),
        ("eq_all", "not_eq_any"),
        ("gteq_any", "lt_all"),
        ("cont_any", "not_cont_all"),
        ("does_not_match_all", "matches_any"),
    ],
)
def test_complements(name: str, complement: str) -> None:
    assert OPERATORS[name].complement is OPERATORS[complement]
    assert OPERATORS[complement].complement is OPERATORS[name]


@all_operators
def test_a_complement_is_mutual_and_takes_the_same(operator: Operator) -> None:
    assert operator.complement is not operator
    assert operator.complement.complement is operator
    assert operator.complement.arity is operator.arity


@all_operators
def test_forms_come_apart(operator: Operator) -> None:
    if operator.quantifier is None:
        assert operator.base is operator
    else:
        assert operator.name == f"{operator.base.name}_{operator.quantifier.value}"
        assert operator.arity is Arity.LIST
        assert operator.base.arity is Arity.SCALAR
        assert operator.complement.base is operator.base.complement
        assert {operator.quantifier, operator.complement.quantifier} == set(Quantifier)


@pytest.mark.parametrize(
    ("arity", "names"),
    [
        (Arity.SCALAR, f"{EQUALITY} {ORDER} cont start end {UNLIKE}"),
        (Arity.LIST, f"{SETS} {forms(f'{EQUALITY} {ORDER} cont start end {UNLIKE}')}"),
        (Arity.FLAG, f"true false {NULL} present blank"),
    ],
)
def test_what_an_operator_takes(arity: Arity, names: str) -> None:
    assert {operator.name for operator in OPERATORS.values() if operator.arity is arity} == set(names.split())


@all_operators
def test_an_operator_is_one_object_however_it_is_copied(operator: Operator) -> None:
    assert pickle.loads(pickle.dumps(operator)) is operator  # noqa: S301  (it is our own)
    assert copy.copy(operator) is copy.deepcopy(operator) is operator


def test_how_operators_are_shown() -> None:
    assert repr(OPERATORS["not_in"]) == "Operator('not_in')"
    assert [OPERATORS[name].symbol for name in ("eq", "not_in", "cont", "cont_any")] == [
        "=",
        "not in",
        "contains",
        "contains any of",
    ]
