"""The kinds of orders of version 3.

A call that came to one of a customer's own numbers (a DID) is one that this number diverted to where it went, and the
number is what its `Diversion` says (RFC 5806): these are `cdr_in`. All other calls, which the customer's own equipment
began, are `cdr_out`. Exports by the month are of `cdr_in`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from dateutil.relativedelta import relativedelta

from jsonapi_sieve import Field, Predicate, types
from jsonapi_sieve.cdr.did_filters import CDR_IN
from jsonapi_sieve.cdr.exporting.kinds import CDR_EXPORTS, CUSTOMER, NEWEST_FIRST, FileColumn, Kind, Selection
from jsonapi_sieve.cdr.models import DidCdrExport, DidExport
from jsonapi_sieve.cdr.statuses import LOWER_CASE

__all__ = ["DID_CDR_EXPORTS", "DID_EXPORTS", "EVERY_KIND", "month_of"]

_START: Final = Field(types.Timestamp(digits=3), name="time_start")
_NUMBER: Final = Field(types.Text(), name="diversion_in", nullable=True)

_CALL: Final = (
    FileColumn("Source", "src_prefix_in"),
    FileColumn("DID", "diversion_in"),
    FileColumn("Destination", "dst_prefix_in"),
    FileColumn("Duration (secs)", "duration"),
    FileColumn("Disconnect Initiator", None),
    FileColumn("Disconnect Code", "lega_disconnect_code"),
    FileColumn("Response", "lega_disconnect_reason"),
    # Accounts are not all in dollars, and nothing is metered in points: better no amount than one of something else.
    FileColumn("TollFree Amount (USD)", None),
    FileColumn("Termination Amount (USD)", None),
    FileColumn("Metered Channels Amount (USD)", None),
    FileColumn("Customer ID", "customer_id"),
    FileColumn("Sell Amount (Points)", None),
)
_OLD_COLUMNS: Final = (FileColumn("Date/Time (UTC)", "time_start"), *_CALL)
_NEW_COLUMNS: Final = (
    FileColumn("Date/Time Start (UTC)", "time_start"),
    FileColumn("Date/Time Connect (UTC)", "time_connect"),
    FileColumn("Date/Time End (UTC)", "time_end"),
    *_CALL,
)


def month_of(year: str, month: str) -> tuple[datetime, datetime]:
    """Give where a calendar month in UTC begins, and where the next one does.

    >>> [moment.isoformat() for moment in month_of("2024", "02")]
    ['2024-02-01T00:00:00+00:00', '2024-03-01T00:00:00+00:00']
    """
    begin = datetime(int(year), int(month), 1, tzinfo=UTC)
    return begin, begin + relativedelta(months=1)


def _select_month(job: DidCdrExport) -> Selection:
    begin, end = month_of(job.year, job.month)
    chosen = _within(job.customer_id, begin, end) & _came_to(job.did_number)
    return Selection(chosen, NEWEST_FIRST, _OLD_COLUMNS, "round_to_seconds")


def _select_interval(job: DidExport) -> Selection:
    begin, end = (_START.type.load(job.filters[name]) for name in ("from", "to"))
    came = job.export_type == CDR_IN
    numbers = _came_to(job.filters.get("did_number")) if came else _NUMBER.null()
    chosen = _within(job.customer_id, begin, end) & numbers
    return Selection(chosen, NEWEST_FIRST, _NEW_COLUMNS, "round_to_seconds")


def _within(customer: int, begin: datetime, end: datetime) -> Predicate:
    return _START.gteq(begin) & _START.lt(end) & CUSTOMER.eq(customer)


def _came_to(number: str | None) -> Predicate:
    """Select what came to a number, written with or without its plus; to any without one."""
    if number is None:
        return _NUMBER.not_null()
    digits = number.removeprefix("+")
    return _NUMBER.in_([digits, f"+{digits}"])


DID_CDR_EXPORTS: Final = Kind("did-cdr-exports", DidCdrExport, _select_month, ending=".csv")
"""The exports of `/v3/cdr_exports`."""

DID_EXPORTS: Final = Kind("did-exports", DidExport, _select_interval, LOWER_CASE)
"""The exports of `/v3/exports`."""

EVERY_KIND: Final = (CDR_EXPORTS, DID_CDR_EXPORTS, DID_EXPORTS)
"""All kinds of orders that the domain's APIs take."""
