"""The check of value types takes those of the library, and tells each law that one breaks."""

from __future__ import annotations

import ipaddress
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from jsonapi_sieve import types
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime
from jsonapi_sieve.testing import assert_value_type
from jsonapi_sieve.types import Fit, InvalidValue, ValueType

IDS = ["123e4567-e89b-12d3-a456-426614174000", "223e4567-e89b-12d3-a456-426614174000"]


@pytest.mark.parametrize(
    ("type_", "texts", "refused", "column"),
    [
        (types.Boolean(), ["false", "true"], ["no"], sa.Boolean()),
        (types.Integer(16), ["-32768", "0", "+7"], ["1.5", "x"], sa.SmallInteger()),
        (types.Decimal(scale=2), ["-1e2", "0.5", "1"], ["1,5"], ExactDecimal(scale=2)),
        (types.Float(), ["-1", "0.5", "1e30"], ["nan"], sa.Double()),
        (types.Timestamp(digits=3), ["2019-01-01", "2019-01-01T00:00:00.001Z"], ["noon"], UtcDateTime(digits=3)),
        (types.Date(), ["0001-01-01", "2020-02-29"], ["2019-02-29"], sa.Date()),
        (types.Text(), ["", "B", "a", "é"], ["\0"], sa.Text()),
        (types.Enum("b", "a"), ["b", "a"], ["B"], sa.Enum("a", "b")),
        (types.Uuid(), IDS, ["1"], sa.Uuid(as_uuid=False)),
        (types.Address(), ["::1", "10.0.0.1"], ["ten"], sa.String()),
    ],
    ids=repr,
)
def test_the_librarys_types_keep_the_laws(
    type_: ValueType[Any, Any], texts: list[str], refused: list[str], column: Any
) -> None:
    assert_value_type(type_, texts, refused=refused, column=column)


def test_rows_may_hold_the_values_in_another_kind() -> None:
    assert_value_type(types.Uuid(), IDS, rows=[uuid.UUID(text) for text in IDS], column=sa.Uuid())
    hosts = ["10.0.0.1", "10.0.0.0/8"]
    assert_value_type(types.Address(), hosts, rows=[ipaddress.ip_address(hosts[0]), ipaddress.ip_interface(hosts[1])])


class Cut(types.Integer):
    def render(self, value: int) -> str:
        return str(value // 10)


class Shut(types.Integer):
    def load(self, value: object) -> int:
        raise InvalidValue("is shut out")


class Turned(types.Integer):
    def parse(self, text: str) -> int:
        return -super().parse(text)


class Narrow(types.Integer):
    @property
    def unbounded(self) -> bool:
        return True

    def place(self, value: int) -> tuple[Fit, int]:
        return (Fit.EXACT, value + 1) if value < 5 else (Fit.ABOVE, value)


class Wild(types.Text):
    def parse(self, text: str) -> str:
        return text.lower() if text != "x" else text[1]


class Settled(types.Text):
    def __init__(self, *, short: bool = False) -> None:
        object.__setattr__(self, "short", short)


class Loose(types.Text):
    """It is one text to us, and two to rows."""

    def accept(self, value: str) -> str:
        return value.strip()


class Spoken(types.Integer):
    def parse(self, text: str) -> Any:
        return {"two": "2", "three": 3}.get(text, 1.0)


class Coined(types.Integer):
    def __init__(self, currency: str) -> None:
        super().__init__(32)
        object.__setattr__(self, "currency", currency)


class OfOthers(types.Text):
    def kind(self, sample: object) -> types.Kind[str]:
        raise TypeError("the rows hold something else")


@pytest.mark.parametrize(
    ("type_", "texts", "told"),
    [
        (types.Integer(), ["x"], ["'x' is refused: it is not an integer such as 10 or -3"]),
        (Cut(), ["7"], ["parse(render(7)) is 0"]),
        (Shut(), ["7"], ["load(dump(7)) raises InvalidValue('is shut out')"]),
        (
            Turned(),
            ["1", "2"],
            ["parse(render(-1)) is 1", "parse(render(-2)) is 2", "the constants of '1', '2' do not ascend: -1, -2"],
        ),
        (
            Narrow(),
            ["4", "5"],
            [
                "place(4) gives 5, whose place is another",
                "place(5) is ABOVE, and the type says that it is unbounded",
            ],
        ),
        (types.Integer(16), ["7", "007"], ["the constants of '7', '007' do not differ: 7, 7"]),
        (Loose(), [" a"], ["accept(' a') is 'a'", "in Python, value in ('a',) finds the rows [] and not [0]"]),
        (
            Spoken(),
            ["one"],
            [
                "load(dump(1.0)) raises InvalidValue('is not an integer such as 10 or -3')",
                "rows cannot be asked: Spoken(bits=64) takes int, not float",
            ],
        ),
        (OfOthers(), ["a"], ["rows cannot be asked: value: the rows hold something else"]),
    ],
    ids=repr,
)
def test_each_law_that_is_broken_is_told(type_: ValueType[Any, Any], texts: list[str], told: list[str]) -> None:
    with pytest.raises(AssertionError) as raised:
        assert_value_type(type_, texts)
    lines = [line.removeprefix(f"{type_!r}: ") for line in str(raised.value).split("\n")]
    assert lines[: len(told)] == told


def test_text_that_is_taken_or_breaks_something_is_told() -> None:
    with pytest.raises(AssertionError) as raised:
        assert_value_type(Wild(), ["a"], refused=["A", "x"])
    assert str(raised.value).split("\n") == [
        "Wild(): 'A' is taken for 'a'",
        "Wild(): 'x' raises IndexError('string index out of range') in the place of InvalidValue",
    ]


def test_constants_that_do_not_compare_are_told() -> None:
    with pytest.raises(AssertionError, match=r"the constants of 'two', 'three' cannot be compared: '<' not supported"):
        assert_value_type(Spoken(), ["two", "three"])


def test_settings_that_do_not_make_the_type_are_told() -> None:
    with pytest.raises(AssertionError, match=r"made again with what _settings\(\) names: .* argument 'bits'"):
        assert_value_type(Coined("EUR"), ["1"])


def test_settings_that_are_not_named_are_told() -> None:
    assert_value_type(Settled(), ["a"])
    with pytest.raises(AssertionError, match=r"made again with what .* names it is another type"):
        assert_value_type(Settled(short=True), ["a"])


class Negated(sa.TypeDecorator[int]):
    """It holds numbers, and sorts them the other way round."""

    impl: Any = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: object) -> int:
        return -(value or 0)


class OfNegated(types.Integer):
    def sent_to(self, column: object) -> object:
        return column if isinstance(column, Negated) else None


def test_a_column_has_to_fit() -> None:
    with pytest.raises(
        AssertionError, match=r"rows cannot be asked: value: held.value is Text\(\); .* needs SmallInteger"
    ):
        assert_value_type(types.Integer(), ["7", "8"], column=sa.Text())


def test_a_column_has_to_sort_as_the_constants_do() -> None:
    with pytest.raises(AssertionError) as raised:
        assert_value_type(OfNegated(), ["7", "8"], column=Negated())
    assert str(raised.value).split("\n") == [
        "OfNegated(bits=64): in the column, value > 7 finds the rows [] and not [1]",
        "OfNegated(bits=64): in the column, value > 8 finds the rows [0] and not []",
        "OfNegated(bits=64): in the column, TRUE finds the rows [1, 0] and not [0, 1]",
    ]
