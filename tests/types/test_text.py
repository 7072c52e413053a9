from __future__ import annotations

import enum
import re

import pytest

from jsonapi_sieve import types
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.types import InvalidValue
from jsonapi_sieve.types.base import TEXT
from jsonapi_sieve.types.text import TRUTH


class Status(enum.StrEnum):
    PENDING = "Pending"


class Mixed(str, enum.Enum):  # noqa: UP042  (its str() is not its value)
    PENDING = "Pending"


STATUS = types.Enum("Pending", "Completed")
BOOLEAN = types.Boolean()


@pytest.mark.parametrize(
    "text", ["", " ", "é", "e\u0301", "a\nb\r", "%_\\", "\ufffd", "\u202e", "\U0001f600", "x" * 10**6]
)
def test_text_is_kept_as_it_is(text: str) -> None:
    for take in (types.Text().parse, types.Text().load, types.Text().accept, types.Text().render, types.Text().dump):
        assert take(text) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\0", "holds the character NUL"),
        ("é\0", "holds the character NUL"),
        ("\ud800", "holds half of a surrogate pair"),
        ("a\udfff", "holds half of a surrogate pair"),
        ("\ud83d\ude00", "holds half of a surrogate pair"),
    ],
    ids=ascii,
)
def test_text_refuses_what_cannot_be_encoded(text: str, message: str) -> None:
    for take in (types.Text().parse, types.Text().load, types.Text().accept):
        with pytest.raises(InvalidValue, match=message):
            take(text)


@pytest.mark.parametrize("value", [1, 1.5, True, b"a"])
def test_only_text_is_text(value: object) -> None:
    for type_ in (types.Text(), STATUS):
        with pytest.raises(InvalidValue, match=f"is not {type_.expected}"):
            type_.load(value)
        with pytest.raises(TypeError, match=f"takes str, not {type(value).__name__}"):
            type_.accept(value)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=f"the rows hold {type(value).__name__} values where .* expects str: "):
            type_.kind(value)


@pytest.mark.parametrize("type_", [types.Text(), STATUS], ids=repr)
@pytest.mark.parametrize("member", [Status.PENDING, Mixed.PENDING], ids=repr)
def test_a_text_constant_is_plain(type_: types.ValueType[str, str], member: str) -> None:
    assert type_.accept(member) == "Pending"
    assert type(type_.accept(member)) is str


def test_rows_of_text() -> None:
    assert types.Text().kind("a") is types.Text().kind("") is STATUS.kind("Unknown") is TEXT
    assert TEXT.convert is None


def test_enum_spellings() -> None:
    assert STATUS.parse("Pending") == STATUS.load("Pending") == STATUS.accept("Pending") == "Pending"
    assert STATUS.members == ("Pending", "Completed")
    assert types.Enum("a") != types.Enum("a", "b") != types.Enum("b", "a")


@pytest.mark.parametrize(
    "text", ["pending", "PENDING", " Pending", "Pending ", "Pend", "Pending,Completed", "Pending\0"]
)
def test_enum_refusals(text: str) -> None:
    for take in (STATUS.parse, STATUS.load, STATUS.accept):
        with pytest.raises(InvalidValue, match=r"^is not one of Pending, Completed$"):
            take(text)


@pytest.mark.parametrize("members", [(), ("",), ("a", ""), ("a", "b", "a")])
def test_enum_declarations(members: tuple[str, ...]) -> None:
    with pytest.raises(DeclarationError, match=re.escape(f"distinct and not empty; these are {members!r}")):
        types.Enum(*members)


def test_enum_members_are_text() -> None:
    assert repr(types.Enum(Mixed.PENDING, "a,b")) == "Enum('Pending', 'a,b')"
    with pytest.raises(TypeError, match=r"takes str, not int"):
        types.Enum("a", 1)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match=r"holds the character NUL"):
        types.Enum("a\0")


@pytest.mark.parametrize(
    ("text", "value"),
    [(text, True) for text in ("true", "TRUE", "1", "t", "T")]
    + [(text, False) for text in ("false", "FALSE", "0", "f", "F")],
)
def test_boolean_spellings(text: str, value: bool) -> None:
    assert BOOLEAN.parse(text) is BOOLEAN.load(text) is BOOLEAN.load(value) is BOOLEAN.accept(value) is value


@pytest.mark.parametrize(
    "text", ["True", "False", "yes", "no", "on", "off", "2", "-1", "01", "1.0", " true", "true ", "null"]
)
def test_boolean_refusals(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"^is not true or false$"):
        BOOLEAN.parse(text)


def test_only_truth_is_boolean() -> None:
    assert (BOOLEAN.render(True), BOOLEAN.render(False), BOOLEAN.dump(True)) == ("true", "false", True)
    assert BOOLEAN.kind(False) is TRUTH
    for value in (1, 0, 1.0):
        with pytest.raises(InvalidValue, match=r"is not true or false"):
            BOOLEAN.load(value)
    with pytest.raises(TypeError, match=r"Boolean\(\) takes bool, not int"):
        BOOLEAN.accept(1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"hold int values where Boolean\(\) expects bool: declare types.Integer\(\)"):
        BOOLEAN.kind(1)


class Twice(enum.Enum):
    A = "B"
    B = 2


def test_an_enumeration_class_has_distinct_texts() -> None:
    with pytest.raises(DeclarationError, match="two members of Twice have one text"):
        types.Enum(Twice)


class Colour(enum.Enum):
    RED = "red"
    BLUE = 2


def test_an_enumeration_class_stands_for_its_texts() -> None:
    assert types.Enum(Colour) == types.Enum("red", "BLUE")
    assert types.Enum(Colour).accept(Colour.BLUE) == "BLUE"
    kind = types.Enum("red").kind(Colour.RED)
    assert kind.convert is not None
    assert kind.convert("red") is Colour.RED
    with pytest.raises(TypeError, match=r"declare types\.Enum\(Colour\)"):
        types.Enum("green").kind(Colour.RED)
