import json
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

import marshmallow as ma
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError, post_load, pre_load, validates_schema
from marshmallow_jsonapi import Schema, fields

from jsonapi_sieve import ErrorObject, Field, FilterSet, Limits, QueryErrors, types
from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.document import NewResource, read_resource
from jsonapi_sieve.serialization import ResourceSchema, StoredFilters, Typed, load
from jsonapi_sieve.serialization.stock import fresh
from tests.serialization.samples import EXPORTS, CallFilters, ExportSchema, dasherize, new

ACCOUNT = {"type": "accounts", "id": "a"}
OWNERS = [{"type": "owners", "id": "x"}, {"type": "owners", "id": "y"}]
RELATED: Mapping[str, Callable[[str], object | None]] = {
    "bill_to": {"a": "account a"}.get,
    "seen_by": {"x": "owner x", "y": "owner y"}.get,
}


def faults(resource: NewResource, schema: ResourceSchema = EXPORTS, related: Any = RELATED) -> list[ErrorObject]:
    with pytest.raises(QueryErrors) as caught:
        load(schema, resource, related=related)
    return list(caught.value.errors)


def told(resource: NewResource, schema: ResourceSchema = EXPORTS) -> list[tuple[str, int, str | None]]:
    found = faults(resource, schema)
    assert {fault.source for fault in found} == {"pointer"}
    return [(fault.code, fault.status, fault.at) for fault in found]


def test_a_good_resource_is_loaded_and_its_related_resources_are_found() -> None:
    attributes = {
        "filters": {"time_start_gteq": "2019-01-01 00:00:00"},
        "rows-count": "7",
        "price": 1.5,
        "code-words": ["a"],
    }
    assert load(EXPORTS, new(attributes, bill_to=ACCOUNT, seen_by=OWNERS), related=RELATED) == {
        "filters": {"time_start_gteq": "2019-01-01T00:00:00.000Z"},
        "rows_count": 7,
        "price": types.Decimal().parse("1.5"),
        "code_words": ["a"],
        "bill_to": "account a",
        "seen_by": ["owner x", "owner y"],
    }


def test_what_is_not_sent_is_not_there() -> None:
    assert load(EXPORTS, new(bill_to=ACCOUNT), related=RELATED) == {"filters": {}, "bill_to": "account a"}


@pytest.mark.rule("CRE-04", "CRE-10", "CRE-11")
def test_another_type_and_a_chosen_identifier_come_before_all_else() -> None:
    resource = NewResource("cdrs", "1", {"x": 1}, {})
    assert told(resource) == [("wrong-type", 409, "/data/type"), ("client-id", 403, "/data/id")]
    assert faults(resource)[0].meta == {"allowed": ["exports"]}
    assert faults(resource)[0].detail == "'cdrs' is not the type of the resources here, which is 'exports'."
    assert told(NewResource("cdrs", None, {}, {})) == [("wrong-type", 409, "/data/type")]
    assert told(NewResource("exports", "", {}, {})) == [("client-id", 403, "/data/id")]


@pytest.mark.rule("CRE-09", "ERR-09", "ERR-10")
def test_everything_else_is_gathered() -> None:
    attributes = {
        "filters": {"duration_gteq": "x", "nope_eq": 1, "duration_in": [1, None]},
        "rows-count": 2**40,
        "price": "-1",
        "code-words": ["a", 7],
        "status": "Done",
        "rows-cuont": 1,
    }
    resource = new(
        attributes, bill_to={"type": "owners", "id": "x"}, seen_by=[OWNERS[0], {"type": "owners", "id": "z"}]
    )
    assert told(resource) == [
        ("read-only-member", 422, "/data/attributes/status"),
        ("unknown-member", 422, "/data/attributes/rows-cuont"),
        ("invalid-relationship", 422, "/data/relationships/bill-to/data/type"),
        ("related-not-found", 404, "/data/relationships/seen-by/data/1"),
        ("invalid-value", 422, "/data/attributes/filters/duration_gteq"),
        ("unknown-filter", 422, "/data/attributes/filters/nope_eq"),
        ("empty-value", 422, "/data/attributes/filters/duration_in/1"),
        ("invalid-attribute", 422, "/data/attributes/rows-count"),
        ("invalid-attribute", 422, "/data/attributes/price"),
        ("invalid-attribute", 422, "/data/attributes/code-words/1"),
    ]


