"""Changes from one description to the next: each is told, at its place, with whether it breaks clients."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from types import new_class
from typing import Any

import pytest
from marshmallow import fields, validate

from jsonapi_sieve import Field, FilterSet, Limits, Required, Rule, Sort, types
from jsonapi_sieve.openapi import Collection, differences, openapi
from jsonapi_sieve.paging import CursorPages, NumberedPages, OffsetPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import Relationship, Schema, StoredFilters, Typed
from tests.openapi.samples import OWNERS, OwnerOfNotesSchema, RuledFilters, document

Change = tuple[bool, str, str]


def described(**options: Any) -> dict[str, Any]:
    """Describe an API of one collection; what is not given is as it was."""
    declared = {
        "status": Field(types.Enum("Pending", "Completed", "Failed"), operators=("eq", "in")),
        "size": Field(types.Integer(32), operators=("gt",), nullable=True),
        **options.pop("filters", {}),
    }
    body = {name: field for name, field in declared.items() if field is not None}
    filters = type("Filters", (FilterSet,), {**body, "rules": options.pop("rules", ())})
    shown = {
        "id": fields.Str(),
        "status": fields.Str(required=True),
        "size": Typed(types.Integer(32), dump_only=True),
        **options.pop("fields", {}),
        "Meta": type("Meta", (), {"type_": "exports"}),
    }
    schema = type("ExportSchema", (Schema,), {name: field for name, field in shown.items() if field is not None})
    create, limits = options.pop("create", True), options.pop("limits", Limits())
    top = options.pop("top", {})
    options = {"sort": Sort("status", "size", default="status"), "pages": NumberedPages(), **options}
    resource = Resource(schema, filters=filters(limits=limits), **options)
    made = openapi(Collection(resource, create=create), OWNERS, title="Exports", version="1", **top)
    parts: dict[str, Any] = json.loads(json.dumps(made))  # each part by itself, to be edited
    return parts


def changes(new: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> list[Change]:
    return [tuple(each) for each in differences(old or described(), new)]  # type: ignore[misc]


def owner(**options: Any) -> Relationship:
    return Relationship(type_="owners", schema=OwnerOfNotesSchema, **options)


LISTING = "GET /exports"


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ({}, []),
        ({"create": False}, [(True, "POST /exports", "the operation is gone")]),
        (
            {"filters": {"status": Field(types.Enum("Pending", "Completed", "Failed"), operators=("eq",))}},
            [(True, f"{LISTING} filter[status-in]", "status has no operator in any more")],
        ),
        ({"filters": {"size": None}}, [(True, f"{LISTING} filter[size-gt]", "the parameter is gone")]),
        (
            {"filters": {"note": Field(types.Date(), operators=("eq",))}},
            [(False, f"{LISTING} filter[note-eq]", "the parameter is new")],
        ),
        (
            {"filters": {"status": Field(types.Enum("Pending", "Completed"), operators=("eq", "in"))}},
            [(True, "filter.status", "the value 'Failed' is gone")],
        ),
        (
            {"filters": {"status": Field(types.Enum("Pending", "Completed", "Failed", "New"), operators=("eq", "in"))}},
            [(False, "filter.status", "the value 'New' is new")],
        ),
        (
            {"filters": {"size": Field(types.Decimal(), operators=("gt",), nullable=True)}},
            [(True, f"{LISTING} filter[size-gt]", "was of the type integer and is string")],
        ),
        ({"rules": (Required("size_gt"),)}, [(True, f"{LISTING} filter[size-gt]", "the parameter is needed now")]),
        (
            {"limits": Limits(list_items=500)},
            [(True, "filter.status.list", "the maxItems was 1000 and is 500")],
        ),
        (
            {"pages": NumberedPages(maximum=500)},
            [(True, f"{LISTING} page[size]", "the maximum was 1000 and is 500")],
        ),
        (
            {"pages": NumberedPages(default=20)},
            [(True, f"{LISTING} page[size]", "the default was 50 and is 20")],
        ),
        (
            {"pages": OffsetPages()},
            [
                (True, f"{LISTING} page[number]", "the parameter is gone"),
                (True, f"{LISTING} page[size]", "the parameter is gone"),
                (True, f"{LISTING} page[offset]", "the parameter is new, and is 0 where it is not sent"),
                (True, f"{LISTING} page[limit]", "the parameter is new, and is 50 where it is not sent"),
            ],
        ),
        (
            {"sort": Sort("status", default="status")},
            [
                (True, f"{LISTING} sort[]", "the value 'size' is gone"),
                (True, f"{LISTING} sort[]", "the value '-size' is gone"),
            ],
        ),
        (
            {"sort": Sort("status", "size")},
            [(True, f"{LISTING} sort", "has no default any more")],
        ),
        (
            {"fields": {"size": Typed(types.Text(), dump_only=True)}},
            [
                (True, "exports.attributes.size", "was of the type integer or null and is null or string"),
            ],
        ),
        (
            {"fields": {"status": fields.Str(required=True, validate=validate.Length(max=9))}},
            [
                (True, "exports.creation.data.attributes.status", "has the maxLength 9 now"),
                (False, "exports.attributes.status", "has the maxLength 9 now"),
            ],
        ),
        (
            {"fields": {"status": fields.Str(required=True, validate=validate.OneOf(["a"]))}},
            [
                (True, "exports.creation.data.attributes.status", "can only be one of 'a' now"),
                (False, "exports.attributes.status", "can only be one of 'a' now"),
            ],
        ),
        (
            {"fields": {"status": fields.Str(required=True, allow_none=True)}},
            [(False, "exports.creation.data.attributes.status", "can also be null")],
        ),
        (
            {"fields": {"status": fields.Str()}},
            [(False, "exports.creation.data.attributes.status", "is no longer needed"),
             (False, "exports.creation.data.attributes", "is no longer needed")],
        ),
        (
            {"fields": {"note": fields.Str(required=True)}},
            [
                (True, "exports.creation.data.attributes.note", "is new, and needed"),
                (False, f"{LISTING} fields[exports][]", "the value 'note' is new"),
                (False, "exports.attributes.note", "is new"),
                (False, "POST /exports fields[exports][]", "the value 'note' is new"),
                (False, "GET /exports/{id} fields[exports][]", "the value 'note' is new"),
            ],
        ),
        ({"top": {"security_schemes": {"token": {"type": "http", "scheme": "bearer"}}}},
         [(True, "security", "requests have to say who they are from")]),
    ],
)  # fmt: skip
def test_a_change_is_told_at_its_place(new: dict[str, Any], expected: list[Change]) -> None:
    assert changes(described(**new)) == expected


def test_an_attribute_that_is_gone_breaks_answers_and_requests() -> None:
    found = changes(described(fields={"status": None, "note": fields.Str(load_only=True)}))
    assert (True, "exports.attributes.status", "is gone") in found
    assert (True, "exports.creation.data.attributes.status", "is gone") in found
    assert (False, "exports.creation.data.attributes.note", "is new") in found


def test_a_relationship_brings_addresses_and_includes() -> None:
    plain, related = described(), described(fields={"owner": owner()}, include=("owner",))
    found = changes(related, plain)
    assert not any(breaking for breaking, _, _ in found)
    assert (False, "GET /exports/{id}/owner", "the operation is new") in found
    assert (False, f"{LISTING} include", "the parameter is new") in found
    assert (False, "exports.relationships.owner", "is new") in found
    back = changes(plain, related)
    assert (True, "GET /exports/{id}/owner", "the operation is gone") in back
    assert (True, f"{LISTING} include", "the parameter is gone") in back
    assert (True, "exports.collection.included", "is gone") in back


def test_a_relationship_that_may_lead_to_nothing_takes_more() -> None:
    needed, optional = (described(fields={"owner": owner(allow_none=null)}) for null in (False, True))
    at = "exports.creation.data.relationships.owner.data"
    assert changes(optional, needed) == [(False, at, "can also be null")]
    assert changes(needed, optional) == [(True, at, "can no longer be null")]


def stored(*rules: Rule, **options: Any) -> dict[str, Any]:
    declared = new_class("Stored", (RuledFilters,), options, lambda body: body.update(rules=rules))
    return described(fields={"filters": StoredFilters(declared())})


def test_rules_of_stored_filters_break_where_they_ask_for_more() -> None:
    at = "exports.creation.data.attributes.filters"
    required, any_of, dependent, *_ = RuledFilters.rules
    assert changes(stored(required), stored()) == [(True, f"{at}.begin_gteq", "is needed now")]
    assert changes(stored(), stored(required)) == [(False, f"{at}.begin_gteq", "is no longer needed")]
    assert changes(stored(any_of), stored()) == [(True, at, "the conditions on its members are others")]
    assert changes(stored(), stored(any_of)) == [(False, at, "the conditions on its members are others")]
    assert changes(stored(dependent), stored()) == [(True, f"{at}.size_lt", "goes only together with size_gt now")]
    assert changes(stored(), stored(dependent)) == []


def test_groups_of_filters_that_refer_to_themselves_are_compared_once() -> None:
    old = stored(groups=True)
    new = deepcopy(old)
    group = new["components"]["schemas"]["exports.filters.group"]
    group["properties"]["or"]["maxItems"] = 3
    group["additionalProperties"] = True
    assert changes(new, old) == [(True, "exports.filters.group.or", "the maxItems was 100 and is 3")]
    del group["properties"]["size_lt"]
    assert (False, "exports.filters.group.size_lt", "is gone") in changes(new, old)


BEARER = {"type": "http", "scheme": "bearer"}


def secured(**schemes: dict[str, str]) -> dict[str, Any]:
    return described(top={"security_schemes": schemes})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (secured(a=BEARER), secured(a=BEARER), []),
        (secured(a=BEARER), described(), [(False, "security", "requests need not say who they are from any more")]),
        (secured(a=BEARER, b=BEARER), secured(a=BEARER), [(True, "security", "b lets no request in any more")]),
        (secured(a=BEARER), secured(a=BEARER, b=BEARER), [(False, "security", "b lets requests in too")]),
        (
            secured(a=BEARER),
            secured(a={"type": "http", "scheme": "basic"}),
            [(True, "security", "a is another scheme")],
        ),
    ],
)
def test_what_lets_requests_in_is_compared(old: dict[str, Any], new: dict[str, Any], expected: list[Change]) -> None:
    assert changes(new, old) == expected


SHOWN = "exports.attributes.a"
SENT = "exports.creation.data.attributes.a"
AB = types.Enum("a", "b")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (Typed(AB), Typed(types.Integer(32)), [(True, SHOWN, "was of the type null or string and is integer or null")]),
        (fields.Str(), fields.Dict(), [(True, SHOWN, "was of the type null or string and is null or object")]),
        (Typed(AB), Typed(types.Enum("a", "b", "c")), [(True, SHOWN, "the value 'c' is new")]),
        (Typed(AB), Typed(types.Enum("a")), [(False, SHOWN, "the value 'b' is gone")]),
        (Typed(AB), Typed(types.Text()), [(True, SHOWN, "can be other values too")]),
        (fields.Str(validate=validate.OneOf([])), fields.Str(), [(True, SHOWN, "can also be string")]),
        (fields.Int(), fields.Raw(), [(True, SHOWN, "can be anything now")]),
        (fields.Raw(), fields.Int(), [(False, SHOWN, "can no longer be anything")]),
        (
            fields.Str(validate=validate.Length(max=3)),
            fields.Str(validate=validate.Length(max=9)),
            [(True, SHOWN, "the maxLength was 3 and is 9")],
        ),
    ],
)  # fmt: skip
def test_an_answer_that_holds_what_it_could_not_breaks(
    old: fields.Field, new: fields.Field, expected: list[Change]
) -> None:
    old.dump_only = new.dump_only = True
    assert changes(described(fields={"a": new}), described(fields={"a": old})) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (Typed(AB), Typed(types.Enum("a", "b", "c")), [(False, SENT, "the value 'c' is new")]),
        (Typed(AB), Typed(types.Enum("a")), [(True, SENT, "the value 'b' is gone")]),
        (Typed(AB), Typed(AB, allow_none=True), [(False, SENT, "can also be null")]),
        (Typed(AB, allow_none=True), Typed(AB), [(True, SENT, "can no longer be null")]),
        (fields.Raw(), fields.Int(), [(True, SENT, "can no longer be anything")]),
        (fields.Int(), fields.Raw(), [(False, SENT, "can be anything now")]),
        (
            fields.Int(validate=validate.Range(min=1)),
            fields.Int(validate=validate.Range(min=1, min_inclusive=False)),
            [(True, SENT, "has the exclusiveMinimum 1 now"), (False, SENT, "has no minimum any more")],
        ),
    ],
)
def test_a_request_that_may_hold_less_breaks(old: fields.Field, new: fields.Field, expected: list[Change]) -> None:
    old.load_only = new.load_only = True
    assert changes(described(fields={"a": new}), described(fields={"a": old})) == expected


def test_one_related_resource_that_becomes_several_breaks() -> None:
    found = changes(described(fields={"owner": owner(many=True)}), described(fields={"owner": owner()}))
    assert (True, "GET /exports/{id}/owner 200.data", "can also be array") in found
    assert (True, "exports.relationships.owner.data", "was of the type null or object and is array") in found


Edit = Callable[[dict[str, Any]], object]


def answers(new: dict[str, Any]) -> dict[str, Any]:
    """Give the schema of the resource object."""
    found: dict[str, Any] = new["components"]["schemas"]["exports"]
    return found


def listing(new: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = new["paths"]["/exports"]["get"]
    return found


def body(new: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = new["paths"]["/exports"]["post"]["requestBody"]["content"]
    return found


MEDIA_TYPE = "application/vnd.api+json"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda new: answers(new)["required"].remove("id"), [(True, "exports.id", "may be missing now")]),
        (lambda new: answers(new)["required"].append("links"), [(False, "exports.links", "is always there now")]),
        (
            lambda new: answers(new)["properties"]["id"].update(type=["string", "null"]),
            [(True, "exports.id", "can also be null")],
        ),
        (
            lambda new: answers(new)["properties"]["attributes"]["properties"]["size"].update(type="integer"),
            [(False, "exports.attributes.size", "can no longer be null")],
        ),
        (
            lambda new: answers(new)["properties"]["type"].update(const="others"),
            [
                (True, "exports.type", "the value 'others' is new"),
                (False, "exports.type", "the value 'exports' is gone"),
            ],
        ),
        (
            lambda new: answers(new)["properties"]["type"].pop("const"),
            [(True, "exports.type", "can be anything now")],
        ),
        (
            lambda new: answers(new)["properties"]["type"].update(type="string"),
            [],
        ),
        (
            lambda new: answers(new)["properties"]["attributes"]["properties"]["size"].update(type=["number", "null"]),
            [(True, "exports.attributes.size", "can also be number")],
        ),
        (
            lambda new: listing(new)["responses"].pop("200"),
            [(True, f"{LISTING} 200", "the answer is gone")],
        ),
        (lambda new: listing(new)["responses"].pop("414"), []),
        (
            lambda new: listing(new)["responses"]["200"]["content"].update({"application/json": {"schema": {}}}),
            [(False, f"{LISTING} 200", "there is application/json now")],
        ),
        (
            lambda new: listing(new)["responses"]["200"]["content"].pop(MEDIA_TYPE),
            [(True, f"{LISTING} 200", f"there is no {MEDIA_TYPE} any more")],
        ),
        (
            lambda new: body(new).update({"application/json": {"schema": {}}}),
            [(False, "POST /exports body", "there is application/json now")],
        ),
        (
            lambda new: listing(new)["parameters"][0].update(explode=True),
            [(True, f"{LISTING} filter[status-eq]", "the parameter is written in another way")],
        ),
        (
            lambda new: listing(new)["parameters"].append(
                {"name": "page[only]", "in": "query", "required": True, "schema": {}}
            ),
            [(True, f"{LISTING} page[only]", "the parameter is new, and needed")],
        ),
        (
            lambda new: listing(new)["parameters"][2].update(schema={"type": "integer", "minimum": 0}),
            [
                (True, f"{LISTING} filter[size-gt]", "the minimum was -9999999999999999999 and is 0"),
                (False, f"{LISTING} filter[size-gt]", "has no maximum any more"),
            ],
        ),
    ],
)  # fmt: skip
def test_an_edited_document_is_compared_too(edit: Edit, expected: list[Change]) -> None:
    new = described()
    edit(new)
    assert changes(new) == expected


def test_a_lifted_requirement_is_harmless() -> None:
    needed = described(rules=(Required("size_gt"),))
    assert changes(described(), needed) == [(False, f"{LISTING} filter[size-gt]", "the parameter is no longer needed")]


def test_alternatives_are_told_by_what_they_are() -> None:
    included = {"include": ("owner",), "fields": {"owner": owner()}}
    old = described(**included)
    new = deepcopy(old)
    items = new["components"]["schemas"]["exports.collection"]["properties"]["included"]["items"]
    items["anyOf"] = [items["anyOf"][1], {"type": "null"}, {"const": 1}]
    assert changes(new, old) == [
        (True, "exports.collection.included[]", "can also be null"),
        (False, "exports.collection.included[]", "can no longer be exports"),
        (False, "exports.collection.included[]", "can also be another value"),
    ]


def test_what_breaks_comes_first_and_reads_as_a_sentence() -> None:
    found = differences(document(), document(visible=lambda name: name != "truth"))
    assert found
    breaking = [each.breaking for each in found]
    assert breaking == sorted(breaking, reverse=True)
    assert str(found[0]) == "breaking: GET /things filter[truth-eq]: the parameter is gone"
    assert differences(document(), document()) == []


def test_documents_of_others_are_compared_as_far_as_they_are_known() -> None:
    text = {"name": "q", "in": "query", "schema": True}
    old = {
        "paths": {
            "/a": {
                "parameters": [{"$ref": "#/components/parameters/q"}, {"name": "r", "in": "query", "content": {}}],
                "put": {"requestBody": {"$ref": "#/components/requestBodies/a"}},
                "get": {"responses": {"200": {"description": "", "content": {"text/plain": {}}}}},
            }
        },
        "components": {
            "parameters": {"q": text},
            "requestBodies": {"a": {"content": {"text/plain": {"schema": {"allOf": [True], "$ref": "other.json"}}}}},
        },
    }
    new = json.loads(json.dumps(old))
    assert differences(old, new) == []
    new["components"]["parameters"]["q"]["schema"] = {"type": "integer"}
    del new["paths"]["/a"]["get"]
    assert changes(new, old) == [
        (True, "GET /a", "the operation is gone"),
        (True, "PUT /a q", "can no longer be anything"),
    ]


def told(new: dict[str, Any], old: dict[str, Any], at: str) -> list[tuple[bool, str]]:
    found = changes(described(**new), described(**old))
    return [(breaking, message) for breaking, place, message in found if place.startswith(f"{LISTING} {at}")]


def test_pages_and_an_order_where_there_were_none_hold_for_who_does_not_ask() -> None:
    old: dict[str, Any] = {"pages": None, "sort": None}
    assert (True, "the parameter is new, and is 20 where it is not sent") in told(
        {"pages": NumberedPages(default=20)}, old, "page[size]"
    )
    by_size = {"sort": Sort("size", default="-size"), "pages": None}
    assert told(by_size, old, "sort") == [(True, "the parameter is new, and is ['-size'] where it is not sent")]
    assert told({"sort": Sort("size"), "pages": None}, old, "sort") == [(False, "the parameter is new")]


def test_orders_that_pages_by_cursor_serve_no_more_break() -> None:
    some = CursorPages("secret", sorts=("status", "-size,status"))
    one = CursorPages("secret", sorts=("status",))
    assert (True, "the value ['-size', 'status'] is gone") in told({"pages": one}, {"pages": some}, "sort")
    assert (True, "the value 'size' is gone") in told({"pages": one}, {"pages": some}, "sort[]")
    assert told({"pages": some}, {"pages": some}, "sort") == []
    every = told({"pages": some}, {"pages": CursorPages("secret")}, "sort")
    assert every == [(True, "can only be one of ['-size', 'status'], ['-status'], ['size', '-status'], ['status'] now")]


def test_a_field_that_takes_nothing_any_more_breaks() -> None:
    texts, none = ({"fields": {"note": fields.Str(validate=validate.OneOf(some))}} for some in (["a"], []))
    sent = "exports.creation.data.attributes.note"
    assert (True, sent, "the value 'a' is gone") in changes(described(**none), described(**texts))
    assert (False, sent, "the value 'a' is new") in changes(described(**texts), described(**none))


def one(schema: object, place: str = "schema") -> dict[str, Any]:
    """Describe an operation with one parameter, or with none."""
    parameters = [{"name": "q", "in": "query", place: schema}] if schema is not None else []
    shared = {"size": {"type": "integer", "default": 3}}
    return {"paths": {"/a": {"get": {"parameters": parameters}}}, "components": {"schemas": shared}}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (True, (False, "the parameter is new")),
        (False, (False, "the parameter is new")),
        ({"$ref": "#/components/schemas/size"}, (True, "the parameter is new, and is 3 where it is not sent")),
        ({"default": 0}, (True, "the parameter is new, and is 0 where it is not sent")),
    ],
)
def test_a_new_parameter_has_any_schema(schema: object, expected: tuple[bool, str]) -> None:
    breaking, message = expected
    assert changes(one(schema), one(None)) == [(breaking, "GET /a q", message)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"type": "string"}, {"not": {}}, (True, "can have no value any more")),
        ({"type": "string"}, False, (True, "can have no value any more")),
        ({"not": {}}, {"type": "string"}, (False, "can have values now")),
        ({"enum": ["a"]}, {"not": {}}, (True, "the value 'a' is gone")),
        (True, {"type": "string"}, (True, "can no longer be anything")),
        ({"type": "string"}, True, (False, "can be anything now")),
        (True, False, (True, "can no longer be anything")),
    ],
)
def test_what_takes_all_or_nothing_is_compared(old: object, new: object, expected: tuple[bool, str]) -> None:
    breaking, message = expected
    assert changes(one(new), one(old)) == [(breaking, "GET /a q", message)]


def test_what_takes_all_is_written_in_two_ways() -> None:
    assert changes(one(True), one({})) == changes(one({"not": {}}), one(False)) == []
