"""What the documents show of the domain's rows, member for member and in this order."""

from __future__ import annotations

from typing import Any, Final

from marshmallow_jsonapi import Schema, fields

from jsonapi_sieve import types
from jsonapi_sieve.cdr.filters import CdrExportStoredFilters, TimedCdrExportStoredFilters
from jsonapi_sieve.names import spell
from jsonapi_sieve.serialization import StoredFilters, Typed

__all__ = [
    "ROOT",
    "AccountSchema",
    "CdrExportSchema",
    "CdrSchema",
    "DidCdrExportSchema",
    "TimedCdrExportSchema",
    "TransportProtocolSchema",
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


def _to_one(name: str, type_: str, schema: type[Schema], *, of: str, **options: Any) -> fields.Relationship:
    """Declare a relationship of the type `of` to the one row that the column `<name>_id` refers to."""
    owner = f"{ROOT}/{of}/{{id}}"
    member = _dashed(name)
    return fields.Relationship(
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

    id = fields.Str()
    name = fields.Str()
    balance = _amount()
    min_balance = _amount()
    max_balance = _amount()
    destination_rate_limit = _amount()
    origination_capacity = _whole()
    termination_capacity = _whole()
    total_capacity = _whole()
    currency = fields.Str()

    class Meta:
        type_ = "accounts"
        inflect = _dashed
        self_url = f"{ROOT}/accounts/{{id}}"
        self_url_kwargs: Final = {"id": "<id>"}


class TransportProtocolSchema(Schema):
    """What SIP messages travel by."""

    id = fields.Str()
    name = fields.Str()

    class Meta:
        type_ = "transport-protocols"
        inflect = _dashed
        self_url = f"{ROOT}/transport-protocols/{{id}}"
        self_url_kwargs: Final = {"id": "<id>"}


class CdrSchema(Schema):
    """One call."""

    id = fields.Str()
    time_start = _moment()
    time_connect = _moment()
    time_end = _moment()
    duration = _whole()
    success = fields.Bool()
    destination_initial_interval = _whole()
    destination_initial_rate = _amount()
    destination_next_interval = _whole()
    destination_next_rate = _amount()
    destination_fee = _amount()
    customer_price = _amount()
    customer_duration = _whole()
    src_name_in = fields.Str()
    src_prefix_in = fields.Str()
    from_domain = fields.Str()
    dst_prefix_in = fields.Str()
    to_domain = fields.Str()
    ruri_domain = fields.Str()
    diversion_in = fields.Str()
    local_tag = fields.Str()
    lega_disconnect_code = _whole()
    lega_disconnect_reason = fields.Str()
    auth_orig_transport_protocol_id = _whole()
    auth_orig_ip = Typed(types.Address())
    auth_orig_port = _whole()
    src_prefix_routing = fields.Str()
    dst_prefix_routing = fields.Str()
    destination_prefix = fields.Str()
    orig_call_id = fields.Str()
    lega_user_agent = fields.Str()
    rec = fields.Bool()

    # One column is shown twice, which marshmallow allows only where it is not loaded from both.
    auth_orig_transport_protocol = _to_one(
        "auth_orig_transport_protocol", "transport-protocols", TransportProtocolSchema, of="cdrs", dump_only=True
    )
    account = _to_one("account", "accounts", AccountSchema, of="cdrs", dump_only=True)

    class Meta:
        type_ = "cdrs"
        inflect = _dashed
        self_url = f"{ROOT}/cdrs/{{id}}"
        self_url_kwargs: Final = {"id": "<id>"}


class CdrExportSchema(Schema):
    """An order for a file of CDRs: who orders one says which CDRs, and of which account."""

    id = fields.Str(dump_only=True)
    filters = StoredFilters(CdrExportStoredFilters(), required=True)
    status = fields.Str(dump_only=True)
    rows_count = Typed(types.Integer(32), dump_only=True)
    created_at = Typed(types.Timestamp(digits=3), dump_only=True)
    updated_at = Typed(types.Timestamp(digits=3), dump_only=True)

    account = _to_one("account", "accounts", AccountSchema, of="cdr-exports", required=True)

    class Meta:
        type_ = "cdr-exports"
        inflect = _dashed
        self_url = f"{ROOT}/cdr-exports/{{id}}"
        self_url_kwargs: Final = {"id": "<id>"}


class TimedCdrExportSchema(CdrExportSchema):
    """An export whose order has to say from when to when."""

    filters = StoredFilters(TimedCdrExportStoredFilters(), required=True)

    class Meta(CdrExportSchema.Meta):
        pass


class DidCdrExportSchema(Schema):
    """An order for a file of a month's calls, of the API's version 3; `url` is where the file is, once there is one."""

    id = fields.Str()
    filters = fields.Dict()
    status = fields.Str()
    created_at = _moment()
    url = fields.Str()

    class Meta:
        type_ = "cdr_exports"
