"""What becomes of an order for an export, as each API spells it."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["CAPITALIZED", "DID_STATUSES", "LOWER_CASE", "STATUSES", "Statuses"]


class Statuses(NamedTuple):
    """The words of one API for what becomes of an order, in the order in which it does."""

    pending: str
    processing: str
    completed: str
    failed: str
    deleted: str


CAPITALIZED: Final = Statuses("Pending", "Processing", "Completed", "Failed", "Deleted")
"""The words of the customer API, and of version 3 until `/v3/exports`."""

LOWER_CASE: Final = Statuses("pending", "processing", "completed", "failed", "deleted")
"""The words of `/v3/exports`."""

STATUSES: Final[tuple[str, ...]] = tuple(CAPITALIZED)
"""What becomes of an export of the customer API."""

DID_STATUSES: Final[tuple[str, ...]] = STATUSES[:3]
"""What version 3 tells of an export."""
