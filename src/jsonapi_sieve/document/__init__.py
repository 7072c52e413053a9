"""Whole JSON:API documents: those that are sent, to bytes, and those of clients, from bytes."""

from jsonapi_sieve.document.link import Link
from jsonapi_sieve.document.reading import Identifier, Linkage, NewResource, read_resource
from jsonapi_sieve.document.top_level import TopLevel
from jsonapi_sieve.document.writing import (
    Document,
    closing,
    collection,
    encode,
    error_document,
    opening,
    single,
    to_json,
)

__all__ = [
    "Document",
    "Identifier",
    "Link",
    "Linkage",
    "NewResource",
    "TopLevel",
    "closing",
    "collection",
    "encode",
    "error_document",
    "opening",
    "read_resource",
    "single",
    "to_json",
]
