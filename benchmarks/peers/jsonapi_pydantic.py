"""jsonapi-pydantic: models of documents, with attributes as the application gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from jsonapi_pydantic.v1_0 import Resource, TopLevel
from pydantic import BaseModel, BeforeValidator, ConfigDict

from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter

NAME = "jsonapi-pydantic"
MEMBERS = {
    tasks.dashed(name): name for name in (*tasks.MOMENTS, *tasks.AMOUNTS, *tasks.WHOLE, *tasks.BOOLEANS, *tasks.TEXTS)
}
HOST = "http://localhost"  # its links are absolute
RELATED = ("auth-orig-transport-protocol", "account")


def _resource(row: Any) -> Resource:
    own = f"{HOST}{tasks.ROOT}/cdrs/{row.id}"
    return Resource(
        type="cdrs",
        id=str(row.id),
        attributes={member: getattr(row, name) for member, name in MEMBERS.items()},
        relationships={
            name: {"links": {"self": f"{own}/relationships/{name}", "related": f"{own}/{name}"}} for name in RELATED
        },
        links={"self": own},
    )


def serialize() -> Adapter:
    """Make the models and encode them."""
    rows = tasks.cdrs()

    def run() -> Any:
        return TopLevel(data=[_resource(row) for row in rows]).model_dump_json(exclude_none=True)

    def shown(body: str) -> object:
        return tasks.resources(body.replace(HOST, ""))

    return Adapter(NAME, run, shown, "attributes are of any type; NULLs would be left out")


class Strict(BaseModel):
    """What has no other members."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _spaced(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


class Filters(Strict):
    """The stored filters of an order."""

    time_start_gteq: Annotated[datetime, BeforeValidator(_spaced)] | None = None
    time_start_lt: Annotated[datetime, BeforeValidator(_spaced)] | None = None
    success_eq: bool | None = None
    duration_eq: int | None = None
    duration_gteq: int | None = None
    duration_lteq: int | None = None
    src_prefix_routing_eq: str | None = None
    dst_prefix_routing_eq: str | None = None


class Attributes(Strict):
    """The attributes of an order."""

    filters: Filters


class Identifier(Strict):
    """An account."""

    type: Literal["accounts"]
    id: UUID


class ToAccount(Strict):
    """The relationship to an account."""

    data: Identifier


class Relationships(Strict):
    """The relationships of an order."""

    account: ToAccount


class Order(Strict):
    """An order for a file of calls; written by hand, for the library's own resource takes any attributes."""

    type: Literal["cdr-exports"]
    attributes: Attributes
    relationships: Relationships


class Body(Strict):
    """The body of a POST."""

    data: Order


def load() -> Adapter:
    """Validate the body's JSON."""

    def shown(body: Body) -> object:
        order = body.data
        return tasks.order(order.relationships.account.data.id, order.attributes.filters.model_dump(exclude_unset=True))

    lacks = "its own models check no attributes, so these are of pydantic alone; errors are not JSON:API's"
    return Adapter(NAME, lambda: Body.model_validate_json(tasks.BODY), shown, lacks)
