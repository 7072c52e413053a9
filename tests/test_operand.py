from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import types
from jsonapi_sieve.operand import BadOperand, LikePattern, ListOperand, Operand, ScalarOperand, operand_of, shown
from jsonapi_sieve.operators import OPERATORS, Arity, offered_by
from jsonapi_sieve.types import InvalidValue, ValueType
from tests.types.constants import CONSTANTS, HOSTILE

INTEGER = ScalarOperand(types.Integer())
TEXT = ScalarOperand(types.Text())
INTEGERS = ListOperand(types.Integer())
TEXTS = ListOperand(types.Text())

MAXIMUM = 1000


def refusal(read: Callable[[], object]) -> BadOperand:
    with pytest.raises(BadOperand) as raised:
        read()
    return raised.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", "a"),
        (" a ", " a "),
        ('"a,b"', "a,b"),
        ('""', ""),
        ('"a"', "a"),
        ('"a""b"', 'a"b'),
        ('say "hi"', 'say "hi"'),
        ('"a', '"a'),
        ('"', '"'),
        ('a",b', 'a",b'),
        ('"a"b,c', '"a"b,c'),
        ("a\r\nb", "a\r\nb"),
        ("null", "null"),
    ],
)
def test_a_scalar_takes_one_item_and_a_stray_quote_makes_it_literal(text: str, value: str) -> None:
    assert TEXT.parse(text, 1) == value


@pytest.mark.parametrize("operand", [TEXT, INTEGER, ScalarOperand(types.Boolean())])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-value"),
        ("a,b", "too-many-values"),
        ("a,", "too-many-values"),
        (",", "too-many-values"),
        ('"a","b"', "too-many-values"),
    ],
)
def test_a_scalar_takes_neither_nothing_nor_several_values(operand: Operand, text: str, code: str) -> None:
    assert refusal(lambda: operand.parse(text, 1)).code == code


