"""The whole OpenAPI document of an API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.openapi.components import Components
from jsonapi_sieve.openapi.errors import Codes
from jsonapi_sieve.openapi.paths import Collection, Paths
from jsonapi_sieve.resource import Resource

__all__ = ["openapi"]

_OWN: Final[Codes] = MappingProxyType({404: ("not-found",), 409: ("conflict",)})
_NONE: Final[Mapping[str, Mapping[str, object]]] = MappingProxyType({})


def openapi(
    *resources: Resource | Collection,
    title: str,
    version: str,
    description: str | None = None,
    servers: Iterable[str] = (),
    security_schemes: Mapping[str, Mapping[str, object]] = _NONE,
    errors: Codes = _OWN,
    visible: Visible | None = None,
) -> dict[str, Any]:
    """Describe an API by OpenAPI 3.1; the same resources always give the same document.

    Each resource stands at the path of its type and is only read; `Collection` says otherwise. A relationship has
    addresses where the resources that it leads to are described too. `servers` are URLs, or paths; any of the
    `security_schemes` lets a request in (OpenAPI 3.1, "Security Scheme Object"). `errors` has the codes of the
    application's own errors by status, and `visible` says of a name whether the readers of the document may know of it.

    >>> from marshmallow_jsonapi import Schema, fields
    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class CallSchema(Schema):
    ...     id = fields.Str()
    ...     duration = fields.Int()
    ...
    ...     class Meta:
    ...         type_ = "calls"
    >>> class CallFilters(FilterSet):
    ...     duration = Field(types.Integer(32), operators=("gteq",))
    >>> described = openapi(Resource(CallSchema, filters=CallFilters()), title="Calls", version="1.0")
    >>> list(described["paths"])
    ['/calls', '/calls/{id}']
    >>> [parameter["name"] for parameter in described["paths"]["/calls"]["get"]["parameters"]]
    ['filter[duration-gteq]', 'fields[calls]', 'If-None-Match']

    Raises:
        DeclarationError: for two resources of one type.
    """
    collections = [each if isinstance(each, Collection) else Collection(each) for each in resources]
    for type_, count in Counter(collection.resource.type for collection in collections).items():
        if count > 1:
            raise DeclarationError(f"there are {count} resources of the type {type_!r}; describe one of each")
    components = Components()
    described = {"title": title, "version": version, **({} if description is None else {"description": description})}
    urls = [{"url": url} for url in servers]
    paths = Paths(collections, components, errors=errors, visible=visible).to_dict()
    known: dict[str, Any] = components.to_dict()
    if security_schemes:
        known["securitySchemes"] = {name: dict(scheme) for name, scheme in security_schemes.items()}
    return {
        "openapi": "3.1.0",
        "info": described,
        **({"servers": urls} if urls else {}),
        **({"security": [{name: []} for name in security_schemes]} if security_schemes else {}),
        "paths": paths,
        "components": known,
    }
