"""Bodies of POSTs read at once: what reading them with care gives, values and errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import post_load, validate
from marshmallow_jsonapi import fields as package_fields

from jsonapi_sieve import DeclarationError, Default, Field, FilterSet, Limits, QueryErrors, types
from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.document import read_resource
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import ResourceSchema, Schema, StoredFilters, Typed, load
from jsonapi_sieve.serialization.posted import posted_reader, posted_source
from tests.serialization.compiled.sent import NAMES, attributes, linkages, schemas

fields: Any = package_fields

KEYS = (*NAMES, "row-count", "a-b", "shown", "id", "nope")
PEOPLE = {"7": SimpleNamespace(name="seven"), "x": SimpleNamespace(name="x"), "": 0}
RELATED: dict[str, Callable[[str], object | None]] = dict.fromkeys((*NAMES, "friends"), PEOPLE.get)
LIMITS = (Limits(), Limits(), Limits(list_items=2, json_depth=7), Limits(json_depth=4), Limits(body=120))


class NoFilters(FilterSet):
    """What nothing is filtered by."""


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Write a document as clients do, with members that repeat, and with what is none, at times."""
    item: Any = {"type": draw(st.sampled_from(("calls",) * 9 + ("people",)))}
    for part, values in (("attributes", attributes(KEYS)), ("relationships", linkages(KEYS))):
        if draw(st.integers(0, 9)):
            item[part] = draw(values)
    rare = draw(st.integers(0, 29))
    if rare == 0:
        item |= draw(
            st.sampled_from(({"id": "7"}, {"lid": "a"}, {"meta": {}}, {"attributes": []}, {"relationships": ""}))
        )
    document: Any = {"data": item}
    if rare == 1:
        document = draw(st.sampled_from(({}, [document], {"jsonapi": {}, **document}, {"data": None}, 7)))
    separators = draw(st.sampled_from((None, (",", ":"), (" , ", " : "), (",\n", ":\t"))))
    text = json.dumps(document, separators=separators, ensure_ascii=draw(st.booleans()))
    if rare in (2, 3, 4, 5, 6):
        old, new = draw(
            st.sampled_from(
                (
                    ('"type"', '"type":"calls","type"'),
                    ('"attributes"', '"attributes":{"name":"\\u0022"},"attributes"'),
                    ('"duration_eq"', '"duration_eq":1,"duration_eq"'),
                    ('"data"', '"d\\u0061ta"'),
                    ("1.5", "1.50000000000000000000000000001"),
                    ("5", "5.0"),
                    ("1", "18446744073709551616"),
                    ('"a"', '"\\ud800"'),
                    ("[]", "[" * 70 + "]" * 70),
                    ('"a"', '"":'),
                )
            )
        )
        text = text.replace(old, new)
    return text.encode()


def reference(resource: Resource, body: bytes, visible: Visible | None) -> dict[str, Any]:
    read = read_resource(body, resource.limits)
    return load(resource.schema, read, related=RELATED, visible=visible, limits=resource.limits)


def outcome(load: Callable[[], Any]) -> object:
    try:
        return repr(load())
    except QueryErrors as errors:
        return [error.to_dict() for error in errors.errors], errors.status
    except Exception as error:  # noqa: BLE001  (whatever the schema raises)
        return type(error), str(error)


@given(schemas(), st.lists(bodies(), min_size=1, max_size=3), st.sampled_from(LIMITS), st.sampled_from([None, "name"]))
def test_a_body_is_read_as_it_is_with_care(cls: Any, sent: list[bytes], limits: Limits, hidden: str | None) -> None:
    try:
        resource = Resource(cls, filters=NoFilters(limits=limits))
    except (DeclarationError, ValueError):
        return
    visible: Visible | None = None if hidden is None else lambda name: name != hidden
    for body in sent:
        expected = outcome(lambda body=body: reference(resource, body, visible))  # type: ignore[misc]
        assert outcome(lambda body=body: resource.load(body, related=RELATED, visible=visible)) == expected  # type: ignore[misc]


class CallFilters(FilterSet):
    duration = Field(types.Integer(16), operators=("eq", "in"))


class GroupFilters(CallFilters, groups=True):
    """The same, in groups."""


class DefaultFilters(CallFilters):
    rules = (Default("duration_eq", 0),)


class CallSchema(Schema):
    id = fields.Str()
    filters = StoredFilters(CallFilters(), required=True)
    name = fields.Str(data_key="full_name", load_default="nobody")
    price = Typed(types.Decimal(scale=2), attribute="held.price")
    counted = fields.Int(dump_only=True)
    tried = fields.Int(load_default=lambda: 1)
    owner = fields.Relationship(type_="people", attribute="owner_id", required=True)
    friends = fields.Relationship(type_="people", many=True)

    class Meta:
        type_ = "calls"
        register = False
        inflect = lambda name: name.replace("_", "-")  # noqa: E731


