"""What the files of version 3 hold: whole months, the time between two moments, and which calls came in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.cdr.exporting.did import DID_CDR_EXPORTS, DID_EXPORTS, EVERY_KIND, month_of
from jsonapi_sieve.cdr.models import DidCdrExport, DidExport

MARCH = datetime(2024, 3, 1, tzinfo=UTC)
LAST_OF_FEBRUARY = datetime(2024, 2, 29, 23, 59, 59, 999_000, tzinfo=UTC)


def call(time_start: datetime, diversion_in: str | None = None, customer_id: int = 1) -> dict[str, Any]:
    return {"time_start": time_start, "diversion_in": diversion_in, "customer_id": customer_id}


CALLS = [
    call(datetime(2024, 2, 1, tzinfo=UTC), "+4930555"),
    call(LAST_OF_FEBRUARY, "4930555"),
    call(MARCH, "+4930555"),
    call(datetime(2024, 1, 31, 23, 59, 59, 999_000, tzinfo=UTC), "+4930555"),
    call(LAST_OF_FEBRUARY, "+4930556"),
    call(LAST_OF_FEBRUARY),
    call(LAST_OF_FEBRUARY, "+4930555", customer_id=2),
]


def selected(kind: Any, job: object) -> list[int]:
    passes = compile_python(kind.select(job).predicate)
    return [number for number, row in enumerate(CALLS) if passes(row)]


@pytest.mark.parametrize(
    ("year", "month", "begin", "end"),
    [
        ("2024", "2", (2024, 2), (2024, 3)),
        ("2023", "02", (2023, 2), (2023, 3)),
        ("2025", "12", (2025, 12), (2026, 1)),
        ("1000", "1", (1000, 1), (1000, 2)),
        ("9998", "12", (9998, 12), (9999, 1)),
    ],
)
def test_a_month_ends_where_the_next_one_begins(
    year: str, month: str, begin: tuple[int, int], end: tuple[int, int]
) -> None:
    assert month_of(year, month) == tuple(datetime(*each, 1, tzinfo=UTC) for each in (begin, end))


@pytest.mark.parametrize(
    ("number", "found"), [(None, [0, 1, 4]), ("4930555", [0, 1]), ("+4930555", [0, 1]), ("493055", []), ("+", [])]
)
def test_an_export_of_a_month(number: str | None, found: list[int]) -> None:
    job = DidCdrExport(customer_id=1, year="2024", month="2", did_number=number)
    assert selected(DID_CDR_EXPORTS, job) == found


def test_an_export_between_two_moments() -> None:
    filters: dict[str, Any] = {"from": "2024-02-29T23:59:59.999Z", "to": "2024-03-01T00:00:00.000Z"}
    came = DidExport(customer_id=1, export_type="cdr_in", filters=filters)
    assert selected(DID_EXPORTS, came) == [1, 4]
    of_one = DidExport(customer_id=1, export_type="cdr_in", filters=filters | {"did_number": "4930556"})
    assert selected(DID_EXPORTS, of_one) == [4]
    went = DidExport(customer_id=1, export_type="cdr_out", filters=filters)
    assert selected(DID_EXPORTS, went) == [5]


def test_each_call_is_in_one_of_the_two_types_of_exports() -> None:
    filters = {"from": "2000-01-01T00:00:00.000Z", "to": "2100-01-01T00:00:00.000Z"}
    jobs = [DidExport(customer_id=1, export_type=type_, filters=filters) for type_ in ("cdr_in", "cdr_out")]
    came, went = (selected(DID_EXPORTS, job) for job in jobs)
    assert sorted(came + went) == [number for number, row in enumerate(CALLS) if row["customer_id"] == 1]


def test_the_columns_are_the_published_ones() -> None:
    month = DidCdrExport(customer_id=1, year="2024", month="2", did_number=None)
    shared = (
        "Source,DID,Destination,Duration (secs),Disconnect Initiator,Disconnect Code,Response,TollFree Amount (USD),"
        "Termination Amount (USD),Metered Channels Amount (USD),Customer ID,Sell Amount (Points)"
    )
    selection = DID_CDR_EXPORTS.select(month)
    assert ",".join(column.title for column in selection.columns) == f"Date/Time (UTC),{shared}"
    assert (selection.time_format, selection.time_zone) == ("round_to_seconds", None)
    filters = {"from": "2000-01-01T00:00:00.000Z", "to": "2100-01-01T00:00:00.000Z"}
    newer = DID_EXPORTS.select(DidExport(customer_id=1, export_type="cdr_in", filters=filters))
    times = "Date/Time Start (UTC),Date/Time Connect (UTC),Date/Time End (UTC)"
    assert ",".join(column.title for column in newer.columns) == f"{times},{shared}"


def test_files_and_statuses_are_those_of_each_address() -> None:
    assert [(kind.ending, kind.statuses.completed) for kind in EVERY_KIND] == [
        (".csv.gz", "Completed"),
        (".csv", "Completed"),
        (".csv.gz", "completed"),
    ]
