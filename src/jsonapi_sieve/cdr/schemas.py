"""What the documents show of the domain's rows, member for member and in this order."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema as PlainSchema
from marshmallow import fields

from jsonapi_sieve import types
from jsonapi_sieve.cdr.filters import CdrExportStoredFilters, TimedCdrExportStoredFilters
from jsonapi_sieve.cdr.times import TIME_FORMATS, is_time_zone
from jsonapi_sieve.names import spell
from jsonapi_sieve.operand import shown
from jsonapi_sieve.serialization import Relationship, Schema, StoredFilters, Typed
from jsonapi_sieve.serialization.fields import invalid_attribute

__all__ = [
    "ROOT",
    "AccountSchema",
    "CdrExportSchema",
    "CdrSchema",
    "TimedCdrExportSchema",
    "TransportProtocolSchema",
    "ZonedCdrExportSchema",
    "ZonedTimedCdrExportSchema",
]

ROOT: Final = "/api/rest/customer/v1"
"""The path below which the customer API answers, and which its links begin with."""


def _dashed(name: str) -> str:
    return spell(name, "dash")


def _amount() -> Typed:
    return Typed(types.Decimal(scale=12))


def _moment() -> Typed:
    return Typed(types.Timestamp(digits=3))


def _whole() -> Typed:
    return Typed(types.Integer(32))


def _to_one(name: str, type_: str, schema: type[Schema], *, of: str, **options: Any) -> Relationship:
    """Declare a relationship of the type `of` to the one row that the column `<name>_id` refers to."""
    owner = f"{ROOT}/{of}/{{id}}"
    member = _dashed(name)
    return Relationship(
        attribute=f"{name}_id",
        type_=type_,
        schema=schema,
        self_url=f"{owner}/relationships/{member}",
        self_url_kwargs={"id": "<id>"},
        related_url=f"{owner}/{member}",
        related_url_kwargs={"id": "<id>"},
        **options,
    )


class AccountSchema(Schema):
    """What a customer's calls are billed to."""

    id: Final = fields.Str()
    name: Final = fields.Str()
    balance: Final = _amount()
    min_balance: Final = _amount()
    max_balance: Final = _amount()
    destination_rate_limit: Final = _amount()
    origination_capacity: Final = _whole()
    termination_capacity: Final = _whole()
    total_capacity: Final = _whole()
    currency: Final = fields.Str()

    class Meta:
        type_ = "accounts"
        inflect = _dashed
        self_url: Final = f"{ROOT}/accounts/{{id}}"
        self_url_kwargs: Final[dict[str, str]] = {"id": "<id>"}


class TransportProtocolSchema(Schema):
    """What SIP messages travel by."""

    id: Final = fields.Str()
    name: Final = fields.Str()

    class Meta:
        type_ = "transport-protocols"
        inflect = _dashed
        self_url: Final = f"{ROOT}/transport-protocols/{{id}}"
        self_url_kwargs: Final[dict[str, str]] = {"id": "<id>"}


class CdrSchema(Schema):
    """One call."""

    id: Final = fields.Str()
    time_start: Final = _moment()
    time_connect: Final = _moment()
    time_end: Final = _moment()
    duration: Final = _whole()
    success: Final = fields.Bool()
    destination_initial_interval: Final = _whole()
    destination_initial_rate: Final = _amount()
    destination_next_interval: Final = _whole()
    destination_next_rate: Final = _amount()
    destination_fee: Final = _amount()
    customer_price: Final = _amount()
    customer_duration: Final = _whole()
    src_name_in: Final = fields.Str()
    src_prefix_in: Final = fields.Str()
    from_domain: Final = fields.Str()
    dst_prefix_in: Final = fields.Str()
    to_domain: Final = fields.Str()
    ruri_domain: Final = fields.Str()
    diversion_in: Final = fields.Str()
    local_tag: Final = fields.Str()
    lega_disconnect_code: Final = _whole()
    lega_disconnect_reason: Final = fields.Str()
    auth_orig_transport_protocol_id: Final = _whole()
    auth_orig_ip: Final = Typed(types.Address())
    auth_orig_port: Final = _whole()
    src_prefix_routing: Final = fields.Str()
    dst_prefix_routing: Final = fields.Str()
    destination_prefix: Final = fields.Str()
    orig_call_id: Final = fields.Str()
    lega_user_agent: Final = fields.Str()
    rec: Final = fields.Bool()

    # One column is shown twice, which marshmallow allows only where it is not loaded from both.
    auth_orig_transport_protocol: Final = _to_one(
        "auth_orig_transport_protocol", "transport-protocols", TransportProtocolSchema, of="cdrs", dump_only=True
    )
    account: Final = _to_one("account", "accounts", AccountSchema, of="cdrs", dump_only=True)

    class Meta:
        type_ = "cdrs"
        inflect = _dashed
        self_url: Final = f"{ROOT}/cdrs/{{id}}"
        self_url_kwargs: Final[dict[str, str]] = {"id": "<id>"}


class CdrExportSchema(Schema):
    """An order for a file of CDRs: who orders one says which CDRs, and of which account."""

    id: Final = fields.Str(dump_only=True)
    filters: StoredFilters = StoredFilters(CdrExportStoredFilters(), required=True)
    status: Final = fields.Str(dump_only=True)
    rows_count: Final = Typed(types.Integer(32), dump_only=True)
    created_at: Final = Typed(types.Timestamp(digits=3), dump_only=True)
    updated_at: Final = Typed(types.Timestamp(digits=3), dump_only=True)

    account: Final = _to_one("account", "accounts", AccountSchema, of="cdr-exports", required=True)

    class Meta:
        type_ = "cdr-exports"
        inflect = _dashed
        self_url: Final = f"{ROOT}/cdr-exports/{{id}}"
        self_url_kwargs: Final[dict[str, str]] = {"id": "<id>"}


class TimedCdrExportSchema(CdrExportSchema):
    """An export whose order has to say from when to when."""

    filters: StoredFilters = StoredFilters(TimedCdrExportStoredFilters(), required=True)


def _check_time_zone(name: str) -> None:
    if not is_time_zone(name):
        allowed = "a name of the IANA time zone database such as Europe/Berlin"
        raise invalid_attribute(f"There is no time zone {shown(name)} in the IANA database.", allowed)


class _ZonedCdrExport(PlainSchema):
    """How an export's file writes times: members that were added to the API later."""

    time_format: Final = Typed(types.Enum(*TIME_FORMATS), load_default=TIME_FORMATS[0])
    time_zone_name: Final = fields.Str(load_default=None, allow_none=True, validate=_check_time_zone)


class ZonedCdrExportSchema(_ZonedCdrExport, CdrExportSchema):
    """An export whose order may say how times are written."""


class ZonedTimedCdrExportSchema(_ZonedCdrExport, TimedCdrExportSchema):
    """An export whose order has to say from when to when, and may say how times are written."""
