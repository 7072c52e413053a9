"""The resource types of the domain's APIs: what clients may ask of each, and the documents that answer them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from marshmallow import Schema

from jsonapi_sieve import Sort
from jsonapi_sieve.cdr.filters import AccountFilters, CdrExportFilters, CdrFilters
from jsonapi_sieve.cdr.schemas import (
    AccountSchema,
    CdrExportSchema,
    CdrSchema,
    DidCdrExportSchema,
    TimedCdrExportSchema,
    TransportProtocolSchema,
)
from jsonapi_sieve.links import resolve
from jsonapi_sieve.paging import NumberedPages
from jsonapi_sieve.query import Query
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import ResourceSchema

__all__ = ["ACCOUNTS", "CDRS", "DID_CDR_EXPORTS", "TRANSPORT_PROTOCOLS", "cdr_exports"]

_PAGES: Final = NumberedPages(default=50, maximum=1000)


def cdr_exports(*, times_required: bool = False) -> Resource:
    """Make the resource type of exports; with `times_required` a new one has to say from when to when.

    >>> query = cdr_exports().parse("filter[status-eq]=Pending&sort=-updated-at&include=account")
    >>> query.predicate, query.order, query.include
    (And(status = 'Pending'), (SortKey(name='updated_at', descending=True),), ('account',))
    """
    return Resource(
        TimedCdrExportSchema if times_required else CdrExportSchema,
        filters=CdrExportFilters(),
        sort=Sort("created_at", "updated_at", "status", "rows_count", default="created_at"),
        pages=_PAGES,
        include=("account",),
    )


def _by_all(schema: type[Schema], *, default: str) -> Sort:
    """Let clients sort by every attribute that they are shown, and by the identifier."""
    return Sort("id", *ResourceSchema(schema).attributes.values(), default=default)


CDRS: Final = Resource(
    CdrSchema,
    filters=CdrFilters(),
    sort=_by_all(CdrSchema, default="-time_start"),
    pages=_PAGES,
    include=("account", "auth_orig_transport_protocol"),
)
"""Calls, the newest first."""

ACCOUNTS: Final = Resource(
    AccountSchema, filters=AccountFilters(), sort=_by_all(AccountSchema, default="name"), pages=_PAGES
)
"""What a customer's calls are billed to, by name."""

TRANSPORT_PROTOCOLS: Final = Resource(
    TransportProtocolSchema, sort=_by_all(TransportProtocolSchema, default="id"), pages=_PAGES
)
"""What SIP messages travel by; the same for all customers."""


class _DidCdrExports(Resource):
    """Exports of the API's version 3, whose files have addresses on the host that the client used."""

    def render(self, rows: Iterable[object], query: Query, *, url: str, **options: Any) -> bytes:
        return super().render([_located(row, url) for row in rows], query, url=url, **options)

    def render_one(self, row: object | None, query: Query | None = None, *, url: str, **options: Any) -> bytes:
        return super().render_one(None if row is None else _located(row, url), query, url=url, **options)


def _located(row: Any, url: str) -> dict[str, object]:
    """Give what is shown of a row of `DidCdrExport`."""
    return {
        "id": row.id,
        "filters": {"year": row.year, "month": row.month},
        "status": row.status,
        "created_at": row.created_at,
        "url": None if row.file_id is None else resolve(url, f"/v3/cdr_exports/{row.file_id}.csv"),
    }


DID_CDR_EXPORTS: Final = _DidCdrExports(
    DidCdrExportSchema,
    sort=Sort("status", "created_at", default="created_at", style="underscore"),
    pages=_PAGES,
    total_member="total_records",
    page_links=False,
)
"""Exports of the API's version 3, oldest first."""
