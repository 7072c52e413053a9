"""The APIs of the domain as OpenAPI documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jsonapi_sieve.cdr.resources import ACCOUNTS, CDRS, DID_CDR_EXPORTS, TRANSPORT_PROTOCOLS, cdr_exports
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


def customer_api(*, times_required: bool = False) -> dict[str, Any]:
    """Describe the API of customers; with `times_required` an order for an export says from when to when.

    >>> customer_api()["paths"]["/api/rest/customer/v1/cdrs/{id}"]["get"]["operationId"]
    'cdrs.get'
    """
    exports = Collection(cdr_exports(times_required=times_required), f"{ROOT}/cdr-exports", create=True)
    return openapi(
        exports,
        *(_below(ROOT, resource) for resource in (CDRS, ACCOUNTS, TRANSPORT_PROTOCOLS)),
        title="Calls and exports of a customer",
        version="1",
        security_schemes=key("Authorization"),
        errors=ERRORS,
    )


def did_api() -> dict[str, Any]:
    """Describe version 3: orders for exports of the calls to a customer's own numbers.

    >>> list(did_api()["paths"])
    ['/v3/cdr_exports', '/v3/cdr_exports/{id}']
    """
    return openapi(
        Collection(DID_CDR_EXPORTS, "/v3/cdr_exports", meta={"api_version": "2017-09-18"}),
        title="Exports of calls to a customer's own numbers",
        version="2017-09-18",
        security_schemes=key("Api-Key"),
        errors=ERRORS,
    )


def _below(root: str, resource: Resource) -> Collection:
    return Collection(resource, f"{root}/{resource.type}")


def key(header: str) -> dict[str, dict[str, str]]:
    """Say that requests have a token in a header.

    >>> key("Api-Key")
    {'token': {'type': 'apiKey', 'in': 'header', 'name': 'Api-Key'}}
    """
    return {"token": {"type": "apiKey", "in": "header", "name": header}}
