"""kitsu, which flattens resources to objects: listings, single resources, relationships, pages, orders and errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients.kitsu import Kitsu, install
from tests.service.running import ROOT, Service


@pytest.fixture(scope="module")
def folder() -> Path:
    return install()


@pytest.fixture
def kitsu(service: Service, folder: Path) -> Kitsu:
    options = {
        "baseURL": f"{service.url}{ROOT}",
        "headers": service.headers(ROOT),
        "camelCaseTypes": False,  # by default it would send the type cdrExports
    }
    return Kitsu(folder, options)


def ids(service: Service, query: str) -> list[str]:
    """Give what the service lists when it is asked without the client."""
    return [resource["id"] for resource in service.get(f"{ROOT}/{query}").json()["data"]]


def test_a_listing(kitsu: Kitsu, service: Service) -> None:
    params = {
        "filter": {"status-in": "Pending,Failed", "created-at-lt": "2026-01-01"},
        "fields": {"cdr-exports": "status,created-at"},
        "sort": "-status,-created-at",
        "page": {"size": 5},
    }
    listing = kitsu("get", "cdr-exports", {"params": params})
    assert listing["status"] == 200
    query = "filter[status-in]=Pending,Failed&filter[created-at-lt]=2026-01-01&sort=-status,-created-at&page[size]=5"
    assert [export["id"] for export in listing["data"]] == ids(service, f"cdr-exports?{query}")
    assert set(listing["data"][0]) == {"id", "type", "links", "status", "created-at"}


def test_pages_by_number_and_by_their_links(kitsu: Kitsu, service: Service) -> None:
    walked = ids(service, "cdr-exports?page[size]=1000")
    second = kitsu("get", "cdr-exports", {"params": {"page": {"number": 2, "size": 25}}})
    assert [export["id"] for export in second["data"]] == walked[25:50]
    assert second["meta"]["total-count"] == len(walked)
    third = kitsu("request", {"url": second["links"]["next"]})
    assert [export["id"] for export in third["data"]] == walked[50:75]
    assert third["links"]["prev"] == second["links"]["first"].replace("number%5D=1", "number%5D=2")


def test_a_cdr_and_what_it_is_related_to(kitsu: Kitsu) -> None:
    cdr = kitsu("get", "cdrs/8", {"params": {"include": "account"}})["data"]
    assert (cdr["id"], cdr["duration"], cdr["customer-price"]) == ("8", 30, "2.0")
    account = cdr["account"]["data"]
    assert account["name"] == "Northwind retail"
    assert kitsu("get", "cdrs/8/account")["data"]["balance"] == account["balance"]
    assert kitsu("get", "cdrs/8/relationships/account")["data"] == {"type": "accounts", "id": account["id"]}
    protocol = kitsu("request", {"url": cdr["auth-orig-transport-protocol"]["links"]["related"]})["data"]
    assert protocol["type"] == "transport-protocols"


def test_an_export_is_created(kitsu: Kitsu) -> None:
    account = kitsu("get", "accounts")["data"][0]
    order = {
        "filters": {"time_start_gteq": "2026-01-01 00:00:00", "src_prefix_routing_eq": "123"},
        "account": {"data": {"id": account["id"], "type": "accounts"}},
    }
    created = kitsu("create", "cdr-exports", order)
    assert created["status"] == 201
    assert created["data"]["filters"] == {
        "time_start_gteq": "2026-01-01T00:00:00.000Z",
        "src_prefix_routing_eq": "123",
    }
    assert created["headers"]["location"] == created["data"]["links"]["self"]
    assert kitsu("get", f"cdr-exports/{created['data']['id']}")["data"] == created["data"]


def test_errors(kitsu: Kitsu) -> None:
    refusal = kitsu("get", "cdrs", {"params": {"filter": {"duration": {"gt": 1}}, "sort": "price"}})
    assert refusal["status"] == 400
    assert [error["source"]["parameter"] for error in refusal["errors"]] == ["filter[duration][gt]", "sort"]
    order = {"filters": {"duration_eq": "long"}}
    refusal = kitsu("create", "cdr-exports", order)
    assert refusal["status"] == 422
    assert {error["code"] for error in refusal["errors"]} == {"invalid-value", "required-member"}
    assert kitsu("get", "cdrs/0")["errors"][0]["status"] == "404"
