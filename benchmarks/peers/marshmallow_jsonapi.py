"""marshmallow-jsonapi: the schemas that this library takes too, with the package's own code and fields."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from marshmallow import Schema as Plain
from marshmallow import fields
from marshmallow_jsonapi import Schema
from marshmallow_jsonapi.fields import Relationship

from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter

NAME = "marshmallow-jsonapi"


def _to_one(name: str, type_: str) -> Relationship:
    own = f"{tasks.ROOT}/cdrs/{{id}}"
    return Relationship(
        type_=type_,
        self_url=f"{own}/relationships/{tasks.dashed(name)}",
        self_url_kwargs={"id": "<id>"},
        related_url=f"{own}/{tasks.dashed(name)}",
        related_url_kwargs={"id": "<id>"},
    )


class _CallSchema(Schema):
    id = fields.Str()
    auth_orig_transport_protocol = _to_one("auth_orig_transport_protocol", "transport-protocols")
    account = _to_one("account", "accounts")

    class Meta:
        type_ = "cdrs"
        inflect = tasks.dashed
        self_url = f"{tasks.ROOT}/cdrs/{{id}}"
        self_url_kwargs = {"id": "<id>"}


CallSchema: Any = _CallSchema.from_dict(
    {
        **{name: fields.AwareDateTime(default_timezone=UTC) for name in tasks.MOMENTS},
        **{name: fields.Decimal(as_string=True) for name in tasks.AMOUNTS},
        **{name: fields.Integer() for name in tasks.WHOLE},
        **{name: fields.Boolean() for name in tasks.BOOLEANS},
        **{name: fields.String() for name in tasks.TEXTS},
    }
)


def serialize() -> Adapter:
    """Dump and encode."""
    rows = tasks.cdrs()
    for row in rows:
        row.auth_orig_transport_protocol = row.account = row.id
    schema = CallSchema(many=True)
    return Adapter(f"{NAME}", lambda: json.dumps(schema.dump(rows)), tasks.resources)


class Filters(Plain):
    """The stored filters of an order."""

    time_start_gteq = fields.AwareDateTime(default_timezone=UTC)
    time_start_lt = fields.AwareDateTime(default_timezone=UTC)
    success_eq = fields.Boolean()
    duration_eq = fields.Integer(strict=True)
    duration_gteq = fields.Integer(strict=True)
    duration_lteq = fields.Integer(strict=True)
    src_prefix_routing_eq = fields.String()
    dst_prefix_routing_eq = fields.String()


class OrderSchema(Schema):
    """An order for a file of calls."""

    id = fields.Str(dump_only=True)
    filters = fields.Nested(Filters, required=True)
    account = Relationship(type_="accounts", include_resource_linkage=True, required=True)

    class Meta:
        """How it is shown."""

        type_ = "cdr-exports"
        inflect = tasks.dashed


def load() -> Adapter:
    """Decode and load."""
    schema = OrderSchema()

    def shown(loaded: dict[str, Any]) -> object:
        return tasks.order(loaded["account"], loaded["filters"])

    return Adapter(NAME, lambda: schema.load(json.loads(tasks.BODY)), shown)
