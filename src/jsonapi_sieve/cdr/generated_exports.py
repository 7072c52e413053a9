"""Generated orders for exports, in every status, with and without a count of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import product
from random import Random
from types import MappingProxyType
from typing import Final

from jsonapi_sieve.cdr.draws import Weighted, chance, identifier
from jsonapi_sieve.cdr.parties import Party, Row
from jsonapi_sieve.cdr.statuses import STATUSES
from jsonapi_sieve.cdr.untouched import TIMES, UNTOUCHED

__all__ = ["export_rows"]

_PER_ACCOUNT: Final = 60
_DAYS: Final = 32
_MILLISECOND: Final = timedelta(milliseconds=1)
# How long after the order the status may have changed for the last time.
_TOUCHED: Final[Mapping[str, timedelta]] = MappingProxyType(
    {
        "Pending": timedelta(0),
        "Processing": timedelta(minutes=1),
        "Completed": timedelta(minutes=20),
        "Failed": timedelta(minutes=20),
        "Deleted": timedelta(days=_DAYS),
    }
)
# Status, and whether the count of rows is known. An export that is run again keeps the count of its last run.
_STATES: Final = tuple(product(STATUSES, (True, False)))
_USUAL: Final = Weighted([(2, ("Pending", False)), (1, ("Processing", False)), (70, ("Completed", True)),
                          (8, ("Failed", False)), (19, ("Deleted", True))])  # fmt: skip

_DURATIONS: Final[tuple[Row, ...]] = (
    {"duration_eq": 30},
    {"duration_gteq": 60},
    {"duration_gteq": 1, "duration_lteq": 600},
    {"duration_lteq": 3_600},
)


def export_rows(random: Random, parties: tuple[Party, ...], until: datetime) -> list[Row]:
    """Make the rows of all exports: each account has one of every state, and many of the usual ones.

    `until` is when the last of them was ordered or changed at the latest.
    """
    return [row for party in parties for row in _of_account(random, party, until)]


def _of_account(random: Random, party: Party, until: datetime) -> Iterator[Row]:
    usual = [_USUAL.draw(random) for _ in range(_PER_ACCOUNT - len(_STATES))]
    for status, counted in (*_STATES, *usual):
        waiting = status in ("Pending", "Processing")
        created_at = _earlier(random, until, timedelta(hours=2) if waiting else timedelta(days=_DAYS))
        yield {
            "id": identifier(random),
            "filters": _filters(random, party, created_at),
            "status": status,
            "rows_count": int(random.lognormvariate(6.0, 1.5)) if counted else None,
            "created_at": created_at,
            "updated_at": _later(random, created_at, until, _TOUCHED[status]),
            "customer_id": party.customer_id,
            "account_id": party.account_id,
            **TIMES,
            **UNTOUCHED,
        }


def _earlier(random: Random, moment: datetime, within: timedelta) -> datetime:
    return moment - random.randrange(1, within // _MILLISECOND) * _MILLISECOND


def _later(random: Random, moment: datetime, until: datetime, within: timedelta) -> datetime:
    return moment + random.randrange(min(within, until - moment) // _MILLISECOND + 1) * _MILLISECOND


def _filters(random: Random, party: Party, created_at: datetime) -> Row:
    """Choose what to export: some days before the order, and at times only certain calls of these."""
    last = created_at.replace(hour=0, minute=0, second=0, microsecond=0)
    filters: Row = {
        "time_start_gteq": _shown(last - timedelta(days=random.choice((1, 1, 1, 7, 30)))),
        "time_start_lt": _shown(last),
    }
    if chance(random, 0.4):
        filters["success_eq"] = True
        if chance(random, 0.6):
            filters |= random.choice(_DURATIONS)
    elif chance(random, 0.1):
        filters["success_eq"] = False
    if chance(random, 0.1):
        filters["src_prefix_routing_eq"] = random.choice(party.subscribers).number
    if chance(random, 0.05):
        filters["dst_prefix_routing_eq"] = random.choice(party.subscribers).number
    return filters


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
