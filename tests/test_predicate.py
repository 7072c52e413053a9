from __future__ import annotations

import copy
import functools
import operator
import pickle
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import (
    FALSE,
    TRUE,
    And,
    AnyOf,
    Comparison,
    CompileError,
    Field,
    FilterSet,
    Not,
    Or,
    Predicate,
    types,
)
from jsonapi_sieve.normal import normalize
from jsonapi_sieve.operators import OPERATORS


class Filters(FilterSet):
    rows_count = Field(types.Integer(32), nullable=True)
    status = Field(types.Enum("Pending", "Completed"))
    src_prefix_in = Field(types.Text(), operators=("cont", "null"))
    dst_prefix_in = Field(types.Text())
    src_or_dst = AnyOf("src_prefix_in", "dst_prefix_in", operators=("cont",))


A = Filters.rows_count.gteq(10)
B = Filters.status.in_(["Pending", "Completed"])
C = Filters.src_prefix_in.null()

comparisons = st.one_of(
    st.builds(Filters.rows_count.eq, st.integers(0, 2)),
    st.builds(Filters.rows_count.in_, st.lists(st.integers(0, 2), max_size=2)),
    st.builds(Filters.src_prefix_in.null, st.booleans()),
    st.builds(Filters.src_or_dst.compare, st.just("cont"), st.sampled_from("ab")),
)
trees: st.SearchStrategy[Predicate] = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda members: And(*members)),
        st.lists(inner, max_size=3).map(lambda members: Or(*members)),
        inner.map(operator.invert),
    ),
    max_leaves=8,
)

deep_nests = pytest.mark.parametrize("wrap", [Not, And, lambda node: Or(node, A)], ids=["Not", "And", "Or"])


def nest(wrap: Callable[[Predicate], Predicate], times: int) -> Predicate:
    node: Predicate = A
    for _ in range(times):
        node = wrap(node)
    return node


def test_constants_are_the_empty_groups() -> None:
    assert And() == TRUE
    assert Or() == FALSE
    assert TRUE != FALSE


@pytest.mark.parametrize(
    ("joined", "members"),
    [
        (A & B, And(A, B)),
        (A | B, Or(A, B)),
        (A & B & C, And(A, B, C)),
        (A & (B & C), And(A, B, C)),
        ((A & B) & (B & C), And(A, B, B, C)),
        ((A | B) | C, Or(A, B, C)),
        (A | (B | C), Or(A, B, C)),
        ((A | B) & C, And(Or(A, B), C)),
        ((A & B) | C, Or(And(A, B), C)),
        (~(A & B) & C, And(Not(And(A, B)), C)),
        (TRUE & A, And(A)),
        (A & TRUE, And(A)),
        (FALSE | A, Or(A)),
        (FALSE & A, And(FALSE, A)),
        (TRUE | A, Or(TRUE, A)),
        (Filters().parse("filter[rows-count-gteq]=10") & B, And(A, B)),
    ],
)
def test_joining_is_flat(joined: Predicate, members: Predicate) -> None:
    assert joined == members
    assert repr(joined) == repr(members)


@given(trees, trees, trees)
def test_joining_is_associative(p: Predicate, q: Predicate, r: Predicate) -> None:
    assert (p & q) & r == p & (q & r)
    assert (p | q) | r == p | (q | r)


@given(trees)
def test_turning_twice_changes_nothing(p: Predicate) -> None:
    assert ~~p == p
    if not isinstance(p, Not):
        assert ~~p is p
    else:
        assert ~p is p.member


@pytest.mark.parametrize("other", [1, None, True, "rows_count", Filters.rows_count])
@pytest.mark.parametrize(
    "join",
    [
        operator.and_,
        operator.or_,
        lambda p, other: other & p,
        lambda p, other: other | p,
        And,
        Or,
        lambda _, other: Not(other),
    ],
)
def test_only_predicates_are_joined(join: Callable[[Any, Any], object], other: object) -> None:
    with pytest.raises(TypeError):
        join(A, other)


@pytest.mark.parametrize("p", [A, A & B, A | B, ~A, TRUE, FALSE], ids=repr)
def test_a_predicate_has_no_truth_value(p: Predicate) -> None:
    for use in (bool, lambda p: p and B, lambda p: not p, lambda p: 0 if p else 1):
        with pytest.raises(TypeError, match="has no truth value: join predicates with"):
            use(p)


@pytest.mark.parametrize(
    ("p", "name"),
    [
        *[(A, "field"), (A, "operator"), (A, "value"), (A, "default"), (A, "depth"), (A, "_hash"), (A, "more")],
        *[(A & B, "members"), (A | B, "depth"), (~A, "member"), (TRUE, "members")],
    ],
)
def test_a_predicate_cannot_be_changed(p: Predicate, name: str) -> None:
    before = repr(p)
    with pytest.raises(AttributeError, match=f"cannot be changed: {name} is fixed"):
        setattr(p, name, None)
    with pytest.raises(AttributeError, match=f"cannot be changed: {name} is fixed"):
        delattr(p, name)
    assert repr(p) == before
    assert not hasattr(p, "__dict__")


