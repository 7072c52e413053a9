"""The published requests, answered with the published documents, member for member and in the same order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cdr import seeds
from tests.service.running import MEDIA_TYPE, ROOT, Service

HEADERS = {"Host": "example.org", "Content-Type": MEDIA_TYPE, "Cookie": ""}


def outline(value: Any) -> Any:
    """Give the members of a document in their order, without its values."""
    match value:
        case dict():
            return [(name, outline(member)) for name, member in value.items()]
        case list():
            return [outline(item) for item in value]
        case _:
            return None


@pytest.mark.rule("DOC-06", "FET-01", "QRY-03")
def test_the_listing_of_exports(service: Service) -> None:
    (seed,) = seeds.bodies("cdr_exports_listing")
    ids = ",".join(resource["id"] for resource in seed["data"])
    response = service.get(f"{ROOT}/cdr-exports?filter[id]={ids}", headers=HEADERS)
    assert response.status_code == 200
    document = response.json()
    links = document.pop("links")
    assert json.dumps(document) == json.dumps({name: seed[name] for name in ("data", "meta")})
    assert links == {
        name: link.replace("?", f"?filter%5Bid%5D={ids.replace(',', '%2C')}&") for name, link in seed["links"].items()
    }


def test_the_listing_without_parameters_has_the_members_of_the_seed(service: Service) -> None:
    (seed,) = seeds.bodies("cdr_exports_listing")
    document = service.get(f"{ROOT}/cdr-exports", headers=HEADERS).json()
    assert list(document) == list(seed)
    assert document["data"][:2] == seed["data"]
    assert len(document["data"]) == 50
    assert document["links"]["first"] == seed["links"]["first"]
    assert list(document["links"]) == ["first", "next", "last"]


@pytest.mark.rule("CRE-05", "CRE-06", "CRE-07", "CRE-08", "DOC-20")
def test_an_export_is_created(service: Service) -> None:
    request, seed = seeds.bodies("cdr_exports_creation")
    response = service.post(f"{ROOT}/cdr-exports", request, headers=HEADERS)
    assert response.status_code == 201, response.text
    document = response.json()
    assert outline(document) == outline(seed)
    attributes = document["data"]["attributes"]
    assert json.dumps(attributes["filters"]) == json.dumps(seed["data"]["attributes"]["filters"])
    assert attributes["created-at"] == attributes["updated-at"]
    assert (attributes["status"], attributes["rows-count"]) == ("Pending", None)
    location = response.headers["location"]
    assert (
        location
        == document["data"]["links"]["self"]
        == f"http://example.org{ROOT}/cdr-exports/{document['data']['id']}"
    )
    again = service.get(location.removeprefix("http://example.org"), headers=HEADERS)
    assert again.text == response.text


def test_the_documented_cdr(service: Service) -> None:
    (seed,) = seeds.bodies("cdr")
    response = service.get(f"{ROOT}/cdrs/8", headers=HEADERS)
    assert json.dumps(response.json()) == json.dumps(seed)


def test_the_listing_of_version_3(service: Service) -> None:
    (seed,) = seeds.bodies("did_cdr_exports_listing")
    document = service.get("/v3/cdr_exports", headers={**HEADERS, "Host": "127.0.0.1"}).json()
    assert list(document) == ["data", "meta"]
    assert document["meta"] == {"total_records": len(document["data"]), "api_version": "2017-09-18"}
    host = "https://api.didww.com"
    shown = json.dumps(document["data"][: len(seed["data"])]).replace("http://127.0.0.1", host)
    assert shown == json.dumps(seed["data"])


@pytest.mark.parametrize("sort", ["status", "-status", "created_at", "-created_at"])
def test_version_3_sorts(service: Service, sort: str) -> None:
    data = service.get(f"/v3/cdr_exports?sort={sort}").json()["data"]
    values = [resource["attributes"][sort.removeprefix("-")] for resource in data]
    assert values == sorted(values, reverse=sort.startswith("-"))
    assert {resource["attributes"]["status"] for resource in data} == {"Pending", "Processing", "Completed"}
    assert all(
        (resource["attributes"]["url"] is None) == (resource["attributes"]["status"] != "Completed")
        for resource in data
    )


def test_a_single_export_of_version_3(service: Service) -> None:
    (first, *_) = service.get("/v3/cdr_exports").json()["data"]
    document = service.get(f"/v3/cdr_exports/{first['id']}").json()
    assert document == {"data": first, "meta": {"api_version": "2017-09-18"}}
