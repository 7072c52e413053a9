"""The bodies that create resources, as JSON Schema: what an application takes, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from marshmallow_jsonapi.fields import BaseRelationship, DocumentMeta, ResourceMeta

from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.includes import is_visible_path
from jsonapi_sieve.openapi.attributes import sent_attribute
from jsonapi_sieve.openapi.components import Components, Reference
from jsonapi_sieve.openapi.documents import identifier, linkage
from jsonapi_sieve.openapi.values import JsonSchema
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization.stock import fresh, member_of

__all__ = ["SentField", "creation", "sent_fields"]

_FOREIGN: Final = "^@|:"  # members that are passed over: those with an @ before them, and those of extensions


class SentField(NamedTuple):
    """A field that clients may send: its name in documents, and the field."""

    member: str
    field: Any

    @property
    def is_relationship(self) -> bool:
        """Whether it stands among the relationships."""
        return isinstance(self.field, BaseRelationship)


def sent_fields(resource: Resource, visible: Visible | None) -> list[SentField]:
    """Give what clients may send of a resource."""
    return list(_sent(fresh(resource.schema.schema), visible))


def _sent(instance: Any, visible: Visible | None) -> Iterator[SentField]:
    for name, field in instance.load_fields.items():
        if name == "id" or isinstance(field, (DocumentMeta, ResourceMeta)):
            continue
        sent = SentField(member_of(instance, name), field)
        if is_visible_path(name if sent.is_relationship else field.attribute or name, visible):
            yield sent


def creation(resource: Resource, components: Components, visible: Visible | None) -> Reference:
    """Describe the document that creates a resource.

    Unknown attributes and relationships are refused, other members passed over, as the library reads them.
    """
    sent = sent_fields(resource, visible)
    related = [each for each in sent if each.is_relationship]
    attributes = [each for each in sent if not each.is_relationship]
    type_ = resource.type
    described = {
        member: sent_attribute(field, name=f"{type_}.{member}", components=components, visible=visible)
        for member, field in attributes
    }
    parts = {
        "attributes": _members(attributes, described),
        "relationships": _members(related, {each.member: _relationship(each.field, resource) for each in related}),
    }
    data = {
        "type": "object",
        "required": ["type", *(part for part, members in parts.items() if "required" in members)],
        "properties": {"type": {"const": type_}, "lid": {"type": "string"}, **parts},
        "not": {"required": ["id"]},
    }
    document = {"type": "object", "required": ["data"], "properties": {"data": data}}
    return components.add("schemas", f"{type_}.creation", document)


def _members(sent: list[SentField], described: JsonSchema) -> JsonSchema:
    needed = [each.member for each in sent if each.field.required]
    return {
        "type": "object",
        "properties": described,
        **({"required": needed} if needed else {}),
        "patternProperties": {_FOREIGN: True},
        "additionalProperties": False,
    }


def _relationship(field: Any, resource: Resource) -> JsonSchema:
    if field.many or field.allow_none:
        data = linkage(field.type_, many=field.many, most=resource.limits.list_items)
    else:
        data = identifier(field.type_)
    return {"type": "object", "required": ["data"], "properties": {"data": data}}
