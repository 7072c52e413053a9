"""Whole documents: valid for a public validator, the same each time, and refused where they contradict themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from jsonapi_sieve import DeclarationError, Field, FilterSet, types
from jsonapi_sieve.cdr.openapi import customer_api, did_api
from jsonapi_sieve.openapi import Collection, openapi
from jsonapi_sieve.openapi.components import Components
from jsonapi_sieve.paging import CursorPages
from jsonapi_sieve.resource import Resource
from tests.conformance import resources as full
from tests.openapi.samples import OWNERS, THINGS, OwnerOfNotesSchema, RuledFilters, answer, document, resolved

ERRORS = Path(__file__).parents[2] / "docs" / "errors.md"
FULL = [each for each in vars(full).values() if isinstance(each, Resource)]
DOCUMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "customer": customer_api,
    "did": did_api,
    "full": lambda: openapi(*FULL, title="Full", version="1", servers=["https://api.example", "/"]),
    "sample": document,
    "hidden": lambda: document(visible=lambda _: False),
}


def shortened(described: dict[str, Any]) -> dict[str, Any]:
    """Leave out filters that are told as another one is, for the validator takes ten milliseconds for each."""
    paths: dict[str, Any] = {}
    known: set[str] = set()
    for path, item in described["paths"].items():
        paths[path] = dict(item)
        for method in ("get", "post"):
            if method in item:
                told = [each for each in item[method]["parameters"] if _is_new(each, known)]
                paths[path][method] = {**item[method], "parameters": told}
    return {**described, "paths": paths}


def _is_new(parameter: dict[str, Any], known: set[str]) -> bool:
    alike = f"{list(parameter)} {parameter['schema'].get('$ref', parameter['name'])}"
    is_new = alike not in known
    known.add(alike)
    return is_new


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_valid_openapi_and_json(name: str) -> None:
    described = DOCUMENTS[name]()
    validate(shortened(described))
    assert json.loads(json.dumps(described)) == described


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_the_same_each_time(name: str) -> None:
    assert json.dumps(DOCUMENTS[name]()) == json.dumps(DOCUMENTS[name]())


def test_what_is_said_of_the_api_stands_at_its_top() -> None:
    schemes = {"token": {"type": "apiKey", "in": "header", "name": "Api-Key"}}
    described = openapi(
        OWNERS, title="Owners", version="2", description="Who has what.", servers=["/api"], security_schemes=schemes
    )
    assert described["openapi"] == "3.1.0"
    assert described["info"] == {"title": "Owners", "version": "2", "description": "Who has what."}
    assert (described["servers"], described["security"]) == ([{"url": "/api"}], [{"token": []}])
    assert described["components"]["securitySchemes"] == schemes
    assert {"servers", "security"}.isdisjoint(openapi(OWNERS, title="", version=""))


def paths(*collections: Collection | Resource) -> list[str]:
    found: dict[str, Any] = openapi(*collections, title="", version="")["paths"]
    return [f"{method.upper()} {path}" for path, item in found.items() for method in item if method != "parameters"]


def test_the_addresses_of_a_collection_follow_from_its_relationships() -> None:
    assert paths(Collection(THINGS, create=True), Collection(OWNERS, "/api/owners")) == [
        "GET /things",
        "POST /things",
        "GET /things/{id}",
        "GET /things/{id}/owner",
        "GET /things/{id}/relationships/owner",
        "GET /things/{id}/parts",
        "GET /things/{id}/relationships/parts",
        "GET /api/owners",
        "GET /api/owners/{id}",
    ]


def test_the_addresses_that_are_served_can_be_chosen() -> None:
    assert paths(Collection(THINGS, addresses=["collection"])) == ["GET /things"]
    assert paths(Collection(THINGS, addresses=["related"])) == ["GET /things/{id}/parts"]
    assert paths(Collection(THINGS, addresses=["relationship"])) == ["GET /things/{id}/relationships/parts"]
    described = openapi(Collection(OWNERS, addresses=["collection"]), title="", version="")
    assert "links" not in described["paths"]["/owners"]["get"]["responses"]["200"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"path": "things"}, "'things' is no path of a collection, such as /owners"),
        ({"path": "/things/"}, "is no path"),
        ({"addresses": ["collection", "things"]}, "'things' is no kind of address; there are collection, resource"),
    ],
)
def test_a_collection_that_cannot_be_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(DeclarationError, match=re.escape(message)):
        Collection(OWNERS, **options)


def test_each_type_is_described_once() -> None:
    with pytest.raises(DeclarationError, match="there are 2 resources of the type 'owners'"):
        openapi(OWNERS, Collection(OWNERS, "/others"), title="", version="")


def test_identifiers_and_where_they_lead_are_told() -> None:
    described = document()
    (id_,) = described["paths"]["/things/{id}"]["parameters"]
    assert (id_["required"], id_["schema"]["format"]) == (True, "uuid")
    (plain,) = described["paths"]["/owners/{id}"]["parameters"]
    assert plain["schema"] == {"type": "string", "minLength": 1}
    texts = type("Texts", (FilterSet,), {"id": Field(types.Text(), bare="in")})()
    item = openapi(Resource(OwnerOfNotesSchema, filters=texts), title="", version="")["paths"]["/owners/{id}"]
    assert item["parameters"][0]["schema"] == {"type": "string", "minLength": 1}  # without quotes, as lists have them
    created = described["paths"]["/things"]["post"]["responses"]["201"]
    assert created["links"]["get"] == {"operationId": "things.get", "parameters": {"id": "$response.body#/data/id"}}
    listed = described["paths"]["/things"]["get"]["responses"]["200"]
    assert list(listed["links"]) == ["get", "related.owner", "related.parts", "relationship.owner",
                                     "relationship.parts"]  # fmt: skip


def test_meta_of_all_documents_is_told() -> None:
    described = openapi(Collection(OWNERS, meta={"api_version": "1"}), title="", version="")
    for path in ("/owners", "/owners/{id}"):
        meta = resolved(described, answer(described, path))["properties"]["meta"]["properties"]
        assert meta["api_version"] == {"const": "1"}


def codes(described: dict[str, Any], path: str, method: str, status: int) -> list[str]:
    found = resolved(described, answer(described, path, method, str(status)))
    told: list[str] = found["properties"]["errors"]["items"]["allOf"][1]["properties"]["code"]["enum"]
    return told


def statuses(described: dict[str, Any], path: str, method: str = "get") -> list[int]:
    return [int(status) for status in described["paths"][path][method]["responses"]]


def test_the_errors_of_an_operation_are_told_by_status() -> None:
    described = document()
    assert statuses(described, "/things") == [200, 304, 400, 404, 406, 414]
    assert statuses(described, "/things", "post") == [201, 400, 403, 404, 406, 409, 413, 414, 415, 422]
    assert codes(described, "/things", "get", 404) == ["not-found"]
    assert codes(described, "/things", "post", 404) == ["not-found", "related-not-found"]
    assert codes(described, "/things", "post", 409) == ["conflict", "wrong-type"]


def test_the_codes_are_those_that_the_operation_may_have() -> None:
    described = document()
    listing, single = (set(codes(described, path, "get", 400)) for path in ("/things", "/things/{id}"))
    assert listing - single == {
        "depth-limit", "empty-sort-key", "empty-value", "filters-limit", "invalid-page-value", "invalid-value",
        "list-items-limit", "malformed-list", "page-size-limit", "repeated-sort-key", "too-many-sort-keys",
        "too-many-values", "unknown-page-parameter", "unknown-sort-key",
    }  # fmt: skip
    assert single - listing == {"unsupported-parameter"}
    plain = set(codes(described, "/owners", "get", 400))
    assert single - plain == {"unknown-include", "empty-include", "too-many-includes", "include-depth-limit"}
    related = set(codes(described, "/things/{id}/relationships/parts", "get", 400))
    assert "unsupported-parameter" in related
    assert {"missing-filter", "unknown-filter"} <= set(codes(described, "/things", "post", 422))


def test_every_code_of_the_library_is_told_somewhere() -> None:
    page = ERRORS.read_text()
    listed = set(re.findall(r"^\| `([a-z]+(?:-[a-z]+)+)` \| [0-9]{3} \|", page, re.MULTILINE))
    listed |= set(re.findall(r"\| `([a-z-]+-limit)` \| [0-9]{3} \|$", page, re.MULTILINE))
    assert len(listed) > 50
    cursors = Resource(OwnerOfNotesSchema, filters=RuledFilters(), pages=CursorPages("secret"))
    described = [document(), openapi(cursors, title="", version="")]
    told = set(
        re.findall('"([a-z]+(?:-[a-z]+)+)"', json.dumps([each["components"]["responses"] for each in described]))
    )
    # Methods that an address does not have are no operations.
    assert listed - told == {"method-not-allowed", "unsupported-update"}


def test_a_listing_that_takes_nothing_has_no_codes_of_values() -> None:
    plain = set(codes(document(), "/owners", "get", 400))
    assert {"invalid-value", "invalid-page-value", "unknown-sort-key"}.isdisjoint(plain)
    assert "unsupported-parameter" in plain


def test_names_of_components_have_no_other_characters() -> None:
    components = Components()
    first, second = (components.add("schemas", "größe x", {"type": type_}) for type_ in ("string", "integer"))
    assert (first["$ref"], second["$ref"]) == ("#/components/schemas/gr__e_x", "#/components/schemas/gr__e_x.2")
    assert components.add("schemas", "größe x", {"type": "integer"}) == second


@pytest.mark.parametrize(
    "name", ["truth", "whole", "price", "ratio", "moment", "day", "other", "owner", "parts", "secret", "begin"]
)
def test_a_name_that_is_hidden_stands_nowhere(name: str) -> None:
    known, hidden = (json.dumps(document(visible=rule)) for rule in (None, lambda each: each != name))
    assert re.search(rf"\b{name}(\b|_)", known)
    assert not re.search(rf"\b{name}(\b|_)", hidden)
