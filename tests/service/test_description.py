"""Each API is described at an address of its own, to everybody, by what it serves."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from starlette.types import ASGIApp

from jsonapi_sieve.cdr import openapi
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


def test_a_description_is_only_read(app: ASGIApp) -> None:
    assert ask(app, PATH, "HEAD").content == b""
    refused = ask(app, PATH, "POST")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    assert refused.headers["content-type"] == "application/vnd.api+json"
    assert ask(app, f"{PATH}/x").status_code == 401
