"""The quick writers of fields against the fields themselves, value by value."""

from decimal import Decimal
from types import NoneType
from typing import Any

import pytest
from marshmallow import fields

from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.serialization import StoredFilters, Typed
from jsonapi_sieve.serialization.compiled.scalars import bound, passing, writer
from tests.serialization.compiled.values import VALUES, Colour, Odd, form, outcome

IP: Any = fields.IP


class CallFilters(FilterSet):
    duration = Field(types.Integer(32))


class Shouted(fields.Str):
    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return f"{value}!"


class Doubled(fields.Integer):
    def _format_num(self, value: Any) -> Any:
        return 2 * int(value)


class Fractional(fields.Integer):
    num_type: Any = complex


class Rounded(types.Integer):
    pass


class Repriced(Typed):
    def _constant(self, value: object) -> Any:
        return 1


def typed(*value_types: types.ValueType[Any, Any]) -> list[Typed]:
    return [Typed(value_type) for value_type in value_types]


KNOWN: list[Any] = [
    *(
        fields.Raw(),
        fields.Str(),
        fields.Email(),
        fields.Url(),
        fields.UUID(),
        fields.Bool(),
        StoredFilters(CallFilters()),
    ),
    *(fields.Bool(truthy={"yes"}, falsy={1}), fields.Int(), fields.Int(strict=True), fields.Int(as_string=True)),
    *(fields.Float(), fields.Float(allow_nan=True), fields.Float(as_string=True), fields.Decimal(), fields.Decimal(2)),
    *(fields.Decimal(as_string=True), fields.Decimal(2, "ROUND_UP", as_string=True), fields.Decimal(allow_nan=True)),
    *(fields.Decimal(as_string=True, allow_nan=True), fields.Decimal(0, "ROUND_DOWN"), fields.TimeDelta()),
    *(fields.DateTime(), fields.DateTime("rfc"), fields.DateTime("timestamp"), fields.DateTime("%d/%m/%Y")),
    *(
        fields.NaiveDateTime("timestamp_ms"),
        fields.AwareDateTime("iso8601"),
        fields.Date(),
        fields.Date("%Y"),
        fields.Time(),
    ),
    *(
        fields.Time("%H"),
        IP(),
        IP(exploded=True),
        fields.IPv6Interface(exploded=True),
        fields.IPInterface(),
    ),
    *(fields.Enum(Colour), fields.Enum(Colour, by_value=True), fields.Enum(Colour, by_value=fields.Str)),
    *(fields.List(fields.Int()), fields.Dict(), fields.List(fields.List(fields.Str()))),
    *typed(types.Boolean(), types.Integer(16), types.Decimal(), types.Text(), types.Enum("red"), types.Uuid()),
    *typed(
        *(types.Address(), types.Date(), types.Timestamp(), types.Timestamp(digits=3), types.Timestamp(zone="UTC")),
    ),
]

UNKNOWN: list[Any] = [
    *(
        Shouted(),
        Doubled(),
        Fractional(),
        fields.Enum(Odd),
        fields.Enum(Colour, by_value=Shouted),
        fields.List(Shouted),
    ),
    *(
        fields.Dict(keys=fields.Str()),
        fields.Dict(values=fields.Str()),
        fields.Tuple((fields.Str(),)),
        fields.Nested("X"),
    ),
    *(fields.Constant(1), fields.Function(str), Repriced(types.Integer()), Typed(Rounded())),
    *(Typed(types.Float()), Typed(types.Decimal(exact=False))),
]


def named(case: Any) -> str:
    return type(case).__name__


@pytest.mark.parametrize("field", KNOWN, ids=named)
def test_writers_write_what_the_field_does(field: Any) -> None:
    write = writer(field)
    assert write is not None
    for value in VALUES:
        assert outcome(write, value) == outcome(field._serialize, value, None, None)


@pytest.mark.parametrize("field", KNOWN, ids=named)
def test_values_that_pass_are_written_as_they_are(field: Any) -> None:
    classes = passing(field)
    assert classes is not None
    assert NoneType in classes
    for value in VALUES:
        if type(value) in classes:
            assert outcome(field._serialize, value, None, None) == form(value)


@pytest.mark.parametrize(
    ("field", "classes"),
    [
        (fields.Str(), {str}),
        (fields.Int(), {int}),
        (fields.Float(allow_nan=True), {float}),
        (fields.Float(as_string=True), set()),
        (fields.Decimal(), {Decimal}),
        (fields.Decimal(2), set()),
        (fields.Decimal(allow_nan=True), set()),
        (fields.Raw(), {bool, int, float, str}),
        (Typed(types.Boolean()), {bool}),
        (Typed(types.Integer()), set()),
    ],
    ids=named,
)
def test_classes_that_pass(field: Any, classes: set[type]) -> None:
    assert set(passing(field) or ()) == classes | {NoneType}


@pytest.mark.parametrize("field", UNKNOWN, ids=named)
def test_fields_that_are_not_known(field: Any) -> None:
    assert writer(field) is None
    assert passing(field) is None


def test_a_function_of_an_instance_s_own_is_not_known() -> None:
    field: Any = fields.Str()
    field._serialize = str.upper
    assert writer(field) is None


def test_integers_pass_that_lie_between_their_bounds() -> None:
    field: Any = Typed(types.Integer(16))
    limit = bound(field) or 0
    assert field._serialize(limit - 1, None, None) == limit - 1
    assert outcome(field._serialize, limit, None, None) != form(limit)
    assert bound(fields.Int()) is None
    assert bound(Typed(types.Decimal())) is None
    assert bound(Typed(Rounded())) is None
