"""Which schemas are plain: their resource objects can be told from their fields, for no code of their own has a say."""

from __future__ import annotations

from itertools import chain
from typing import Any, Final

from marshmallow.fields import Field
from marshmallow_jsonapi import Schema
from marshmallow_jsonapi.fields import BaseRelationship, DocumentMeta, Relationship, ResourceMeta

from jsonapi_sieve.serialization.compiled.scalars import function_of
from jsonapi_sieve.serialization.stock import SchemaClass

__all__ = ["is_known", "is_plain"]

# What every class has, and what has no say in what is dumped.
_HARMLESS: Final = frozenset(
    {
        *("Meta", "opts", "_declared_fields", "_hooks", "inflect", "error_messages", "format_error", "format_errors"),
        *("handle_error", "load", "loads", "validate", "_abc_impl", "__abstractmethods__", "__annotations__"),
        *("__dict__", "__doc__", "__firstlineno__", "__module__", "__orig_bases__", "__parameters__"),
        *("__static_attributes__", "__weakref__"),
    }
)
_OF_FIELDS: Final = ("serialize", "get_value")
_OF_RELATIONSHIPS: Final = (*_OF_FIELDS, "_serialize", "get_self_url", "get_related_url")


def is_plain(schema: SchemaClass, instance: Any) -> bool:
    """Tell whether all that a schema's `dump` does is to dump its fields; `instance` is one of the schema."""
    own = chain(*(vars(cls) for cls in schema.__mro__[: schema.__mro__.index(Schema)]))
    if not _HARMLESS.issuperset(set(own) & set(dir(Schema))):
        return False
    if any(_hooks(schema, when) != _hooks(Schema, when) for when in ("pre_dump", "post_dump")):
        return False
    # Fields that are written by one name are mistaken for each other.
    names = [field.data_key for field in instance.fields.values()]
    meta = any(isinstance(field, (DocumentMeta, ResourceMeta)) for field in instance.dump_fields.values())
    return len(set(names)) == len(names) and not meta


def is_known(field: Any) -> bool:
    """Tell whether a field reads rows as all fields do, and a relationship makes its links as all relationships do."""
    if isinstance(field, BaseRelationship):
        known: type = Relationship
        return not getattr(field, "include_data", True) and _keeps(field, known, _OF_RELATIONSHIPS)
    return bool(field._CHECK_ATTRIBUTE) and _keeps(field, Field, _OF_FIELDS)  # noqa: SLF001


def _keeps(field: Any, known: type, methods: tuple[str, ...]) -> bool:
    return all(function_of(field, name) is getattr(known, name) for name in methods)


def _hooks(schema: type, when: str) -> list[object]:
    return list(schema._hooks.get(when, ()))  # type: ignore[attr-defined]  # noqa: SLF001
