"""What clients may filter by: the listings of CDRs, exports and accounts, and what an export may select."""

from __future__ import annotations

from datetime import timedelta

from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.cdr.exports import STATUSES
from jsonapi_sieve.rules import Default, Required

__all__ = ["AccountFilters", "CdrExportFilters", "CdrExportStoredFilters", "CdrFilters"]


class CdrFilters(FilterSet):
    """The listing of CDRs. It shows the last 24 hours unless the request says when, or which, calls it asks for.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 1, 2, tzinfo=UTC)
    >>> CdrFilters().parse("filter[duration-gt]=60&filter[id]=8,9", now=now)
    And(id in (8, 9), duration > 60)
    """

    id = Field(types.Integer(64), bare="in")
    time_start = Field(types.Timestamp(digits=3))
    time_connect = Field(types.Timestamp(digits=3), nullable=True)
    time_end = Field(types.Timestamp(digits=3), nullable=True)
    duration = Field(types.Integer(32), nullable=True)
    success = Field(types.Boolean(), nullable=True)
    destination_prefix = Field(types.Text(), nullable=True)
    destination_initial_rate = Field(types.Decimal(scale=12), nullable=True)
    destination_next_rate = Field(types.Decimal(scale=12), nullable=True)
    destination_fee = Field(types.Decimal(scale=12), nullable=True)
    destination_initial_interval = Field(types.Integer(32), nullable=True)
    destination_next_interval = Field(types.Integer(32), nullable=True)
    destination_reverse_billing = Field(types.Boolean(), nullable=True)
    customer_acc_vat = Field(types.Decimal(scale=12), nullable=True)
    customer_price = Field(types.Decimal(scale=12), nullable=True)
    customer_price_no_vat = Field(types.Decimal(scale=12), nullable=True)
    customer_duration = Field(types.Integer(32), nullable=True)
    dst_prefix_in = Field(types.Text(), nullable=True)
    src_prefix_in = Field(types.Text(), nullable=True)
    src_name_in = Field(types.Text(), nullable=True)
    src_prefix_routing = Field(types.Text(), nullable=True)
    dst_prefix_routing = Field(types.Text(), nullable=True)
    diversion_in = Field(types.Text(), nullable=True)
    orig_call_id = Field(types.Text(), nullable=True)
    local_tag = Field(types.Text(), nullable=True)
    lega_disconnect_code = Field(types.Integer(32), nullable=True)
    lega_disconnect_reason = Field(types.Text(), nullable=True)
    auth_orig_transport_protocol_id = Field(types.Integer(16), nullable=True)
    auth_orig_ip = Field(types.Address(), nullable=True)
    auth_orig_port = Field(types.Integer(32), nullable=True)
    lega_user_agent = Field(types.Text(), nullable=True)
    pai_in = Field(types.Text(), nullable=True)
    ppi_in = Field(types.Text(), nullable=True)
    privacy_in = Field(types.Text(), nullable=True)
    rpid_in = Field(types.Text(), nullable=True)
    rpid_privacy_in = Field(types.Text(), nullable=True)
    ruri_domain = Field(types.Text(), nullable=True)
    to_domain = Field(types.Text(), nullable=True)
    from_domain = Field(types.Text(), nullable=True)
    account_id = Field(types.Uuid())

    rules = (
        Default(
            "time_start_gteq",
            lambda now: now - timedelta(hours=24),
            unless=("time_start_eq", "time_start_gt", "time_start_in", "id"),
        ),
    )


class CdrExportFilters(FilterSet):
    """The listing of exports.

    >>> CdrExportFilters().parse("filter[status-in]=Pending,Completed&filter[rows-count-gteq]=10")
    And(status in ('Pending', 'Completed'), rows_count >= 10)
    """

    id = Field(types.Uuid(), operators=(), bare="in")
    status = Field(types.Enum(*STATUSES))
    rows_count = Field(types.Integer(32), nullable=True)
    created_at = Field(types.Timestamp(digits=3))
    updated_at = Field(types.Timestamp(digits=3))
    account_id = Field(types.Uuid())


class AccountFilters(FilterSet):
    """The listing of accounts.

    >>> AccountFilters().parse("filter[balance-lt]=0&filter[name-start]=north")
    And(name starts with 'north', balance < Decimal('0'))
    """

    id = Field(types.Uuid(), bare="in")
    name = Field(types.Text())
    balance = Field(types.Decimal(scale=12))
    min_balance = Field(types.Decimal(scale=12))
    max_balance = Field(types.Decimal(scale=12))
    balance_low_threshold = Field(types.Decimal(scale=12), nullable=True)
    balance_high_threshold = Field(types.Decimal(scale=12), nullable=True)
    destination_rate_limit = Field(types.Decimal(scale=12), nullable=True)
    max_call_duration = Field(types.Integer(32), nullable=True)
    external_id = Field(types.Integer(64), nullable=True)
    origination_capacity = Field(types.Integer(32), nullable=True)
    termination_capacity = Field(types.Integer(32), nullable=True)
    total_capacity = Field(types.Integer(32), nullable=True)


class CdrExportStoredFilters(FilterSet):
    """What an export may select CDRs by; the stored form keeps this order.

    >>> filters = CdrExportStoredFilters()
    >>> filters.dump(filters.load({"time_start_lt": "2019-01-02 00:00:00", "time_start_gteq": "2019-01-01"}))
    {'time_start_gteq': '2019-01-01T00:00:00.000Z', 'time_start_lt': '2019-01-02T00:00:00.000Z'}
    """

    time_start = Field(types.Timestamp(digits=3), operators=("gteq", "lt"))
    success = Field(types.Boolean(), nullable=True, operators=("eq",))
    duration = Field(types.Integer(32), nullable=True, operators=("eq", "gteq", "lteq"))
    src_prefix_routing = Field(types.Text(), nullable=True, operators=("eq",))
    dst_prefix_routing = Field(types.Text(), nullable=True, operators=("eq",))

    rules = (Required("time_start_gteq", "time_start_lt"),)
