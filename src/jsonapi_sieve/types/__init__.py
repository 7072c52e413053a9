"""Value types: what an attribute holds, how its values are spelled, and what its columns and rows can hold."""

from jsonapi_sieve.types.base import Fit, InvalidValue, Json, Kind, ValueType

__all__ = ["Fit", "InvalidValue", "Json", "Kind", "ValueType"]
