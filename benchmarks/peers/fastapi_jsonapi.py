"""FastAPI-JSONAPI: models of bodies that are generated from pydantic models of attributes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar

from fastapi_jsonapi.schema_builder import SchemaBuilder
from fastapi_jsonapi.types_metadata import RelationshipInfo
from pydantic import BaseModel, BeforeValidator, ConfigDict

from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter


def _spaced(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


class Filters(BaseModel):
    """The stored filters of an order."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    time_start_gteq: Annotated[datetime, BeforeValidator(_spaced)] | None = None
    time_start_lt: Annotated[datetime, BeforeValidator(_spaced)] | None = None
    success_eq: bool | None = None
    duration_eq: int | None = None
    duration_gteq: int | None = None
    duration_lteq: int | None = None
    src_prefix_routing_eq: str | None = None
    dst_prefix_routing_eq: str | None = None


class Account(BaseModel):
    """What an order is billed to."""

    name: str


class Order(BaseModel):
    """An order for a file of calls."""

    filters: Filters
    account: Annotated[Account, RelationshipInfo(resource_type="accounts")]


def load() -> Adapter:
    """Validate the body's JSON by the generated model."""
    builder = SchemaBuilder("cdr-exports")
    model, _ = builder.build_schema_in(Order, Order, "create", non_optional_relationships=True)

    def shown(body: Any) -> object:
        order = body.data
        return tasks.order(order.relationships.account.data.id, order.attributes.filters.model_dump(exclude_unset=True))

    lacks = "a wrong `type` is taken; errors are not JSON:API's"
    return Adapter("fastapi-jsonapi", lambda: model.model_validate_json(tasks.BODY), shown, lacks)
