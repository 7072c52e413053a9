"""The two APIs of the domain, as tables of endpoints."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

from jsonapi_sieve import Field, types
from jsonapi_sieve.cdr.models import Account, Cdr, CdrExport, DidCdrExport, TransportProtocol
from jsonapi_sieve.cdr.resources import ACCOUNTS, CDRS, DID_CDR_EXPORTS, TRANSPORT_PROTOCOLS, cdr_exports
from jsonapi_sieve.cdr.schemas import ROOT
from jsonapi_sieve.service.endpoints import Api, Endpoint

__all__ = ["customer_api", "did_api"]

_CUSTOMER: Final = Field(types.Integer(64), name="customer_id")
_UUID: Final = Field(types.Uuid(), name="id")
_NUMBER: Final = Field(types.Integer(64), name="id")
_VERSION: Final = MappingProxyType({"api_version": "2017-09-18"})


def customer_api(*, times_required: bool = False) -> Api:
    """Give the API of customers: calls, orders for exports of them, accounts, and what SIP messages travel by.

    With `times_required` an order for an export has to say from when to when.
    """
    return Api(
        ROOT,
        header="Authorization",
        audience="customer-v1",
        endpoints=(
            Endpoint(cdr_exports(times_required=times_required), CdrExport, _UUID, _CUSTOMER, _order),
            Endpoint(CDRS, Cdr, _NUMBER, _CUSTOMER),
            Endpoint(ACCOUNTS, Account, _UUID, _CUSTOMER),
            Endpoint(TRANSPORT_PROTOCOLS, TransportProtocol, _NUMBER, None),
        ),
    )


def did_api() -> Api:
    """Give version 3: orders for exports of the calls to a customer's own numbers."""
    exports = Endpoint(DID_CDR_EXPORTS, DidCdrExport, _UUID, _CUSTOMER, meta=_VERSION)
    return Api("/v3", header="Api-Key", audience="did-v3", endpoints=(exports,))


def _order(values: dict[str, Any], customer: int, now: datetime) -> CdrExport:
    """Make an order for an export, of which nothing is done yet."""
    account: Account = values["account"]
    return CdrExport(
        id=str(uuid4()),
        filters=values["filters"],
        status="Pending",
        rows_count=None,
        created_at=now,
        updated_at=now,
        customer_id=customer,
        account_id=account.id,
        account=account,
    )
