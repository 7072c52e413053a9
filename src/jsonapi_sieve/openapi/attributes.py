"""The fields of a schema as JSON Schema: what documents show of each, and what clients send for it.

A field that writes or reads in its own way, or is of a class of its own, is told as any value; the object of a nested
schema by its members.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from marshmallow import RAISE, fields, validate

from jsonapi_sieve import types
from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.openapi import values
from jsonapi_sieve.openapi.components import Components
from jsonapi_sieve.openapi.patterns import portable
from jsonapi_sieve.openapi.stored import stored_filters
from jsonapi_sieve.openapi.values import JsonSchema, nullable
from jsonapi_sieve.serialization import StoredFilters, Typed

__all__ = ["sent_attribute", "shown_attribute"]

_METHODS: Final = ("_serialize", "_deserialize")


def shown_attribute(field: fields.Field, *, is_known: bool, visible: Visible | None) -> JsonSchema:
    """Describe what documents show of a field; where it is not known to have a value it may be null.

    >>> from jsonapi_sieve import types
    >>> shown_attribute(Typed(types.Boolean()), is_known=False, visible=None)
    {'type': ['boolean', 'null']}
    """
    match field:
        case Typed(value_type=value_type):
            schema = values.shown(value_type)
        case StoredFilters(filter_set=filters):
            schema = stored_filters(filters, shown=True, visible=visible)
        case fields.Nested() if type(field) is fields.Nested:
            schema = _several(_inner_shown(field), field)
        case _:
            schema = _stock(field)
    return schema if is_known else nullable(schema)


def sent_attribute(field: fields.Field, *, name: str, components: Components, visible: Visible | None) -> JsonSchema:
    """Describe what clients may send for a field; `name` is that of the components which it needs.

    >>> sent_attribute(fields.Int(allow_none=True), name="calls.duration", components=Components(), visible=None)
    {'type': ['integer', 'null']}
    """
    match field:
        case Typed():
            schema = _typed_sent(field)
        case StoredFilters(filter_set=filters):
            schema = stored_filters(filters, visible=visible, name=name, components=components)
        case fields.Nested() if type(field) is fields.Nested:
            schema = _several(_inner_sent(field), field)
        case _:
            schema = _stock(field)
    return _allowing_null(field, schema)


def _several(schema: JsonSchema, field: fields.Nested) -> JsonSchema:
    return {"type": "array", "items": schema} if field.many else schema


def _inner_shown(field: fields.Nested) -> JsonSchema:
    """Describe what documents show of the object of a schema; one in it, which may be the same, is any value."""
    members = _members(field.schema.dump_fields, lambda each: nullable(_inner_typed(each, _typed_shown)))
    return {"type": "object", "properties": members}


def _inner_sent(field: fields.Nested) -> JsonSchema:
    """Describe what clients may send for the object of a schema."""
    inner = field.schema.load_fields
    members = _members(inner, lambda each: _allowing_null(each, _inner_typed(each, _typed_sent)))
    required = [each.data_key or name for name, each in inner.items() if each.required]
    return {
        "type": "object",
        "properties": members,
        **({"required": required} if required else {}),
        **({"additionalProperties": False} if field.schema.unknown == RAISE else {}),
    }


def _members(inner: Mapping[str, fields.Field], describe: Callable[[fields.Field], JsonSchema]) -> JsonSchema:
    return {each.data_key or name: describe(each) for name, each in inner.items()}


def _inner_typed(field: fields.Field, describe: Callable[[Typed], JsonSchema]) -> JsonSchema:
    return describe(field) if isinstance(field, Typed) else _stock(field)


def _typed_shown(field: Typed) -> JsonSchema:
    return values.shown(field.value_type)


def _typed_sent(field: Typed) -> JsonSchema:
    """Describe what a value type takes; validators see constants, which only some JSON values are themselves."""
    schema, kind = values.stored(field.value_type), _CONSTANTS.get(type(field.value_type))
    if kind is None:
        return schema
    if "anyOf" not in schema:
        return _validated(schema, field.validators)
    told = [_validated(each, field.validators) if each.get("type") == kind else each for each in schema["anyOf"]]
    return {**schema, "anyOf": told}


def _allowing_null(field: fields.Field, schema: JsonSchema) -> JsonSchema:
    return nullable(schema) if field.allow_none else schema


def _stock(field: Any) -> JsonSchema:
    """Describe a field of marshmallow's own."""
    cls = type(field)
    stock = next((base for base in cls.__mro__ if base in _STOCK), None)
    if stock is None or any(getattr(cls, method) is not getattr(stock, method) for method in _METHODS):
        return {}
    match field:
        case fields.List(inner=inner):
            items = nullable(_stock(inner)) if inner.allow_none else _stock(inner)
            return _validated({"type": "array", "items": items}, field.validators)
        case fields.Enum(enum=members, by_value=by_value):
            return _one_of([member.value if by_value else member.name for member in members])
        case fields.Integer(as_string=True):
            return {"type": "string", "pattern": "^-?[0-9]+$"}
        case fields.Float(as_string=True):
            return {"type": "string"}
        case fields.Decimal(as_string=False) | fields.DateTime(format=("timestamp" | "timestamp_ms")):
            return _validated({"type": "number"}, field.validators)
        case fields.DateTime(format=form) if form not in ("iso", "iso8601"):
            return {"type": "string"}
        case _:
            return _validated(dict(_STOCK[stock]), field.validators)


