"""Resources with every type, operator, rule and kind of field, and how their descriptions are looked at."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from marshmallow import fields, validate
from marshmallow_jsonapi.fields import ResourceMeta
from openapi_schema_validator import OAS31Validator

from jsonapi_sieve import (
    AllOf,
    AnyOf,
    Default,
    Dependent,
    Field,
    FilterSet,
    Required,
    RequiredAny,
    Rule,
    Sort,
    ToMany,
    ToOne,
    types,
)
from jsonapi_sieve.document import TopLevel
from jsonapi_sieve.openapi import Collection, openapi
from jsonapi_sieve.operators import offered_by
from jsonapi_sieve.paging import NumberedPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import Relationship, Schema, StoredFilters, Typed

STATUSES = types.Enum("Pending", "in, part", "Completed")


def every(type_: types.ValueType[Any, Any], **options: Any) -> Field[Any]:
    """Declare a field with all operators of its type."""
    return Field(type_, nullable=True, operators=[operator.name for operator in offered_by(type_.name)], **options)


class OwnerFilters(FilterSet):
    name = Field(types.Text(), operators=("eq", "in"))


class PartFilters(FilterSet):
    size = Field(types.Integer(16), operators=("gt",))
    owner = ToOne(OwnerFilters)


class EveryFilters(FilterSet, groups=True):
    id = Field(types.Uuid(), operators=(), bare="in")
    truth = every(types.Boolean())
    whole = every(types.Integer(32))
    price = every(types.Decimal(scale=2))
    ratio = every(types.Float())
    moment = every(types.Timestamp(digits=3))
    loose = every(types.Timestamp(loose=True))
    day = every(types.Date())
    name = every(types.Text())
    other = Field(types.Text())
    status = every(STATUSES)
    key = every(types.Uuid())
    address = every(types.Address())
    either = AnyOf("name", "other", operators=("cont", "in"))
    both = AllOf("name", "other", operators=("cont",))
    owner = ToOne(OwnerFilters)
    parts = ToMany(PartFilters)


class RuledFilters(FilterSet):
    id = Field(types.Integer(64), bare="in")
    begin = Field(types.Date(), operators=("eq", "gteq", "lt"))
    name = Field(types.Text(), operators=("eq", "cont"))
    size = Field(types.Integer(32), operators=("gt", "lt"))

    rules: ClassVar[tuple[Rule, ...]] = (
        Required("begin_gteq"),
        RequiredAny("name_eq", "name_cont"),
        Dependent("size_lt", on=("size_gt",)),
        Default("id_in", [1], unless=("id_eq",)),
    )


class OwnerOfNotesSchema(Schema):
    id = fields.Str()
    name = fields.Str()

    class Meta:
        type_ = "owners"
        self_url = "/owners/{id}"
        self_url_kwargs: Final[dict[str, str]] = {"id": "<id>"}


class ThingOfOwnersSchema(Schema):
    id = fields.Str(dump_only=True)
    whole = Typed(types.Integer(16), required=True)
    price = Typed(types.Decimal(scale=2), allow_none=True)
    other = fields.Str(validate=validate.Length(max=9))
    shown_at = Typed(types.Timestamp(digits=3), dump_only=True, attribute="moment", data_key="shown-at")
    secret = fields.Str(load_only=True)
    filters = StoredFilters(RuledFilters())
    told = ResourceMeta()
    owner = Relationship(type_="owners", schema=OwnerOfNotesSchema, allow_none=True)
    parts = Relationship(type_="things", schema="ThingOfOwnersSchema", many=True, related_url="/things/{id}/parts",
                         related_url_kwargs={"id": "<id>"})  # fmt: skip
    elsewhere = Relationship(type_="nowhere", dump_only=True)

    class Meta:
        type_ = "things"


THINGS = Resource(
    ThingOfOwnersSchema,
    filters=EveryFilters(),
    sort=Sort("whole", "owner.name", default="-whole"),
    pages=NumberedPages(default=20, maximum=100),
    include=("owner", "parts", "parts.owner"),
    top_level=TopLevel(version="1.1"),
)
OWNERS = Resource(OwnerOfNotesSchema)


def document(**options: Any) -> dict[str, Any]:
    """Describe both."""
    return openapi(Collection(THINGS, create=True), OWNERS, title="Things", version="1", **options)


def parameters(described: dict[str, Any], path: str = "/things") -> dict[str, dict[str, Any]]:
    """Give the parameters of a listing by name."""
    return {each["name"]: each for each in described["paths"][path]["get"]["parameters"]}


def validator(described: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Make what judges values by a schema of a document."""
    return OAS31Validator({"allOf": [schema], "components": described["components"]})


def resolved(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Give the schema that one refers to."""
    while "$ref" in schema:
        _, _, kind, name = schema["$ref"].split("/")
        schema = described["components"][kind][name]
    return schema


def answer(described: dict[str, Any], path: str, method: str = "get", status: str = "200") -> dict[str, Any]:
    """Give the schema of the document that answers a request."""
    found = resolved(described, described["paths"][path][method]["responses"][status])
    schema: dict[str, Any] = found["content"]["application/vnd.api+json"]["schema"]
    return schema
