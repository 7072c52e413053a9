"""Loading: the body of a POST with eight stored filters, against decoding its JSON and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson
from marshmallow import fields

from benchmarks.contest import Contest
from benchmarks.peers.marshmallow_jsonapi import OrderSchema
from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import Relationship, Schema, StoredFilters

ACCOUNT = "aa3432e2-a26e-11ef-a008-0242ac120003"
SENT = {
    "time_start_gteq": "2019-01-01 00:00:00",
    "time_start_lt": "2019-01-02 00:00:00",
    "success_eq": True,
    "duration_eq": 60,
    "duration_gteq": 0,
    "duration_lteq": 100,
    "src_prefix_routing_eq": "123",
    "dst_prefix_routing_eq": "456",
}
LOADED = {
    "filters": SENT | {"time_start_gteq": "2019-01-01T00:00:00.000Z", "time_start_lt": "2019-01-02T00:00:00.000Z"},
    "account": ACCOUNT,
}
DOCUMENT = {
    "data": {
        "type": "cdr-exports",
        "attributes": {"filters": SENT},
        "relationships": {"account": {"data": {"type": "accounts", "id": ACCOUNT}}},
    }
}
# As browsers write JSON, and as Python does.
DENSE = json.dumps(DOCUMENT, separators=(",", ":")).encode()
SPACED = json.dumps(DOCUMENT).encode()


class OrderFilters(FilterSet):
    """What an order for a file of calls may select them by."""

    time_start = Field(types.Timestamp(digits=3), operators=("gteq", "lt"))
    success = Field(types.Boolean(), nullable=True, operators=("eq",))
    duration = Field(types.Integer(32), nullable=True, operators=("eq", "gteq", "lteq"))
    src_prefix_routing = Field(types.Text(), nullable=True, operators=("eq",))
    dst_prefix_routing = Field(types.Text(), nullable=True, operators=("eq",))


class FilteredOrderSchema(Schema):
    """An order for a file of calls."""

    id = fields.Str(dump_only=True)
    filters = StoredFilters(OrderFilters(), required=True)
    account = Relationship(attribute="account_id", type_="accounts", required=True)

    class Meta:
        """How it is sent."""

        type_ = "cdr-exports"


def _decoded(loaded: Any) -> object:
    """Give what the limit gives where all is loaded that has to be."""
    return DOCUMENT if loaded == LOADED else loaded


def contests() -> Iterator[Contest]:
    """Give the contests of this stage."""
    orders = Resource(FilteredOrderSchema)
    related = {"account": {ACCOUNT: ACCOUNT}.get}
    schema: Any = OrderSchema
    stock = schema()
    yield Contest(
        "load",
        "a POST of 8 stored filters",
        lambda: orjson.loads(DENSE),
        lambda: orders.load(DENSE, related=related),
        5.0,
        shown=_decoded,
    )
    yield Contest(
        "load",
        "the same with blanks, as Python writes it",
        lambda: orjson.loads(SPACED),
        lambda: orders.load(SPACED, related=related),
        6.0,
        shown=_decoded,
    )
    yield Contest(
        "load",
        "the same, against marshmallow-jsonapi and json",
        lambda: stock.load(json.loads(SPACED)).keys(),
        lambda: orders.load(SPACED, related=related),
        12.0,
        faster=True,
        shown=lambda loaded: loaded.keys(),
    )
