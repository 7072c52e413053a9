"""The APIs of the domain as OpenAPI documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jsonapi_sieve.cdr.did_resources import DID_CDR_EXPORTS, DID_EXPORTS, INTERVAL_VERSIONS, MONTH_VERSIONS
from jsonapi_sieve.cdr.openapi_files import CSV, PARQUET, add_budget, add_file, add_versions
from jsonapi_sieve.cdr.resources import ACCOUNTS, CDRS, TRANSPORT_PROTOCOLS, cdr_exports
from jsonapi_sieve.cdr.schemas import ROOT
from jsonapi_sieve.openapi import Collection, openapi
from jsonapi_sieve.resource import Resource

__all__ = ["ERRORS", "customer_api", "did_api", "key"]

ERRORS: Final[Mapping[int, tuple[str, ...]]] = {
    400: ("invalid-request", "invalid-host", "invalid-scheme", "bad-request"),
    401: ("unauthorized",),
    404: ("not-found",),
    408: ("request-timeout",),
    415: ("unsupported-encoding",),
    431: ("headers-limit",),
    500: ("internal-error",),
    503: ("unavailable", "statement-timeout"),
}
"""The codes of the service's own errors by status, which any request may get."""


def customer_api(*, times_required: bool = False, times_shown: bool = False) -> dict[str, Any]:
    """Describe the API of customers; with `times_required` an order for an export says from when to when.

    With `times_shown` it can say how the file writes times.

    >>> customer_api()["paths"]["/api/rest/customer/v1/cdrs/{id}"]["get"]["operationId"]
    'cdrs.get'
    """
    exports = cdr_exports(times_required=times_required, times_shown=times_shown)
    document = openapi(
        Collection(exports, f"{ROOT}/cdr-exports", create=True),
        *(_below(ROOT, resource) for resource in (CDRS, ACCOUNTS, TRANSPORT_PROTOCOLS)),
        title="Calls and exports of a customer",
        version="1",
        security_schemes=key("Authorization"),
        errors=ERRORS,
    )
    add_file(document, f"{ROOT}/cdr-exports", "/{id}/download", [CSV, PARQUET])
    add_budget(document, f"{ROOT}/cdr-exports")
    return document


def did_api() -> dict[str, Any]:
    """Describe version 3: orders for exports of the calls to and from a customer's own numbers.

    >>> list(did_api()["paths"])[:2]
    ['/v3/cdr_exports', '/v3/cdr_exports/{id}']
    """
    months, intervals = {"api_version": MONTH_VERSIONS[0]}, {"api_version": INTERVAL_VERSIONS[0]}
    document = openapi(
        Collection(DID_CDR_EXPORTS, "/v3/cdr_exports", create=True, meta=months),
        Collection(DID_EXPORTS, "/v3/exports", create=True, meta=intervals),
        title="Exports of calls to and from a customer's own numbers",
        version=INTERVAL_VERSIONS[0],
        security_schemes=key("Api-Key"),
        errors=ERRORS,
    )
    add_file(document, "/v3/cdr_exports", "/{file}.csv", ["application/octet-stream"])
    add_file(document, "/v3/exports", "/{file}.csv.gz", ["application/octet-stream"])
    add_versions(document, "/v3/cdr_exports", MONTH_VERSIONS)
    add_versions(document, "/v3/exports", INTERVAL_VERSIONS)
    for path in ("/v3/cdr_exports", "/v3/exports"):
        add_budget(document, path)
    return document


def _below(root: str, resource: Resource) -> Collection:
    return Collection(resource, f"{root}/{resource.type}")


def key(header: str) -> dict[str, dict[str, str]]:
    """Say that requests have a token in a header.

    >>> key("Api-Key")
    {'token': {'type': 'apiKey', 'in': 'header', 'name': 'Api-Key'}}
    """
    return {"token": {"type": "apiKey", "in": "header", "name": header}}