def reader_of(schema: Any, limits: Limits = LIMITS[0]) -> Callable[..., dict[str, Any] | None]:
    read = posted_reader(ResourceSchema(schema), limits)
    return lambda body, visible=None, related=RELATED: read(body, related, visible)


SEVEN = {"type": "people", "id": "7"}


def body(
    attributes: dict[str, Any] | None = None, relationships: dict[str, Any] | None = None, **members: Any
) -> bytes:
    data = {
        "type": "calls",
        "attributes": {"filters": {"duration_eq": "5"}} | (attributes or {}),
        "relationships": {"owner": {"data": SEVEN}} | (relationships or {}),
    }
    return json.dumps({"data": data | members}).encode()


GOOD = body({"full-name": "a", "price": "1.50"}, {"friends": {"data": [SEVEN, {"type": "people", "id": "x"}]}})


def test_a_good_body_is_read_at_once() -> None:
    read = reader_of(CallSchema)
    assert read(body()) == {"filters": {"duration_eq": 5}, "name": "nobody", "tried": 1, "owner": PEOPLE["7"]}
    assert read(GOOD) == {
        "filters": {"duration_eq": 5},
        "name": "a",
        "held": {"price": types.Decimal().parse("1.5")},
        "tried": 1,
        "owner": PEOPLE["7"],
        "friends": [PEOPLE["7"], PEOPLE["x"]],
    }
    assert read(body(), lambda name: name != "counted") is not None


@pytest.mark.parametrize(
    "sent",
    [
        b"{}",
        b'{"data": {"type": "calls"}}',
        b'{"data": {"type": "calls", "attributes": [], "relationships": {}}}',
        body(id="7"),
        body(type="people"),
        body({"nope": 1}),
        body({"full-name": 7}),
        body({"full-name": ["a"]}),
        body({"counted": 7}),
        body({"filters": []}),
        body({"filters": {"nope": 1}}),
        body({"price": "1.505"}),
        body({}, {"owner": {"data": None}}),
        body({}, {"owner": {"data": SEVEN, "meta": {}}}),
        body({}, {"owner": {"data": SEVEN | {"meta": {}}}}),
        body({}, {"owner": {"data": SEVEN | {"id": 7}}}),
        body({}, {"owner": {"data": SEVEN | {"id": "8"}}}),
        body({}, {"owner": {"data": SEVEN | {"type": "calls"}}}),
        body({}, {"friends": {"data": SEVEN}}),
        body({}, {"friends": {"data": [SEVEN] * 1001}}),
        body({}, {"friends": {"data": [SEVEN, SEVEN | {"id": "8"}]}}),
        GOOD.replace(b'"type"', b'"type": "calls", "type"', 1),
    ],
)
def test_all_else_is_left_to_care(sent: bytes) -> None:
    assert reader_of(CallSchema)(sent) is None


def test_budgets_visibility_and_what_cannot_be_found_are_left_to_care() -> None:
    assert reader_of(CallSchema, Limits(body=len(GOOD)))(GOOD) is not None
    assert reader_of(CallSchema, Limits(body=len(GOOD) - 1))(GOOD) is None
    assert reader_of(CallSchema, Limits(json_depth=5))(GOOD) is None
    read = reader_of(CallSchema)
    assert read(GOOD, lambda name: name != "friends") is None
    assert read(GOOD, lambda name: name != "name") is None
    assert read(GOOD, None, {"owner": PEOPLE.get}) is None


def test_related_resources_are_asked_for_last_and_their_errors_are_raised() -> None:
    asked: list[str] = []

    def find(identifier: str) -> object:
        asked.append(identifier)
        raise ConnectionError("gone")

    read = reader_of(CallSchema)
    assert read(body({"nope": 1}), None, {"owner": find, "friends": find}) is None
    assert asked == []
    with pytest.raises(ConnectionError, match="gone"):
        read(body(), None, {"owner": find, "friends": find})
    assert asked == ["7"]


def made(**members: Any) -> Any:
    meta = type("Meta", (), {"type_": "calls", "register": False})
    return type("MadeSchema", (Schema,), {"id": fields.Str(), **members, "Meta": meta})


def refuse(value: object) -> None:
    raise AssertionError(value)


@pytest.mark.parametrize(
    "members",
    [
        {"tags": fields.List(fields.Str())},
        {"mark": post_load(lambda *given, **_: given[1])},
        {"owner": fields.Relationship(type_="people", schema="nowhere")},
        {"owner": fields.Relationship(type_="people", validate=refuse)},
        {"owner": fields.Relationship(type_="people", load_default="7")},
        {"owner": fields.Relationship(type_="people", attribute="held"), "name": fields.Str(attribute="held.name")},
        {"owner": fields.Relationship(type_="people", schema=made(id=fields.Method(deserialize="read")))},
    ],
)
def test_schemas_that_are_not_known_are_left_to_care(members: dict[str, Any]) -> None:
    assert reader_of(made(**members))(b'{"data": {"type": "calls"}}') is None


