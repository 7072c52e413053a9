"""The exports that the API's documentation shows. They stay as it shows them: no runner takes one of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from jsonapi_sieve.cdr.parties import Party, Row
from jsonapi_sieve.cdr.untouched import TIMES, UNTOUCHED

__all__ = ["example_did_exports", "example_exports"]

_KEPT: Final[Row] = {**UNTOUCHED, "claimed_until": datetime(9999, 12, 31, tzinfo=UTC)}
_FROM_2018: Final[Row] = {"time_start_gteq": "2018-01-01T00:00:00.000Z"}
_ONE_DAY: Final[Row] = {
    "time_start_gteq": "2019-01-01T00:00:00.000Z",
    "time_start_lt": "2019-01-02T00:00:00.000Z",
    "success_eq": True,
    "duration_eq": 60,
    "duration_gteq": 0,
    "duration_lteq": 100,
    "src_prefix_routing_eq": "123",
    "dst_prefix_routing_eq": "456",
}
_EXPORTS: Final = (
    ("4ada331e-445e-11ef-b3ec-0242ac120003", datetime(2024, 7, 17, 17, 2, 4, 519_000, tzinfo=UTC), _FROM_2018),
    ("4adaf042-445e-11ef-b3ec-0242ac120003", datetime(2024, 7, 17, 17, 2, 4, 523_000, tzinfo=UTC), _FROM_2018),
    ("aa3834e6-a26e-11ef-a008-0242ac120003", datetime(2024, 11, 14, 9, 56, 5, 767_000, tzinfo=UTC), _ONE_DAY),
)
_DID_EXPORTS: Final = (
    ("47b08cb8-497a-491c-8263-323498d8bca3", "3", "Completed", 25, "a4f6b765-f20c-45c7-98d2-80c2f3a41517"),
    ("62b9a23f-4f54-4da1-9b29-c0f6e1b68a3e", "4", "Processing", 26, None),
    ("77d59bda-33e5-441b-8d38-cc3f0045c673", "5", "Pending", 26, None),
)


def example_exports(party: Party) -> list[Row]:
    """Make the rows of the documented exports, ordered for a party's account.

    The first two are those of the documented listing; the last is the one whose creation is documented.
    """
    return [
        {
            "id": identifier,
            "filters": dict(filters),
            "status": "Pending",
            "rows_count": None,
            "created_at": created_at,
            "updated_at": created_at,
            "customer_id": party.customer_id,
            "account_id": party.account_id,
            **TIMES,
            **_KEPT,
        }
        for identifier, created_at, filters in _EXPORTS
    ]


def example_did_exports(customer_id: object) -> list[Row]:
    """Make the rows of the documented exports of version 3, ordered by a customer."""
    return [
        {
            "id": identifier,
            "customer_id": customer_id,
            "year": "2017",
            "month": month,
            "status": status,
            "created_at": created_at,
            "updated_at": created_at,
            "file_id": file_id,
            "did_number": None,
            "rows_count": None,
            **(UNTOUCHED if status == "Completed" else _KEPT),
        }
        for identifier, month, status, day, file_id in _DID_EXPORTS
        for created_at in [datetime(2017, 6, day, 14, 56, 31, 513_000, tzinfo=UTC)]
    ]