@pytest.mark.rule("ERR-07")
@pytest.mark.parametrize(
    ("attributes", "relationships", "pointers"),
    [
        ({}, {}, ["/data", "/data"]),
        ({"price": 1}, {}, ["/data/attributes", "/data"]),
        ({}, {"seen_by": []}, ["/data", "/data/relationships"]),
        ({}, {"bill_to": ACCOUNT}, ["/data"]),
    ],
)
def test_what_is_missing_is_told_at_the_nearest_parent(
    attributes: dict[str, Any], relationships: dict[str, Any], pointers: list[str]
) -> None:
    found = faults(new(attributes, **relationships))
    assert [(fault.code, fault.at) for fault in found] == [("required-member", pointer) for pointer in pointers]
    assert found[0].detail == "'filters' is needed among the attributes."


@pytest.mark.rule("ERR-07")
def test_what_is_empty_is_the_nearest_parent() -> None:
    found = faults(NewResource("exports", None, {}, {}, frozenset({"attributes", "relationships"})))
    assert [fault.at for fault in found] == ["/data/attributes", "/data/relationships"]


def test_fields_that_only_the_options_of_the_schema_keep_from_clients_cannot_be_set() -> None:
    class FinishedSchema(Schema):
        id = fields.Str()
        status = fields.Str()
        owner = fields.Relationship(type_="owners")

        class Meta:
            type_ = "exports"
            register = False
            dump_only = ("status", "owner")

    assert told(new({"status": "Done"}, owner=OWNERS[0]), ResourceSchema(FinishedSchema)) == [
        ("read-only-member", 422, "/data/attributes/status"),
        ("read-only-member", 422, "/data/relationships/owner"),
    ]


def test_unknown_members_tell_what_is_perhaps_meant_but_only_the_first_few() -> None:
    resource = new(
        {"filters": {}, **{f"price{number}": 1 for number in range(1000)}}, bill_too=ACCOUNT, bill_to=ACCOUNT
    )
    found = faults(resource)
    assert len(found) == 100
    assert found[0].detail == "'price0' is none of the attributes of exports; did you mean price?"
    assert found[0].meta == {"nearest": "price", "allowed": ["filters", "rows-count", "price", "code-words"]}
    assert [fault.meta for fault in found[5:]] == [{}] * 95
    [fault] = faults(new(bill_too=ACCOUNT, bill_to=ACCOUNT))
    assert (fault.at, fault.meta["nearest"]) == ("/data/relationships/bill-too", "bill-to")
    assert fault.detail == "'bill-too' is none of the relationships of exports; did you mean bill-to?"


@pytest.mark.parametrize(
    "name", ["id", "type", "bill-to", "_schema", "_resource_meta", "__class__", "", "a/b~c", "rows_count"]
)
def test_names_that_mean_something_elsewhere_are_unknown_attributes(name: str) -> None:
    pointer = "/data/attributes/" + name.replace("~", "~0").replace("/", "~1")
    assert told(new({"filters": {}, name: {}}, bill_to=ACCOUNT)) == [("unknown-member", 422, pointer)]


@pytest.mark.parametrize("value", [["a"] * 4, [["a"], ["b"], []], {"a": [1, 2, 3]}, [[["a", "b"]], []]])
def test_attributes_over_their_budget_are_refused_before_they_are_looked_at(value: object) -> None:
    resource = new({"filters": [], "price": {}, "code-words": value})
    with pytest.raises(QueryErrors) as caught:
        load(EXPORTS, resource, related=RELATED, limits=Limits(list_items=3))
    [fault] = caught.value.errors
    assert (fault.code, fault.status, fault.at) == ("list-items-limit", 422, "/data/attributes/code-words")
    assert (fault.detail, fault.meta) == ("'code-words' holds more than 3 items.", {"limit": 3})


def test_budgets_of_stored_filters_are_their_own() -> None:
    attributes = {"filters": {"duration_in": list(range(9))}, "code-words": ["a", "b", "c"]}
    values = load(EXPORTS, new(attributes, bill_to=ACCOUNT), related=RELATED, limits=Limits(list_items=3))
    assert values["filters"] == attributes["filters"]


