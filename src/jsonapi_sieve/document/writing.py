"""Whole documents: their members, in the order in which they are sent, and their bytes.

A document is made by one of the functions here, and no other is encoded than what JSON:API 1.1, "Top Level", asks for:
it has data, errors or meta, never the first two together, related resources only beside data, and no members of
anybody's own but those of extensions and @-members.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from jsonapi_sieve.document.link import Link
from jsonapi_sieve.errors import QueryErrors

__all__ = [
    "Document",
    "Members",
    "closing",
    "collection",
    "encode",
    "error_document",
    "opening",
    "single",
    "to_json",
]

_MEMBERS: Final = frozenset({"data", "errors", "meta", "jsonapi", "links", "included"})

Members: TypeAlias = Mapping[str, object]
"""The members of a JSON object."""

Document: TypeAlias = dict[str, object]
"""The members of a whole document."""


def collection(
    data: Iterable[Members],
    *,
    included: Iterable[Members] | None = None,
    meta: Members | None = None,
    links: Members | None = None,
    jsonapi: Members | None = None,
) -> Document:
    """Make the document of several resources, or of a to-many relationship's identifiers.

    Without `included` nothing was asked for; an empty one says that there is nothing related (JSON:API 1.1, "Inclusion
    of Related Resources"). Empty `meta`, `links` and `jsonapi` are left out. A link is text, a `Link`, or None.

    >>> collection([], included=[], meta={"total": 0})
    {'data': [], 'included': [], 'meta': {'total': 0}}
    """
    return _document(list(data), included, meta, links, jsonapi)


def single(
    data: Members | None,
    *,
    included: Iterable[Members] | None = None,
    meta: Members | None = None,
    links: Members | None = None,
    jsonapi: Members | None = None,
) -> Document:
    """Make the document of one resource, of one identifier, or of None where there could be one but is not.

    >>> single({"type": "accounts", "id": "7"}, links={"self": "/cdr-exports/1/relationships/account"})
    {'data': {'type': 'accounts', 'id': '7'}, 'links': {'self': '/cdr-exports/1/relationships/account'}}
    """
    return _document(data, included, meta, links, jsonapi)


def _document(
    data: object,
    included: Iterable[Members] | None,
    meta: Members | None,
    links: Members | None,
    jsonapi: Members | None,
) -> Document:
    document: Document = {"jsonapi": dict(jsonapi)} if jsonapi else {}
    document["data"] = data
    if included is not None:
        document["included"] = list(included)
    if meta:
        document["meta"] = dict(meta)
    if links:
        document["links"] = dict(links)
    return document


def opening(jsonapi: Members | None) -> bytes:
    """Write the beginning of a document, as far as its data.

    >>> opening({"version": "1.1"})
    b'{"jsonapi":{"version":"1.1"},"data":'
    """
    return encode(single(None, jsonapi=jsonapi)).removesuffix(b"null}")


def closing(included: bytes | None, meta: Members, links: Members) -> bytes:
    """Write what follows the data of a document; `included` are the resource objects, with commas between them.

    >>> closing(b'{"type":"accounts","id":"7"}', {"total": 1}, {})
    b',"included":[{"type":"accounts","id":"7"}],"meta":{"total":1}}'
    """
    rest = encode(single(None, meta=meta, links=links)).removeprefix(b'{"data":null')
    return rest if included is None else b',"included":[' + included + b"]" + rest


def error_document(errors: QueryErrors, *, jsonapi: Members | None = None) -> Document:
    """Make the document of what went wrong; `errors.status` is the status to send it with.

    >>> from jsonapi_sieve.errors import ErrorObject
    >>> error_document(QueryErrors([ErrorObject("invalid-json", "Invalid JSON", "The body is empty.")]))
    {'errors': [{'status': '400', 'code': 'invalid-json', 'title': 'Invalid JSON', 'detail': 'The body is empty.'}]}
    """
    document: Document = {"jsonapi": dict(jsonapi)} if jsonapi else {}
    document["errors"] = [error.to_dict() for error in errors.errors]
    return document


def encode(document: Members) -> bytes:
    """Write a document as JSON (RFC 8259): UTF-8, no blanks, members in their order, a `Link` as its link object.

    >>> encode(single({"type": "accounts", "id": "7"}))
    b'{"data":{"type":"accounts","id":"7"}}'

    Raises:
        TypeError: for a value that JSON does not have, such as a datetime.
        ValueError: for NaN and infinities, and for text with lone surrogates, which UTF-8 does not have; for a document
            without data, errors and meta, with data beside errors, with included resources and no data, or with a
            member that documents do not have.
    """
    _check(document)
    return to_json(document).encode()


def to_json(value: object) -> str:
    """Write a value as `encode` writes those in a document.

    >>> to_json({"self": Link("/calls", title="Calls")})
    '{"self":{"href":"/calls","title":"Calls"}}'

    Raises:
        TypeError: for a value that JSON does not have, such as a datetime.
        ValueError: for NaN and infinities.
    """
    return _to_json(value)


def _check(document: Members) -> None:
    if document.keys().isdisjoint(("data", "errors", "meta")) and not any(":" in name for name in document):
        raise ValueError("a document has data, errors, meta or a member of an extension, and this one none of them")
    if "data" in document and "errors" in document:
        raise ValueError("a document has data or errors, and this one both")
    if "included" in document and "data" not in document:
        raise ValueError("what is included stands beside data, and this document has none")
    for name in document.keys() - _MEMBERS:
        if ":" not in name and not name.startswith("@"):
            raise ValueError(f"documents have no member {name!r}: meta holds what an application adds")


def _link_object(value: object) -> dict[str, object]:
    if isinstance(value, Link):
        return value.to_dict()
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


_to_json: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_link_object
).encode
