"""The rows that the contests run on: CDR-like, with NULLs, the same at every run."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from jsonapi_sieve import Field, FilterSet, types

STATUSES = ("Pending", "Processing", "Completed", "Failed", "Deleted")
FIRST = datetime(2024, 7, 17, tzinfo=UTC)


class CallFilters(FilterSet):
    """The attributes of the rows."""

    id = Field(types.Integer(64))
    status = Field(types.Enum(*STATUSES))
    customer_price = Field(types.Decimal(scale=12), nullable=True)
    time_start = Field(types.Timestamp(digits=3))
    account_id = Field(types.Integer(32), nullable=True)
    src_name_in = Field(types.Text(), nullable=True)


def calls(count: int) -> list[dict[str, Any]]:
    """Make rows as dictionaries."""
    chance = random.Random(1)
    return [
        {
            "id": number,
            "status": chance.choice(STATUSES),
            "customer_price": Decimal(chance.randrange(100_000)).scaleb(-4) if chance.random() > 0.1 else None,
            "time_start": FIRST + timedelta(milliseconds=chance.randrange(30 * 86_400_000)),
            "account_id": chance.randrange(1000) if chance.random() > 0.05 else None,
            "src_name_in": f"Name {chance.randrange(1000)}" if chance.random() > 0.2 else None,
        }
        for number in range(count)
    ]
