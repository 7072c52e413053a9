"""Whole documents: their members, in the order in which they are sent, and their bytes.

A document is made by one of the functions here, so none breaks what JSON:API 1.1, "Top Level", asks: each has data or
errors, never both, and related resources only beside data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from jsonapi_sieve.errors import QueryErrors

__all__ = ["Document", "Members", "collection", "encode", "error_document", "single"]

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
) -> Document:
    """Make the document of several resources, or of a to-many relationship's identifiers.

    Without `included` nothing was asked for; an empty one says that there is nothing related (JSON:API 1.1, "Inclusion
    of Related Resources"). Empty `meta` and `links` are left out.

    >>> collection([], included=[], meta={"total": 0})
    {'data': [], 'included': [], 'meta': {'total': 0}}
    """
    return _document(list(data), included, meta, links)


def single(
    data: Members | None,
    *,
    included: Iterable[Members] | None = None,
    meta: Members | None = None,
    links: Members | None = None,
) -> Document:
    """Make the document of one resource, of one identifier, or of None where there could be one but is not.

    >>> single({"type": "accounts", "id": "7"}, links={"self": "/cdr-exports/1/relationships/account"})
    {'data': {'type': 'accounts', 'id': '7'}, 'links': {'self': '/cdr-exports/1/relationships/account'}}
    """
    return _document(data, included, meta, links)


def _document(
    data: object, included: Iterable[Members] | None, meta: Members | None, links: Members | None
) -> Document:
    document: Document = {"data": data}
    if included is not None:
        document["included"] = list(included)
    if meta:
        document["meta"] = dict(meta)
    if links:
        document["links"] = dict(links)
    return document


def error_document(errors: QueryErrors) -> Document:
    """Make the document of what went wrong; `errors.status` is the status to send it with.

    >>> from jsonapi_sieve.errors import ErrorObject
    >>> error_document(QueryErrors([ErrorObject("invalid-json", "Invalid JSON", "The body is empty.")]))
    {'errors': [{'status': '400', 'code': 'invalid-json', 'title': 'Invalid JSON', 'detail': 'The body is empty.'}]}
    """
    return {"errors": [error.to_dict() for error in errors.errors]}


def encode(document: Members) -> bytes:
    """Write a document as JSON (RFC 8259): UTF-8, no blanks, members in their order.

    >>> encode(single({"type": "accounts", "id": "7"}))
    b'{"data":{"type":"accounts","id":"7"}}'

    Raises:
        TypeError: for a value that JSON does not have, such as a datetime.
        ValueError: for NaN and infinities, and for text with lone surrogates, which UTF-8 does not have.
    """
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
