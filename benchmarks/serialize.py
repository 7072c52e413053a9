"""Documents of CDRs as bytes: from rows, objects and ORM instances, by each encoder, against orjson and the stock."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import make_dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.contest import Contest
from jsonapi_sieve.cdr.dataset import Dataset
from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.cdr.models import Cdr
from jsonapi_sieve.cdr.resources import CDRS
from jsonapi_sieve.cdr.schemas import CdrSchema
from jsonapi_sieve.serialization.encoding.by_json import Standard
from jsonapi_sieve.serialization.encoding.by_orjson import Orjson
from jsonapi_sieve.serialization.encoding.documents import Shown
from jsonapi_sieve.serialization.encoding.library import Library

COUNT = 1_000
UNTIL = datetime(2026, 2, 1, tzinfo=UTC)
URL = "https://example.org/api/rest/customer/v1/cdrs"
QUERY = CDRS.parse(f"page[size]={COUNT}")


def contests() -> Iterator[Contest]:
    """Give the contests of this stage."""
    engine = sa.create_engine("sqlite://")
    generate(engine, count=COUNT, until=UNTIL)
    with engine.connect() as connection:
        rows = connection.execute(sa.select(Cdr.__table__)).all()
    with Session(engine) as session:
        instances = list(session.scalars(sa.select(Cdr)))
    yield _against_limit("SQLAlchemy rows", rows, 4)
    yield _against_limit("ORM instances", instances, 6)
    dicts = list(islice(Dataset(count=COUNT, until=UNTIL).cdrs(), COUNT))
    slotted = make_dataclass("Call", dicts[0].keys(), slots=True)
    yield _against_limit("slotted objects", [slotted(**row) for row in dicts], 6)
    yield _against_limit("SQLAlchemy rows, orjson alone", rows, 6, Orjson())
    for name, library, times in (("the best encoder", None, 25), ("the standard library", Standard(), 4.5)):
        yield _against_stock(f"{COUNT:,} ORM instances, {name}", instances, times, library)
    yield _against_stock("one ORM instance", instances[:1], 3, None)


def _render(rows: Sequence[object], library: Library | None) -> Callable[[], bytes]:
    if library is None:
        return lambda: CDRS.render(rows, QUERY, url=URL)
    shown = Shown(CDRS.schema, URL, {}, library)
    return lambda: b'{"data":[' + b",".join(map(shown.data, shown.chunks(rows, streamed=False))) + b"]}"


def _against_limit(work: str, rows: Sequence[object], bar: float, library: Library | None = None) -> Contest:
    finished = json.loads(CDRS.render(rows, QUERY, url=URL))
    return Contest("serialize", f"{COUNT:,} {work}", lambda: orjson.dumps(finished), _render(rows, library), bar)


def _against_stock(work: str, rows: Sequence[object], times: float, library: Library | None) -> Contest:
    def stock() -> bytes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # marshmallow-jsonapi 0.24 is warned of what it asks of marshmallow 3.26
            return json.dumps(CdrSchema(many=True).dump(rows)).encode()

    def shown(document: bytes) -> bytes:
        return json.dumps(_as_stock(json.loads(document))).encode()

    return Contest(
        "serialize",
        f"{work}, against marshmallow-jsonapi",
        stock,
        _render(rows, library),
        times,
        True,
        shown=shown,
    )


def _as_stock(document: dict[str, Any]) -> dict[str, Any]:
    """Bring a document into the form of the stock: its members in another order, and links without a host."""
    origin = URL.removesuffix("/api/rest/customer/v1/cdrs")
    text = json.dumps(document).replace(origin, "")
    order = ("type", "id", "attributes", "relationships", "links")
    data = json.loads(text)["data"]
    return {"data": [{name: resource[name] for name in order} for resource in data]}
