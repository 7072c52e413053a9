"""Value types: what an attribute holds, how its values are spelled, and what its columns and rows can hold."""

from jsonapi_sieve.types.base import Fit, InvalidValue, Json, Kind, ValueType
from jsonapi_sieve.types.identifiers import Address, Uuid
from jsonapi_sieve.types.numbers import Decimal, Float, Integer
from jsonapi_sieve.types.text import Boolean, Enum, Text
from jsonapi_sieve.types.times import Date, Timestamp

__all__ = [
    "Address",
    "Boolean",
    "Date",
    "Decimal",
    "Enum",
    "Fit",
    "Float",
    "Integer",
    "InvalidValue",
    "Json",
    "Kind",
    "Text",
    "Timestamp",
    "Uuid",
    "ValueType",
]
