"""What the rows of orders hold of the work on them, as long as no runner has taken them up."""

from __future__ import annotations

from typing import Final

from jsonapi_sieve.cdr.parties import Row

__all__ = ["TIMES", "UNTOUCHED"]

UNTOUCHED: Final[Row] = {
    "reason": None,
    "claimed_by": None,
    "claimed_until": None,
    "attempts": 0,
    "file_size": None,
    "file_digest": None,
}
"""Of every order."""

TIMES: Final[Row] = {"time_format": "with_timezone", "time_zone_name": None}
"""How times are written, unless an order of the customer API says otherwise."""