@pytest.mark.parametrize(
    ("read", "code", "detail"),
    [
        (lambda: INTEGER.parse("x", 1), "invalid-value", "'x' is not an integer such as 10 or -3."),
        (lambda: INTEGER.parse('""', 1), "invalid-value", "'' is not an integer such as 10 or -3."),
        (lambda: INTEGER.parse("", 1), "empty-value", "The value is empty; give an integer such as 10 or -3."),
        (
            lambda: INTEGER.parse("1,5", 1),
            "too-many-values",
            "'1,5' holds 2 values where one is taken; double quotes protect a comma.",
        ),
        (lambda: INTEGER.load(1.5, 1), "invalid-value", "1.5 is not an integer such as 10 or -3."),
        (lambda: INTEGER.load(True, 1), "invalid-value", "true is not an integer such as 10 or -3."),
        (lambda: INTEGER.load([1], 1), "invalid-value", "a list is not an integer such as 10 or -3."),
        (lambda: INTEGER.load({}, 1), "invalid-value", "an object is not an integer such as 10 or -3."),
        (lambda: INTEGER.load(None, 1), "empty-value", "The value is null; give an integer such as 10 or -3."),
        (lambda: INTEGERS.parse("", 9), "empty-value", "Item 1 of 1 is empty; give an integer such as 10 or -3."),
        (lambda: INTEGERS.load([], 9), "empty-value", "The list is empty; give at least one value."),
        (lambda: INTEGERS.load(None, 9), "invalid-value", "null is no list of values."),
        (lambda: INTEGERS.load("1,2", 9), "invalid-value", "'1,2' is no list of values."),
        (lambda: INTEGERS.load(7, 9), "invalid-value", "7 is no list of values."),
        (lambda: INTEGERS.load({"1": 2}, 9), "invalid-value", "an object is no list of values."),
        (
            lambda: TEXTS.parse('"a"b,c', 9),
            "malformed-list",
            "'\"a\"b,c' is no list: text stands behind a closing double quote; double a quote inside quotes.",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_is_taken(read: Callable[[], object], code: str, detail: str) -> None:
    error = refusal(read)
    assert (error.code, str(error)) == (code, detail)
    assert error.title
    assert error.__cause__ is None


@pytest.mark.parametrize(
    ("read", "index", "detail"),
    [
        (lambda: INTEGERS.parse("1,,3", 9), 1, "Item 2 of 3 is empty; give an integer such as 10 or -3."),
        (lambda: TEXTS.parse("a,", 9), 1, "Item 2 of 2 is empty; give text."),
        (lambda: INTEGERS.load([1, 2, None], 9), 2, "Item 3 of 3 is null; give an integer such as 10 or -3."),
        (lambda: INTEGERS.parse("1,x,3", 9), 1, "'x' is not an integer such as 10 or -3."),
        (
            lambda: INTEGERS.parse("1,x,3,y,x", 9),
            1,
            "'x' is not an integer such as 10 or -3. (3 of the 5 items are bad.)",
        ),
        (lambda: INTEGERS.load([1, "2", [3]], 9), 2, "a list is not an integer such as 10 or -3."),
        (
            lambda: INTEGERS.load([1.5, True], 9),
            0,
            "1.5 is not an integer such as 10 or -3. (2 of the 2 items are bad.)",
        ),
    ],
)
def test_a_refused_list_points_at_its_first_bad_item(read: Callable[[], object], index: int, detail: str) -> None:
    error = refusal(read)
    assert (error.index, str(error)) == (index, detail)


@pytest.mark.parametrize(
    ("operand", "text", "values"),
    [
        (INTEGERS, "1", (1,)),
        (INTEGERS, "3,1,3,+1,03", (3, 1)),
        (TEXTS, 'a,"b,c",""', ("a", "b,c", "")),
        (TEXTS, " a ,a", (" a ", "a")),
        (TEXTS, '"say ""hi"""', ('say "hi"',)),
        (ListOperand(types.Decimal()), "1.50,1.5,15e-1", (Decimal("1.5"),)),
        (ListOperand(types.Boolean()), "t,1,f", (True, False)),
        (
            ListOperand(types.Uuid()),
            "4ADA4B3C-1F6E-4B1A-9C7E-3F1F6B7F1A2B,4ada4b3c-1f6e-4b1a-9c7e-3f1f6b7f1a2b",
            ("4ada4b3c-1f6e-4b1a-9c7e-3f1f6b7f1a2b",),
        ),
    ],
)
def test_items_of_a_list_that_repeat_count_once(operand: Operand, text: str, values: tuple[object, ...]) -> None:
    assert operand.parse(text, MAXIMUM) == values


def test_a_stored_list_takes_values_and_their_spellings() -> None:
    assert INTEGERS.load([3, "3", "04", 5], MAXIMUM) == (3, 4, 5)
    assert TEXTS.load(["", "a,b", "a,b"], MAXIMUM) == ("", "a,b")


@pytest.mark.parametrize("read", [INTEGERS.parse, ListOperand(types.Decimal()).parse])
def test_the_items_of_a_parsed_list_have_a_budget(read: Callable[[str, int], tuple[object, ...]]) -> None:
    assert len(read("1,2,3", 3)) == 3
    for text in ("1,2,3,4", '"1",2,3,4', "1,1,1,1"):
        error = refusal(lambda text=text: read(text, 3))  # type: ignore[misc]
        assert (error.code, error.budget) == ("list-items-limit", "list_items")
        assert str(error) == "The list holds 4 items; at most 3 are taken."


def test_the_items_of_a_stored_list_have_a_budget() -> None:
    assert INTEGERS.load([1, 2, 3], 3) == (1, 2, 3)
    assert refusal(lambda: INTEGERS.load([None, 1, 2, 3], 3)).budget == "list_items"


def test_code_gives_values_of_the_type() -> None:
    assert INTEGERS.accept(iter([3, 1, 3])) == (3, 1)
    assert INTEGERS.accept(()) == ()
    assert INTEGER.accept(10**18) == 10**18
    same = uuid.UUID("4ada4b3c-1f6e-4b1a-9c7e-3f1f6b7f1a2b")
    assert ListOperand(types.Uuid()).accept([same, str(same).upper()]) == (str(same),)


@pytest.mark.parametrize("value", ["ab", b"ab", "", 7, None])
def test_code_gives_a_list_as_such(value: object) -> None:
    with pytest.raises(TypeError, match=f"a list of values is taken here, not {type(value).__name__}"):
        TEXTS.accept(value)


@pytest.mark.parametrize(
    ("operand", "value", "error"),
    [
        (INTEGER, "1", TypeError),
        (INTEGER, True, TypeError),
        (INTEGER, 10**30, InvalidValue),
        (INTEGERS, ["1"], TypeError),
        (INTEGERS, [1, None], TypeError),
        (TEXT, "a\0", InvalidValue),
        (TEXTS, ["a", "\ud800"], InvalidValue),
        (ScalarOperand(types.Boolean()), 1, TypeError),
    ],
)
def test_code_gives_no_other_kind_of_value(operand: Operand, value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        operand.accept(value)


@pytest.mark.parametrize(("type", "constants"), CONSTANTS, ids=lambda value: repr(value)[:40])
@given(data=st.data())
def test_constants_come_back(type: ValueType[Any, Any], constants: st.SearchStrategy[Any], data: st.DataObject) -> None:
    scalar, several = ScalarOperand(type), ListOperand(type)
    value = data.draw(constants)
    assert scalar.parse(scalar.render(value), 1) == value
    assert scalar.load(scalar.dump(value), 1) == value
    values = tuple(dict.fromkeys(data.draw(st.lists(constants, min_size=1, max_size=5))))
    assert several.parse(several.render(values), MAXIMUM) == values
    assert several.load(several.dump(values), MAXIMUM) == values
    assert several.accept(values) == values


@pytest.mark.parametrize("operand", [ScalarOperand, ListOperand])
@pytest.mark.parametrize("type", [type for type, _ in CONSTANTS], ids=repr)
def test_hostile_text_is_refused_in_few_words_or_comes_back(
    operand: type[ScalarOperand | ListOperand], type: ValueType[Any, Any]
) -> None:
    taken, refused = operand(type), []
    for text in HOSTILE:
        try:
            value = taken.parse(text, MAXIMUM)
        except BadOperand as error:
            refused.append(str(error))
        else:
            assert taken.parse(taken.render(value), MAXIMUM) == value
    assert refused
    assert all(len(detail.encode()) < 1000 for detail in refused)


@pytest.mark.parametrize(
    "pattern", ["", "%", "_", "a%", "50\\%%", "\\\\", "a\\\\", "\\a", "\\\\\\%"], ids=lambda pattern: pattern or "empty"
)
def test_like_patterns(pattern: str) -> None:
    like = LikePattern()
    assert like.parse(pattern) == like.load(pattern) == like.accept(pattern) == pattern


@pytest.mark.parametrize("pattern", ["\\", "a\\", "\\\\\\", "%\\"])
def test_a_like_pattern_escapes_something(pattern: str) -> None:
    like = LikePattern()
    for read in (like.parse, like.load, like.accept):
        with pytest.raises(InvalidValue, match="the backslash at its end escapes nothing"):
            read(pattern)


def test_a_like_pattern_is_text() -> None:
    with pytest.raises(InvalidValue):
        LikePattern().load(1)
    with pytest.raises(TypeError):
        LikePattern().accept(1)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="NUL"):
        LikePattern().parse("\0\\")


@pytest.mark.parametrize("name", ["matches", "does_not_match", "matches_any", "does_not_match_all"])
def test_matching_operators_take_patterns(name: str) -> None:
    operand = operand_of(types.Text(), OPERATORS[name])
    assert operand.type == LikePattern()
    assert refusal(lambda: operand.parse("a\\", 1)).code == "invalid-value"
    assert operand_of(types.Text(), OPERATORS["cont"]).parse("a\\", 1) == "a\\"


@pytest.mark.parametrize("type", [types.Boolean(), types.Integer(16), types.Text(), types.Uuid()], ids=repr)
def test_the_operand_follows_the_arity(type: ValueType[Any, Any]) -> None:
    for operator in offered_by(type.name):
        operand = operand_of(type, operator)
        assert operand is operand_of(type, operator)
        assert isinstance(operand, ListOperand) is (operator.arity is Arity.LIST)
        if operator.arity is Arity.FLAG:
            assert (operand.parse("t", 1), operand.load(False, 1), operand.render(True)) == (True, False, "true")
            assert refusal(lambda operand=operand: operand.parse("yes", 1)).code == "invalid-value"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb", "'a\\nb'"),
        ("x" * 64, repr("x" * 64)),
        ("x" * 65, repr("x" * 64 + "…")),
        ("\ud800", "'\\ud800'"),
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (-3, "-3"),
        (10**30, str(10**30)),
        (10**40, "a long number"),
        (1.5, "1.5"),
        ([1], "a list"),
        ({}, "an object"),
        (Decimal(1), "a Decimal"),
    ],
)
def test_how_values_are_shown(value: object, text: str) -> None:
    assert shown(value) == text
