"""Schemas of marshmallow-jsonapi compiled once into code that gives what they give, at a tenth of the time."""

from jsonapi_sieve.serialization.compiled.schema import CompiledSchema

__all__ = ["CompiledSchema"]
