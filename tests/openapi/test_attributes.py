"""Fields of schemas: what documents show of them, and what clients send."""

from __future__ import annotations

import enum
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from marshmallow import Schema, fields, validate

from jsonapi_sieve import Limits, types
from jsonapi_sieve.openapi.attributes import sent_attribute, shown_attribute
from jsonapi_sieve.openapi.components import Components
from jsonapi_sieve.openapi.values import nullable, sent, shown, stored
from jsonapi_sieve.serialization import Typed


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Own(fields.String):
    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return {"text": value}


@pytest.mark.parametrize(
    ("field", "schema"),
    [
        (fields.Boolean(), {"type": "boolean"}),
        (fields.Integer(validate=validate.Range(min=1)), {"type": "integer", "minimum": 1}),
        (fields.Integer(validate=validate.Range(max=9)), {"type": "integer", "maximum": 9}),
        (fields.Float(), {"type": "number"}),
        (fields.Decimal(as_string=True), {"type": "string", "format": "decimal"}),
        (fields.Decimal(), {"type": "number"}),
        (fields.String(validate=validate.OneOf(["a", "b"])), {"type": "string", "enum": ["a", "b"]}),
        (fields.String(validate=validate.Length(1, 9)), {"type": "string", "minLength": 1, "maxLength": 9}),
        (fields.String(validate=validate.Length(equal=2)), {"type": "string", "minLength": 2, "maxLength": 2}),
        (fields.String(validate=validate.Regexp("a")), {"type": "string", "pattern": "^(?:a)"}),
        (fields.String(validate=validate.Regexp(r"\+?[0-9]+\Z")), {"type": "string", "pattern": r"^(?:\+?[0-9]+)$"}),
        (
            fields.String(validate=[validate.Regexp("(?:a|b)?"), validate.Regexp("c")]),
            {"type": "string", "pattern": "^(?:(?:a|b)?)"},
        ),
        *(
            (fields.String(validate=validate.Regexp(regex, flags)), {"type": "string"})
            for regex, flags in (
                ("a", re.IGNORECASE),
                (r"\w", 0),
                (re.compile(b"a"), 0),
                ("a++", 0),
                ("(?=a)", 0),
                ("(?P<n>a)", 0),
                ("a$", 0),
            )
        ),
        (fields.Integer(validate=validate.Regexp("a")), {"type": "integer"}),
        (fields.Email(), {"type": "string", "format": "email"}),
        (fields.Url(), {"type": "string", "format": "uri"}),
        (fields.UUID(), {"type": "string", "format": "uuid"}),
        (fields.IP(), {"type": "string"}),  # type: ignore[no-untyped-call]
        (fields.DateTime(), {"type": "string", "format": "date-time"}),
        (fields.AwareDateTime(), {"type": "string", "format": "date-time"}),
        (fields.NaiveDateTime(), {"type": "string"}),
        (fields.DateTime(format="%Y"), {"type": "string"}),
        (fields.DateTime(format="timestamp"), {"type": "number"}),
        (fields.Date(), {"type": "string", "format": "date"}),
        (fields.Time(), {"type": "string"}),
        (fields.Enum(Colour), {"enum": ["RED", "BLUE"]}),
        (fields.Enum(Colour, by_value=True), {"enum": ["red", "blue"]}),
        (fields.List(fields.Integer()), {"type": "array", "items": {"type": "integer"}}),
        (fields.Dict(), {"type": "object"}),
        (fields.Raw(), {}),
        (Own(), {}),
        (fields.Integer(as_string=True), {"type": "string", "pattern": "^-?[0-9]+$"}),
        (fields.Float(as_string=True), {"type": "string"}),
        (
            fields.Integer(validate=validate.Range(1, 9, min_inclusive=False, max_inclusive=False)),
            {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 9},
        ),
        (fields.Decimal(validate=validate.Range(min=0)), {"type": "number", "minimum": 0}),
        (fields.Decimal(validate=validate.Range(min=Decimal("0.5"))), {"type": "number"}),
        (fields.Decimal(as_string=True, validate=validate.Range(min=0)), {"type": "string", "format": "decimal"}),
        (fields.Date(validate=validate.Range(min=date(2020, 1, 1))), {"type": "string", "format": "date"}),
        (fields.Date(validate=validate.OneOf([date(2020, 1, 1)])), {"type": "string", "format": "date"}),
        (fields.String(validate=validate.OneOf(set("cabd"))), {"type": "string", "enum": ["a", "b", "c", "d"]}),
        (
            fields.String(validate=[validate.Length(1, 3), validate.Length(2, 5)]),
            {"type": "string", "minLength": 2, "maxLength": 3},
        ),
        (
            fields.List(fields.Integer(allow_none=True), validate=validate.Length(max=2)),
            {"type": "array", "items": {"type": ["integer", "null"]}, "maxItems": 2},
        ),
        (
            fields.List(fields.String(), validate=validate.ContainsOnly(["a"])),
            {"type": "array", "items": {"type": "string"}},
        ),
        (fields.Dict(validate=validate.Length(max=2)), {"type": "object", "maxProperties": 2}),
        (fields.Integer(validate=validate.Length(max=2)), {"type": "integer"}),
    ],
)
def test_a_field_of_marshmallow_is_told_by_its_class_and_validators(
    field: fields.Field, schema: dict[str, Any]
) -> None:
    bound = Schema.from_dict({"x": field})().fields["x"]
    assert shown_attribute(bound, is_known=True, visible=None) == schema
    assert sent_attribute(bound, name="x", components=Components(), visible=None) == schema


