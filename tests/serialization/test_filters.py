import enum
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from marshmallow import Schema, validate
from marshmallow import fields as stock
from marshmallow_jsonapi import fields

from jsonapi_sieve import DeclarationError, Field, types
from jsonapi_sieve.serialization import Typed, filters_from_schema
from tests.serialization.samples import ExportSchema


class Status(enum.Enum):
    PENDING = "Pending"
    DONE = "Done"


class Level(enum.Enum):
    LOW = 1
    HIGH = 2


def declare(field: stock.Field, **meta: Any) -> type[Schema]:
    options = {"register": False, **meta}
    return type("ThingSchema", (Schema,), {"x": field, "Meta": type("Meta", (), options)})


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (Typed(types.Integer(16)), types.Integer(16)),
        (stock.Boolean(), types.Boolean()),
        (stock.Integer(), types.Integer()),
        (stock.Float(), types.Float()),
        (stock.Decimal(), types.Decimal()),
        (stock.Decimal(places=2), types.Decimal(scale=2)),
        (stock.String(), types.Text()),
        (stock.Email(), types.Text()),
        (stock.URL(validate=validate.Length(max=9)), types.Text()),
        (stock.String(validate=validate.OneOf(["a", "b"])), types.Enum("a", "b")),
        (
            stock.String(validate=[validate.OneOf("abc"), validate.Length(max=9), validate.OneOf(["d", "c", "b"])]),
            types.Enum("b", "c"),
        ),
        (stock.UUID(), types.Uuid()),
        (stock.IP(exploded=True), types.Address()),  # type: ignore[no-untyped-call]
        (stock.IPInterface(), types.Address()),
        (stock.DateTime(), types.Timestamp()),
        (stock.DateTime("iso8601"), types.Timestamp()),
        (stock.AwareDateTime(default_timezone=UTC), types.Timestamp()),
        (stock.NaiveDateTime(timezone=UTC), types.Timestamp(zone="UTC")),
        (stock.Date(), types.Date()),
        (stock.Enum(Status, by_value=True), types.Enum(Status)),
        (stock.Enum(Level), types.Enum(Level)),
    ],
)
def test_fields_have_the_type_of_what_they_show(field: stock.Field, expected: types.ValueType[Any, Any]) -> None:
    (made,) = filters_from_schema(declare(field), "x")().fields
    assert (made.name, made.type, made.nullable) == ("x", expected, False)


@pytest.mark.parametrize(
    "field",
    [
        stock.Decimal(allow_nan=True),
        stock.Float(allow_nan=True),
        stock.DateTime("timestamp"),
        stock.DateTime("%d.%m.%Y"),
        stock.NaiveDateTime(),
        stock.NaiveDateTime(timezone=timezone(timedelta(hours=1))),
        stock.NaiveDateTime("rfc", timezone=UTC),
        stock.Date("%d.%m.%Y"),
        stock.Time(),
        stock.TimeDelta(),
        stock.Enum(Status),
        stock.Enum(Level, by_value=True),
        stock.List(stock.String()),
        stock.Dict(),
        stock.Raw(),
        stock.Function(str),
        fields.Relationship(type_="owners"),
    ],
)
def test_fields_that_no_value_type_stands_for(field: stock.Field) -> None:
    expected = r"ThingSchema.x gives no filters, for no value type stands for this \w+; .*: x=Field\(types\.\.\.\)"
    with pytest.raises(DeclarationError, match=expected):
        filters_from_schema(declare(field), "x")


def test_the_format_of_a_whole_schema_counts() -> None:
    with pytest.raises(DeclarationError, match="no value type stands for this DateTime"):
        filters_from_schema(declare(stock.DateTime(), datetimeformat="rfc"), "x")


def test_fields_that_work_in_their_own_way_show_something_else() -> None:
    class Upper(stock.String):
        def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
            return value.upper()

    class Short(stock.String):
        pass

    with pytest.raises(DeclarationError, match="no value type stands for this Upper"):
        filters_from_schema(declare(Upper()), "x")
    assert filters_from_schema(declare(Short()), "x")().fields[0].type == types.Text()


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (stock.String(load_only=True), "documents do not show it"),
        (stock.String(attribute="y"), r"by one name; .*: y=Field"),
        (stock.String(validate=validate.OneOf(["", "a"])), "an Enum has members"),
        (
            stock.String(validate=validate.OneOf([1, 2])),
            r"x gives no filters, for Text\(\) takes str, not int; .*: x=Field",
        ),
        (
            stock.String(validate=validate.OneOf([])),
            r"x gives no filters, for an Enum has members, at least one, .* \(\); .*: x=Field",
        ),
        (stock.String(validate=[validate.OneOf("a"), validate.OneOf("b")]), "an Enum has members, at least one"),
    ],
)
def test_fields_whose_filters_would_mislead(field: stock.Field, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        filters_from_schema(declare(field), "x")


def test_only_what_is_named_can_be_filtered_in_the_order_named() -> None:
    created_at = Field(types.Timestamp(digits=3), operators=("gteq", "lt"))
    made = filters_from_schema(ExportSchema, "rows_count", "status", created_at=created_at)
    assert [field.name for field in made().fields] == ["rows_count", "status", "created_at"]
    assert [field.nullable for field in made().fields] == [True, False, False]
    assert (made.__name__, made.__module__, made.__doc__) == (
        "ExportFilters",
        ExportSchema.__module__,
        "Filters of ExportSchema.",
    )
    assert made().fields[2] is created_at


def test_the_result_can_be_built_on() -> None:
    base = filters_from_schema(ExportSchema, "rows_count")

    class Filters(base):  # type: ignore[valid-type, misc]
        status = Field(types.Text())

    assert [field.name for field in Filters().fields] == ["rows_count", "status"]
    assert repr(Filters().parse("filter[rows-count-eq]=1")) == "And(rows_count = 1)"


def test_names_that_are_no_fields() -> None:
    with pytest.raises(DeclarationError, match="ExportSchema has no field 'rows-count'"):
        filters_from_schema(ExportSchema, "rows-count")


def test_names_that_are_there_twice() -> None:
    with pytest.raises(DeclarationError, match="filters of ExportSchema: 'status' is there twice"):
        filters_from_schema(ExportSchema, "status", "rows_count", "status")
    with pytest.raises(DeclarationError, match="filters of ExportSchema: 'rows_count' is there twice"):
        filters_from_schema(ExportSchema, "status", "rows_count", rows_count=Field(types.Text()))
