"""Each API is described at an address of its own, to everybody, by what it serves."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from starlette.types import ASGIApp

from jsonapi_sieve.cdr import openapi
from jsonapi_sieve.cdr.did_resources import DID_EXPORTS
from jsonapi_sieve.service import Api, create_app, customer_api, did_api
from jsonapi_sieve.service.description import describe
from tests.service.running import ROOT, TOKENS

PATH = f"{ROOT}/openapi.json"


@pytest.fixture
def app(database: Engine) -> ASGIApp:
    """Give the application without what holds its answers to JSON:API, of which a description is no document."""
    return create_app(database, TOKENS, [customer_api(), did_api()])


def ask(app: ASGIApp, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(answer())


@pytest.mark.parametrize(("api", "path"), [(customer_api(), PATH), (did_api(), "/v3/openapi.json")])
def test_an_api_is_described_without_a_token(app: ASGIApp, api: Api, path: str) -> None:
    answer = ask(app, path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == describe(api)
    again = ask(app, path, **{"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_served_is_what_the_domain_tells_of_itself() -> None:
    def told(document: dict[str, Any]) -> dict[str, Any]:
        return {name: document[name] for name in ("paths", "components", "security")}

    for times_required in (False, True):
        served = describe(customer_api(times_required=times_required))
        assert told(served) == told(openapi.customer_api(times_required=times_required))
    assert told(describe(did_api())) == told(openapi.did_api())


def test_files_of_version_3_have_names_of_their_own() -> None:
    for path in ("/v3/cdr_exports/{file}.csv", "/v3/exports/{file}.csv.gz"):
        (parameter,) = describe(did_api())["paths"][path]["parameters"]
        assert parameter["name"] == "file"
        assert "`url`" in parameter["description"]


def test_a_description_is_only_read(app: ASGIApp) -> None:
    assert ask(app, PATH, "HEAD").content == b""
    refused = ask(app, PATH, "POST")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    assert refused.headers["content-type"] == "application/vnd.api+json"
    assert ask(app, f"{PATH}/x").status_code == 401


def test_version_3_is_described_in_the_spelling_that_it_speaks() -> None:
    document = describe(did_api())
    told = [each["name"] for each in document["paths"]["/v3/exports"]["get"]["parameters"]]
    values = {
        "filter[id]": "4ada331e-445e-11ef-b3ec-0242ac120003",
        "filter[external_reference_id]": "january",
        "filter[export_type]": "cdr_in,cdr_out",
        "filter[status]": "pending",
        "filter[created_at_gteq]": "2026-01-01",
        "filter[created_at_lteq]": "2026-02-01",
    }
    assert [name for name in told if name.startswith("filter[")] == list(values)
    dashed = {name.replace("_", "-"): value for name, value in values.items()}
    assert DID_EXPORTS.filters.parse(values) == DID_EXPORTS.filters.parse(dashed)
    order = document["components"]["schemas"]["exports.creation"]["properties"]["data"]["properties"]["attributes"]
    assert {order["properties"][name]["type"] for name in ("callback_url", "callback_method")} == {"null"}
