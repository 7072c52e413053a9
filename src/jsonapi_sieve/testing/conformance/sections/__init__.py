"""The checks, a file for each section of the specification."""

from __future__ import annotations

from typing import Final

from jsonapi_sieve.testing.conformance.checking import Check
from jsonapi_sieve.testing.conformance.sections.changing import CHANGING
from jsonapi_sieve.testing.conformance.sections.creating import CREATING
from jsonapi_sieve.testing.conformance.sections.cursors import CURSORS
from jsonapi_sieve.testing.conformance.sections.documents import DOCUMENTS
from jsonapi_sieve.testing.conformance.sections.errors import ERRORS
from jsonapi_sieve.testing.conformance.sections.fetching import FETCHING
from jsonapi_sieve.testing.conformance.sections.fieldsets import FIELDSETS
from jsonapi_sieve.testing.conformance.sections.filtering import FILTERING
from jsonapi_sieve.testing.conformance.sections.including import INCLUDING
from jsonapi_sieve.testing.conformance.sections.negotiation import NEGOTIATION
from jsonapi_sieve.testing.conformance.sections.paging import PAGES
from jsonapi_sieve.testing.conformance.sections.queries import QUERIES
from jsonapi_sieve.testing.conformance.sections.recommendations import RECOMMENDATIONS
from jsonapi_sieve.testing.conformance.sections.sorting import SORTING
from jsonapi_sieve.testing.conformance.sections.unseen import UNSEEN

__all__ = ["CHECKS", "UNSEEN"]

CHECKS: Final[tuple[Check, ...]] = (
    *NEGOTIATION,
    *FETCHING,
    *DOCUMENTS,
    *QUERIES,
    *INCLUDING,
    *FIELDSETS,
    *SORTING,
    *PAGES,
    *FILTERING,
    *ERRORS,
    *CURSORS,
    *RECOMMENDATIONS,
    *CREATING,
    *CHANGING,
)
"""All checks, in the order in which they are made: what writes comes last."""
