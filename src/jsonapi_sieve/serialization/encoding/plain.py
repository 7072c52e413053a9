"""Which schemas are plain: their resource objects can be told from their fields, for no code of their own has a say."""

from __future__ import annotations

from typing import Any, Final

from marshmallow.fields import Field
from marshmallow_jsonapi import Schema

from jsonapi_sieve.serialization.compiled.members import refusal
from jsonapi_sieve.serialization.compiled.scalars import function_of

__all__ = ["is_known", "is_plain"]

# What a document is made by once its resource objects are there.
_OF_SCHEMAS: Final = ("wrap_response", "get_top_level_links", "render_included_data", "render_meta_document")
_OF_FIELDS: Final = ("serialize", "get_value")


def is_plain(instance: Any) -> bool:
    """Tell whether all that the `dump` of a schema's instance does is to dump its fields."""
    return refusal(instance) is None and _keeps(instance, Schema, _OF_SCHEMAS)


def is_known(field: Any) -> bool:
    """Tell whether a field that is no relationship reads rows as all fields do."""
    return bool(field._CHECK_ATTRIBUTE) and _keeps(field, Field, _OF_FIELDS)  # noqa: SLF001


def _keeps(instance: Any, known: type, methods: tuple[str, ...]) -> bool:
    return all(function_of(instance, name) is getattr(known, name) for name in methods)
