"""The two APIs of the domain, as tables of endpoints."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

from jsonapi_sieve import Field, types
from jsonapi_sieve.cdr.did_resources import INTERVAL_VERSIONS, MONTH_VERSIONS
from jsonapi_sieve.cdr.models import Account, Cdr, CdrExport, DidCdrExport, DidExport, TransportProtocol
from jsonapi_sieve.cdr.openapi_files import CSV, PARQUET
from jsonapi_sieve.cdr.resources import (
    ACCOUNTS,
    CDRS,
    DID_CDR_EXPORTS,
    DID_EXPORTS,
    TRANSPORT_PROTOCOLS,
    cdr_exports,
)
from jsonapi_sieve.cdr.schemas import ROOT
from jsonapi_sieve.cdr.statuses import CAPITALIZED, LOWER_CASE, Statuses
from jsonapi_sieve.cdr.times import TIME_FORMATS
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.service.budgets import WAITING, Budget
from jsonapi_sieve.service.endpoints import Api, Create, Endpoint, File

__all__ = ["customer_api", "did_api"]

_CUSTOMER: Final = Field(types.Integer(64), name="customer_id")
_UUID: Final = Field(types.Uuid(), name="id")
_NUMBER: Final = Field(types.Integer(64), name="id")
_FILE: Final = Field(types.Uuid(), name="file_id", nullable=True)

_PACKED_OR_PARQUET: Final = MappingProxyType({".csv.gz": CSV, ".parquet": PARQUET})
_PLAIN, _PACKED = (MappingProxyType({ending: "application/octet-stream"}) for ending in (".csv", ".csv.gz"))
_CDR_FILE: Final = File("/{id}/download", _UUID, CAPITALIZED.completed, _PACKED_OR_PARQUET, tells=True)
_MONTH_FILE: Final = File("/{file}.csv", _FILE, CAPITALIZED.completed, _PLAIN)
_INTERVAL_FILE: Final = File("/{file}.csv.gz", _FILE, LOWER_CASE.completed, _PACKED)


def customer_api(*, times_required: bool = False, times_shown: bool = False, waiting: int | None = WAITING) -> Api:
    """Give the API of customers: calls, orders for exports of them, accounts, and what SIP messages travel by.

    With `times_required` an order for an export has to say from when to when, with `times_shown` it can say how the
    file writes times. So many exports of a customer may wait at once as `waiting` says; None is no limit.
    """
    exports = cdr_exports(times_required=times_required, times_shown=times_shown)
    return Api(
        ROOT,
        header="Authorization",
        audience="customer-v1",
        endpoints=(
            Endpoint(
                exports, CdrExport, _UUID, _CUSTOMER, _order, file=_CDR_FILE, budget=_budget(waiting, CAPITALIZED)
            ),
            Endpoint(CDRS, Cdr, _NUMBER, _CUSTOMER),
            Endpoint(ACCOUNTS, Account, _UUID, _CUSTOMER),
            Endpoint(TRANSPORT_PROTOCOLS, TransportProtocol, _NUMBER, None),
        ),
    )


def did_api(*, waiting: int | None = WAITING) -> Api:
    """Give version 3: orders for exports of the calls to and from a customer's own numbers.

    So many exports of a customer in each collection may wait at once as `waiting` says; None is no limit.
    """
    months, intervals = _budget(waiting, CAPITALIZED), _budget(waiting, LOWER_CASE)
    return Api(
        "/v3",
        header="Api-Key",
        audience="did-v3",
        endpoints=(
            _did_endpoint(DID_CDR_EXPORTS, DidCdrExport, _order_month, _MONTH_FILE, MONTH_VERSIONS, months),
            _did_endpoint(DID_EXPORTS, DidExport, _order_interval, _INTERVAL_FILE, INTERVAL_VERSIONS, intervals),
        ),
    )


def _did_endpoint(
    resource: Resource,
    model: type[Any],
    create: Create,
    file: File,
    versions: tuple[str, ...],
    budget: Budget | None,
) -> Endpoint:
    meta = {"api_version": versions[0]}
    return Endpoint(resource, model, _UUID, _CUSTOMER, create, meta=meta, versions=versions, file=file, budget=budget)


def _budget(most: int | None, statuses: Statuses) -> Budget | None:
    return None if most is None else Budget(most, statuses)


def _order(values: dict[str, Any], customer: int, now: datetime) -> CdrExport:
    """Make an order for an export, of which nothing is done yet."""
    account: Account = values["account"]
    return CdrExport(
        **_pending(customer, now, CAPITALIZED),
        filters=values["filters"],
        time_format=values.get("time_format", TIME_FORMATS[0]),
        time_zone_name=values.get("time_zone_name"),
        account_id=account.id,
        account=account,
    )


def _order_month(values: dict[str, Any], customer: int, now: datetime) -> DidCdrExport:
    asked = values["filters"]
    return DidCdrExport(
        **_pending(customer, now, CAPITALIZED),
        file_id=str(uuid4()),
        year=asked["year"],
        month=asked["month"],
        did_number=asked.get("did_number"),
    )


def _order_interval(values: dict[str, Any], customer: int, now: datetime) -> DidExport:
    asked = values["filters"]
    times = {name: _MOMENT.render(asked[name]) for name in ("from", "to")}
    return DidExport(
        **_pending(customer, now, LOWER_CASE),
        file_id=str(uuid4()),
        export_type=values["export_type"],
        filters=asked | times,
        external_reference_id=values.get("external_reference_id"),
    )


_MOMENT: Final = types.Timestamp(digits=3)


def _pending(customer: int, now: datetime, statuses: Statuses) -> dict[str, Any]:
    """Give what all orders have that nobody works on yet."""
    return {
        "id": str(uuid4()),
        "customer_id": customer,
        "status": statuses.pending,
        "created_at": now,
        "updated_at": now,
    }