def _validated(schema: JsonSchema, validators: Iterable[Any]) -> JsonSchema:
    """Add what validators of marshmallow say in words of JSON Schema, as far as it can be said of JSON."""
    schema, kind = dict(schema), schema["type"]
    for rule in validators:
        match rule:
            case validate.OneOf(choices=choices) if type(rule) is validate.OneOf and _are_plain(choices):
                if not choices:
                    return _one_of([])
                # Sets have another order in each process.
                schema |= _one_of(sorted(choices, key=str) if isinstance(choices, (set, frozenset)) else list(choices))
            case validate.Length(min=least, max=most, equal=exactly) if kind in _SIZES:
                _bound(schema, f"min{_SIZES[kind]}", least if exactly is None else exactly, max)
                _bound(schema, f"max{_SIZES[kind]}", most if exactly is None else exactly, min)
            case validate.Regexp(regex=regex) if type(rule) is validate.Regexp and kind == "string":
                if (pattern := portable(regex)) is not None:
                    schema.setdefault("pattern", pattern)
            case validate.Range(min=least, max=most) if kind in ("integer", "number"):
                _bound(schema, "minimum" if rule.min_inclusive else "exclusiveMinimum", least, max)
                _bound(schema, "maximum" if rule.max_inclusive else "exclusiveMaximum", most, min)
            case _:
                pass
    return schema


def _one_of(choices: Collection[Any]) -> JsonSchema:
    """Describe one of some values; of none, for which there is no enumeration, nothing is taken."""
    return {"enum": list(choices)} if choices else dict(values.NOTHING)


def _are_plain(choices: Iterable[Any]) -> bool:
    return all(isinstance(choice, (str, int, float)) for choice in choices)


def _bound(schema: JsonSchema, word: str, bound: Any, tighter: Callable[[Any, Any], Any]) -> None:
    if isinstance(bound, (int, float)):
        schema[word] = tighter(bound, schema.get(word, bound))


_CONSTANTS: Final[Mapping[type, str]] = MappingProxyType(
    {types.Integer: "integer", types.Float: "number", types.Decimal: "number", types.Text: "string"}
)
"""The type of JSON values that are the constants of a type as they are."""

_SIZES: Final[Mapping[str, str]] = MappingProxyType({"string": "Length", "array": "Items", "object": "Properties"})

_STOCK: Final[Mapping[type, JsonSchema]] = MappingProxyType(
    {
        fields.Boolean: {"type": "boolean"},
        fields.Integer: {"type": "integer"},
        fields.Float: {"type": "number"},
        fields.Decimal: {"type": "string", "format": "decimal"},
        fields.Email: {"type": "string", "format": "email"},
        fields.Url: {"type": "string", "format": "uri"},
        fields.UUID: {"type": "string", "format": "uuid"},
        fields.String: {"type": "string"},
        fields.IP: {"type": "string"},
        fields.IPInterface: {"type": "string"},
        fields.NaiveDateTime: {"type": "string"},
        fields.AwareDateTime: {"type": "string", "format": "date-time"},
        fields.DateTime: {"type": "string", "format": "date-time"},
        fields.Date: {"type": "string", "format": "date"},
        fields.Time: {"type": "string"},
        fields.Enum: {},
        fields.List: {"type": "array"},
        fields.Dict: {"type": "object"},
    }
)
