"""Value types as JSON Schema: as they are spelled in a query string, sent in JSON, and shown in documents.

Of a type that is none of the library's own nothing is known but what it expects, whatever it extends: it may spell and
show its values in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from jsonapi_sieve import types
from jsonapi_sieve.csv_record import quote_item
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.openapi import patterns
from jsonapi_sieve.operand import LikePattern

__all__ = [
    "NOTHING",
    "JsonSchema",
    "example_of",
    "kept",
    "name_of",
    "nullable",
    "sent",
    "shortest",
    "shown",
    "spelled",
    "stored",
]

JsonSchema: TypeAlias = dict[str, Any]
"""A schema of JSON Schema 2020-12, as OpenAPI 3.1 takes it."""

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({"not": {}})
"""What no value is: an enumeration of none is no JSON Schema, and code is generated from none."""

AnyType: TypeAlias = types.ValueType[Any, Any]

_LARGEST: Final = 10**19 - 1
_TRUTH: Final = ("true", "false", "1", "0", "t", "f", "T", "F", "TRUE", "FALSE")
# Digits of which each number fits a column of so many bits.
_FITTING: Final[Mapping[int, int]] = MappingProxyType({16: 4, 32: 9, 64: 18})
_DECIMAL_DIGITS: Final = 40


def spelled(type_: AnyType, limits: Limits) -> JsonSchema:
    """Describe one value as it stands in a query string: an item of a record (RFC 4180).

    What the schema admits is read. A few spellings that it does not admit are read too: quotes that need not be there,
    an exponent, years below 1000.

    >>> spelled(types.Enum("a", "b,c"), Limits())["enum"]
    ['a', '"b,c"']
    """
    schema = _SPELLED.get(type(type_), _any_text)(type_)
    if type(type_) in (types.Text, LikePattern):
        schema["maxLength"] = limits.value
    return schema | {"description": type_.expected}


def sent(type_: AnyType, limits: Limits) -> JsonSchema:
    """Describe one value of stored filters as clients send it: the JSON type that stands for it, or its text.

    >>> sent(types.Boolean(), Limits())["enum"][:3]
    [True, False, 'true']
    """
    schema = _SENT.get(type(type_), _anything)(type_)
    if type(type_) is types.Text:
        schema["maxLength"] = limits.value
    return schema | {"description": type_.expected}


def stored(type_: AnyType) -> JsonSchema:
    """Describe one value that clients send to be stored in a column, as the attribute of a resource.

    >>> stored(types.Integer(16))["anyOf"][1]
    {'type': 'string', 'pattern': '^[+-]?0*[0-9]{1,4}$'}
    """
    if type(type_) is types.Integer:
        return _or_text(patterns.integer(_FITTING[type_.bits]), _bits(type_))
    return _SENT.get(type(type_), _anything)(type_)


def shown(type_: AnyType) -> JsonSchema:
    """Describe one value as documents show it.

    >>> shown(types.Integer(16))
    {'type': 'integer', 'minimum': -32768, 'maximum': 32767}
    """
    return _SHOWN.get(type(type_), _anything)(type_)


def kept(type_: AnyType) -> JsonSchema:
    """Describe one constant as stored filters show it: it may be greater than what a column can hold.

    >>> kept(types.Integer(16))
    {'type': 'integer', 'minimum': -9999999999999999999, 'maximum': 9999999999999999999}
    """
    return _whole(type_) if type(type_) is types.Integer else shown(type_)


def nullable(schema: JsonSchema) -> JsonSchema:
    """Admit null besides.

    >>> nullable({"type": "string"}), nullable({"enum": ["a"]})
    ({'type': ['string', 'null']}, {'anyOf': [{'enum': ['a']}, {'type': 'null'}]})
    """
    if schema == NOTHING:
        return {"type": "null"}
    if not schema:
        return schema
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def example_of(type_: AnyType) -> Any:
    """Give a value that clients might send in a query string; None for a type that is not known.

    >>> example_of(types.Date())
    '2019-01-31'
    """
    if isinstance(type_, types.Enum):
        return quote_item(type_.members[0])
    if type(type_) is types.Decimal and type_.scale == 0:
        return "2"
    return _EXAMPLES.get(type(type_))


def shortest(type_: AnyType) -> int:
    """Give the least number of characters that a value has in a query string.

    >>> shortest(types.Uuid()), shortest(types.Text())
    (36, 1)
    """
    return _SHORTEST.get(type(type_), 1)


def name_of(type_: AnyType) -> str:
    """Name a type, with its settings, as a component.

    >>> name_of(types.Integer(32)), name_of(types.Timestamp(digits=3, loose=True))
    ('integer', 'timestamp.loose')
    """
    match type_:
        case types.Decimal(scale=scale):
            return f"decimal.{scale}"
        case types.Timestamp(loose=True):
            return "timestamp.loose"
        case LikePattern():
            return "pattern"
        case _ if type(type_) in _SPELLED:
            return type_.name
        case _:
            return type(type_).__name__.lower()


def _any_text(_: AnyType) -> JsonSchema:
    return {"type": "string", "minLength": 1}


def _anything(_: AnyType) -> JsonSchema:
    return {}


def _matching(pattern: str, **members: Any) -> Callable[[Any], JsonSchema]:
    return lambda _: {"type": "string", **members, "pattern": pattern}


def _digits(type_: types.Decimal) -> str:
    return patterns.decimal(_DECIMAL_DIGITS - type_.scale, type_.scale)


def _decimal(type_: types.Decimal) -> JsonSchema:
    return {"type": "string", "format": "decimal", "pattern": _digits(type_)}


def _number(_: types.Float) -> JsonSchema:
    return _decimal(types.Decimal())


def _timestamp(type_: types.Timestamp) -> JsonSchema:
    return _any_text(type_) if type_.loose else {"type": "string", "pattern": patterns.TIMESTAMP}


def _whole(_: types.Integer) -> JsonSchema:
    return {"type": "integer", "minimum": -_LARGEST, "maximum": _LARGEST}


_SPELLED: Final[Mapping[type, Callable[[Any], JsonSchema]]] = MappingProxyType(
    {
        types.Boolean: lambda _: {"type": "string", "enum": list(_TRUTH)},
        types.Integer: _whole,
        types.Decimal: _decimal,
        types.Float: _number,
        types.Timestamp: _timestamp,
        types.Date: _matching(patterns.DATE, format="date"),
        types.Text: _matching(patterns.ITEM),
        LikePattern: _matching(patterns.LIKE_ITEM),
        types.Enum: lambda type_: {"type": "string", "enum": list(map(quote_item, type_.members))},
        types.Uuid: _matching(patterns.UUID, format="uuid"),
        types.Address: _matching(patterns.ADDRESS),
    }
)


def _or_text(pattern: str, schema: JsonSchema) -> JsonSchema:
    return {"anyOf": [schema, {"type": "string", "pattern": pattern}]}


_SENT: Final[Mapping[type, Callable[[Any], JsonSchema]]] = MappingProxyType(
    {
        **_SPELLED,
        types.Boolean: lambda _: {"enum": [True, False, *_TRUTH]},
        types.Integer: lambda type_: _or_text(patterns.integer(19), _whole(type_)),
        types.Decimal: lambda type_: _or_text(_digits(type_), {"type": "number"}),
        types.Float: lambda _: _or_text(_digits(types.Decimal()), {"type": "number"}),
        types.Text: _matching(patterns.TEXT),
        LikePattern: _matching(patterns.TEXT),
        types.Enum: lambda type_: {"type": "string", "enum": list(type_.members)},
    }
)


def _bits(type_: types.Integer) -> JsonSchema:
    limit = 1 << (type_.bits - 1)
    formats = {} if type_.bits == min(_FITTING) else {"format": f"int{type_.bits}"}
    return {"type": "integer", **formats, "minimum": -limit, "maximum": limit - 1}


_SHOWN: Final[Mapping[type, Callable[[Any], JsonSchema]]] = MappingProxyType(
    {
        types.Boolean: lambda _: {"type": "boolean"},
        types.Integer: _bits,
        types.Decimal: _matching(r"^-?[0-9]+\.[0-9]+$", format="decimal"),
        types.Float: lambda _: {"type": "number", "format": "double"},
        types.Timestamp: lambda _: {"type": "string", "format": "date-time"},
        types.Date: lambda _: {"type": "string", "format": "date"},
        types.Text: lambda _: {"type": "string"},
        types.Enum: _SENT[types.Enum],
        types.Uuid: _matching(patterns.UUID, format="uuid"),
        types.Address: _matching(patterns.ADDRESS),
    }
)

_EXAMPLES: Final[Mapping[type, Any]] = MappingProxyType(
    {
        types.Boolean: "true",
        types.Integer: 10,
        types.Decimal: "2.5",
        types.Float: "2.5",
        types.Timestamp: "2019-01-31T12:30:00Z",
        types.Date: "2019-01-31",
        types.Text: "north",
        LikePattern: "49%",
        types.Uuid: "123e4567-e89b-12d3-a456-426614174000",
        types.Address: "10.0.0.1",
    }
)

_SHORTEST: Final[Mapping[type, int]] = MappingProxyType(
    {types.Date: len("2019-01-31"), types.Uuid: len("123e4567-e89b-12d3-a456-426614174000")}
)
