"""What clients may filter by: the listings of CDRs, exports and accounts, and what an export may select."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Final

from jsonapi_sieve import Field, FilterSet, ToMany, ToOne, types
from jsonapi_sieve.cdr.statuses import STATUSES
from jsonapi_sieve.cdr.times import TIME_FORMATS
from jsonapi_sieve.rules import Default, Required, Rule

__all__ = [
    "AccountFilters",
    "CdrExportFilters",
    "CdrExportStoredFilters",
    "CdrFilters",
    "TimedCdrExportStoredFilters",
    "ZonedCdrExportFilters",
]


class RelatedAccountFilters(FilterSet):
    """What calls and exports can be filtered by of the account that they belong to."""

    name: Final = Field(types.Text())
    balance: Final = Field(types.Decimal(scale=12))
    external_id: Final = Field(types.Integer(64), nullable=True)


class RelatedCdrFilters(FilterSet):
    """What accounts can be filtered by of the calls that are billed to them."""

    time_start: Final = Field(types.Timestamp(digits=3))
    duration: Final = Field(types.Integer(32), nullable=True)
    success: Final = Field(types.Boolean(), nullable=True)


class CdrFilters(FilterSet, groups=True):
    """The listing of CDRs. It shows the last 24 hours unless the request says when, or which, calls it asks for.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 1, 2, tzinfo=UTC)
    >>> CdrFilters().parse("filter[account.name-cont]=north&filter[id]=8,9", now=now)
    And(id in (8, 9), Related(account, And(name contains 'north')))
    """

    id: Final = Field(types.Integer(64), bare="in")
    time_start: Final = Field(types.Timestamp(digits=3))
    time_connect: Final = Field(types.Timestamp(digits=3), nullable=True)
    time_end: Final = Field(types.Timestamp(digits=3), nullable=True)
    duration: Final = Field(types.Integer(32), nullable=True)
    success: Final = Field(types.Boolean(), nullable=True)
    destination_prefix: Final = Field(types.Text(), nullable=True)
    destination_initial_rate: Final = Field(types.Decimal(scale=12), nullable=True)
    destination_next_rate: Final = Field(types.Decimal(scale=12), nullable=True)
    destination_fee: Final = Field(types.Decimal(scale=12), nullable=True)
    destination_initial_interval: Final = Field(types.Integer(32), nullable=True)
    destination_next_interval: Final = Field(types.Integer(32), nullable=True)
    destination_reverse_billing: Final = Field(types.Boolean(), nullable=True)
    customer_acc_vat: Final = Field(types.Decimal(scale=12), nullable=True)
    customer_price: Final = Field(types.Decimal(scale=12), nullable=True)
    customer_price_no_vat: Final = Field(types.Decimal(scale=12), nullable=True)
    customer_duration: Final = Field(types.Integer(32), nullable=True)
    dst_prefix_in: Final = Field(types.Text(), nullable=True)
    src_prefix_in: Final = Field(types.Text(), nullable=True)
    src_name_in: Final = Field(types.Text(), nullable=True)
    src_prefix_routing: Final = Field(types.Text(), nullable=True)
    dst_prefix_routing: Final = Field(types.Text(), nullable=True)
    diversion_in: Final = Field(types.Text(), nullable=True)
    orig_call_id: Final = Field(types.Text(), nullable=True)
    local_tag: Final = Field(types.Text(), nullable=True)
    lega_disconnect_code: Final = Field(types.Integer(32), nullable=True)
    lega_disconnect_reason: Final = Field(types.Text(), nullable=True)
    auth_orig_transport_protocol_id: Final = Field(types.Integer(16), nullable=True)
    auth_orig_ip: Final = Field(types.Address(), nullable=True)
    auth_orig_port: Final = Field(types.Integer(32), nullable=True)
    lega_user_agent: Final = Field(types.Text(), nullable=True)
    pai_in: Final = Field(types.Text(), nullable=True)
    ppi_in: Final = Field(types.Text(), nullable=True)
    privacy_in: Final = Field(types.Text(), nullable=True)
    rpid_in: Final = Field(types.Text(), nullable=True)
    rpid_privacy_in: Final = Field(types.Text(), nullable=True)
    ruri_domain: Final = Field(types.Text(), nullable=True)
    to_domain: Final = Field(types.Text(), nullable=True)
    from_domain: Final = Field(types.Text(), nullable=True)
    account_id: Final = Field(types.Uuid())
    account: Final = ToOne(RelatedAccountFilters)

    rules: ClassVar[tuple[Rule, ...]] = (
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

    id: Final = Field(types.Uuid(), operators=(), bare="in")
    status: Final = Field(types.Enum(*STATUSES))
    rows_count: Final = Field(types.Integer(32), nullable=True)
    created_at: Final = Field(types.Timestamp(digits=3))
    updated_at: Final = Field(types.Timestamp(digits=3))
    account_id: Final = Field(types.Uuid())
    account: Final = ToOne(RelatedAccountFilters)


class ZonedCdrExportFilters(CdrExportFilters):
    """The listing of exports, by how their files write times too.

    >>> ZonedCdrExportFilters().parse("filter[time-format]=round_to_seconds&filter[time-zone-name-start]=Europe")
    And(time_format in ('round_to_seconds',), time_zone_name starts with 'Europe')
    """

    time_format: Final = Field(types.Enum(*TIME_FORMATS), operators=(), bare="in")
    time_zone_name: Final = Field(types.Text(), nullable=True)


class AccountFilters(FilterSet):
    """The listing of accounts.

    >>> AccountFilters().parse("filter[balance-lt]=0&filter[name-start]=north")
    And(name starts with 'north', balance < Decimal('0'))
    """

    id: Final = Field(types.Uuid(), bare="in")
    name: Final = Field(types.Text())
    balance: Final = Field(types.Decimal(scale=12))
    min_balance: Final = Field(types.Decimal(scale=12))
    max_balance: Final = Field(types.Decimal(scale=12))
    balance_low_threshold: Final = Field(types.Decimal(scale=12), nullable=True)
    balance_high_threshold: Final = Field(types.Decimal(scale=12), nullable=True)
    destination_rate_limit: Final = Field(types.Decimal(scale=12), nullable=True)
    max_call_duration: Final = Field(types.Integer(32), nullable=True)
    external_id: Final = Field(types.Integer(64), nullable=True)
    origination_capacity: Final = Field(types.Integer(32), nullable=True)
    termination_capacity: Final = Field(types.Integer(32), nullable=True)
    total_capacity: Final = Field(types.Integer(32), nullable=True)
    cdrs: Final = ToMany(RelatedCdrFilters)


class CdrExportStoredFilters(FilterSet):
    """What an export may select CDRs by; the stored form keeps this order.

    >>> filters = CdrExportStoredFilters()
    >>> filters.dump(filters.load({"time_start_lt": "2019-01-02 00:00:00", "time_start_gteq": "2019-01-01"}))
    {'time_start_gteq': '2019-01-01T00:00:00.000Z', 'time_start_lt': '2019-01-02T00:00:00.000Z'}
    """

    time_start: Final = Field(types.Timestamp(digits=3), operators=("gteq", "lt"))
    success: Final = Field(types.Boolean(), nullable=True, operators=("eq",))
    duration: Final = Field(types.Integer(32), nullable=True, operators=("eq", "gteq", "lteq"))
    src_prefix_routing: Final = Field(types.Text(), nullable=True, operators=("eq",))
    dst_prefix_routing: Final = Field(types.Text(), nullable=True, operators=("eq",))


class TimedCdrExportStoredFilters(CdrExportStoredFilters):
    """The same, where an export has to say from when to when; older exports may lack that.

    >>> TimedCdrExportStoredFilters().load({"time_start_gteq": "2018-01-01"})
    Traceback (most recent call last):
    jsonapi_sieve.errors.QueryErrors: ...
    """

    rules: ClassVar[tuple[Rule, ...]] = (Required("time_start_gteq", "time_start_lt"),)
