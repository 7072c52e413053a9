"""Orders of version 3, good and hostile: each is refused, or what is read of it can be stored, run and shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.cdr.did_resources import DID_CDR_EXPORTS, DID_EXPORTS
from jsonapi_sieve.cdr.exporting import Kind, did
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.service import did_api

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEXTS = st.sampled_from(
    [
        *("2017", "01", "1", "12", "13", "0000", "9998", "9999", "+49301234", "cdr_in", "cdr_out", "post", "1\n", "٣"),
        *("2026-01-01", "2026-02-01 00:00:00", "0001-01-01", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00+14:00"),
        *("9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00.123456789Z", "", " ", "'", "=1+1"),
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2))
FILTERS = st.dictionaries(
    st.sampled_from(["from", "to", "year", "month", "did_number", "begin", "x"]), TEXTS | VALUES, max_size=4
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["export_type", "callback_url", "callback_method", "external_reference_id", "status", "url", "x"]),
    TEXTS | VALUES,
    max_size=3,
)
INTERVALS = st.fixed_dictionaries({"from": TEXTS, "to": TEXTS}, optional={"did_number": TEXTS})
MONTHS = st.fixed_dictionaries({"year": TEXTS, "month": TEXTS}, optional={"did_number": TEXTS})
TYPES = st.sampled_from(["cdr_in", "cdr_out"])


def read(resource: Resource, attributes: dict[str, Any]) -> dict[str, Any] | None:
    """Give what is read of an order; None for one that is refused, as something that the client can mend."""
    document = {"data": {"type": resource.type, "attributes": attributes}}
    try:
        return resource.load(json.dumps(document).encode())
    except QueryErrors as refusal:
        faults = refusal.errors
    assert {fault.status for fault in faults} <= {400, 422}
    assert all(fault.source == "pointer" for fault in faults)
    return None


def lives(resource: Resource, kind: Kind, attributes: dict[str, Any]) -> None:
    """Assert that an order that is read can be made, stored as JSON, run and shown."""
    values = read(resource, attributes)
    if values is not None:
        make = did_api().endpoint_of(resource.type).create
        assert make is not None
        job: Any = make(values, 1, NOW)
        json.dumps(getattr(job, "filters", None))
        assert kind.select(job).predicate is not None
        shown = json.loads(resource.render_one(job, url="https://example.org/"))["data"]["attributes"]
        again = read(resource, {name: shown[name] for name in attributes})
        assert again == values


@given(st.fixed_dictionaries({"filters": FILTERS | MONTHS}) | ATTRIBUTES)
def test_an_order_for_a_month(attributes: dict[str, Any]) -> None:
    lives(DID_CDR_EXPORTS, did.DID_CDR_EXPORTS, attributes)


@given(
    ATTRIBUTES,
    st.fixed_dictionaries({"filters": FILTERS}) | st.fixed_dictionaries({"filters": INTERVALS, "export_type": TYPES}),
)
def test_an_order_for_the_time_between_two_moments(others: dict[str, Any], attributes: dict[str, Any]) -> None:
    lives(DID_EXPORTS, did.DID_EXPORTS, attributes)
    lives(DID_EXPORTS, did.DID_EXPORTS, others | attributes)