@given(trees, trees)
def test_equal_predicates_are_one_key(p: Predicate, q: Predicate) -> None:
    assert (p == q) is (repr(p) == repr(q))
    assert hash(p) == hash(p)
    if p == q:
        assert hash(p) == hash(q)
    assert len({p, q}) == (1 if p == q else 2)


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (A, Filters.rows_count.gteq(11)),
        (A, Filters.rows_count.gt(10)),
        (A, Not(A)),
        (And(A), A),
        (And(A, B), And(B, A)),
        (And(A, B), Or(A, B)),
        (And(A), And(And(A))),
        (Comparison(Filters.rows_count, OPERATORS["gteq"], 10, default=True), A),
        (Filters.src_prefix_in.cont("a"), Filters.dst_prefix_in.cont("a")),
        (A, "rows_count >= 10"),
    ],
)
def test_unequal_predicates(p: Predicate, q: object) -> None:
    assert p != q
    assert q != p


def test_fields_of_one_name_are_compared_by_identity() -> None:
    assert Field(types.Text(), name="status").eq("a") != Field(types.Text(), name="status").eq("a")


@given(trees)
def test_predicates_come_back_from_another_process(p: Predicate) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(p, protocol))  # noqa: S301  (it is our own)
        assert again == p
        assert hash(again) == hash(p)
        assert again.depth == p.depth


@given(trees)
def test_predicates_can_be_copied(p: Predicate) -> None:
    assert copy.copy(p) == copy.deepcopy(p) == p


def test_a_hash_stays_in_its_process() -> None:
    p = Filters.status.eq("Pending")
    fresh = pickle.dumps(p)
    hash(p)
    assert pickle.dumps(p) == fresh


def test_the_mark_of_a_default_is_kept() -> None:
    p = Comparison(Filters.rows_count, OPERATORS["gteq"], 10, default=True)
    assert copy.deepcopy(p).default
    assert pickle.loads(pickle.dumps(And(p))) == And(p)  # noqa: S301  (it is our own)


@pytest.mark.parametrize(
    ("p", "shown"),
    [
        (A, "rows_count >= 10"),
        (B, "status in ('Pending', 'Completed')"),
        (C, "src_prefix_in is null"),
        (Filters.src_prefix_in.null(False), "not (src_prefix_in is null)"),
        (Filters.src_or_dst.compare("cont", "4"), "src_or_dst contains '4'"),
        (Filters.dst_prefix_in.compare("cont_any", ["4"]), "dst_prefix_in contains any of ('4',)"),
        (Comparison(Filters.rows_count, OPERATORS["eq"], 1, default=True), "default(rows_count = 1)"),
        (Comparison(Filters.rows_count, OPERATORS["null"], False, True), "default(not (rows_count is null))"),
        (B & A, "And(status in ('Pending', 'Completed'), rows_count >= 10)"),
        (
            Or(A, And(C, ~B)),
            "Or(rows_count >= 10, And(src_prefix_in is null, Not(status in ('Pending', 'Completed'))))",
        ),
        (And(A), "And(rows_count >= 10)"),
        (TRUE, "TRUE"),
        (FALSE, "FALSE"),
        (~TRUE, "Not(TRUE)"),
    ],
)
def test_how_predicates_are_shown(p: Predicate, shown: str) -> None:
    assert repr(p) == shown


@pytest.mark.parametrize(
    ("p", "depth"),
    [
        (A, 1),
        (TRUE, 1),
        (~A, 2),
        (~~A, 1),
        (A & B & C, 2),
        ((A | B) & C, 3),
        (A & (B | ~(C & A)), 5),
        (And(And(And(A))), 4),
    ],
)
def test_the_depth_of_a_tree_is_counted(p: Predicate, depth: int) -> None:
    assert p.depth == depth


@deep_nests
def test_trees_of_32_levels_compile(wrap: Callable[[Predicate], Predicate]) -> None:
    assert normalize(nest(wrap, 31)).values
    with pytest.raises(CompileError, match="33 levels deep; at most 32 can be compiled"):
        normalize(nest(wrap, 32))


@deep_nests
def test_a_hostile_nest_is_refused_without_recursion(wrap: Callable[[Predicate], Predicate]) -> None:
    p = nest(wrap, 100_000)
    assert p.depth == 100_001
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(300)
    try:
        with pytest.raises(CompileError, match="100001 levels deep"):
            normalize(p)
        with pytest.raises(CompileError):
            normalize(p & A)
    finally:
        sys.setrecursionlimit(limit)
    assert p == p  # noqa: PLR0124  (a predicate is itself, however deep)
    assert p != nest(wrap, 10)
    del p  # which frees 100,000 nodes, one inside the other


@pytest.mark.parametrize("look", [hash, repr, pickle.dumps, copy.deepcopy])
def test_a_hostile_nest_cannot_crash_the_interpreter(look: Callable[[Predicate], object]) -> None:
    p = nest(Not, 100_000)
    with pytest.raises(RecursionError):
        look(p)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))])  # noqa: S301
def test_a_copy_holds_the_members_that_its_original_has_not_made_yet(copied: Callable[[Predicate], Predicate]) -> None:
    assert copied(Or.later(lambda: (A, B), 2)) == A | B


def test_many_predicates_are_joined_at_once() -> None:
    many = [Filters.rows_count.eq(number) for number in range(20_000)]
    assert Or(*many).depth == 2
    assert functools.reduce(operator.or_, many[:500]) == Or(*many[:500])


def test_a_later_group_makes_its_members_once_and_equals_one_that_has_them() -> None:
    made: list[Predicate] = []

    def make() -> tuple[Predicate, ...]:
        made.append(TRUE)
        return (TRUE, FALSE)

    group = And.later(make, depth=2)
    assert group.depth == 2
    assert not made
    assert group == And(TRUE, FALSE)
    assert group.members is group.members
    assert len(made) == 1


def test_a_group_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError, match="'And' object has no attribute 'children'"):
        _ = TRUE.children  # type: ignore[attr-defined]
