import copy
import ipaddress
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, validate
from marshmallow_jsonapi import Schema as JsonApiSchema
from marshmallow_jsonapi import fields as jsonapi

from jsonapi_sieve import DeclarationError, Field, FilterSet, Limits, QueryErrors, types
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import CompiledSchema, StoredFilters, Typed
from jsonapi_sieve.serialization.stock import fresh
from tests.serialization.samples import CallFilters, ExportSchema
from tests.types.constants import CONSTANTS

FILTERS = CallFilters()


def refused(field: fields.Field, value: object) -> list[Any]:
    with pytest.raises(ValidationError) as caught:
        field.deserialize(value)
    assert isinstance(caught.value.messages, list)
    return caught.value.messages


@pytest.mark.parametrize(
    ("value_type", "value", "shown"),
    [
        (types.Decimal(), Decimal("2.00"), "2.0"),
        (types.Decimal(), 2, "2.0"),
        (types.Decimal(exact=False), 0.1, "0.1"),
        (types.Float(), 3, 3.0),
        (types.Integer(16), 7, 7),
        (types.Boolean(), True, True),
        (types.Text(), "a", "a"),
        (types.Timestamp(digits=3), datetime(2026, 1, 2, 12, 45, 13, 788_999, UTC), "2026-01-02T12:45:13.788Z"),
        (
            types.Timestamp(),
            datetime(2026, 1, 2, 1, tzinfo=timezone(timedelta(hours=2))),
            "2026-01-01T23:00:00.000000Z",
        ),
        (types.Timestamp(zone="UTC"), datetime(2026, 1, 2), "2026-01-02T00:00:00.000000Z"),  # noqa: DTZ001
        (types.Uuid(), UUID(int=10), "00000000-0000-0000-0000-00000000000a"),
        (types.Address(), ipaddress.ip_address("::1"), "::1"),
        (types.Text(), None, None),
    ],
)
def test_typed_shows_what_rows_hold(value_type: types.ValueType[Any, Any], value: object, shown: object) -> None:
    written = Typed(value_type).serialize("x", {"x": value})
    assert written == shown
    assert type(written) is type(shown)


@given(st.data())
def test_what_typed_shows_it_reads_as_the_constant(data: st.DataObject) -> None:
    value_type, constants = data.draw(st.sampled_from(CONSTANTS))
    constant = data.draw(constants)
    field, shown = Typed(value_type), value_type.dump(constant)
    if value_type.place(constant)[0] is types.Fit.EXACT:
        assert field.deserialize(shown) == constant
        assert field.serialize("x", {"x": constant}) == shown
    else:
        refused(field, shown)


@pytest.mark.parametrize(
    ("value_type", "value", "detail", "allowed"),
    [
        (types.Integer(16), 40_000, "40000 is greater than what can be stored.", "an integer such as 10 or -3"),
        (types.Integer(16), "-40000", "'-40000' is less than what can be stored.", "an integer such as 10 or -3"),
        (types.Integer(16), 1.5, "1.5 is not an integer such as 10 or -3.", "an integer such as 10 or -3"),
        (
            types.Decimal(scale=1),
            "0.25",
            "'0.25' has more digits behind the point than can be stored.",
            "a number such as 2.5 or -3",
        ),
        (types.Enum("a", "b"), "c", "'c' is not one of a, b.", ["a", "b"]),
        (types.Text(), {"a": 1}, "an object is not text.", "text"),
    ],
)
def test_what_typed_refuses_it_tells(
    value_type: types.ValueType[Any, Any], value: object, detail: str, allowed: object
) -> None:
    [fault] = refused(Typed(value_type), value)
    assert fault == fault.error.detail == detail
    assert (fault.error.code, fault.error.status, fault.error.at) == ("invalid-attribute", 422, "")
    assert fault.error.meta == {"allowed": allowed}


def test_typed_takes_the_arguments_of_every_field() -> None:
    field = Typed(types.Integer(), allow_none=True, validate=lambda value: value > 0, data_key="n")
    assert field.deserialize(None) is None
    assert refused(Typed(types.Integer()), None) == ["Field may not be null."]
    assert field.data_key == "n"


@pytest.mark.parametrize("value", [1.5, "x"])
def test_rows_of_other_values_are_told_with_their_attribute(value: object) -> None:
    with pytest.raises(TypeError) as caught:
        Typed(types.Decimal()).serialize("price", {"price": value})
    assert caught.value.__notes__ == [f"in the value {value!r} of the attribute 'price'"]


def test_only_value_types_and_filter_sets_are_taken() -> None:
    with pytest.raises(DeclarationError, match="takes a value type"):
        Typed(types.Integer)  # type: ignore[arg-type]
    with pytest.raises(DeclarationError, match="an instance of a FilterSet"):
        StoredFilters(CallFilters)  # type: ignore[arg-type]


