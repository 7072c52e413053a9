"""Filters from a schema: those fields of it that are named, with the value types of what documents show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC
from types import MappingProxyType, new_class
from typing import Any, Final, TypeAlias

from marshmallow import fields, validate

from jsonapi_sieve import types
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.field import Field
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.serialization.fields import Typed
from jsonapi_sieve.serialization.stock import SchemaClass, fresh
from jsonapi_sieve.types.text import text_of

__all__ = ["filters_from_schema"]

_AnyType: TypeAlias = types.ValueType[Any, Any]
_METHODS: Final = ("_serialize", "_deserialize")
_Mapping: TypeAlias = Callable[[Any], _AnyType | None]


def filters_from_schema(schema: SchemaClass, *names: str, **declared: Field[Any]) -> type[FilterSet]:
    """Declare filters of the named fields of a schema, in the order named, and then of those that are `declared`.

    A field that may be None is nullable, and one with `validate.OneOf` or of an enumeration is an Enum. The result is a
    FilterSet like any other: it can be subclassed, for rules or more fields.

    >>> from marshmallow import Schema
    >>> from jsonapi_sieve import types
    >>> class CallSchema(Schema):
    ...     duration = fields.Int(allow_none=True)
    ...     cost = fields.Decimal(places=2)
    >>> CallFilters = filters_from_schema(CallSchema, "duration", created_at=Field(types.Timestamp(digits=3)))
    >>> CallFilters().parse("filter[duration-gt]=60&filter[created-at-lt]=2026-01-01")
    And(duration > 60, created_at < datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))

    Raises:
        DeclarationError: for a name that is there twice or is no field of the schema, and a field whose filters are not
            known; the message says what to declare.
    """
    for name, count in Counter((*names, *declared)).items():
        if count > 1:
            raise DeclarationError(f"filters of {schema.__name__}: {name!r} is there twice; name or declare it once")
    known: Mapping[str, fields.Field] = fresh(schema).fields
    read = {name: _field(schema, name, known.get(name)) for name in names}
    body = {"__doc__": f"Filters of {schema.__name__}.", "__module__": schema.__module__, **read, **declared}
    return new_class(
        f"{schema.__name__.removesuffix('Schema')}Filters",
        (FilterSet,),
        exec_body=lambda namespace: namespace.update(body),
    )


def _field(schema: SchemaClass, name: str, field: fields.Field | None) -> Field[Any]:
    if field is None:
        raise DeclarationError(f"{schema.__name__} has no field {name!r}")
    if field.load_only:
        raise _unmapped(schema, name, name, "documents do not show it, and filters would tell what it is")
    if field.attribute not in (None, name):
        raise _unmapped(schema, name, str(field.attribute), "filters and rows have to call it by one name")
    try:
        type_ = _type_of(field)
    except (DeclarationError, TypeError) as error:
        raise _unmapped(schema, name, name, str(error)) from error
    if type_ is None:
        raise _unmapped(schema, name, name, f"no value type stands for this {type(field).__name__}")
    return Field(type_, nullable=bool(field.allow_none))


def _unmapped(schema: SchemaClass, name: str, declared: str, why: str) -> DeclarationError:
    remedy = f"if it is to be filtered, declare what it is: {declared}=Field(types...)"
    return DeclarationError(f"{schema.__name__}.{name} gives no filters, for {why}; {remedy}")


def _type_of(field: Any) -> _AnyType | None:
    """Give the value type of what a field shows; None where there is none."""
    if isinstance(field, Typed):
        return field.value_type
    cls = type(field)
    stock = next((base for base in cls.__mro__ if base in _TYPES), None)
    # A subclass that writes or reads in its own way may show other values.
    if stock is None or any(getattr(cls, method) is not getattr(stock, method) for method in _METHODS):
        return None
    return _TYPES[stock](field)


def _text(field: Any) -> _AnyType:
    choices = [list(rule.choices) for rule in field.validators if isinstance(rule, validate.OneOf)]
    if not choices:
        return types.Text()
    return types.Enum(*(choice for choice in choices[0] if all(choice in others for others in choices)))


def _enum(field: Any) -> _AnyType | None:
    shown = {member: member.value if field.by_value else member.name for member in field.enum}
    return types.Enum(field.enum) if all(text_of(member) == text for member, text in shown.items()) else None


def _decimal(field: Any) -> _AnyType | None:
    if field.allow_nan:
        return None
    return types.Decimal() if field.places is None else types.Decimal(scale=-field.places.as_tuple().exponent)


def _iso(type_: _AnyType) -> _Mapping:
    return lambda field: type_ if field.format in ("iso", "iso8601") else None


def _naive(field: Any) -> _AnyType | None:
    return _iso(types.Timestamp(zone="UTC"))(field) if field.timezone is UTC else None


def _always(type_: _AnyType) -> _Mapping:
    return lambda _: type_


_TYPES: Final[Mapping[type, _Mapping]] = MappingProxyType(
    {
        fields.Boolean: _always(types.Boolean()),
        fields.Integer: _always(types.Integer()),
        fields.Float: lambda field: None if field.allow_nan else types.Float(),
        fields.Decimal: _decimal,
        fields.String: _text,
        fields.UUID: _always(types.Uuid()),
        fields.IP: _always(types.Address()),
        fields.IPInterface: _always(types.Address()),
        fields.DateTime: _iso(types.Timestamp()),
        fields.NaiveDateTime: _naive,
        fields.AwareDateTime: _iso(types.Timestamp()),
        fields.Date: _iso(types.Date()),
        fields.Time: lambda _: None,
        fields.Enum: _enum,
    }
)
