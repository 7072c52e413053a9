"""What clients of version 3 may filter exports by."""

from __future__ import annotations

from typing import Final

from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.cdr.statuses import LOWER_CASE

__all__ = ["CDR_IN", "CDR_OUT", "DidExportFilters"]

CDR_IN: Final = "cdr_in"
"""The type of exports of calls that came to one of a customer's own numbers."""

CDR_OUT: Final = "cdr_out"
"""The type of exports of all other calls."""


class DidExportFilters(FilterSet):
    """The listing of `/v3/exports`.

    >>> DidExportFilters().parse("filter[status]=pending,processing&filter[created_at_gteq]=2026-04-01")
    And(status in ('pending', 'processing'), created_at >= datetime.datetime(2026, 4, 1, ...))
    """

    id: Final = Field(types.Uuid(), operators=(), bare="in")
    external_reference_id: Final = Field(types.Text(), nullable=True, operators=(), bare="in")
    export_type: Final = Field(types.Enum(CDR_IN, CDR_OUT), operators=(), bare="in")
    status: Final = Field(types.Enum(*LOWER_CASE), operators=(), bare="in")
    created_at: Final = Field(types.Timestamp(digits=3), operators=("gteq", "lteq"))
