"""What a schema shows of a row, and whether it does so in the ways that are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

import marshmallow.fields
import marshmallow_jsonapi.fields
from marshmallow.fields import Field, Method, Nested
from marshmallow_jsonapi import Schema
from marshmallow_jsonapi.fields import BaseRelationship, DocumentMeta, ResourceMeta

from jsonapi_sieve.serialization.compiled.links import attribute_asked
from jsonapi_sieve.serialization.compiled.loading import changed
from jsonapi_sieve.serialization.compiled.scalars import function_of
from jsonapi_sieve.serialization.fields import StoredFilters, Typed

__all__ = ["Member", "asked_by_self_link", "members_of", "refusal"]

_METHODS: Final = (
    "_invoke_dump_processors",
    "_invoke_processors",
    "_serialize",
    "dump",
    "format_item",
    "format_items",
    "format_json_api_response",
    "generate_url",
    "get_attribute",
    "get_resource_links",
    "inflect",
)
"""What generated code does in their place; all else that makes a document of resource objects is called."""

_MAKING: Final = ("__init__", "_init_fields", "on_bind_field")
"""What decides about the fields of each instance, and may decide otherwise for the next."""


_STOCK: Final = frozenset(
    {
        StoredFilters,
        Typed,
        *(
            cls
            for module in (marshmallow.fields, marshmallow_jsonapi.fields)
            for cls in vars(module).values()
            if isinstance(cls, type) and issubclass(cls, Field)
        ),
    }
)
"""The classes of fields that keep nothing of what they dump."""

_LOADING: Final = frozenset({"__init__", "__repr__", "_deserialize", "default", "deserialize"})


class Member(NamedTuple):
    """One field of a schema: the part of a resource object that it stands in, and by which name.

    `key` is the name by which the schema itself knows the value on the way there.
    """

    part: Literal["id", "attributes", "relationships"]
    name: str
    key: str
    shown: str
    field: Any


def refusal(schema: Any, *, is_alone: bool = False) -> str | None:
    """Say why a schema's instance has to make its documents by its own code; None where generated code may.

    The instance stands for all of its class, unless it `is_alone`.

    >>> from marshmallow_jsonapi import fields
    >>> class CallSchema(Schema):
    ...     id = fields.Str()
    ...
    ...     class Meta:
    ...         type_ = "calls"
    ...
    ...     def format_item(self, item):
    ...         return item
    >>> refusal(CallSchema())
    'it has a format_item of its own'
    """
    for name in _METHODS if is_alone else (*_METHODS, *_MAKING):
        if function_of(schema, name) is not getattr(Schema, name):
            return f"it has a {name} of its own"
    # The hook that makes resource objects is all that there is in the package's own class.
    if any(schema._hooks[tag] != Schema._hooks[tag] for tag in ("pre_dump", "post_dump")):  # noqa: SLF001
        return "it has hooks of its own"
    if schema.dict_class is not dict:
        return "its dictionaries are of another class"
    for name, field in schema.fields.items():
        reason = _refusal_of(field, is_alone=is_alone)
        if reason is not None:
            return f"{name} {reason}"
    members = list(members_of(schema))
    if not members:
        return "it shows nothing"
    # What is only loaded can have the name of what is shown, and then decides in which part that stands.
    named = {field.data_key or name: name for name, field in schema.fields.items()}
    if any(named[member.key] != member.name for member in members):
        return "two of its fields have one name in documents"
    if not asked_by_self_link(schema) <= {member.key for member in members if "." not in member.key}:
        return "its self_url asks for what it does not show"
    return None


def _refusal_of(field: Any, *, is_alone: bool) -> str | None:
    if isinstance(field, (DocumentMeta, ResourceMeta)):
        return "is meta information"
    if getattr(field, "include_data", False):
        return "includes what it leads to"
    if any(map(_nests_documents, _within(field))):
        return "nests documents"
    if not is_alone and any(isinstance(part, Method) for part in _within(field)):
        return "is a method, which may keep something in each instance"
    if not is_alone and not all(map(_is_stock, _within(field))):
        return "is a field with code of its own, which may keep something in each instance"
    return None


def _is_stock(field: Any) -> bool:
    """Tell whether a field dumps by no code of an application's; what a Function calls sees no instance."""
    base = next(cls for cls in type(field).__mro__ if cls in _STOCK)
    return not changed(field, base, _LOADING)


def _within(field: Any) -> Iterator[Any]:
    """Give a field and those that it is made of."""
    yield field
    for name, value in vars(field).items():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, Field) and name != "parent":
                yield from _within(part)


def _nests_documents(field: Any) -> bool:
    """Tell whether a field holds an instance that gathers what it shows; one whose schema is not there yet may."""
    try:
        return isinstance(field, Nested) and isinstance(field.schema, Schema)
    except Exception:  # noqa: BLE001  (it is looked for by name, or made by a function of the user's)
        return True


def members_of(schema: Any) -> Iterator[Member]:
    """Give what a schema shows, in its order."""
    for name, field in schema.dump_fields.items():
        key = name if field.data_key is None else field.data_key
        if name == "id":
            yield Member("id", name, key, "id", field)
        else:
            part: Literal["attributes", "relationships"]
            part = "relationships" if isinstance(field, BaseRelationship) else "attributes"
            yield Member(part, name, key, schema.inflect(key), field)


def asked_by_self_link(schema: Any) -> set[str]:
    """Give the keys of the values that the link to a resource itself is made from."""
    parameters = (schema.opts.self_url_kwargs or {}) if schema.opts.self_url else {}
    return {asked for parameter in parameters.values() if (asked := attribute_asked(parameter)) is not None}