def test_stored_filters_are_normalised_in_the_order_of_the_declaration() -> None:
    loaded = StoredFilters(FILTERS).deserialize({"duration_lt": "60", "time_start_gteq": "2019-01-01 00:00:00"})
    assert loaded == {"time_start_gteq": "2019-01-01T00:00:00.000Z", "duration_lt": 60}
    assert list(loaded) == ["time_start_gteq", "duration_lt"]


def test_stored_filters_are_shown_as_they_are() -> None:
    held = {"duration_eq": 1, "gone_eq": 2}
    assert StoredFilters(FILTERS).serialize("filters", {"filters": held}) is held
    assert StoredFilters(FILTERS).serialize("filters", {"filters": None}) is None


def test_faults_of_stored_filters_keep_what_is_known_of_them() -> None:
    value = {"duration_eq": "x", "status_eq": 1, "duration_in": [1, "y"]}
    with pytest.raises(QueryErrors) as caught:
        FILTERS.load(value, status=422)
    faults = refused(StoredFilters(FILTERS), value)
    assert [fault.error for fault in faults] == list(caught.value.errors)
    assert faults[0] == "duration_eq: 'x' is not an integer such as 10 or -3."
    assert faults[2].error.at == "/duration_in/1"
    assert refused(StoredFilters(FILTERS), []) == ["a list is no object that holds filters."]


def test_filters_without_a_canonical_form_within_the_budgets_are_refused() -> None:
    class Prices(FilterSet):
        price = Field(types.Decimal())

    [fault] = refused(StoredFilters(Prices(limits=Limits(value=10))), {"price_eq": "1e30"})
    assert (fault.error.code, fault.error.at) == ("invalid-filters", "")
    assert "has no stored form" in fault


def test_a_schema_used_alone_gives_readable_sentences() -> None:
    document = {"data": {"type": "exports", "attributes": {"filters": {"duration_eq": "x"}, "rows-count": "1.5"}}}
    schema = fresh(ExportSchema, exclude=("bill_to",))
    with pytest.raises(ValidationError) as caught:
        schema.load(document)
    assert caught.value.messages == {
        "errors": [
            {
                "detail": "duration_eq: 'x' is not an integer such as 10 or -3.",
                "source": {"pointer": "/data/attributes/filters"},
            },
            {
                "detail": "'1.5' is not an integer such as 10 or -3.",
                "source": {"pointer": "/data/attributes/rows-count"},
            },
        ]
    }


def test_the_fields_serve_in_schemas_of_marshmallow_alone() -> None:
    schema = Schema.from_dict({"ports": fields.List(Typed(types.Integer(16)))})()
    assert schema.load({"ports": ["80"]}) == {"ports": [80]}
    faults: Any = schema.validate({"ports": [80, "x"]})
    assert faults == {"ports": {1: ["'x' is not an integer such as 10 or -3."]}}


def test_messages_can_be_copied_and_sent_to_other_processes() -> None:
    [fault] = refused(Typed(types.Integer()), "x")
    for again in (copy.deepcopy(fault), pickle.loads(pickle.dumps(fault))):  # noqa: S301
        assert (again, again.error) == (fault, fault.error)


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (Typed(types.Integer(16), validate=validate.Range(max=5)), 5, 7),
        (Typed(types.Text(), validate=[validate.Length(min=1), validate.Length(max=2)]), "ab", "abc"),
        (Typed(types.Decimal(scale=2), validate=validate.Range(min=0)), "1.5", "-1.5"),
        (Typed(types.Boolean(), validate=validate.OneOf([True])), True, False),
        (
            StoredFilters(CallFilters(), validate=validate.Length(max=1)),
            {"duration_gteq": 1},
            {"duration_gteq": 1, "duration_lt": 9},
        ),
    ],
)
def test_validators_are_asked_whichever_way_a_value_is_loaded(field: fields.Field, good: object, bad: object) -> None:
    members = {"id": jsonapi.Str(), "value": field, "Meta": type("Meta", (), {"type_": "calls"})}
    schema = type("CallSchema", (JsonApiSchema,), members)
    compiled, resource = CompiledSchema(schema), Resource(schema)

    def document(value: object) -> dict[str, Any]:
        return {"data": {"type": "calls", "attributes": {"value": value}}}

    expected = schema().load(document(good))
    assert compiled.load(document(good)) == resource.load(json.dumps(document(good)).encode()) == expected
    with pytest.raises(ValidationError) as refused:
        schema().load(document(bad))
    with pytest.raises(ValidationError) as raised:
        compiled.load(document(bad))
    assert raised.value.messages == refused.value.messages
    with pytest.raises(QueryErrors) as errors:
        resource.load(json.dumps(document(bad)).encode())
    assert [error.code for error in errors.value.errors] == ["invalid-attribute"]
