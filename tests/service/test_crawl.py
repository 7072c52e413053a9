"""A crawler begins at the collections of both APIs and follows every link of every document, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from sqlalchemy import delete, func, select, true
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.cdr.models import Cdr, CdrExport
from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.service import Endpoint, customer_api, did_api, open_engine
from jsonapi_sieve.testing import assert_document
from tests.service.running import ROOT, Service, service_of
from tests.service.worlds import UNTIL

CUSTOMER = 1
COLLECTIONS = [
    f"{api.path}/{endpoint.resource.type}" for api in (customer_api(), did_api()) for endpoint in api.endpoints
]
EVER = "filter[time-start-gteq]=2000-01-01"
LISTINGS = [
    *COLLECTIONS,
    f"{ROOT}/cdr-exports?sort=-status,updated-at&page[size]=20&include=account",
    f"{ROOT}/cdr-exports?filter[status-in]=Pending,Failed&fields[cdr-exports]=account,status&page[size]=7",
    f"{ROOT}/cdrs?{EVER}&include=account,auth-orig-transport-protocol&page[size]=5&page[number]=3",
    f"{ROOT}/cdrs?{EVER}&fields[cdrs]=&page[size]=9",
    f"{ROOT}/cdrs?filter[src-name-in-cont]=nobody+at+all",
    f"{ROOT}/accounts?page[size]=1",
    "/v3/cdr_exports?sort=-created_at&page[size]=2",
]


class Visit(NamedTuple):
    """What an address answers to GET and to HEAD."""

    got: httpx.Response
    head: httpx.Response

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = self.got.json()
        return document


class Web(NamedTuple):
    """All that links lead to, by address, beginning at the listings."""

    url: str
    visits: dict[str, Visit]
    rows: dict[str, int]  # how many the customer has of each type

    def documents(self) -> Iterator[dict[str, Any]]:
        return (visit.document for visit in self.visits.values())

    def resources(self) -> Iterator[dict[str, Any]]:
        """Give every resource object of every document; identifiers of relationships are none."""
        return (resource for document in self.documents() for resource in resources_of(document))


def resources_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    data = document["data"]
    primary = data if isinstance(data, list) else [data]
    return [
        each for each in (*primary, *document.get("included", [])) if each is not None and set(each) > {"type", "id"}
    ]


def links_of(document: dict[str, Any]) -> Iterator[str]:
    holders: list[dict[str, Any]] = [document]
    for resource in resources_of(document):
        holders += [resource, *resource.get("relationships", {}).values()]
    for holder in holders:
        for link in holder.get("links", {}).values():
            match link:
                case str() | {"href": str()}:
                    yield link if isinstance(link, str) else link["href"]
                case _:
                    assert link is None


def crawl(service: Service, paths: Iterable[str]) -> dict[str, Visit]:
    visits: dict[str, Visit] = {}
    waiting = [service.url + path for path in paths]
    for url in waiting:
        if url not in visits:
            assert url.startswith(f"{service.url}/")
            headers = service.headers(url.removeprefix(service.url), CUSTOMER)
            visit = Visit(service.client.get(url, headers=headers), service.client.head(url, headers=headers))
            assert visit.got.status_code == 200, (url, visit.got.text)
            visits[url] = visit
            waiting.extend(links_of(visit.document))
    return visits


def count_of(session: Session, endpoint: Endpoint) -> int:
    """Count the rows that the customer may see."""
    owned = true() if endpoint.customer is None else endpoint.model.customer_id == CUSTOMER
    return session.scalar(select(func.count()).select_from(endpoint.model).where(owned)) or 0


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('crawl') / 'cdr.sqlite'}")
    generate(engine, count=60, until=UNTIL)
    with Session(engine) as session, session.begin():
        surplus = select(CdrExport.id).where(CdrExport.customer_id == CUSTOMER).order_by(CdrExport.id).limit(80)
        session.execute(delete(CdrExport).where(CdrExport.id.in_(surplus)))
        session.get_one(Cdr, 8).auth_orig_transport_protocol_id = None
        session.flush()
        rows = {endpoint.resource.type: count_of(session, endpoint) for endpoint in customer_api().endpoints}
    with service_of(engine) as service:
        yield Web(service.url, crawl(service, LISTINGS), rows)
    engine.dispose()


@pytest.mark.rule("CN-01", "CN-02")
def test_every_answer_is_of_the_media_type(web: Web) -> None:
    assert len(web.visits) > 300
    for visit in web.visits.values():
        assert visit.got.headers["content-type"] == MEDIA_TYPE


@pytest.mark.rule("FET-05")
def test_head_tells_the_same_without_the_document(web: Web) -> None:
    for got, head in web.visits.values():
        assert (head.status_code, head.content) == (200, b"")
        assert {**head.headers, "date": ""} == {**got.headers, "date": ""}
        assert int(head.headers["content-length"]) == len(got.content)


@pytest.mark.rule("DOC-01", "DOC-09", "DOC-16", "DOC-22", "LNK-01")
def test_every_document_is_valid(web: Web) -> None:
    for url, visit in web.visits.items():
        assert_document(visit.document, url=url, recommended=True)


def test_an_address_is_linked_in_one_spelling(web: Web) -> None:
    links = [httpx.URL(link) for document in web.documents() for link in links_of(document)]
    assert len({(url.path, frozenset(url.params.multi_items())) for url in links}) == len(set(map(str, links)))


def shown_in(part: Any, whole: Any) -> bool:
    """Tell whether one view of a resource says nothing that the other says otherwise, linkage aside."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name == "data" or shown_in(value, whole[name]) for name, value in part.items())
    return bool(part == whole)


