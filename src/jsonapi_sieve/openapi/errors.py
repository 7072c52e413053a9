"""Which errors may answer a request: their codes by status, as `docs/errors.md` explains them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.openapi.components import Components, Reference
from jsonapi_sieve.openapi.values import JsonSchema
from jsonapi_sieve.operators import Arity
from jsonapi_sieve.paging import CursorPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.rules import Default
from jsonapi_sieve.serialization import StoredFilters

__all__ = ["Codes", "body_codes", "error_responses", "listing_codes", "query_codes", "single_codes", "without_bodies"]

Codes: TypeAlias = Mapping[int, Iterable[str]]
"""The codes of errors by their HTTP status."""

_ANY_QUERY: Final = (
    "invalid-encoding", "unnamed-parameter", "unknown-parameter", "unknown-filter", "repeated-parameter",
    "parameters-limit", "key-limit", "value-limit",
    "unknown-type", "unknown-field", "empty-field", "repeated-field", "too-many-fields",
)  # fmt: skip
_VALUES: Final = ("invalid-value", "empty-value", "filters-limit", "depth-limit")
_SORT: Final = ("unknown-sort-key", "repeated-sort-key", "empty-sort-key", "too-many-sort-keys")
_PAGES: Final = ("unknown-page-parameter", "invalid-page-value", "page-size-limit")
_CURSORS: Final = (
    "unknown-page-parameter", "invalid-page-value", "max-size-exceeded", "invalid-cursor", "unsupported-sort",
    "range-pagination-not-supported",
)  # fmt: skip
_INCLUDE: Final = ("unknown-include", "empty-include", "too-many-includes", "include-depth-limit")
_BODY: Final = (
    "invalid-encoding", "invalid-json", "repeated-member", "missing-member", "invalid-document", "json-depth-limit",
    "list-items-limit",
)  # fmt: skip
_RESOURCE: Final = (
    "required-member", "unknown-member", "read-only-member", "invalid-attribute", "invalid-relationship",
    "invalid-resource", "list-items-limit",
)  # fmt: skip
_STORED: Final = (
    "unknown-filter", "repeated-parameter", "missing-filter", "invalid-filters", "key-limit", "value-limit", *_VALUES,
)  # fmt: skip


_OF_BODIES: Final = (409, 413, 415, 422)

# Of these, versions of Python have different phrases (RFC 9110, 15, "Status Codes").
_PHRASES: Final[Mapping[int, str]] = MappingProxyType(
    {413: "Content Too Large", 414: "URI Too Long", 422: "Unprocessable Content"}
)


def query_codes() -> Codes:
    """Give the codes of what takes no parameter of its own."""
    return _read({400: [*_ANY_QUERY, "unsupported-parameter"]})


def single_codes(resource: Resource) -> Codes:
    """Give the codes of what asks for one resource.

    >>> from marshmallow_jsonapi import Schema, fields
    >>> class CallSchema(Schema):
    ...     id = fields.Str()
    ...
    ...     class Meta:
    ...         type_ = "calls"
    >>> "unknown-include" in single_codes(Resource(CallSchema))[400]
    False
    """
    included = _INCLUDE if resource.include else ()
    return _read({400: [*_ANY_QUERY, *included, "unsupported-parameter"]})


def listing_codes(resource: Resource) -> Codes:
    """Give the codes of what asks for a listing."""
    sort = _SORT if resource.sort is not None else ()
    is_whole = resource.include and resource.sort is not None and resource.pages is not None
    pages = () if resource.pages is None else _CURSORS if isinstance(resource.pages, CursorPages) else _PAGES
    query = [*single_codes(resource)[400], *_filters(resource.filters), *sort, *pages]
    return _read({400: [code for code in query if not (is_whole and code == "unsupported-parameter")]})


def body_codes(resource: Resource, sent: Iterable[Any]) -> Codes:
    """Give the codes of the body that creates a resource, of which clients may send these fields."""
    stored = _STORED if any(isinstance(field, StoredFilters) for field in sent) else ()
    found = {
        403: ["client-id"],
        404: ["related-not-found"] if resource.schema.relationships else [],
        409: ["wrong-type"],
        413: ["body-limit"],
        415: ["unsupported-media-type"],
        422: [*_RESOURCE, *stored],
    }
    # Faults of several statuses are answered with the most general one.
    mixed = [code for status in (403, 404, 409, 422) for code in found[status]]
    return {**found, 400: [*_BODY, *mixed]}


def _read(found: dict[int, list[str]]) -> Codes:
    return {**found, 406: ["not-acceptable"], 414: ["query-string-limit"]}


def _filters(filters: FilterSet) -> Iterator[str]:
    if not filters.parameters:
        return
    arities = {parameter.operator.arity for parameter in filters.parameters}
    yield from _VALUES
    yield from ("too-many-values",) if arities - {Arity.LIST} else ()
    yield from ("malformed-list", "list-items-limit") if Arity.LIST in arities else ()
    yield from ("missing-filter",) if any(not isinstance(rule, Default) for rule in filters.rules) else ()


def without_bodies(codes: Codes) -> Codes:
    """Leave out the statuses that only what has a body is answered with.

    >>> without_bodies({404: ["not-found"], 415: ["unsupported-encoding"]})
    {404: ['not-found']}
    """
    return {status: listed for status, listed in codes.items() if status not in _OF_BODIES}


def error_responses(codes: Iterable[Codes], components: Components) -> dict[str, Reference]:
    """Describe the answers to what goes wrong, one for each status."""
    found: dict[int, dict[str, None]] = {}
    for table in codes:
        for status, listed in table.items():
            found.setdefault(status, {}).update(dict.fromkeys(listed))
    return {
        str(status): components.add(
            "responses", f"errors.{status}", _response(status, sorted(found[status]), components)
        )
        for status in sorted(found)
        if found[status]
    }


def _response(status: int, codes: list[str], components: Components) -> dict[str, Any]:
    error = components.add("schemas", "error", _error())
    items = {"allOf": [error, {"properties": {"code": {"enum": codes}}}]}
    schema = {
        "type": "object",
        "required": ["errors"],
        "properties": {
            "errors": {"type": "array", "minItems": 1, "items": items},
            "jsonapi": {"type": "object"},
        },
    }
    return {
        "description": _PHRASES.get(status) or HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": schema}},
    }


def _error() -> JsonSchema:
    text = {"type": "string"}
    source = {"type": "object", "properties": {"parameter": text, "pointer": text, "header": text}, "maxProperties": 1}
    return {
        "type": "object",
        "required": ["status", "code", "title", "detail"],
        "properties": {
            "status": {"type": "string", "pattern": "^[45][0-9]{2}$", "description": "the HTTP status"},
            "code": {"type": "string", "description": "what went wrong, for programs"},
            "title": {"type": "string", "description": "what went wrong, the same for each fault of the code"},
            "detail": {"type": "string", "description": "a sentence on this fault"},
            "source": {**source, "description": "where: a query parameter, a place in the body, or a header"},
            "links": {"type": "object"},
            "meta": {"type": "object", "description": "what is allowed, and what was perhaps meant"},
        },
        "additionalProperties": False,
    }
