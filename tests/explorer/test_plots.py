"""Plots of other things than the service's: times that may be missing, statuses, hidden attributes, no rows at all."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.filters import CdrFilters
from jsonapi_sieve.cdr.models import Base, Cdr, CdrExport
from jsonapi_sieve.cdr.resources import CDRS, cdr_exports
from jsonapi_sieve.explorer import Categories, Numbers, Plots, tally
from jsonapi_sieve.explorer.counting import counts
from jsonapi_sieve.explorer.described import described
from jsonapi_sieve.explorer.stretch import Span
from jsonapi_sieve.integrations.rows import Rows
from jsonapi_sieve.resource import Resource
from tests.explorer.conftest import Looking

EVER = "filter[time-start-gteq]=2020-01-01"
CALLS = Rows(CDRS, Cdr)


def counted(looking: Looking, plots: Plots, query: str = EVER, rows: Rows = CALLS) -> dict[str, Any]:
    with Session(looking.engine) as session:
        return counts(session, rows, plots, query)


def test_rows_without_a_time_are_counted_apart(looking: Looking) -> None:
    told = counted(looking, Plots(time="time_connect"))
    with Session(looking.engine) as session:
        missing = session.scalar(select(func.count()).where(Cdr.time_connect.is_(None)))

    assert missing
    assert told["time"]["none"] == missing
    assert told["total"] == missing + sum(told["time"]["counts"])


def test_a_query_of_a_time_leaves_rows_without_one_out(looking: Looking) -> None:
    told = counted(looking, Plots(time="time_connect"), f"{EVER}&filter[time-connect-gt]=2020-01-01")

    assert told["time"]["none"] == 0
    assert told["total"] == sum(told["time"]["counts"]) > 0


def test_a_type_of_few_values_needs_no_labels(looking: Looking) -> None:
    exports = Rows(cdr_exports(), CdrExport)
    told = counted(looking, Plots(time="created_at", categories=(Categories("status"),)), "", exports)
    with Session(looking.engine) as session:
        found = dict(session.execute(select(CdrExport.status, func.count()).group_by(CdrExport.status)).all())

    values = told["categories"][0]["values"]
    assert [each["value"] for each in values] == ["Pending", "Processing", "Completed", "Failed", "Deleted"]
    assert {each["value"]: each["count"] for each in values if each["count"]} == found


def test_values_without_a_label_are_counted_together(looking: Looking) -> None:
    told = counted(looking, Plots(categories=(Categories("lega_disconnect_code", {200: "OK"}),)))
    [codes] = told["categories"]

    assert [each["label"] for each in codes["values"]] == ["OK", "other"]
    assert sum(each["count"] for each in codes["values"]) + codes["none"] == told["total"]


@pytest.mark.parametrize("edges", [(), (60,), (1, 2, 3, 4, 5, 6, 7)])
def test_any_number_of_edges_will_do(looking: Looking, edges: tuple[int, ...]) -> None:
    told = counted(looking, Plots(numbers=(Numbers("duration", edges),)))

    assert len(told["numbers"][0]["counts"]) == len(edges) + 1
    assert sum(told["numbers"][0]["counts"]) + told["numbers"][0]["none"] == told["total"]


@pytest.mark.parametrize("sorting", [(), ("sqlite",)])
def test_rows_are_counted_alike_by_groups_and_by_spelling(
    looking: Looking, sorting: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    edges = tuple(range(0, 1_200, 20))
    plots = Plots(
        "time_start",
        (Numbers("duration", edges), Numbers("destination_initial_interval", (1, 6, 30))),
        (Categories("success"), Categories("lega_disconnect_code", {200: "OK", 486: "busy"})),
    )
    monkeypatch.setattr(tally, "_SORTING", sorting)
    told = counted(looking, plots)
    with Session(looking.engine) as session:
        calls = session.scalars(select(Cdr).where(Cdr.time_start >= datetime(2020, 1, 1, tzinfo=UTC))).all()

    durations, intervals = told["numbers"]
    found = Counter(bisect_right(edges, call.duration) for call in calls if call.duration is not None)
    assert durations["counts"] == [found[place] for place in range(len(edges) + 1)]
    assert intervals["none"] == sum(call.destination_initial_interval is None for call in calls) > 0
    assert [(each["label"], each["count"]) for category in told["categories"] for each in category["values"]] == [
        ("true", sum(call.success is True for call in calls)),
        ("false", sum(call.success is False for call in calls)),
        ("OK", sum(call.lega_disconnect_code == 200 for call in calls)),
        ("busy", sum(call.lega_disconnect_code == 486 for call in calls)),
        ("other", sum(call.lega_disconnect_code not in (200, 486, None) for call in calls)),
    ]
    assert told["categories"][1]["none"] == sum(call.lega_disconnect_code is None for call in calls)
    assert told["total"] == sum(told["time"]["counts"]) == len(calls)


def test_what_is_hidden_is_neither_declared_nor_counted(looking: Looking) -> None:
    plots = Plots("time_start", (Numbers("duration", (60,)),), (Categories("success"),))
    hiding = CALLS.showing(lambda name: name not in ("duration", "success", "time_start"))
    told = described(hiding, plots, "", by_cursor=None)

    assert told["plots"] == {"time": None, "numbers": [], "categories": []}
    assert not {"duration", "time-start", "success"} & {column["name"] for column in told["columns"]}
    assert not {"duration", "time-start"} & set(told["sort"]["keys"])
    counting = counted(looking, plots, "", hiding)
    assert (counting["time"], counting["numbers"], counting["categories"]) == (None, [], [])


@pytest.mark.parametrize(
    ("moment", "is_drawn"),
    [
        (datetime(1, 1, 1, tzinfo=UTC), True),
        (datetime(9999, 12, 31, 23, 59, 58, 999_000, tzinfo=UTC), True),
        (datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC), False),
    ],
)
@pytest.mark.parametrize(
    "query",
    [
        "filter[time-start-gteq]=0001-01-01",
        "filter[time-start-gteq]=0001-01-01&filter[time-start-lteq]=9999-12-31T23:59:59.999Z",
    ],
)
def test_rows_are_counted_to_the_ends_of_time(looking: Looking, moment: datetime, is_drawn: bool, query: str) -> None:
    plots = Plots("time_start", (Numbers("duration", (60,)),))
    with Session(looking.engine) as session:  # not committed
        session.execute(update(Cdr).where(Cdr.id == 8).values(time_start=moment))
        told, [total] = counts(session, CALLS, plots, query), session.execute(select(func.count(Cdr.id))).one()

    assert told["total"] == sum(told["numbers"][0]["counts"]) == total
    assert (told["time"] is not None) == is_drawn
    assert told["time"] is None or sum(told["time"]["counts"]) == total


def test_without_rows_there_is_nothing_to_draw() -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        told = counts(session, CALLS, Plots("time_start", (Numbers("duration", (60,)),)), "")
    engine.dispose()

    assert (told["total"], told["time"], told["numbers"][0]["counts"]) == (0, None, [0, 0])


def test_a_resource_may_take_nothing(looking: Looking) -> None:
    bare = Rows(Resource(CDRS.schema.schema), Cdr)
    told = described(bare, None, "", by_cursor=None)

    assert (told["fields"], told["sort"], told["pages"], told["plots"]) == ([], None, [], None)
    assert counted(looking, Plots("time_start", (Numbers("duration", (60,)),)), "", bare)["numbers"] == []


def test_the_tightest_bounds_of_a_time_count() -> None:
    query = CDRS.parse(
        "filter[time-start-gteq]=2026-01-01&filter[time-start-gt]=2026-01-02&filter[time-start-lt]=2026-02-01"
        "&filter[time-start-not-eq]=2026-01-15&filter[duration-gt]=5"
    )
    span = Span.of(query, CdrFilters.time_start)

    assert span.low == datetime(2026, 1, 2, 0, 0, 0, 1000, tzinfo=UTC)
    assert span.high == datetime(2026, 2, 1, tzinfo=UTC)
    assert repr(span.rest.predicate).count("time_start") == 1
    day = (datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC))
    assert span.within(*day) == (span.low, day[1])