@pytest.mark.parametrize(
    ("type_", "schema"),
    [
        (types.Boolean(), {"type": "boolean"}),
        (types.Integer(16), {"type": "integer", "minimum": -32768, "maximum": 32767}),
        (types.Integer(32), {"type": "integer", "format": "int32", "minimum": -(2**31), "maximum": 2**31 - 1}),
        (types.Decimal(), {"type": "string", "format": "decimal", "pattern": r"^-?[0-9]+\.[0-9]+$"}),
        (types.Float(), {"type": "number", "format": "double"}),
        (types.Timestamp(), {"type": "string", "format": "date-time"}),
        (types.Date(), {"type": "string", "format": "date"}),
        (types.Text(), {"type": "string"}),
        (types.Enum("a", "b,c"), {"type": "string", "enum": ["a", "b,c"]}),
    ],
)
def test_a_value_type_is_told_as_it_is_shown(type_: types.ValueType[Any, Any], schema: dict[str, Any]) -> None:
    assert shown(type_) == schema
    assert shown_attribute(Typed(type_), is_known=True, visible=None) == schema


def test_a_value_that_is_stored_has_to_fit() -> None:
    for bits in (16, 32, 64):
        whole, text = stored(types.Integer(bits))["anyOf"]
        assert whole["maximum"] == 2 ** (bits - 1) - 1
        longest = "9" * int(text["pattern"].partition("{1,")[2].partition("}")[0])
        assert int(longest) <= whole["maximum"] < int(f"{longest}9")
    digits = stored(types.Decimal(scale=2))["anyOf"][1]["pattern"]
    assert digits == r"^[+-]?(?:[0-9]{1,38}(?:\.[0-9]{0,2})?|\.[0-9]{1,2})$"
    assert stored(types.Decimal(scale=40))["anyOf"][1]["pattern"] == r"^[+-]?0?\.[0-9]{1,40}$"