@pytest.mark.rule("CRE-09")
def test_a_related_resource_of_somebody_else_is_one_that_does_not_exist() -> None:
    [unknown], [foreign] = (faults(new(bill_to={"type": "accounts", "id": id_})) for id_ in ("b", "c"))
    assert (unknown.code, unknown.status, unknown.at) == ("related-not-found", 404, "/data/relationships/bill-to")
    assert unknown.detail == "There is no resource 'b' of the type 'accounts'."
    assert foreign == unknown._replace(detail=unknown.detail.replace("'b'", "'c'"))


@pytest.mark.rule("CRE-03", "DOC-17", "ERR-07")
@pytest.mark.parametrize(
    ("relationships", "pointer", "detail"),
    [
        ({"bill_to": None}, "/data/relationships/bill-to/data", "Field may not be null."),
        ({"bill_to": [ACCOUNT]}, "/data/relationships/bill-to/data", "The data is not one resource identifier."),
        (
            {"bill_to": ACCOUNT, "seen_by": OWNERS[0]},
            "/data/relationships/seen-by/data",
            "The data is not a list of resource identifiers.",
        ),
        (
            {"bill_to": {"type": "owners", "id": "a"}},
            "/data/relationships/bill-to/data/type",
            "'owners' is not the type that bill-to leads to, which is 'accounts'.",
        ),
        (
            {"bill_to": ACCOUNT, "seen_by": [OWNERS[0], ACCOUNT]},
            "/data/relationships/seen-by/data/1/type",
            "'accounts' is not the type that seen-by leads to, which is 'owners'.",
        ),
    ],
)
def test_bad_linkage(relationships: dict[str, Any], pointer: str, detail: str) -> None:
    [fault] = faults(new(**relationships))
    assert (fault.code, fault.status, fault.at, fault.detail) == ("invalid-relationship", 422, pointer, detail)


def declare(**members: Any) -> ResourceSchema:
    meta = type("Meta", (), {"type_": "exports", "inflect": dasherize, "register": False})
    return ResourceSchema(
        type("NewExportSchema", (Schema,), {"id": fields.Str(required=True), **members, "Meta": meta})
    )


def test_a_relationship_may_lead_to_nothing_where_the_schema_says_so() -> None:
    schema = declare(bill_to=fields.Relationship(type_="accounts", attribute="account_id", allow_none=True))
    assert load(schema, new({}, bill_to=None), related=RELATED) == {"bill_to": None}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [({"name": "x"}, {"customer": {"name": "x"}}), ({}, {})],
)
def test_what_shares_a_dotted_attribute_with_a_relationship_stays(
    attributes: dict[str, Any], expected: dict[str, Any]
) -> None:
    schema = declare(
        name=fields.Str(attribute="customer.name"),
        bill_to=fields.Relationship(type_="accounts", attribute="customer.account.id"),
        # The name of one is the first part of the attribute of the other.
        customer=fields.Relationship(type_="owners", attribute="customer_id"),
    )
    found = {"any": "thing"}
    related: Any = {"bill_to": RELATED["bill_to"], "customer": {"x": found}.get}
    assert load(schema, new(attributes, bill_to=ACCOUNT), related=related) == {**expected, "bill_to": "account a"}
    assert load(schema, new({}, customer=OWNERS[0], bill_to=ACCOUNT), related=related) == {
        "customer": found,
        "bill_to": "account a",
    }
    assert found == {"any": "thing"}


def test_hooks_may_leave_nothing_of_a_dotted_attribute() -> None:
    def flatten(_: Schema, data: dict[str, Any], **__: Any) -> dict[str, Any]:
        return {"customer": data["customer"]["account_id"]}

    schema = declare(
        bill_to=fields.Relationship(type_="accounts", attribute="customer.account_id"), flatten=post_load(flatten)
    )
    assert load(schema, new({}, bill_to=ACCOUNT), related=RELATED) == {"customer": "a", "bill_to": "account a"}


def test_an_identifier_that_the_related_schema_cannot_read_does_not_exist() -> None:
    numbered = type(
        "NumberedSchema",
        (Schema,),
        {"id": fields.Int(), "Meta": type("Meta", (), {"type_": "accounts", "register": False})},
    )
    schema = declare(bill_to=fields.Relationship(type_="accounts", schema=numbered))
    [fault] = faults(new({}, bill_to={"type": "accounts", "id": "x"}), schema)
    assert fault.code == "related-not-found"


