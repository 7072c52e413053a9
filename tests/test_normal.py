from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from jsonapi_sieve import (
    FALSE,
    TRUE,
    AllOf,
    And,
    AnyOf,
    Comparison,
    CompileError,
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
from jsonapi_sieve.normal import Group, Leaf, Shape, Some, fold_ascii, normalize
from jsonapi_sieve.operators import OPERATORS


class Filters(FilterSet):
    n = Field(types.Integer(16), nullable=True)
    price = Field(types.Decimal(scale=2))
    success = Field(types.Boolean())
    src = Field(types.Text())
    dst = Field(types.Text())
    status = Field(types.Enum("Pending", "Completed"))
    either = AnyOf("src", "dst", operators=("cont",))
    both = AllOf("src", "dst", operators=("cont",))


class RelatedFilters(FilterSet):
    n = Field(types.Integer(16))
    one = ToOne(Filters)
    many = ToMany(Filters)


ONE, MANY = RelatedFilters.one, RelatedFilters.many
N, PRICE, SUCCESS, SRC, DST, STATUS = (
    Filters.n,
    Filters.price,
    Filters.success,
    Filters.src,
    Filters.dst,
    Filters.status,
)
BIG = 70_000


def drawn(shape: Shape) -> str:
    """Draw a shape: `all(...)`, `any(...)`, `some one(...)`, `no one(...)`, and leaves, a tilde at what is folded."""
    if isinstance(shape, Leaf):
        return f"{shape.field.name} {shape.operator.name}{'~' if shape.folded else ''}"
    if isinstance(shape, Some):
        return f"{'some' if shape.holds else 'no'} {shape.relationship.name}({drawn(shape.member)})"
    return f"{'all' if shape.conjunction else 'any'}({', '.join(map(drawn, shape.members))})"


def is_normally(predicate: Predicate, shape: str, *values: object) -> None:
    normal = normalize(predicate)
    assert (drawn(normal.shape), normal.values) == (shape, values)


@pytest.mark.parametrize(
    ("predicate", "shape", "values"),
    [
        (N.eq(1), "n eq", (1,)),
        (~N.eq(1), "n not_eq", (1,)),
        (Not(Not(N.gt(1))), "n gt", (1,)),
        (~N.gt(1), "n lteq", (1,)),
        (~N.lt(1), "n gteq", (1,)),
        (N.in_([1, 2]), "n in", ((1, 2),)),
        (~N.in_([1, 2]), "n not_in", ((1, 2),)),
        (STATUS.not_in(["Pending"]), "status not_in", (("Pending",),)),
        (N.null(), "n null", ()),
        (N.null(False), "n not_null", ()),
        (~N.null(), "n not_null", ()),
        (~N.not_null(False), "n not_null", ()),
        (SRC.present(), "src present", ()),
        (~SRC.present(), "src blank", ()),
        (SRC.blank(False), "src present", ()),
        (SUCCESS.true(), "success eq", (True,)),
        (SUCCESS.true(False), "success eq", (False,)),
        (SUCCESS.false(), "success eq", (False,)),
        (~SUCCESS.false(), "success eq", (True,)),
    ],
    ids=repr,
)
def test_not_moves_to_the_leaves(predicate: Predicate, shape: str, values: tuple[object, ...]) -> None:
    is_normally(predicate, shape, *values)


@pytest.mark.parametrize(
    ("predicate", "shape"),
    [
        (TRUE, "all()"),
        (FALSE, "any()"),
        (~TRUE, "any()"),
        (~FALSE, "all()"),
        (And(TRUE, And()), "all()"),
        (N.in_([]), "any()"),
        (N.not_in([]), "all()"),
        (~N.in_([]), "all()"),
        (STATUS.in_([]), "any()"),
        (~STATUS.not_in([]), "any()"),
        (N.compare("gt_any", []), "any()"),
        (N.compare("gt_all", []), "all()"),
        (N.compare("eq_any", []), "any()"),
        (N.compare("eq_all", []), "all()"),
        (N.compare("not_eq_any", []), "any()"),
        (SRC.compare("cont_any", []), "any()"),
        (SRC.compare("not_cont_all", []), "all()"),
        (~SRC.compare("matches_any", []), "all()"),
    ],
    ids=repr,
)
def test_constants(predicate: Predicate, shape: str) -> None:
    is_normally(predicate, shape)


@pytest.mark.parametrize(
    ("predicate", "shape", "values"),
    [
        (And(N.eq(1)), "n eq", (1,)),
        (And(N.eq(1), TRUE), "n eq", (1,)),
        (Or(N.eq(1), FALSE), "n eq", (1,)),
        (And(N.eq(1), FALSE), "any()", ()),
        (Or(N.eq(1), TRUE), "all()", ()),
        (And(N.eq(1), Or(SRC.eq("a"), TRUE)), "n eq", (1,)),
        (And(SRC.eq("a"), N.eq(1)), "all(n eq, src eq)", (1, "a")),
        (And(N.gt(2), N.eq(1)), "all(n eq, n gt)", (1, 2)),
        (And(And(SRC.eq("a"), N.eq(1)), And(And(DST.eq("b")))), "all(dst eq, n eq, src eq)", ("b", 1, "a")),
        (And(Or(N.eq(1), SRC.eq("a")), DST.eq("b")), "all(dst eq, any(n eq, src eq))", ("b", 1, "a")),
        (~And(N.eq(1), SRC.null()), "any(n not_eq, src not_null)", (1,)),
        (~Or(N.eq(1), ~And(SRC.eq("a"), N.gt(5))), "all(n not_eq, n gt, src eq)", (1, 5, "a")),
        (Or(N.eq(3), N.eq(1), N.eq(2)), "any(n eq, n eq, n eq)", (3, 1, 2)),
        (
            And(Or(N.eq(1), N.gt(2)), Or(N.eq(3), DST.eq("a"))),
            "all(any(dst eq, n eq), any(n eq, n gt))",
            ("a", 3, 1, 2),
        ),
        (And(Or(And(N.eq(1), FALSE), SRC.eq("a")), DST.eq("b")), "all(dst eq, src eq)", ("b", "a")),
        (And(SRC.cont("1"), SRC.cont("a")), "all(src cont, src cont~)", ("1", "a")),
        (And(SRC.cont("a"), SRC.cont("1")), "all(src cont, src cont~)", ("1", "a")),
        (And(And(N.null(), SRC.eq("a")), SUCCESS.eq(True)), "all(n null, src eq, success eq)", ("a", True)),
        (And(And(N.null(), STATUS.eq("Pending")), SRC.eq("a")), "all(n null, src eq, status eq)", ("a", "Pending")),
    ],
    ids=repr,
)
def test_groups_are_flat_sorted_and_without_constants(
    predicate: Predicate, shape: str, values: tuple[object, ...]
) -> None:
    is_normally(predicate, shape, *values)


@pytest.mark.parametrize(
    ("predicate", "shape", "values"),
    [
        *[(N.eq(side), "any()", ()) for side in (BIG, -BIG)],
        *[(N.not_eq(side), "n not_null", ()) for side in (BIG, -BIG)],
        *[(~N.eq(side), "n not_null", ()) for side in (BIG, -BIG)],
        *[(test, "any()", ()) for test in (N.gt(BIG), N.gteq(BIG), N.lt(-BIG), N.lteq(-BIG))],
        *[(test, "n not_null", ()) for test in (N.lt(BIG), N.lteq(BIG), N.gt(-BIG), N.gteq(-BIG))],
        *[(~test, "n not_null", ()) for test in (N.gt(BIG), N.lt(-BIG))],
        (N.gteq(32_767), "n gteq", (32_767,)),
        (N.gt(32_768), "any()", ()),
        (N.lteq(-32_768), "n lteq", (-32_768,)),
        (N.in_([BIG]), "any()", ()),
        (N.in_([BIG, 1, -BIG, 2]), "n in", ((1, 2),)),
        (N.not_in([BIG, -BIG]), "n not_null", ()),
        (N.not_in([BIG, 1]), "n not_in", ((1,),)),
        (~N.in_([BIG]), "n not_null", ()),
        (PRICE.eq(Decimal("0.125")), "any()", ()),
        (PRICE.not_eq(Decimal("0.125")), "price not_null", ()),
        (PRICE.in_([Decimal("0.125"), Decimal("0.12")]), "price in", ((Decimal("0.12"),),)),
        (PRICE.not_in([Decimal("0.125")]), "price not_null", ()),
        *[(test(Decimal("0.125")), "price gt", (Decimal("0.12"),)) for test in (PRICE.gt, PRICE.gteq)],
        *[(test(Decimal("0.125")), "price lteq", (Decimal("0.12"),)) for test in (PRICE.lt, PRICE.lteq)],
        *[(test(Decimal("-0.125")), "price gt", (Decimal("-0.13"),)) for test in (PRICE.gt, PRICE.gteq)],
        (~PRICE.gt(Decimal("0.125")), "price lteq", (Decimal("0.12"),)),
        (PRICE.gt(10**39), "any()", ()),
        (PRICE.gt(-(10**39)), "price not_null", ()),
    ],
    ids=repr,
)
def test_constants_that_the_column_cannot_hold_fold(
    predicate: Predicate, shape: str, values: tuple[object, ...]
) -> None:
    is_normally(predicate, shape, *values)


@pytest.mark.parametrize(
    ("operator", "constants", "shape", "values"),
    [
        ("eq_any", [2, 1], "n in", ((2, 1),)),
        ("eq_any", [1, BIG], "n in", ((1,),)),
        ("eq_any", [BIG], "any()", ()),
        ("eq_all", [1], "n eq", (1,)),
        ("eq_all", [1, 1], "n eq", (1,)),
        ("eq_all", [1, 2], "any()", ()),
        ("eq_all", [BIG], "any()", ()),
        ("not_eq_all", [2, 1], "n not_in", ((2, 1),)),
        ("not_eq_all", [BIG], "n not_null", ()),
        ("not_eq_any", [1], "n not_eq", (1,)),
        ("not_eq_any", [1, 2], "n not_null", ()),
        ("not_eq_any", [BIG], "n not_null", ()),
        ("gt_any", [3, 1, 2], "n gt", (1,)),
        ("gt_all", [3, 1, 2], "n gt", (3,)),
        ("gteq_any", [3, 1, 2], "n gteq", (1,)),
        ("gteq_all", [3, 1, 2], "n gteq", (3,)),
        ("lt_any", [3, 1, 2], "n lt", (3,)),
        ("lt_all", [3, 1, 2], "n lt", (1,)),
        ("lteq_any", [3, 1, 2], "n lteq", (3,)),
        ("lteq_all", [3, 1, 2], "n lteq", (1,)),
        ("gt_any", [1, BIG], "n gt", (1,)),
        ("gt_all", [1, BIG], "any()", ()),
        ("lt_any", [1, BIG], "n not_null", ()),
        ("lt_all", [BIG], "n not_null", ()),
    ],
)
def test_any_and_all_fold(operator: str, constants: list[int], shape: str, values: tuple[object, ...]) -> None:
    is_normally(N.compare(operator, constants), shape, *values)


def test_decimals_that_are_one_float_are_one_constant() -> None:
    rough = Field(types.Decimal(exact=False), name="rough")
    one, other, third = map(Decimal, ("0.1", "0.1000000000000000001", "0.3"))
    is_normally(rough.compare("eq_all", [one, other]), "rough eq", one)
    is_normally(rough.compare("not_eq_any", [one, other]), "rough not_eq", one)
    is_normally(rough.compare("eq_all", [one, other, third]), "any()")
    is_normally(PRICE.compare("eq_all", [Decimal("0.101"), Decimal("0.102")]), "any()")
    is_normally(PRICE.compare("not_eq_any", [Decimal("0.1"), Decimal("0.101")]), "price not_null")


def test_text_is_ordered_by_code_point() -> None:
    is_normally(SRC.compare("gt_any", ["a", "B", "é"]), "src gt", "B")
    is_normally(SRC.compare("gt_all", ["\uffff", "\U00010000"]), "src gt", "\U00010000")


@pytest.mark.parametrize(
    ("predicate", "shape", "values"),
    [
        (SRC.eq("Ab"), "src eq", ("Ab",)),
        (SRC.in_(["Ab"]), "src in", (("Ab",),)),
        (SRC.lt("Ab"), "src lt", ("Ab",)),
        (SRC.cont("Ab"), "src cont~", ("ab",)),
        (SRC.not_start("Ab"), "src not_start~", ("ab",)),
        (~SRC.end("Ab"), "src not_end~", ("ab",)),
        (SRC.matches("A%"), "src matches~", ("a%",)),
        *[(SRC.cont(needle), "src cont", (needle,)) for needle in ("49", "%_\\", "É", "ß", "\u212a", " ")],
        (SRC.cont("ÉA"), "src cont~", ("Éa",)),
        (SRC.matches("1%"), "src matches", ("1%",)),
        *[(test(""), "src not_null", ()) for test in (SRC.cont, SRC.start, SRC.end)],
        *[(test(""), "any()", ()) for test in (SRC.not_cont, SRC.not_start, SRC.not_end)],
        (~SRC.cont(""), "any()", ()),
        (SRC.matches(""), "src matches", ("",)),
        (SRC.does_not_match(""), "src does_not_match", ("",)),
        (SRC.eq(""), "src eq", ("",)),
    ],
    ids=repr,
)
def test_needles(predicate: Predicate, shape: str, values: tuple[object, ...]) -> None:
    is_normally(predicate, shape, *values)


@pytest.mark.parametrize(
    ("operator", "needles", "shape", "values"),
    [
        ("cont_any", ["Ab", "1"], "src cont_any~", (("ab", "1"),)),
        ("cont_any", ["2", "1"], "src cont_any", (("2", "1"),)),
        ("cont_all", ["A", "b"], "src cont_all~", (("a", "b"),)),
        ("cont_any", ["A", "a"], "src cont~", ("a",)),
        ("start_any", ["A"], "src start~", ("a",)),
        ("cont_any", ["a", "", "b"], "src not_null", ()),
        ("cont_all", ["a", "", "b"], "src cont_all~", (("a", "b"),)),
        ("cont_all", ["", "1"], "src cont", ("1",)),
        ("cont_any", [""], "src not_null", ()),
        ("cont_all", [""], "src not_null", ()),
        ("not_cont_any", ["a", "", "b"], "src not_cont_any~", (("a", "b"),)),
        ("not_cont_all", ["a", "", "b"], "any()", ()),
        ("not_end_any", [""], "any()", ()),
        ("not_end_all", [""], "any()", ()),
        ("matches_any", ["", "%"], "src matches_any", (("", "%"),)),
        ("does_not_match_all", ["", "A%"], "src does_not_match_all~", (("", "a%"),)),
        ("matches_all", [""], "src matches", ("",)),
    ],
)
def test_lists_of_needles_stay_one_leaf(
    operator: str, needles: list[str], shape: str, values: tuple[object, ...]
) -> None:
    is_normally(SRC.compare(operator, needles), shape, *values)


def test_a_negated_list_of_needles_turns_both_its_halves() -> None:
    is_normally(~SRC.compare("cont_any", ["1", "2"]), "src not_cont_all", ("1", "2"))


@pytest.mark.parametrize(
    ("predicate", "shape", "values"),
    [
        (Filters.either.compare("cont", "A"), "any(dst cont~, src cont~)", ("a", "a")),
        (~Filters.either.compare("cont", "A"), "all(dst not_cont~, src not_cont~)", ("a", "a")),
        (Filters.both.compare("cont", "1"), "all(dst cont, src cont)", ("1", "1")),
        (~Filters.both.compare("null", True), "any(dst not_null, src not_null)", ()),
        (
            And(Filters.both.compare("cont_any", ["1", "2"]), N.eq(1)),
            "all(dst cont_any, n eq, src cont_any)",
            (("1", "2"), 1, ("1", "2")),
        ),
        (Filters.either.compare("in", []), "any()", ()),
        (~Filters.both.compare("cont", ""), "any()", ()),
    ],
    ids=repr,
)
def test_comparisons_of_several_attributes_expand(predicate: Predicate, shape: str, values: tuple[object, ...]) -> None:
    is_normally(predicate, shape, *values)


@pytest.mark.parametrize(
    ("predicate", "shape", "values"),
    [
        (ONE.any(N.eq(1)), "some one(n eq)", (1,)),
        (ONE.none(N.eq(1)), "no one(n eq)", (1,)),
        (MANY.all(N.eq(1)), "no many(n not_eq)", (1,)),
        (~MANY.all(N.eq(1)), "some many(n not_eq)", (1,)),
        (~~MANY.none(N.eq(1)), "no many(n eq)", (1,)),
        (~(MANY.any(N.eq(1)) & ONE.any(N.eq(2))), "any(no many(n eq), no one(n eq))", (1, 2)),
        (MANY.any(SRC.cont("a") & N.eq(1)), "some many(all(n eq, src cont~))", (1, "a")),
        (Related(MANY, SRC.cont("a") | N.eq(1)), "some many(any(n eq, src cont~))", (1, "a")),
        (MANY.any(N.eq(1)) & N.eq(2), "all(n eq, some many(n eq))", (2, 1)),
        (MANY.any(N.eq(1)) & MANY.none(N.eq(2)), "all(no many(n eq), some many(n eq))", (2, 1)),
        (MANY.any(N.eq(1)) & MANY.any(N.eq(2)), "all(some many(n eq), some many(n eq))", (1, 2)),
        (MANY.any(N.eq(3)) & (N.eq(1) | N.eq(2)), "all(some many(n eq), any(n eq, n eq))", (3, 1, 2)),
        (Related(MANY, ONE.any(N.eq(1))), "some many(some one(n eq))", (1,)),
    ],
    ids=repr,
)
def test_not_stays_outside_of_related_rows(predicate: Predicate, shape: str, values: tuple[object, ...]) -> None:
    is_normally(predicate, shape, *values)


@pytest.mark.parametrize(
    ("predicate", "shape"),
    [
        (MANY.any(TRUE), "some many(all())"),
        (MANY.none(TRUE), "no many(all())"),
        (MANY.any(FALSE), "any()"),
        (MANY.none(FALSE), "all()"),
        (MANY.all(TRUE), "all()"),
        (MANY.all(FALSE), "no many(all())"),
        (ONE.any(N.eq(BIG)), "any()"),
        (~ONE.any(N.eq(BIG)), "all()"),
        (ONE.any(N.not_eq(BIG)), "some one(n not_null)"),
        (ONE.any(MANY.any(FALSE)) | N.null(), "n null"),
    ],
    ids=repr,
)
def test_a_related_row_that_cannot_be_is_not_looked_for(predicate: Predicate, shape: str) -> None:
    is_normally(predicate, shape)


def test_what_is_no_declared_relationship_is_refused() -> None:
    stranger = Related(SimpleNamespace(name="n"), N.eq(1))
    with pytest.raises(CompileError, match=r"namespace\(name='n'\) is no declared relationship"):
        normalize(And(N.eq(1), stranger))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (N.eq(1), N.eq(2)),
        (N.in_([1]), N.in_([1, 2, BIG])),
        (SRC.cont("a"), ~SRC.not_cont("Bc")),
        (SRC.compare("cont_any", ["a", "1"]), SRC.compare("cont_any", ["x", "y", "z"])),
        (PRICE.gt(Decimal("0.125")), PRICE.gt(7)),
        (N.eq(1) & SRC.eq("a"), SRC.eq("b") & N.eq(2)),
        (MANY.any(N.eq(1) & SRC.eq("a")), MANY.any(SRC.eq("b") & N.eq(2))),
        (MANY.all(N.gt(1)), ~Related(MANY, N.lteq(2))),
    ],
    ids=repr,
)
def test_a_shape_holds_no_values(one: Predicate, other: Predicate) -> None:
    assert normalize(one).shape == normalize(other).shape
    assert hash(normalize(one).shape) == hash(normalize(other).shape)
    assert normalize(one).values != normalize(other).values


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (N.eq(1), N.eq(BIG)),
        (SRC.cont("a"), SRC.cont("1")),
        (SRC.cont("a"), DST.cont("a")),
        (N.gt(1), N.gteq(1)),
        (N.eq(1) & SRC.null(), N.eq(1) | SRC.null()),
        (MANY.any(N.eq(1)), MANY.any(N.eq(BIG))),
        (MANY.any(N.eq(1)), MANY.none(N.eq(1))),
        (MANY.any(N.eq(1)), ONE.any(N.eq(1))),
    ],
    ids=repr,
)
def test_a_shape_tells_what_folding_decided(one: Predicate, other: Predicate) -> None:
    assert normalize(one).shape != normalize(other).shape


def test_a_long_group_is_one_group() -> None:
    many = normalize(Or(*(Or(N.eq(number), ~SRC.eq(str(number))) for number in range(5_000))))
    assert isinstance(many.shape, Group)
    assert len(many.shape.members) == len(many.values) == 10_000
    assert many.values[:2] == (0, 1)


def test_a_comparison_of_what_is_no_declared_field_is_refused() -> None:
    stranger = Comparison(SimpleNamespace(name="n"), OPERATORS["eq"], 1)
    with pytest.raises(CompileError, match=r"namespace\(name='n'\) is no declared field"):
        normalize(And(N.eq(1), stranger))


@pytest.mark.parametrize(
    ("text", "folded"), [("ABCxyz", "abcxyz"), ("ÄÖ ß İ \u212a K", "ÄÖ ß İ \u212a k"), ("", ""), ("@[`{", "@[`{")]
)
def test_only_ascii_letters_fold(text: str, folded: str) -> None:
    assert fold_ascii(text) == folded