@pytest.mark.parametrize(
    ("type_", "rules", "told"),
    [
        (types.Integer(16), [validate.Range(1, 9)], {"minimum": 1, "maximum": 9}),
        (types.Integer(16), [validate.OneOf([1, 2])], {"enum": [1, 2]}),
        (types.Float(), [validate.Range(min=0, min_inclusive=False)], {"exclusiveMinimum": 0}),
        (types.Decimal(scale=2), [validate.Range(max=9)], {"maximum": 9}),
        (types.Text(), [validate.Length(1, 9)], {"minLength": 1, "maxLength": 9}),
        (types.Date(), [validate.Range(min=date(2020, 1, 1))], {}),
        (types.Uuid(), [validate.OneOf(["a"])], {}),  # which clients may send in capitals
    ],
)
def test_validators_of_a_typed_field_are_told_of_what_is_sent(
    type_: types.ValueType[Any, Any], rules: list[Any], told: dict[str, Any]
) -> None:
    plain, field = stored(type_), Typed(type_, validate=rules)
    described = sent_attribute(field, name="x", components=Components(), visible=None)
    if "anyOf" in plain:
        number, text = plain["anyOf"]
        assert described == {**plain, "anyOf": [number | told, text]}
    else:
        assert described == plain | told
    assert stored(type_) == plain
    assert shown_attribute(field, is_known=True, visible=None) == shown(type_)
    nested = Schema.from_dict({"x": field})
    inner = sent_attribute(fields.Nested(nested), name="a", components=Components(), visible=None)
    assert inner["properties"]["x"] == described


class Nobody(enum.Enum):
    pass


@pytest.mark.parametrize(
    "field", [fields.String(validate=[validate.OneOf(()), validate.Length(max=9)]), fields.Enum(Nobody)]
)
def test_what_takes_nothing_is_told_so_without_an_empty_enumeration(field: fields.Field) -> None:
    """An enumeration has elements (JSON Schema, "enum")."""
    assert sent_attribute(field, name="x", components=Components(), visible=None) == {"not": {}}


def test_what_takes_null_only_is_told_as_null() -> None:
    """An enumeration without values, beside null, is more than some can read."""
    field = fields.String(allow_none=True, validate=[validate.OneOf(()), validate.Length(max=9)])
    assert sent_attribute(field, name="x", components=Components(), visible=None) == {"type": "null"}


def test_what_may_be_null_is_told() -> None:
    assert shown_attribute(fields.Str(), is_known=False, visible=None) == {"type": ["string", "null"]}
    either = {"anyOf": [{"enum": ["RED", "BLUE"]}, {"type": "null"}]}
    assert shown_attribute(fields.Enum(Colour), is_known=False, visible=None) == either
    assert shown_attribute(fields.Raw(), is_known=False, visible=None) == {}
    sent = sent_attribute(fields.Str(allow_none=True), name="x", components=Components(), visible=None)
    assert sent == {"type": ["string", "null"]}


def test_of_a_type_of_ones_own_nothing_is_known() -> None:
    class Duration(types.Integer):
        pass

    assert shown(Duration()) == stored(Duration()) == {}
    assert sent(Duration(), Limits()) == {"description": "an integer such as 10 or -3"}


class Span(Schema):
    begin = Typed(types.Boolean(), data_key="from", required=True)
    note = fields.String(allow_none=True)
    shown_only = fields.Integer(dump_only=True)
    whole = fields.Nested("Span", load_only=True)


class Lenient(Schema):
    class Meta:
        unknown = "exclude"

    text = fields.String()


def test_the_object_of_a_nested_schema_is_told_by_its_members() -> None:
    begin = shown(types.Boolean())
    assert shown_attribute(fields.Nested(Span), is_known=True, visible=None) == {
        "type": "object",
        "properties": {
            "from": nullable(begin),
            "note": {"type": ["string", "null"]},
            "shown_only": {"type": ["integer", "null"]},
        },
    }
    assert sent_attribute(fields.Nested(Span), name="a", components=Components(), visible=None) == {
        "type": "object",
        "properties": {"from": stored(types.Boolean()), "note": {"type": ["string", "null"]}, "whole": {}},
        "required": ["from"],
        "additionalProperties": False,
    }


def test_several_objects_of_a_nested_schema_are_an_array() -> None:
    field = fields.Nested(Lenient, many=True)
    text = {"type": "object", "properties": {"text": {"type": "string"}}}
    sent_as = sent_attribute(field, name="a", components=Components(), visible=None)
    assert sent_as == {"type": "array", "items": text}
    assert shown_attribute(field, is_known=False, visible=None)["type"] == ["array", "null"]
    assert sent_attribute(fields.Pluck(Lenient, "text"), name="a", components=Components(), visible=None) == {}