def test_the_key_that_a_schema_reads_may_differ_from_the_name_that_it_writes() -> None:
    schema = declare(note=fields.Int(data_key="my_note"))
    assert load(schema, new({"my-note": 1}), related={}) == {"note": 1}
    assert told(new({"my-note": "x"}), schema) == [("invalid-attribute", 422, "/data/attributes/my-note")]


@pytest.mark.rule("ERR-07")
def test_nested_values_are_pointed_at_as_deep_as_they_are_there() -> None:
    schema = declare(
        sizes=fields.Dict(keys=fields.Str(), values=fields.Int()),
        lists=fields.List(fields.List(Typed(types.Integer()))),
    )
    found = told(new({"sizes": {"a/b": "x"}, "lists": [[1], [2, "x"], 3]}), schema)
    assert found == [
        ("invalid-attribute", 422, "/data/attributes/sizes/a~1b"),
        ("invalid-attribute", 422, "/data/attributes/lists/1/1"),
        ("invalid-attribute", 422, "/data/attributes/lists/2"),
    ]


@pytest.mark.parametrize(
    "field", [ma.fields.NaiveDateTime(timezone=UTC), ma.fields.List(ma.fields.NaiveDateTime(timezone=UTC))]
)
def test_values_that_a_field_overflows_at_are_refused(field: ma.fields.Field) -> None:
    schema, sent = declare(since=field), "0001-01-01T00:00:00+23:59"
    [fault] = faults(new({"since": [sent] if isinstance(field, ma.fields.List) else sent}), schema)
    assert (fault.code, fault.at) == ("invalid-attribute", "/data/attributes/since")
    assert fault.detail == "The value is out of range."


class LeafSchema(ma.Schema):
    kind = ma.fields.Str(required=True)

    class Meta:
        register = False


class InnerSchema(LeafSchema):
    many = ma.fields.List(ma.fields.Nested(LeafSchema))
    filters = StoredFilters(CallFilters())

    class Meta:
        register = False

    @pre_load
    def unfold(self, data: Any, **_: Any) -> Any:
        return {**data, "filters": json.loads(data["filters"])} if isinstance(data.get("filters"), str) else data


@pytest.mark.parametrize(
    ("value", "pointer", "detail"),
    [
        ({}, "", "'kind': Missing data for required field."),
        ({"kind": 1}, "/kind", "Not a valid string."),
        ({"kind": "a", "many": [{"kind": "b"}, {}]}, "/many/1", "'kind': Missing data for required field."),
        ({"kind": "a", "filters": '{"x_eq": [1]}'}, "/filters", "'x_eq': 'x_eq' is no filter of this resource."),
        ({"kind": "a", "filters": {"x_eq": [1]}}, "/filters/x_eq", "'x_eq' is no filter of this resource."),
        (
            {"kind": "a", "filters": {"duration_in": [1, "x"]}},
            "/filters/duration_in/1",
            "'x' is not an integer such as 10 or -3.",
        ),
    ],
)
def test_what_stands_nowhere_in_the_document_is_named(value: dict[str, Any], pointer: str, detail: str) -> None:
    [fault] = faults(new({"inner": value}), declare(inner=ma.fields.Nested(InnerSchema)))
    assert (fault.at, fault.detail) == (f"/data/attributes/inner{pointer}", detail)


def test_members_that_are_not_there_are_named() -> None:
    [fault] = faults(new({}), declare(late=ma.fields.Str(), check=validates_schema(refuse_late)))
    assert (fault.code, fault.at, fault.detail) == ("invalid-attribute", "/data", "'late': Too late.")


def refuse_late(_: Schema, data: object, **__: object) -> None:
    raise ValidationError({"late": ["Too late."]})