@pytest.mark.rule("DOC-20", "LNK-04")
def test_self_gives_the_resource(web: Web) -> None:
    linked = [resource for resource in web.resources() if "links" in resource]
    assert {resource["type"] for resource in linked} == {"cdr-exports", "cdrs", "accounts", "transport-protocols"}
    for resource in linked:
        document = web.visits[resource["links"]["self"]].document
        assert set(document) == {"data"}
        assert shown_in(resource, document["data"])


@pytest.mark.rule("FET-04", "LNK-04")
def test_related_gives_what_the_linkage_says(web: Web) -> None:
    relationships = [each for resource in web.resources() for each in resource.get("relationships", {}).values()]
    assert any("data" in relationship for relationship in relationships)
    nowhere = 0
    for relationship in relationships:
        linkage = web.visits[relationship["links"]["self"]].document
        related = web.visits[relationship["links"]["related"]].document["data"]
        assert linkage == {
            "data": related and {name: related[name] for name in ("type", "id")},
            "links": relationship["links"],
        }
        assert relationship.get("data", linkage["data"]) == linkage["data"]
        nowhere += related is None
    assert 0 < nowhere < len(relationships)


@pytest.mark.rule("DOC-16", "DOC-18", "LNK-04", "REC-02", "REC-04")
def test_relationships_are_linked_with_their_resource(web: Web) -> None:
    for resource in web.resources():
        for member, relationship in resource.get("relationships", {}).items():
            address = f"{web.url}{ROOT}/{resource['type']}/{resource['id']}"
            assert relationship["links"] == {
                "self": f"{address}/relationships/{member}",
                "related": f"{address}/{member}",
            }


def pages_from(web: Web, url: str, name: str) -> Iterator[dict[str, Any]]:
    document = web.visits[url].document
    yield document
    while url := document["links"].get(name, ""):
        document = web.visits[url].document
        yield document


def identifiers(pages: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(resource["type"], resource["id"]) for page in pages for resource in page["data"]]


def total_of(meta: dict[str, Any]) -> int:
    return next(int(meta[name]) for name in ("total-count", "total_records") if name in meta)


def test_pages_lead_through_the_whole_listing_both_ways(web: Web) -> None:
    listings = [document for document in web.documents() if "first" in document.get("links", {})]
    assert any({"prev", "next"} <= set(document["links"]) for document in listings)
    for document in listings:
        first, last = document["links"]["first"], document["links"]["last"]
        forth, back = list(pages_from(web, first, "next")), list(pages_from(web, last, "prev"))
        assert document in forth
        assert forth == back[::-1]
        found = identifiers(forth)
        assert len(found) == len(set(found)) == total_of(document["meta"])


@pytest.mark.parametrize("type_", ["cdr-exports", "cdrs", "accounts", "transport-protocols"])
def test_every_row_of_the_customer_is_found(web: Web, type_: str) -> None:
    found = {resource["links"]["self"] for resource in web.resources() if resource["type"] == type_}
    assert len(found) == web.rows[type_] > 1