def test_identifiers_are_checked_by_the_related_schema() -> None:
    numbered = made(id=fields.Int(validate=validate.Range(max=7)))
    read = reader_of(made(owner=fields.Relationship(type_="people", schema=numbered)))
    sent = b'{"data":{"type":"calls","relationships":{"owner":{"data":{"type":"people","id":"7"}}}}}'
    assert read(sent) == {"owner": PEOPLE["7"]}
    assert read(sent.replace(b"7", b"8")) is None
    assert read(sent.replace(b"7", b"x")) is None


def filtered(filters: FilterSet, **options: Any) -> Any:
    return made(filters=StoredFilters(filters, **options))


class Names(str, Enum):  # noqa: UP042  (such a class, unlike StrEnum, has a text of its own for str too)
    TYPE = "calls"
    SENT = "row-count"
    HELD = "rows"
    OWNED = "owned-by"


def test_names_can_be_members_of_enumerations() -> None:
    schema = made(
        count=fields.Int(data_key=Names.SENT, attribute=Names.HELD),
        owner=fields.Relationship(type_="people", data_key=Names.OWNED),
    )
    schema.opts.type_ = Names.TYPE
    item = {"type": "calls", "attributes": {"row-count": 7}, "relationships": {"owned-by": {"data": SEVEN}}}
    assert reader_of(schema)(json.dumps({"data": item}).encode()) == {"rows": 7, "owner": PEOPLE["7"]}


def test_filters_that_are_normalized_in_a_way_of_their_own_are() -> None:
    class OwnFilters(CallFilters):
        def normalize(self, *arguments: Any, **options: Any) -> dict[str, object]:
            return {"own": super().normalize(*arguments, **options)}

    sent = b'{"data":{"type":"calls","attributes":{"filters":{"duration_eq":"1"}}}}'
    assert reader_of(filtered(OwnFilters()))(sent) == {"filters": {"own": {"duration_eq": 1}}}


def test_filters_in_groups_are_read_as_deep_as_the_budget_admits() -> None:
    sent = b'{"data":{"type":"calls","attributes":{"filters":{"or":[{"duration_eq":"1"}]}}}}'
    deep = filtered(GroupFilters())
    assert reader_of(deep)(sent) == {"filters": {"or": [{"duration_eq": 1}]}}
    assert reader_of(deep, Limits(json_depth=6))(sent) is not None
    nested = sent.replace(b'{"duration_eq":"1"}', b'{"or":[{"duration_eq":"1"}]}')
    assert reader_of(deep, Limits(json_depth=8))(nested) is not None
    assert reader_of(deep, Limits(json_depth=7))(nested) is None
    assert reader_of(deep, Limits(json_depth=5))(sent) is None


def test_values_of_an_application_s_types_are_read_as_deep_as_the_budget_admits() -> None:
    class Path(types.Text):
        __slots__ = ()

        def load(self, value: object) -> str:
            return "/".join(map(self.load, value)) if isinstance(value, list) else super().load(value)

    class Paths(FilterSet):
        path = Field(Path(), operators=("eq",))

    read = reader_of(filtered(Paths()), Limits(json_depth=7))
    sent = b'{"data":{"type":"calls","attributes":{"filters":{"path_eq":["a",[["b"]]]}}}}'
    assert read(sent) == {"filters": {"path_eq": "a/b"}}
    assert read(sent.replace(b'"b"', b"[]")) is None


def test_filters_with_defaults_and_validators_are_read_by_them() -> None:
    sent = b'{"data":{"type":"calls","attributes":{"filters":{"duration_in":["1"]}}}}'
    assert reader_of(filtered(DefaultFilters()))(sent) == {"filters": {"duration_in": [1]}}
    assert reader_of(filtered(CallFilters(), validate=validate.Length(max=1)))(sent) == {
        "filters": {"duration_in": [1]}
    }
    assert reader_of(filtered(CallFilters(), validate=validate.Length(max=0)))(sent) is None


def test_the_code_that_reads_bodies_can_be_looked_at() -> None:
    source = posted_source(ResourceSchema(filtered(CallFilters())), LIMITS[0])
    assert source is not None
    assert "load_0(sent['filters'], visible)" in source
    assert posted_source(ResourceSchema(filtered(CallFilters())), Limits(json_depth=4)) is None


def test_a_default_that_is_missing_gives_no_value() -> None:
    schema = made(name=fields.Str(load_default=lambda: fields.missing_), known=fields.Str(load_default=lambda: 7))
    assert reader_of(schema)(b'{"data":{"type":"calls"}}') == {"known": 7}