class PeriodSchema(Schema):
    id = fields.Str(dump_only=True)
    first = fields.Int(required=True)
    last = fields.Int()
    seen = fields.Int(dump_only=True)

    @pre_load
    def strip(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if data.get("first") == "stop":
            raise ValidationError("Stop.")
        return {**data, "last": data.get("last", 9)}

    @validates_schema(skip_on_field_errors=False)
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("last", 0) < 5:
            raise ValidationError({"last": ["Too early."], "seen": "Not seen."})
        if data.get("last") == 5:
            raise ValidationError("Neither early nor late.")

    @post_load
    def count(self, data: dict[str, Any], **_: Any) -> Any:
        return data if data["first"] else "nothing"

    class Meta:
        type_ = "exports"


PERIODS = ResourceSchema(PeriodSchema)


def test_the_hooks_and_validators_of_the_schema_run() -> None:
    assert load(PERIODS, new({"first": 1}), related={}) == {"first": 1, "last": 9}
    found = faults(new({"first": "x", "last": 1}), PERIODS)
    assert [(fault.at, fault.detail) for fault in found] == [
        ("/data/attributes/first", "Not a valid integer."),
        ("/data/attributes/last", "Too early."),
        ("/data", "Not seen."),
    ]
    found = faults(new({"first": "x", "last": 5}), PERIODS)
    assert [(fault.code, fault.at, fault.detail) for fault in found] == [
        ("invalid-attribute", "/data/attributes/first", "Not a valid integer."),
        ("invalid-resource", "/data", "Neither early nor late."),
    ]
    assert told(new({"first": "stop"}), PERIODS) == [("invalid-resource", 422, "/data")]


def test_a_schema_has_to_load_a_dictionary() -> None:
    with pytest.raises(TypeError, match=r"ResourceSchema\(PeriodSchema\) loads a str, and a dict is needed"):
        load(PERIODS, new({"first": 0}), related={})


def test_each_relationship_that_clients_may_set_needs_a_way_to_find_what_it_leads_to() -> None:
    with pytest.raises(TypeError, match="clients may set seen_by, and nothing finds what that leads to"):
        load(EXPORTS, new(), related={"bill_to": str})


def test_meta_of_a_resource_is_no_attribute() -> None:
    schema = declare(about=fields.ResourceMeta(), price=fields.Int())
    assert told(new({"about": {}, "_resource_meta": {}}), schema) == [
        ("unknown-member", 422, "/data/attributes/about"),
        ("unknown-member", 422, "/data/attributes/_resource_meta"),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
GOOD = {
    "filters": st.fixed_dictionaries({}, optional={"duration_gteq": st.integers(0, 9) | st.just("7")}),
    "rows-count": st.none() | st.integers(-9, 9),
    "price": st.integers(0, 9) | st.sampled_from(["1.50", "0.1"]),
    "code-words": st.lists(st.text(st.characters(codec="ascii", min_codepoint=32), max_size=3), max_size=2),
}
ATTRIBUTES = st.fixed_dictionaries({}, optional={name: good | JSON for name, good in GOOD.items()})


def loaded(attributes: dict[str, Any]) -> tuple[dict[str, Any], list[ErrorObject]]:
    try:
        return load(EXPORTS, new(attributes, bill_to=ACCOUNT), related={**RELATED, "bill_to": str}), []
    except QueryErrors as errors:
        return {}, list(errors.errors)


def stock_loaded(attributes: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Load as the schema itself does; a relationship's value is an identifier then."""
    data = {"type": "exports", "attributes": attributes, "relationships": {"bill-to": {"data": ACCOUNT}}}
    try:
        return fresh(ExportSchema).load({"data": data}), []
    except ValidationError as error:
        messages: Any = error.messages
        return {}, [fault["detail"] for fault in messages["errors"]]


@given(ATTRIBUTES)
def test_values_and_faults_are_those_of_the_schema_itself(attributes: dict[str, Any]) -> None:
    values, faults = loaded(attributes)
    expected, details = stock_loaded(attributes)
    if not details:
        expected["bill_to"] = expected.pop("account_id")
    assert values == expected
    assert len(faults) == len(details)
    for fault in faults:
        detail = "Missing data" if fault.code == "required-member" else fault.detail
        assert any(detail in stock for stock in details)


@pytest.mark.rule("ERR-07")
@given(
    st.dictionaries(st.sampled_from([*GOOD, "status", "x", "id"]), JSON),
    st.dictionaries(st.sampled_from(["bill-to", "seen-by", "x"]), st.sampled_from([None, ACCOUNT, OWNERS, []])),
)
def test_whatever_is_sent_is_loaded_or_refused_at_a_place_that_is_there(
    attributes: dict[str, Any], relationships: dict[str, Any]
) -> None:
    linked = {name: {"data": linkage} for name, linkage in relationships.items()}
    document = {"data": {"type": "exports", "attributes": attributes, "relationships": linked}}
    for pointer in pointers_of_faults(json.dumps(document).encode()):
        value: Any = document
        for token in pointer.split("/")[1:]:
            name = token.replace("~1", "/").replace("~0", "~")
            assert name in value if isinstance(value, dict) else int(name) < len(value)
            value = value[name] if isinstance(value, dict) else value[int(name)]


def pointers_of_faults(body: bytes) -> list[str]:
    try:
        load(EXPORTS, read_resource(body, Limits()), related=RELATED)
    except QueryErrors as errors:
        return [fault.at or "" for fault in errors.errors]
    return []


HIDDEN = frozenset({"price", "rows_count", "status", "bill_to", "duration"})


def is_shown(name: str) -> bool:
    return name not in HIDDEN


def answered(schema: ResourceSchema, resource: NewResource, visible: Visible | None) -> tuple[dict[str, Any], Any]:
    try:
        return load(schema, resource, related=RELATED, visible=visible), None
    except QueryErrors as errors:
        return {}, [error.to_dict() for error in errors.errors]


class OpenCallFilters(FilterSet):
    time_start = Field(types.Timestamp(digits=3))


OPEN = declare(
    filters=StoredFilters(OpenCallFilters(), required=True),
    created_at=Typed(types.Timestamp(digits=3), dump_only=True),
    code_words=fields.List(fields.Str()),
    seen_by=fields.Relationship(type_="owners", many=True),
)


@pytest.mark.parametrize(
    "attributes",
    [
        {"price": "9.00"},
        {"price": "9.001"},
        {"price": [1] * 20_000},
        {"price": None, "rows-count": "x"},
        {"prices": 1},
        {"status": "Done"},
        {"created-at": "x", "code-words": [1]},
        {"code-words": ["a"], "filters": {"duration_gteq": 1, "time_start_gteq": "x"}},
        {"filters": {"duration_gteq": "x"}},
        {"filters": {"time_start_gteq": "2019-01-01 00:00:00"}},
    ],
)
@pytest.mark.parametrize("relationships", [{}, {"bill_to": ACCOUNT}, {"bill_to": 7}, {"bill_too": ACCOUNT}])
def test_what_is_hidden_is_answered_as_what_the_schema_does_not_have(
    attributes: dict[str, Any], relationships: dict[str, Any]
) -> None:
    for sent in (attributes, {"filters": {}, **attributes}):
        resource = new(sent, seen_by=OWNERS, **relationships)
        assert answered(EXPORTS, resource, is_shown) == answered(OPEN, resource, None)


def test_what_is_hidden_can_come_from_the_schema_itself() -> None:
    def price(_: Schema, data: dict[str, Any], **__: Any) -> dict[str, Any]:
        return {**data, "price": 7}

    schema = declare(
        count=fields.Int(load_default=3, attribute="rows_count"),
        price=fields.Int(required=True),
        make=pre_load(price),
    )
    assert load(schema, new({}), related={}, visible=is_shown) == {"rows_count": 3, "price": 7}
    with pytest.raises(QueryErrors):
        load(schema, new({"count": 4}), related={}, visible=is_shown)


def test_stored_filters_within_an_attribute_ask_for_what_is_hidden_too() -> None:
    schema = declare(inner=ma.fields.Nested(InnerSchema), filters=ma.fields.List(StoredFilters(CallFilters())))
    stored = {"duration_gteq": 1}
    resource = new({"inner": {"kind": "a", "filters": stored}, "filters": [stored]})
    assert load(schema, resource, related={})["filters"] == [stored]
    with pytest.raises(QueryErrors) as caught:
        load(schema, resource, related={}, visible=is_shown)
    assert [(error.code, error.at) for error in caught.value.errors] == [
        ("unknown-filter", "/data/attributes/inner/filters/duration_gteq"),
        ("unknown-filter", "/data/attributes/filters/0/duration_gteq"),
    ]
    assert load(schema, resource, related={})["filters"] == [stored]
