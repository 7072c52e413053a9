"""Documents that answer, and those that create: what is rendered and loaded is what the schemas admit."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.cdr.openapi import customer_api, did_api
from jsonapi_sieve.openapi import openapi
from jsonapi_sieve.paging import Capped, CursorPages, NumberedPages
from jsonapi_sieve.paging.counts import Counting
from jsonapi_sieve.resource import Resource
from tests.cdr import seeds
from tests.openapi.samples import THINGS, OwnerOfNotesSchema, answer, document, resolved, validator

THE_DOCUMENT = document()
CUSTOMER = customer_api()
ROOT = "/api/rest/customer/v1"


def thing(id_: int, **members: Any) -> SimpleNamespace:
    values: dict[str, Any] = {
        "whole": 1, "price": None, "other": "a", "moment": None, "filters": None, "told": {"a": 1},
        "owner": None, "parts": [], "elsewhere": None,
    }  # fmt: skip
    return SimpleNamespace(id=id_, **(values | members))


@pytest.mark.parametrize(
    ("name", "described", "path", "method", "status"),
    [
        ("cdr_exports_listing", CUSTOMER, f"{ROOT}/cdr-exports", "get", "200"),
        ("cdr_exports_creation", CUSTOMER, f"{ROOT}/cdr-exports", "post", "201"),
        ("cdr", CUSTOMER, f"{ROOT}/cdrs/{{id}}", "get", "200"),
        ("did_cdr_exports_listing", did_api(), "/v3/cdr_exports", "get", "200"),
    ],
)
def test_the_documented_answers_are_as_described(
    name: str, described: dict[str, Any], path: str, method: str, status: str
) -> None:
    validator(described, answer(described, path, method, status)).validate(seeds.bodies(name)[-1])


def test_the_documented_request_is_as_described() -> None:
    request, _ = seeds.bodies("cdr_exports_creation")
    body = CUSTOMER["paths"][f"{ROOT}/cdr-exports"]["post"]["requestBody"]["content"]["application/vnd.api+json"]
    schema = validator(CUSTOMER, body["schema"])
    schema.validate(request)
    request["data"]["attributes"]["filters"]["duration_eq"] = "long"
    assert not schema.is_valid(request)


@pytest.mark.parametrize("query", ["", "include=owner,parts.owner", "fields[things]=&include=parts", "include=owner"])
def test_what_is_rendered_is_as_described(query: str) -> None:
    rows = [thing(1, owner=SimpleNamespace(id=7, name="North")), thing(2, parts=[thing(3), thing(4)])]
    asked = THINGS.parse(query)
    rendered = json.loads(THINGS.render(rows, asked, url=f"/things?{query}", total=2))
    schema = validator(THE_DOCUMENT, answer(THE_DOCUMENT, "/things"))
    schema.validate(rendered)
    rendered["data"][0]["type"] = "parts"
    assert not schema.is_valid(rendered)
    rendered["data"][0] = {"type": "things", "id": "1", "attributes": {"unknown": 1}}
    assert not schema.is_valid(rendered)


def test_a_single_resource_and_a_relationship_are_as_described() -> None:
    row = thing(1, owner=SimpleNamespace(id=7, name="North"), parts=[thing(2)])
    single = json.loads(THINGS.render_one(row, url="/things/1"))
    validator(THE_DOCUMENT, answer(THE_DOCUMENT, "/things/{id}")).validate(single)
    for name in ("owner", "parts"):
        linkage = json.loads(THINGS.render_relationship(row, name, url=f"/things/1/relationships/{name}"))
        schema = validator(THE_DOCUMENT, answer(THE_DOCUMENT, f"/things/{{id}}/relationships/{name}"))
        schema.validate(linkage)
        assert not schema.is_valid({"data": {"type": "tags", "id": "1"}})
    nothing = validator(THE_DOCUMENT, answer(THE_DOCUMENT, "/things/{id}/owner"))
    nothing.validate(json.loads(Resource(OwnerOfNotesSchema).render_one(None, url="/things/1/owner")))
    assert not validator(THE_DOCUMENT, answer(THE_DOCUMENT, "/things/{id}")).is_valid({"data": None})


def attributes(described: dict[str, Any], type_: str) -> dict[str, Any]:
    found: dict[str, Any] = described["components"]["schemas"][type_]["properties"]["attributes"]["properties"]
    return found


def test_an_attribute_that_is_never_null_is_told() -> None:
    shown = attributes(CUSTOMER, "cdrs")
    assert shown["time-start"]["type"] == "string"
    assert shown["time-end"]["type"] == ["string", "null"]
    assert shown["rec"]["type"] == ["boolean", "null"]
    assert attributes(THE_DOCUMENT, "things")["other"]["type"] == "string"


def test_what_is_hidden_is_in_no_document() -> None:
    described = document(visible=lambda name: name not in ("owner", "price", "moment"))
    things = described["components"]["schemas"]["things"]["properties"]
    assert list(things["attributes"]["properties"]) == ["whole", "other", "filters"]
    assert list(things["relationships"]["properties"]) == ["parts", "elsewhere"]
    created = described["components"]["schemas"]["things.creation"]["properties"]["data"]["properties"]
    assert list(created["relationships"]["properties"]) == ["parts"]
    assert "price" not in created["attributes"]["properties"]
    included = resolved(described, answer(described, "/things"))["properties"]["included"]
    assert included["items"]["anyOf"] == [{"$ref": "#/components/schemas/things"}]
    hidden = document(visible=lambda name: name not in ("owner", "parts"))
    assert "included" not in resolved(hidden, answer(hidden, "/things"))["properties"]


def meta_of(**options: Any) -> dict[str, Any]:
    described = openapi(Resource(OwnerOfNotesSchema, **options), title="", version="")
    meta: dict[str, Any] = resolved(described, answer(described, "/owners"))["properties"]["meta"]["properties"]
    return meta


COUNT = {"type": "integer", "minimum": 0}
GUESS = {"estimatedTotal": {"type": "object", "properties": {"bestGuess": COUNT}}}


@pytest.mark.parametrize(
    ("counting", "meta"),
    [
        ("exact", {"total-count": COUNT}),
        ("none", {}),
        ("estimated", {"page": {"type": "object", "properties": GUESS}}),
        (Capped(10), {"total-count": COUNT, "page": {"type": "object", "properties": {**GUESS, "moreThan": COUNT}}}),
    ],
)
def test_counts_are_told_as_they_are_counted(counting: Counting, meta: dict[str, Any]) -> None:
    assert meta_of(counting=counting) == meta


def test_pages_by_cursor_count_in_a_member_of_their_own() -> None:
    truncated = {"rangeTruncated": {"type": "boolean"}}
    told = {"page": {"type": "object", "properties": {"total": COUNT, **truncated}}}
    assert meta_of(pages=CursorPages("secret")) == told
    assert meta_of(pages=CursorPages("secret"), counting="none")["page"]["properties"] == truncated


@pytest.mark.parametrize("options", [{}, {"page_links": False, "pages": NumberedPages()}])
def test_without_pages_or_their_links_none_are_told(options: dict[str, Any]) -> None:
    described = openapi(Resource(OwnerOfNotesSchema, **options), title="", version="")
    assert resolved(described, answer(described, "/owners"))["properties"]["links"]["properties"] == {}


def creation() -> Any:
    body = THE_DOCUMENT["paths"]["/things"]["post"]["requestBody"]["content"]["application/vnd.api+json"]
    return validator(THE_DOCUMENT, body["schema"])


OWNER = {"data": {"type": "owners", "id": "7"}}


@pytest.mark.parametrize(
    "data",
    [
        {"attributes": {"whole": 1}},
        {"attributes": {"whole": "-007"}},
        {"attributes": {"whole": 40_000}},
        {"attributes": {"whole": None}},
        {"attributes": {"whole": 1, "price": None}},
        {"attributes": {"whole": 1, "secret": "a"}},
        {"attributes": {"whole": 1, "shown-at": "2019-01-31"}},
        {"attributes": {"whole": 1, "other": "0123456789"}},
        {"attributes": {"whole": 1, "nothing": 1}},
        {"attributes": {"whole": 1, "@nothing": 1, "ext:nothing": 1}, "nothing": 1},
        {"attributes": {"whole": 1, "filters": {"begin_gteq": "2019-01-31", "name_eq": "a"}}},
        {"attributes": {"whole": 1, "filters": {"name_eq": "a"}}},
        {"attributes": {}},
        {},
        {"attributes": {"whole": 1}, "id": "7"},
        {"attributes": {"whole": 1}, "lid": "7"},
        {"attributes": {"whole": 1}, "lid": 7},
        {"attributes": {"whole": 1}, "relationships": {"owner": OWNER}},
        {"attributes": {"whole": 1}, "relationships": {"owner": {"data": None}}},
        {"attributes": {"whole": 1}, "relationships": {"owner": {"data": []}}},
        {"attributes": {"whole": 1}, "relationships": {"owner": {}}},
        {"attributes": {"whole": 1}, "relationships": {"owner": {"data": {"type": "owners"}}}},
        {"attributes": {"whole": 1}, "relationships": {"owner": {"data": {"type": "things", "id": "7"}}}},
        {"attributes": {"whole": 1}, "relationships": {"parts": {"data": [{"type": "things", "id": "7"}]}}},
        {"attributes": {"whole": 1}, "relationships": {"parts": OWNER}},
        {"attributes": {"whole": 1}, "relationships": {"elsewhere": {"data": None}}},
    ],
)
def test_what_is_loaded_is_as_described(data: dict[str, Any]) -> None:
    body = {"data": {"type": "things", **data}}
    related = {name: (lambda _: object()) for name in ("owner", "parts")}
    try:
        THINGS.load(json.dumps(body).encode(), related=related)
    except QueryErrors:
        assert not creation().is_valid(body)
    else:
        creation().validate(body)
