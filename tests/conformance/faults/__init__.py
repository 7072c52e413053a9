"""Faults of a server, one for each rule that can be seen from outside."""

from __future__ import annotations

from typing import Final

from tests.conformance.exchange import Fault
from tests.conformance.faults import (
    advice,
    cursors,
    documents,
    errors,
    fetching,
    listings,
    negotiation,
    queries,
    writing,
)

FAULTS: Final[dict[str, Fault]] = {
    **negotiation.FAULTS,
    **documents.FAULTS,
    **queries.FAULTS,
    **fetching.FAULTS,
    **listings.FAULTS,
    **errors.FAULTS,
    **writing.FAULTS,
    **advice.FAULTS,
    **cursors.FAULTS,
}
"""What breaks each rule and, as far as that is possible, no other."""
