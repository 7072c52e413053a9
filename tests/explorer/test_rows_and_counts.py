from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.cdr.models import Account, Cdr
from jsonapi_sieve.cdr.resources import CDRS
from jsonapi_sieve.explorer import counting
from jsonapi_sieve.explorer.stretch import Stretch
from tests.explorer.conftest import ORIGIN, Looking
from tests.service.running import UNTIL

EVER = "filter[time-start-gteq]=2020-01-01"
COUNTS = "resources/cdrs/counts"


def matching(looking: Looking, query: str, customer: int = 1) -> list[Cdr]:
    """Find the calls of a customer that a query selects, by plain Python."""
    with Session(looking.engine) as session:
        calls = session.scalars(select(Cdr).where(Cdr.customer_id == customer)).all()
    return list(compile_python(CDRS.parse(query).predicate).select(calls))


def rows(looking: Looking, query: str = "", part: str = "rows", customer: int = 1) -> Any:
    return looking.get(f"resources/cdrs/{part}", query, customer=customer)["document"]


def test_rows_are_the_document_of_the_api(looking: Looking) -> None:
    told = looking.get("resources/cdrs/rows", f"{EVER}&page[size]=2")
    document = told["document"]

    assert list(document) == ["data", "meta", "links"]
    assert document["meta"]["total-count"] == len(matching(looking, EVER))
    assert document["links"]["next"].startswith(f"{ORIGIN}/api/rest/customer/v1/cdrs?filter%5Btime-start-gteq%5D=")
    assert set(told["times"]) == {"parse", "count", "rows", "document"}
    second = rows(looking, urlsplit(document["links"]["next"]).query)
    assert {row["id"] for row in document["data"]}.isdisjoint({row["id"] for row in second["data"]})


def test_cursors_lead_through_the_same_rows(looking: Looking) -> None:
    query, found = f"{EVER}&filter[duration-gteq]=300&page[size]=20&sort=duration", []
    while True:
        document = rows(looking, query, "rows-by-cursor")
        found += [row["id"] for row in document["data"]]
        if document["links"]["next"] is None:
            break
        query = urlsplit(document["links"]["next"]).query

    assert len(found) > 20
    numbered = rows(looking, f"{EVER}&filter[duration-gteq]=300&page[size]=1000&sort=duration")
    assert found == [row["id"] for row in numbered["data"]]


def test_included_resources_are_the_customers(looking: Looking) -> None:
    document = rows(looking, f"{EVER}&include=account&page[size]=500", customer=2)
    with Session(looking.engine) as session:
        own = set(session.scalars(select(Account.id).where(Account.customer_id == 2)))

    assert {included["id"] for included in document["included"]} == own


@pytest.mark.parametrize("customer", [1, 2])
@pytest.mark.parametrize(
    "query",
    [
        EVER,
        f"{EVER}&filter[duration-gteq]=60&page[size]=1&sort=-duration",
        "filter[time-start-gt]=2026-01-02T12:45:13.788Z",
        "filter[time-start-gt]=2026-01-02T12:45:13.787Z&filter[time-start-lteq]=2026-01-02T12:45:13.788Z",
        "filter[time-start-eq]=2026-01-02T12:45:13.788Z",
        "filter[time-start-lt]=2026-01-02T12:45:13.788Z&filter[time-start-gteq]=2000-01-01",
        f"{EVER}&filter[success-eq]=false",
        f"{EVER}&filter[account.name-cont]=north",
        f"{EVER}&filter[or][1][duration-eq]=0&filter[or][2][customer-price-gt]=0.1",
        f"{EVER}&filter[id]=8,9,10",
        "filter[time-start-gteq]=2100-01-01",
        "filter[time-start-lteq]=9999-12-31T23:59:59.999Z",
        "filter[time-start-gt]=9999-12-31T23:59:59.999Z",
        "filter[time-start-eq]=9999-12-31T23:59:59.999Z",
        "filter[time-start-gteq]=0001-01-01&filter[time-start-lt]=9999-12-31T23:59:59.999Z",
    ],
)
def test_counts_are_those_of_all_rows_that_match(looking: Looking, query: str, customer: int) -> None:
    told = looking.get(COUNTS, query, customer=customer)
    [duration, price] = told["numbers"]
    if "account" in query:
        total = rows(looking, query, customer=customer)["meta"]["total-count"]
        assert told["total"] == sum(told["time"]["counts"]) == total
        return
    calls = matching(looking, query, customer)

    assert told["total"] == len(calls)
    assert sum(told["time"]["counts"]) + told["time"]["none"] == len(calls)
    assert duration["counts"] == bucketed([call.duration for call in calls], duration["edges"])
    assert price["counts"] == bucketed([call.customer_price for call in calls], price["edges"])
    assert duration["none"] == sum(call.duration is None for call in calls)
    [outcomes] = told["categories"]
    assert {each["label"]: each["count"] for each in outcomes["values"]} == {
        "answered": sum(call.success is True for call in calls),
        "failed": sum(call.success is False for call in calls),
    }
    start, width = datetime.fromisoformat(told["time"]["start"]), timedelta(seconds=told["time"]["seconds"])
    assert len(told["time"]["counts"]) <= 101
    found = Counter((call.time_start - start) // width for call in calls)
    assert {place: count for place, count in enumerate(told["time"]["counts"]) if count} == found


def bucketed(values: list[Any], edges: list[str]) -> list[int]:
    numbers = [type(value)(edge) for edge in edges for value in values[:1]]
    found = Counter(sum(value >= edge for edge in numbers) for value in values if value is not None)
    return [found[place] for place in range(len(edges) + 1)]


def test_a_brushed_stretch_has_finer_buckets(looking: Looking) -> None:
    # A whole hour: the first bucket lies in the day as a whole.
    day = looking.get(COUNTS, f"filter[time-start-gteq]={UNTIL - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}")["time"]
    hour = looking.get(
        COUNTS,
        f"filter[time-start-gteq]={day['start']}&filter[time-start-lt]="
        + (datetime.fromisoformat(day["start"]) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )

    assert day["seconds"] == 900
    assert hour["time"]["seconds"] < 900
    assert hour["total"] == sum(day["counts"][:4])


@pytest.mark.parametrize(
    ("seconds", "width"),
    [(0, 1), (99, 1), (100, 2), (86_400, 900), (32 * 86_400, 8 * 3_600), (10**10, 3_640 * 86_400)],
)
def test_buckets_have_round_widths(seconds: int, width: int) -> None:
    first = datetime(2026, 1, 7, 3, 4, 5, tzinfo=UTC)
    stretch = Stretch.around(first, min(first + timedelta(seconds=seconds), datetime(9000, 1, 1, tzinfo=UTC)))
    bounds = list(stretch.bounds())

    assert stretch.seconds == width
    assert bounds[0][0] <= first < bounds[0][1]
    assert len(bounds) == stretch.buckets <= 101


def test_counting_has_an_end(looking: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_LONGEST", -1)
    answer = looking.ask("/explorer/resources/cdrs/counts", EVER)

    assert answer.status == 503
    assert json.loads(answer.body)["errors"][0]["code"] == "statement-timeout"


def test_only_what_has_plots_is_counted(looking: Looking) -> None:
    assert looking.ask("/explorer/resources/accounts/counts").status == 404
    assert looking.ask("/explorer/resources/accounts/rows-by-cursor").status == 404
    assert looking.ask("/explorer/resources/accounts/rows").status == 200
