"""The resource types of the domain's APIs: what clients may ask of each, and the documents that answer them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from marshmallow import Schema

from jsonapi_sieve import QueryErrors, Sort
from jsonapi_sieve.cdr.did_resources import DID_CDR_EXPORTS, DID_EXPORTS
from jsonapi_sieve.cdr.filters import AccountFilters, CdrExportFilters, CdrFilters, ZonedCdrExportFilters
from jsonapi_sieve.cdr.schemas import (
    AccountSchema,
    CdrExportSchema,
    CdrSchema,
    TimedCdrExportSchema,
    TransportProtocolSchema,
    ZonedCdrExportSchema,
    ZonedTimedCdrExportSchema,
)
from jsonapi_sieve.cdr.wording import reworded
from jsonapi_sieve.paging import NumberedPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import ResourceSchema

__all__ = ["ACCOUNTS", "CDRS", "DID_CDR_EXPORTS", "DID_EXPORTS", "TRANSPORT_PROTOCOLS", "cdr_exports"]

_PAGES: Final = NumberedPages(default=50, maximum=1000)


def cdr_exports(*, times_required: bool = False, times_shown: bool = False) -> Resource:
    """Make the resource type of exports.

    With `times_required` a new one has to say from when to when. With `times_shown` it can say how its file writes
    times too, and exports are shown, filtered and sorted by that.

    >>> query = cdr_exports().parse("filter[status-eq]=Pending&sort=-updated-at&include=account")
    >>> query.predicate, query.order, query.include
    (And(status = 'Pending'), (SortKey(name='updated_at', descending=True),), ('account',))
    """
    return _CdrExports(
        _SCHEMAS[times_required, times_shown],
        filters=ZonedCdrExportFilters() if times_shown else CdrExportFilters(),
        sort=Sort(
            *("created_at", "updated_at", "status", "rows_count"),
            *(("time_format", "time_zone_name") if times_shown else ()),
            default="created_at",
        ),
        pages=_PAGES,
        include=("account",),
    )


_SCHEMAS: Final[Mapping[tuple[bool, bool], type[CdrExportSchema]]] = MappingProxyType(
    {
        (False, False): CdrExportSchema,
        (True, False): TimedCdrExportSchema,
        (False, True): ZonedCdrExportSchema,
        (True, True): ZonedTimedCdrExportSchema,
    }
)
"""Schemas of exports, by whether times are required and whether they are shown."""


class _CdrExports(Resource):
    """Exports, whose orders are refused in the words of the upstream API."""

    def load(self, body: bytes, **options: Any) -> dict[str, Any]:
        try:
            return super().load(body, **options)
        except QueryErrors as errors:
            raise reworded(errors) from None


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
