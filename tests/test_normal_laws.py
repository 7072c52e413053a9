"""The normal form against a direct reading of the tree in SQL's three values, on rows with NULL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain, combinations
from random import Random
from typing import Any, assert_never

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import (
    AllOf,
    And,
    AnyOf,
    Comparison,
    Field,
    FilterSet,
    Not,
    Or,
    Predicate,
    Related,
    ToMany,
    ToOne,
    types,
)
from jsonapi_sieve.field import Several
from jsonapi_sieve.normal import Group, Leaf, Shape, Some, conditions_of, normalize, width_of
from jsonapi_sieve.operators import Arity, Operator, Quantifier, offered_by
from jsonapi_sieve.relationship import Relationship
from jsonapi_sieve.types import Fit
from tests.truth import Row, exactly, ignores_case, lower, related_rows, truth_of


class Filters(FilterSet):
    n = Field(types.Integer(16), nullable=True)
    m = Field(types.Integer(16), nullable=True)
    price = Field(types.Decimal(scale=2), nullable=True)
    src = Field(types.Text(), nullable=True)
    dst = Field(types.Text(), nullable=True)
    success = Field(types.Boolean(), nullable=True)
    at = Field(types.Timestamp(digits=3), nullable=True)
    n_or_m = AnyOf("n", "m", operators=("eq",))
    src_and_dst = AllOf("src", "dst", operators=("eq",))


class RelatedFilters(Filters):
    """The same fields, and relationships to rows that have them."""

    one = ToOne(Filters)
    many = ToMany(Filters)


class FarFilters(RelatedFilters):
    """Relationships of relationships as well."""

    far = ToOne(RelatedFilters)
    all_far = ToMany(RelatedFilters)


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
MOMENTS = [NOON + timedelta(milliseconds=offset) for offset in (-1, 0, 1)]
TEXTS = ["", "a", "A", "aB", "b1", "1", "%", "É", "éA", "a\nb"]

HELD: dict[str, list[Any]] = {
    "integer": [-32_768, -1, 0, 1, 32_767],
    "decimal": [*map(Decimal, ("-0.13", "-0.12", "0", "0.12", "0.13", "9" * 38 + ".99"))],
    "text": TEXTS,
    "boolean": [True, False],
    "timestamp": MOMENTS,
}
"""What rows hold, each beside its neighbours and at the ends of its column."""

ASKED: dict[str, list[Any]] = HELD | {
    "integer": [*HELD["integer"], -32_769, 32_768, 10**18, -(10**18)],
    "decimal": [*HELD["decimal"], *map(Decimal, ("-0.125", "0.125", "0.1299", "1e39", "-1e39"))],
    "timestamp": [*MOMENTS, NOON + timedelta(microseconds=1)],
}
"""What filters ask for: also what the column cannot hold."""

PATTERNS = ["", "%", "_", "a%", "%A", "\\%", "_1", "\\A_", "%\n%"]

VALUES: dict[str, st.SearchStrategy[Any]] = {
    field.name: st.sampled_from([None, *HELD[field.type.name]]) for field in Filters().fields
}
near_rows: st.SearchStrategy[Row] = st.fixed_dictionaries(VALUES)
mid_rows: st.SearchStrategy[Row] = st.fixed_dictionaries(
    VALUES | {"one": st.none() | near_rows, "many": st.lists(near_rows, max_size=2)}
)
rows: st.SearchStrategy[Row] = st.fixed_dictionaries(
    VALUES
    | {
        "one": st.none() | near_rows,
        "many": st.lists(near_rows, max_size=2),
        "far": st.none() | mid_rows,
        "all_far": st.lists(mid_rows, max_size=2),
    }
)


def takes_pattern(operator: Operator) -> bool:
    return operator.base.name in ("matches", "does_not_match")


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    field = draw(st.sampled_from([field for field in vars(Filters).values() if isinstance(field, Field | Several)]))
    operator = draw(st.sampled_from(offered_by(field.type.name)))
    constants = st.sampled_from(PATTERNS if takes_pattern(operator) else ASKED[field.type.name])
    match operator.arity:
        case Arity.SCALAR:
            return field.compare(operator.name, draw(constants))
        case Arity.LIST:
            return field.compare(operator.name, draw(st.lists(constants, max_size=3)))
        case Arity.FLAG:
            return field.compare(operator.name, draw(st.booleans()))
        case _:
            assert_never(operator.arity)


def joined(leaves: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda members: And(*members)),
            st.lists(inner, max_size=3).map(lambda members: Or(*members)),
            inner.map(Not),
        ),
        max_leaves=8,
    )


def related(relationships: list[Relationship], members: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Related]:
    return st.builds(Related, st.sampled_from(relationships), members)


near_trees = joined(comparisons())
mid_trees = joined(comparisons() | related([RelatedFilters.one, RelatedFilters.many], near_trees))
trees = joined(
    st.one_of(
        comparisons(),
        related([RelatedFilters.one, RelatedFilters.many], near_trees),
        related([FarFilters.far, FarFilters.all_far], mid_trees),
    )
)


def selects(shape: Shape, values: Iterator[Any], row: Row) -> bool:
    """Read a normal form: in two values, each leaf by itself."""
    if isinstance(shape, Group):
        met = [selects(member, values, row) for member in shape.members]
        return all(met) if shape.conjunction else any(met)
    if isinstance(shape, Some):
        taken = [next(values) for _ in range(width_of(shape))]
        met = [selects(shape.member, iter(taken), other) for other in related_rows(shape.relationship, row)]
        return any(met) is shape.holds
    held = row[shape.field.name]
    if not shape.takes_value:
        return exactly(shape.operator, held, None)
    value = next(values)
    if held is None:
        return False
    held = lower(held) if shape.folded else held
    if shape.operator.quantifier is None:
        return exactly(shape.operator, held, value)
    met = [exactly(shape.operator.base, held, item) for item in value]
    return all(met) if shape.operator.quantifier is Quantifier.ALL else any(met)


def leaves(shape: Shape) -> Iterator[Leaf]:
    match shape:
        case Leaf():
            return iter([shape])
        case Group():
            return chain.from_iterable(map(leaves, shape.members))
        case Some():
            return leaves(shape.member)
        case _:
            assert_never(shape)


def groups(shape: Shape) -> Iterator[Group]:
    if isinstance(shape, Group):
        yield shape
        yield from chain.from_iterable(map(groups, shape.members))
    if isinstance(shape, Some):
        yield from groups(shape.member)


def shuffled(node: Predicate, random: Random) -> Predicate:
    match node:
        case Comparison():
            return node
        case Not():
            return Not(shuffled(node.member, random))
        case Related():
            return Related(node.relationship, shuffled(node.member, random))
        case And() | Or():
            members = [shuffled(member, random) for member in node.members]
            random.shuffle(members)
            return type(node)(*members)
        case _:
            assert_never(node)


@given(trees, st.lists(rows, min_size=1, max_size=10))
def test_the_normal_form_selects_the_rows_for_which_the_tree_is_true(tree: Predicate, rows: list[Row]) -> None:
    normal = normalize(tree)
    for row in rows:
        assert selects(normal.shape, iter(normal.values), row) is (truth_of(tree, row) is True)


def every_value(field: Field[Any], operator: Operator) -> Iterator[object]:
    constants = PATTERNS if takes_pattern(operator) else ASKED[field.type.name]
    match operator.arity:
        case Arity.SCALAR:
            return iter(constants)
        case Arity.LIST:
            return chain([()], combinations(constants, 1), combinations(constants, 2))
        case Arity.FLAG:
            return iter([True, False])
        case _:
            assert_never(operator.arity)


@pytest.mark.parametrize("field", Filters().fields, ids=lambda field: field.name)
def test_every_comparison_of_one_attribute_with_every_value(field: Field[Any]) -> None:
    rows = [{field.name: held} for held in (None, *HELD[field.type.name])]
    for operator in offered_by(field.type.name):
        for value in every_value(field, operator):
            comparison = field.compare(operator.name, value)
            normal, negated = normalize(comparison), normalize(~comparison)
            for row in rows:
                truth = truth_of(comparison, row)
                assert selects(normal.shape, iter(normal.values), row) is (truth is True), (comparison, row)
                assert selects(negated.shape, iter(negated.values), row) is (truth is False), (comparison, row)


@given(trees)
def test_groups_have_several_members_of_other_kinds(tree: Predicate) -> None:
    shape = normalize(tree).shape
    for group in groups(shape):
        assert len(group.members) != 1
        for member in group.members:
            assert not isinstance(member, Group) or (member.members and member.conjunction is not group.conjunction)


@given(trees)
def test_only_the_outermost_group_and_that_of_related_rows_can_be_a_constant(tree: Predicate) -> None:
    for condition in conditions_of(normalize(tree).shape):
        if isinstance(condition, Some):
            assert condition.member != Group(False, ())


@given(trees)
def test_values_stand_in_the_order_of_the_conditions(tree: Predicate) -> None:
    shape, values = normalize(tree)
    assert sum(map(width_of, conditions_of(shape))) == width_of(shape) == len(values)


@given(trees)
def test_each_leaf_has_a_value_that_its_column_can_hold(tree: Predicate) -> None:
    shape, values = normalize(tree)
    taking = [leaf for leaf in leaves(shape) if leaf.takes_value]
    for leaf, value in zip(taking, values, strict=True):
        assert isinstance(leaf.field, Field)
        constants = value if leaf.operator.arity is Arity.LIST else (value,)
        assert constants
        assert len(set(constants)) == len(constants)
        assert all(leaf.field.type.place(constant) == (Fit.EXACT, constant) for constant in constants)


@given(trees)
def test_leaves_are_folded_only_for_letters(tree: Predicate) -> None:
    shape, values = normalize(tree)
    for leaf, value in zip((leaf for leaf in leaves(shape) if leaf.takes_value), values, strict=True):
        text = "".join(value) if leaf.operator.arity is Arity.LIST and leaf.field.type.name == "text" else str(value)
        has_letters = any(letter.isascii() and letter.isalpha() for letter in text)
        assert leaf.folded is (ignores_case(leaf.operator) and has_letters)
        assert not leaf.folded or text == lower(text)


@given(trees, st.randoms(use_true_random=False))
def test_the_order_of_members_changes_nothing(tree: Predicate, random: Random) -> None:
    normal, again = normalize(tree), normalize(shuffled(tree, random))
    assert again.shape == normal.shape
    assert sorted(map(repr, again.values)) == sorted(map(repr, normal.values))


ORDINARY: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(-100, 100),
    "decimal": st.decimals(-100, 100, places=2),
    "text": st.text("abc", min_size=1),
    "boolean": st.booleans(),
    "timestamp": st.sampled_from(MOMENTS),
}


@given(trees, st.data())
def test_the_shape_does_not_depend_on_ordinary_values(tree: Predicate, data: st.DataObject) -> None:
    def other(node: Predicate) -> Predicate:
        match node:
            case Comparison(field=field, operator=operator):
                assert isinstance(field, Field | Several)
                ordinary = ORDINARY[field.type.name]
                values = {
                    Arity.SCALAR: ordinary,
                    Arity.LIST: st.lists(ordinary, min_size=2, max_size=2, unique=True),
                    Arity.FLAG: st.just(True),
                }
                return field.compare(operator.name, data.draw(values[operator.arity]))
            case Not():
                return Not(other(node.member))
            case Related():
                return Related(node.relationship, other(node.member))
            case And() | Or():
                return type(node)(*map(other, node.members))
            case _:
                assert_never(node)

    assert normalize(other(tree)).shape == normalize(other(tree)).shape
