"""The addresses of a collection, and what each does (OpenAPI 3.1, "Path Item Object")."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeAlias, get_args

from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.includes import is_visible_path
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.methods import Address
from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.openapi.bodies import creation, sent_fields
from jsonapi_sieve.openapi.components import Components, Reference
from jsonapi_sieve.openapi.documents import Documents
from jsonapi_sieve.openapi.errors import (
    Codes,
    body_codes,
    error_responses,
    listing_codes,
    query_codes,
    single_codes,
    without_bodies,
)
from jsonapi_sieve.openapi.parameters import ParameterObject, listing_parameters, single_parameters
from jsonapi_sieve.openapi.values import JsonSchema, spelled
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import Relation
from jsonapi_sieve.types import Enum, Text

__all__ = ["Collection", "Paths"]

_NO_LINKS: Final[Mapping[str, Any]] = MappingProxyType({})
_ADDRESSES: Final[tuple[Address, ...]] = get_args(Address)

Operation: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Collection:
    """A resource where clients reach it.

    `path` is that of the collection, by default the type. `create` says that clients may create resources by POST,
    `addresses` which kinds of addresses are served, and `meta` has members that stand in the meta of every document.

    >>> from marshmallow_jsonapi import Schema, fields
    >>> class CallSchema(Schema):
    ...     id = fields.Str()
    ...
    ...     class Meta:
    ...         type_ = "calls"
    >>> Collection(Resource(CallSchema)).path
    '/calls'

    Raises:
        DeclarationError: for a path that does not begin with a slash, or ends with one, and for addresses of no kind.
    """

    resource: Resource
    path: str = ""
    create: bool = False
    addresses: Several[Address] = _ADDRESSES
    meta: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", self.path or f"/{self.resource.type}")
        if not self.path.startswith("/") or self.path.endswith("/"):
            raise DeclarationError(f"{self.path!r} is no path of a collection, such as /{self.resource.type}")
        unknown = [address for address in self.addresses if address not in _ADDRESSES]
        if unknown:
            raise DeclarationError(f"{unknown[0]!r} is no kind of address; there are {', '.join(_ADDRESSES)}")


class Paths:
    """Describes the addresses of some collections.

    `errors` are codes that the application adds to those of the library, by status. What `visible` hides is left out.
    """

    def __init__(
        self, collections: Several[Collection], components: Components, *, errors: Codes, visible: Visible | None
    ) -> None:
        self._collections = {collection.resource.type: collection for collection in collections}
        self._components = components
        self._errors = errors
        self._visible = visible
        resources = {type_: collection.resource for type_, collection in self._collections.items()}
        self._documents = Documents(resources, components, visible)

    def to_dict(self) -> dict[str, Any]:
        """Give the path items by path."""
        return dict(item for collection in self._collections.values() for item in self._items(collection))

    def _items(self, collection: Collection) -> Iterator[tuple[str, Operation]]:
        resource, path = collection.resource, collection.path
        if "collection" in collection.addresses:
            created = {"post": self._create(collection)} if collection.create else {}
            yield path, {"get": self._listing(collection), **created}
        at = {"parameters": [_id(resource)]}
        if "resource" in collection.addresses:
            yield f"{path}/{{id}}", {**at, "get": self._single(collection)}
        for relation, target in self._relations(collection):
            if "related" in collection.addresses:
                yield f"{path}/{{id}}/{relation.member}", {**at, "get": self._related(collection, relation, target)}
            if "relationship" in collection.addresses:
                linkage = self._relationship(collection, relation)
                yield f"{path}/{{id}}/relationships/{relation.member}", {**at, "get": linkage}

    def _relations(self, collection: Collection) -> Iterator[tuple[Relation, Collection]]:
        """Give the relationships that lead to what is described too."""
        for relation in collection.resource.schema.relationships.values():
            target = self._collections.get(relation.type)
            if target is not None and is_visible_path(relation.name, self._visible):
                yield relation, target

    def _links(self, collection: Collection, identifier: str) -> dict[str, Any]:
        """Tell where the identifier in an answer leads (OpenAPI 3.1, "Link Object")."""
        names = ["get"] if "resource" in collection.addresses else []
        for address in ("related", "relationship"):
            if address in collection.addresses:
                names += [f"{address}.{relation.member}" for relation, _ in self._relations(collection)]
        type_ = collection.resource.type
        links = {name: {"operationId": f"{type_}.{name}", "parameters": {"id": identifier}} for name in names}
        return {"links": links} if links else {}

    def _listing(self, collection: Collection) -> Operation:
        resource = collection.resource
        return self._get(
            collection,
            operation="list",
            summary=f"List {resource.type}",
            parameters=listing_parameters(resource, self._components, self._visible),
            schema=self._documents.collection(resource, collection.meta),
            codes=listing_codes(resource),
            links=self._links(collection, "$response.body#/data/0/id"),
        )

    def _single(self, collection: Collection) -> Operation:
        resource = collection.resource
        return self._get(
            collection,
            operation="get",
            summary=f"Show one of {resource.type}",
            parameters=single_parameters(resource, self._visible),
            schema=self._documents.single(resource, collection.meta),
            codes=single_codes(resource),
        )

    def _related(self, collection: Collection, relation: Relation, target: Collection) -> Operation:
        resource, documents = target.resource, self._documents
        if relation.many:
            parameters = listing_parameters(resource, self._components, self._visible)
            schema, codes = documents.collection(resource, target.meta), listing_codes(resource)
        else:
            parameters = single_parameters(resource, self._visible)
            schema, codes = documents.single(resource, target.meta, is_optional=True), single_codes(resource)
        return self._get(
            collection,
            operation=f"related.{relation.member}",
            summary=f"Show what {relation.member} of one of {collection.resource.type} leads to",
            parameters=parameters,
            schema=schema,
            codes=codes,
        )

    def _relationship(self, collection: Collection, relation: Relation) -> Operation:
        return self._get(
            collection,
            operation=f"relationship.{relation.member}",
            summary=f"Show the relationship {relation.member} of one of {collection.resource.type}",
            parameters=[],
            schema=self._documents.relationship(collection.resource, relation),
            codes=query_codes(),
        )

    def _get(
        self,
        collection: Collection,
        *,
        operation: str,
        summary: str,
        parameters: list[ParameterObject],
        schema: Reference,
        codes: Codes,
        links: Mapping[str, Any] = _NO_LINKS,
    ) -> Operation:
        found = {
            "description": "OK",
            "headers": {"ETag": _header("the tag of the document, for If-None-Match"), "Vary": _header("Accept")},
            "content": {MEDIA_TYPE: {"schema": schema}},
            **links,
        }
        return {
            "operationId": f"{collection.resource.type}.{operation}",
            "summary": summary,
            "tags": [collection.resource.type],
            "parameters": [*parameters, _IF_NONE_MATCH],
            "responses": {
                "200": found,
                "304": {"description": "The client has the document already."},
                **error_responses([codes, without_bodies(self._errors)], self._components),
            },
        }

    def _create(self, collection: Collection) -> Operation:
        resource, type_ = collection.resource, collection.resource.type
        sent = [each.field for each in sent_fields(resource, self._visible)]
        created: dict[str, Any] = {
            "description": "Created",
            "headers": {"Location": _header("the address of the new resource")},
            "content": {MEDIA_TYPE: {"schema": self._documents.single(resource, collection.meta)}},
            **self._links(collection, "$response.body#/data/id"),
        }
        codes = [single_codes(resource), body_codes(resource, sent), self._errors]
        body = {"schema": creation(resource, self._components, self._visible)}
        return {
            "operationId": f"{type_}.create",
            "summary": f"Create one of {type_}",
            "tags": [type_],
            "parameters": single_parameters(resource, self._visible),
            "requestBody": {"required": True, "content": {MEDIA_TYPE: body}},
            "responses": {
                "201": created,
                **error_responses(codes, self._components),
            },
        }


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "tags of documents that the client has",
    "schema": {"type": "string"},
}


def _id(resource: Resource) -> ParameterObject:
    """Describe the identifier in a path: of the type of the filter of identifiers, where one tells more than text does.

    Texts in a path have no quotes, unlike those in lists.
    """
    types = [field.type for field in resource.filters.fields if field.name == "id"]
    is_told = types and not isinstance(types[0], (Enum, Text))
    schema: JsonSchema = spelled(types[0], Limits()) if is_told else {"type": "string", "minLength": 1}
    return {"name": "id", "in": "path", "required": True, "description": f"one of {resource.type}", "schema": schema}
