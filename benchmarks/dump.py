"""Documents as Python's own dictionaries: `CompiledSchema.dump` against the schema's own, and against code by hand."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, ClassVar, Final

from marshmallow import fields

from benchmarks.contest import Contest
from jsonapi_sieve.cdr.dataset import Dataset
from jsonapi_sieve.cdr.schemas import CdrSchema
from jsonapi_sieve.serialization import CompiledSchema, Schema

COUNT = 1_000
UNTIL = datetime(2026, 2, 1, tzinfo=UTC)

Rows = list[Any]


def _dashed(name: str) -> str:
    return name.replace("_", "-")


class CallSchema(Schema):
    """A schema of marshmallow's own fields, of which two need work for each value."""

    id: Final = fields.Str()
    time_start: Final = fields.DateTime()
    duration: Final = fields.Int()
    success: Final = fields.Bool()
    customer_price: Final = fields.Decimal(as_string=True)
    src_name_in: Final = fields.Str()
    src_prefix_in: Final = fields.Str()
    dst_prefix_in: Final = fields.Str()
    lega_disconnect_code: Final = fields.Int()
    lega_disconnect_reason: Final = fields.Str()
    orig_call_id: Final = fields.Str()
    lega_user_agent: Final = fields.Str()

    class Meta:
        """What the documents show besides."""

        type_ = "calls"
        inflect = _dashed
        self_url: Final = "/calls/{id}"
        self_url_kwargs: ClassVar = {"id": "<id>"}


def _calls_by_hand(rows: Rows) -> object:
    return {
        "data": [
            {
                "type": "calls",
                "id": (id_ := str(row.id)),
                "attributes": {
                    "time-start": row.time_start.isoformat(),
                    "duration": row.duration,
                    "success": row.success,
                    "customer-price": f"{row.customer_price:f}",
                    "src-name-in": row.src_name_in,
                    "src-prefix-in": row.src_prefix_in,
                    "dst-prefix-in": row.dst_prefix_in,
                    "lega-disconnect-code": row.lega_disconnect_code,
                    "lega-disconnect-reason": row.lega_disconnect_reason,
                    "orig-call-id": row.orig_call_id,
                    "lega-user-agent": row.lega_user_agent,
                },
                "links": {"self": f"/calls/{id_}"},
            }
            for row in rows
        ]
    }


def _stock(schema: type[Schema]) -> Callable[[Rows], object]:
    instance = schema()

    def dump(rows: Rows) -> object:
        with warnings.catch_warnings():
            # marshmallow 3.26 has one for each link of marshmallow-jsonapi 0.24.
            warnings.simplefilter("ignore", DeprecationWarning)
            return instance.dump(rows, many=True)

    return dump


def contests() -> Iterator[Contest]:
    """Give the contests of this stage."""
    calls = list(Dataset(count=COUNT, until=UNTIL).cdrs())
    objects = [SimpleNamespace(**call) for call in calls]
    yield _against_stock("objects", CdrSchema, objects)
    yield _against_stock("dictionaries", CdrSchema, calls)
    yield _against_stock("objects by marshmallow's own fields", CallSchema, objects)
    compiled = CompiledSchema(CallSchema)
    yield Contest(
        "dump",
        f"{COUNT:,} objects by marshmallow's own fields, against code by hand",
        lambda: _calls_by_hand(objects),
        lambda: compiled.dump(objects, many=True),
        1.5,
    )


def _against_stock(work: str, schema: type[Schema], rows: Rows) -> Contest:
    compiled, stock = CompiledSchema(schema), _stock(schema)
    return Contest(
        "dump",
        f"{COUNT:,} {work}, against the schema's own dump",
        lambda: stock(rows),
        lambda: compiled.dump(rows, many=True),
        10,
        faster=True,
    )
