"""Generated orders for exports of the API's version 3: whole months of calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final

from dateutil.relativedelta import relativedelta

from jsonapi_sieve.cdr.draws import identifier
from jsonapi_sieve.cdr.parties import Row
from jsonapi_sieve.cdr.statuses import DID_STATUSES
from jsonapi_sieve.cdr.untouched import UNTOUCHED

__all__ = ["did_export_rows"]

# From the newest order to the oldest.
_STATES: Final = (*DID_STATUSES, *["Completed"] * 6)


def did_export_rows(random: Random, customer_id: object, until: datetime) -> list[Row]:
    """Make the rows of a customer's exports, in every status; `until` is when the last was ordered at the latest."""
    return list(_rows(random, customer_id, until))


def _rows(random: Random, customer_id: object, until: datetime) -> Iterator[Row]:
    created_at = until
    for status in _STATES:
        created_at -= timedelta(milliseconds=random.randrange(60_000, 5 * 24 * 3_600_000))
        month = created_at - relativedelta(months=random.randrange(3))
        yield {
            "id": identifier(random),
            "customer_id": customer_id,
            "year": str(month.year),
            "month": str(month.month),
            "status": status,
            "created_at": created_at,
            "updated_at": created_at,
            "file_id": identifier(random) if status == "Completed" else None,
            "did_number": None,
            "rows_count": None,
            **UNTOUCHED,
        }
