"""What holds for every type."""

from __future__ import annotations

import copy
import json
import pickle
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import types
from jsonapi_sieve.operators import defaults_of
from jsonapi_sieve.testing.strategies.near import AnyType
from jsonapi_sieve.types import Fit, InvalidValue
from tests.types.constants import CONSTANTS, EPOCH, HOSTILE, NEW_YEAR

TYPES = [type_ for type_, _ in CONSTANTS]
over_types = pytest.mark.parametrize("type_", TYPES, ids=repr)
over_constants = pytest.mark.parametrize(("type_", "constants"), CONSTANTS, ids=map(repr, TYPES))

NUMBER = re.compile(r"[+-]?0{0,3}[0-9]{0,45}(\.[0-9]{0,45})?([eE][+-]?[0-9]{1,4})?")
ADDRESS = re.compile(r"[0-9a-f:.]{1,20}(/[0-9]{1,4})?")
MOMENT = re.compile(
    r"""[0-9]{4}-[01][0-9]-[0-3][0-9]
        ([T\ ][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\.[0-9]{1,10})?)?)?
        (Z|[+-][012][0-9]:[0-9]{2})?""",
    re.VERBOSE,
)
SPELLINGS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(HOSTILE),
    st.from_regex(NUMBER, fullmatch=True),
    st.from_regex(MOMENT, fullmatch=True),
    st.from_regex(ADDRESS, fullmatch=True),
)


@over_constants
@given(st.data())
def test_constants_return(type_: AnyType, constants: st.SearchStrategy[Any], data: st.DataObject) -> None:
    constant = data.draw(constants)
    dumped = type_.dump(constant)
    for back in (
        type_.parse(type_.render(constant)),
        type_.load(dumped),
        type_.load(type_.render(constant)),
        type_.load(json.loads(json.dumps(dumped))),
        type_.accept(constant),
    ):
        assert back == constant
        assert type(back) is type(constant)


@over_constants
@given(st.data())
def test_held_are_those_that_have_a_place(
    type_: AnyType, constants: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    values = tuple(data.draw(st.lists(constants, max_size=4)))
    assert type_.held(values) == tuple(value for value in values if type_.place(value)[0] is Fit.EXACT)


@over_constants
@given(st.data())
def test_place_has_an_order(type_: AnyType, constants: st.SearchStrategy[Any], data: st.DataObject) -> None:
    constant = data.draw(constants)
    fit, held = type_.place(constant)
    if type_.unbounded:
        assert fit is Fit.EXACT
    if fit is Fit.BETWEEN:
        assert held < constant
    if fit in (Fit.BETWEEN, Fit.EXACT):
        assert type_.place(held) == (Fit.EXACT, held)
    if fit is not Fit.BETWEEN and type_ != types.Decimal(exact=False):
        assert held == constant


@over_types
@given(text=SPELLINGS)
def test_text_is_refused_or_has_one_canonical_form(type_: AnyType, text: str) -> None:
    try:
        constant = type_.parse(text)
    except InvalidValue:
        return
    canonical = type_.render(constant)
    assert type_.parse(canonical) == constant
    assert type_.render(type_.parse(canonical)) == canonical


WHOLE = ["01", "2", "-1", "20240101"]
TAKEN = {
    "integer": WHOLE,
    "decimal": WHOLE,
    "float": WHOLE,
    "enum": ["é"],
    repr(types.Timestamp(loose=True)): ["20240101"],
}


@over_types
def test_hostile_text_is_refused(type_: AnyType) -> None:
    taken = []
    for text in HOSTILE:
        try:
            type_.parse(text)
        except InvalidValue:
            continue
        taken.append(text)
    if type_.name == "text":
        assert taken == [text for text in HOSTILE if text not in ("\0", "\ud800")]
    else:
        assert taken == TAKEN.get(repr(type_), TAKEN.get(type_.name, []))


@over_types
def test_only_text_may_be_empty(type_: AnyType) -> None:
    if type_.name == "text":
        assert type_.parse("") == ""
    else:
        with pytest.raises(InvalidValue, match=re.escape(f"is not {type_.expected}")):
            type_.parse("")


@over_types
@pytest.mark.parametrize("value", [None, [], {}, [1], b"1", 1j, ...], ids=repr)
def test_other_json_is_refused(type_: AnyType, value: object) -> None:
    with pytest.raises(InvalidValue, match=re.escape(f"is not {type_.expected}")):
        type_.load(value)


@over_types
@pytest.mark.parametrize("value", [None, [], b"1", 1j, object()], ids=lambda value: type(value).__name__)
def test_other_objects_are_refused(type_: AnyType, value: object) -> None:
    with pytest.raises(TypeError, match=re.escape(f"{type_!r} takes ") + rf".*, not {type(value).__name__}"):
        type_.accept(value)


@over_types
def test_rows_of_no_type_are_refused(type_: AnyType) -> None:
    with pytest.raises(
        TypeError, match=re.escape(f"the rows hold bytes values where {type_!r} expects ") + ".*: convert"
    ):
        type_.kind(b"")


ACCEPTED: dict[str, list[object]] = {
    "integer": [1],
    "decimal": [1],
    "float": [1, 1.5],
    "boolean": [True],
    "text": ["0"],
    "enum": ["0"],
    "uuid": [],
    "address": [],
    "timestamp": [EPOCH],
    "date": [NEW_YEAR],
}


@over_types
@pytest.mark.parametrize("value", [True, 1, 1.5, "0", EPOCH, NEW_YEAR], ids=repr)
def test_no_type_stands_for_another(type_: AnyType, value: object) -> None:
    taken = any(type(value) is type(accepted) and value == accepted for accepted in ACCEPTED[type_.name])
    if taken:
        assert type_.accept(value) == value
    elif isinstance(value, str) and type_.name in ("uuid", "address"):
        with pytest.raises(InvalidValue):
            type_.accept(value)
    else:
        with pytest.raises(TypeError):
            type_.accept(value)


@over_types
def test_types_are_values(type_: AnyType) -> None:
    same = pickle.loads(pickle.dumps(type_))  # noqa: S301
    assert same == type_ == copy.deepcopy(type_)
    assert hash(same) == hash(type_)
    assert [other for other in TYPES if other == type_] == [type_]
    assert not hasattr(type_, "__dict__")
    assert eval(repr(type_), vars(types)) == type_  # noqa: S307
    assert type_ != repr(type_)
    with pytest.raises(AttributeError, match="cannot be changed: name is fixed"):
        type_.name = "other"  # type: ignore[misc]


@over_types
def test_each_type_has_operators(type_: AnyType) -> None:
    assert defaults_of(type_.name)


def test_kinds_are_compared_by_identity() -> None:
    kind: types.Kind[str] = types.Kind("text")
    other: types.Kind[str] = types.Kind("text")
    assert kind != other
    assert len({kind, other}) == 2
    assert repr(kind) == "Kind('text')"
    with pytest.raises(AttributeError, match="Kind cannot be changed: name is fixed"):
        kind.name = "other"
    with pytest.raises(AttributeError, match="Kind cannot be changed: convert is fixed"):
        del kind.convert
