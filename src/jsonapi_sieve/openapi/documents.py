"""Documents as JSON Schema: resource objects and whole documents, as an application sends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow_jsonapi.fields import BaseRelationship

from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.includes import is_visible_path
from jsonapi_sieve.openapi.attributes import shown_attribute
from jsonapi_sieve.openapi.components import Components, Reference
from jsonapi_sieve.openapi.values import JsonSchema, nullable
from jsonapi_sieve.paging import Capped, CursorPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import Relation, ResourceSchema
from jsonapi_sieve.serialization.includable import Includable
from jsonapi_sieve.serialization.stock import fresh, member_of

__all__ = ["Documents", "identifier", "linkage"]


class Documents:
    """Describes the documents of some resources, which stand in each other's; what several hold is a component.

    What `visible` hides is left out.
    """

    def __init__(self, resources: Mapping[str, Resource], components: Components, visible: Visible | None) -> None:
        self._resources = resources
        self._components = components
        self._visible = visible

    def collection(self, resource: Resource, meta: Mapping[str, object]) -> Reference:
        """Describe the document of a listing; `meta` are members that stand in the meta of all documents."""
        data = {"type": "array", "items": self._object(resource.schema)}
        told = {**_constants(meta), **_counts(resource)}
        links = _page_links(resource) if resource.page_links else {}
        return self._components.add(
            "schemas", f"{resource.type}.collection", self._document(resource, data, meta=told, links=links)
        )

    def single(self, resource: Resource, meta: Mapping[str, object], *, is_optional: bool = False) -> Reference:
        """Describe the document of one resource, or of none where there could be one."""
        data: JsonSchema = self._object(resource.schema)
        name = f"{resource.type}.document"
        if is_optional:
            data, name = nullable(data), f"{name}.optional"
        return self._components.add("schemas", name, self._document(resource, data, meta=_constants(meta)))

    def relationship(self, resource: Resource, relation: Relation) -> Reference:
        """Describe the document of a relationship: its linkage and its links."""
        document = _top(linkage(relation.type, many=relation.many), resource)
        return self._components.add("schemas", f"{resource.type}.{relation.member}.linkage", document)

    def _document(
        self, resource: Resource, data: JsonSchema, *, meta: JsonSchema, links: JsonSchema | None = None
    ) -> JsonSchema:
        document = _top(data, resource, meta=meta, links=links)
        if (included := self._included(resource)) is not None:
            document["properties"]["included"] = {"type": "array", "items": included}
        return document

    def _included(self, resource: Resource) -> JsonSchema | None:
        includable = Includable(resource.schema, resource.include)
        shown = [path for path in includable.paths.values() if is_visible_path(path, self._visible)]
        # What a path leads to can be of the type of the primary data.
        types = Includable(resource.schema, shown)
        objects = [self._object(schema) for schema in types.schemas.values()] if shown else []
        return {"anyOf": objects} if objects else None

    def _object(self, schema: ResourceSchema) -> Reference:
        """Describe the resource object of a type."""
        instance, links = fresh(schema.schema), self._components.add("schemas", "links", _links())
        attributes: JsonSchema = {}
        relationships: JsonSchema = {}
        for name, field in instance.dump_fields.items():
            attribute = schema.members.get(member := member_of(instance, name))
            if attribute is None or not is_visible_path(attribute, self._visible):
                continue
            if isinstance(field, BaseRelationship):
                relationships[member] = _relationship(field, links)
            else:
                known = self._is_known(schema, attribute)
                attributes[member] = shown_attribute(field, is_known=known, visible=self._visible)
        properties: JsonSchema = {
            "type": {"const": schema.type},
            "id": {"type": "string"},
            "attributes": _only(attributes),
            "relationships": _only(relationships),
            "links": links,
            "meta": {"type": "object"},
        }
        described = {"type": "object", "required": ["type", "id"], "properties": properties}
        return self._components.add("schemas", schema.type, described)

    def _is_known(self, schema: ResourceSchema, attribute: str) -> bool:
        """Tell whether an attribute is never null: a filter of the resource says so of the column."""
        resource = self._resources.get(schema.type)
        declared = () if resource is None else resource.filters.fields
        return any(field.name == attribute and not field.nullable for field in declared)


def identifier(type_: str) -> JsonSchema:
    """Describe the identifier of a resource.

    >>> identifier("cdrs")["required"]
    ['type', 'id']
    """
    properties = {"type": {"const": type_}, "id": {"type": "string"}}
    return {"type": "object", "required": ["type", "id"], "properties": properties}


def linkage(type_: str, *, many: bool, most: int | None = None) -> JsonSchema:
    """Describe what a relationship leads to: one resource or none, or several, of which there may be `most`.

    >>> linkage("accounts", many=False)["anyOf"][1]
    {'type': 'null'}
    """
    if not many:
        return {"anyOf": [identifier(type_), {"type": "null"}]}
    return {"type": "array", "items": identifier(type_), **({} if most is None else {"maxItems": most})}


def _relationship(field: Any, links: Reference) -> JsonSchema:
    data = linkage(field.type_, many=field.many)
    return {"type": "object", "properties": {"links": links, "data": data, "meta": {"type": "object"}}}


def _only(members: JsonSchema) -> JsonSchema:
    return {"type": "object", "properties": members, "additionalProperties": False}


def _top(
    data: JsonSchema, resource: Resource, *, meta: JsonSchema | None = None, links: JsonSchema | None = None
) -> JsonSchema:
    """Describe the top level of a document."""
    properties: JsonSchema = {
        "data": data,
        "meta": {"type": "object", "properties": meta or {}},
        "links": {**_links(), "properties": links or {}},
    }
    top = resource.top_level
    if top.version is not None or top.meta:
        properties["jsonapi"] = {"type": "object", "properties": {"version": {"type": "string"}}}
    return {"type": "object", "required": ["data"], "properties": properties}


def _links() -> JsonSchema:
    """Describe links: each is text, an object that has it as `href`, or null."""
    href = {"type": "string", "format": "uri-reference"}
    link = {"type": "object", "required": ["href"], "properties": {"href": href}}
    return {"type": "object", "additionalProperties": {"anyOf": [href, link, {"type": "null"}]}}


def _page_links(resource: Resource) -> JsonSchema:
    if resource.pages is None:
        return {}
    link = {"type": ["string", "null"], "format": "uri-reference"}
    return dict.fromkeys(("first", "prev", "next", "last"), link)


def _constants(meta: Mapping[str, object]) -> JsonSchema:
    return {name: {"const": value} for name, value in meta.items()}


_COUNT: Final = {"type": "integer", "minimum": 0}


def _counts(resource: Resource) -> JsonSchema:
    """Describe how the meta of a listing tells the number of its rows."""
    is_counted = resource.counting not in ("none", "estimated")
    told: JsonSchema = {}
    page: JsonSchema = {}
    if isinstance(resource.pages, CursorPages):
        page = {**({"total": _COUNT} if is_counted else {}), "rangeTruncated": {"type": "boolean"}}
    elif is_counted:
        told = {resource.total_member: _COUNT}
    if resource.counting == "estimated" or isinstance(resource.counting, Capped):
        page["estimatedTotal"] = {"type": "object", "properties": {"bestGuess": _COUNT}}
    if isinstance(resource.counting, Capped):
        page["moreThan"] = _COUNT
    return {**told, **({"page": {"type": "object", "properties": page}} if page else {})}
