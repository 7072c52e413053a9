"""The documents of the domain's resource types, against the published ones."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from jsonapi_sieve import QueryErrors, SortKey
from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.cdr.models import Account, Base, Cdr, CdrExport, DidCdrExport, TransportProtocol
from jsonapi_sieve.cdr.resources import ACCOUNTS, CDRS, DID_CDR_EXPORTS, TRANSPORT_PROTOCOLS, cdr_exports
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.testing import assert_document
from tests.cdr import seeds

UNTIL = datetime(2026, 3, 1, 7, tzinfo=UTC)
ROOT = "http://example.org/api/rest/customer/v1"
CDR_EXPORTS = cdr_exports()
(LISTING,) = seeds.bodies("cdr_exports_listing")
REQUEST, CREATED = seeds.bodies("cdr_exports_creation")
(CDR,) = seeds.bodies("cdr")
(DID_LISTING,) = seeds.bodies("did_cdr_exports_listing")
FILTERS: dict[str, Any] = REQUEST["data"]["attributes"]["filters"]
ACCOUNT_ID: str = REQUEST["data"]["relationships"]["account"]["data"]["id"]


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    generate(engine, count=300, until=UNTIL)
    with Session(engine) as session:
        yield session
    engine.dispose()


def in_order(document: object) -> str:
    """Write a document so that the order of its members counts."""
    return json.dumps(document, indent=1)


def read(body: bytes) -> Any:
    return json.loads(body)


def order(**changes: Any) -> bytes:
    """Write the documented order for an export, with other attributes or relationships."""
    data: dict[str, Any] = {**REQUEST["data"], **changes}
    return json.dumps({"data": data}).encode()


def find(identifier: str) -> str | None:
    return identifier if identifier == ACCOUNT_ID else None


def test_the_documented_listing_of_exports_is_the_documented_one(session: Session) -> None:
    query = CDR_EXPORTS.parse("")
    rows = session.scalars(*CDR_EXPORTS.statement(query, CdrExport)).all()[:2]  # the oldest come first
    assert in_order(read(CDR_EXPORTS.render(rows, query, url=f"{ROOT}/cdr-exports", total=2))) == in_order(LISTING)


def test_the_documented_order_is_loaded_and_its_export_is_the_documented_one(session: Session) -> None:
    loaded = CDR_EXPORTS.load(order(), related={"account": find})
    assert loaded == {"filters": CREATED["data"]["attributes"]["filters"], "account": ACCOUNT_ID}
    export = session.get_one(CdrExport, CREATED["data"]["id"])
    assert list(export.filters) == list(loaded["filters"])
    assert in_order(read(CDR_EXPORTS.render_one(export, url=f"{ROOT}/cdr-exports"))) == in_order(CREATED)


def test_the_documented_call_is_the_documented_one(session: Session) -> None:
    body = CDRS.render_one(session.get_one(Cdr, 8), url=f"{ROOT}/cdrs/8")
    assert in_order(read(body)) == in_order(CDR)


def test_the_documented_listing_of_version_3_is_the_documented_one(session: Session) -> None:
    query = DID_CDR_EXPORTS.parse("")
    statement, values = DID_CDR_EXPORTS.statement(query, DidCdrExport)
    rows = session.scalars(statement.where(DidCdrExport.customer_id == 1), values).all()
    body = DID_CDR_EXPORTS.render(
        rows, query, url="https://api.didww.com/v3/cdr_exports", total=3, meta={"api_version": "2017-09-18"}
    )
    assert in_order(read(body)) == in_order(DID_LISTING)


LISTINGS: list[tuple[Resource, type[Base], str]] = [
    (CDR_EXPORTS, CdrExport, "created-at"),
    (CDRS, Cdr, "-time-start"),
    (ACCOUNTS, Account, "name"),
    (TRANSPORT_PROTOCOLS, TransportProtocol, "id"),
    (DID_CDR_EXPORTS, DidCdrExport, "created_at"),
]


def listed(session: Session, resource: Resource, model: type[Base], query_string: str) -> Any:
    query = resource.parse(query_string, now=UNTIL)
    rows = session.scalars(*resource.statement(query, model)).all()
    total = session.scalar(*resource.count(query, model))
    url = f"http://example.org/{resource.type}"
    document = read(resource.render(rows, query, url=url, total=total))
    assert_document(document, url=f"{url}?{query_string}")
    return document


@pytest.mark.parametrize(("resource", "model", "default"), LISTINGS)
def test_a_listing_can_be_sorted_by_what_it_shows(
    session: Session, resource: Resource, model: type[Base], default: str
) -> None:
    assert resource.sort is not None
    assert resource.sort.render(resource.sort.default) == default
    for name in resource.sort.names:
        key = resource.sort.render((SortKey(name, descending=True),))
        document = listed(session, resource, model, f"sort={key}&page[size]=3")
        assert len(document["data"]) == 3


def test_calls_are_sorted_by_identifier_and_every_attribute_and_exports_by_some() -> None:
    shown = [member.replace("-", "_") for member in CDR["data"]["attributes"]]
    assert CDRS.sort is not None
    assert CDRS.sort.names == ("id", *shown)
    assert CDR_EXPORTS.sort is not None
    assert CDR_EXPORTS.sort.names == ("created_at", "updated_at", "status", "rows_count")
    assert DID_CDR_EXPORTS.sort is not None
    assert DID_CDR_EXPORTS.sort.names == ("status", "created_at")


@pytest.mark.parametrize(
    ("resource", "model", "include", "types"),
    [
        (CDR_EXPORTS, CdrExport, "account", {"accounts"}),
        (CDRS, Cdr, "account,auth-orig-transport-protocol", {"accounts", "transport-protocols"}),
    ],
)
def test_a_listing_can_include_what_it_refers_to(
    session: Session, resource: Resource, model: type[Base], include: str, types: set[str]
) -> None:
    document = listed(session, resource, model, f"include={include}")
    assert {included["type"] for included in document["included"]} == types
    for data in document["data"]:
        assert all("data" in data["relationships"][member] for member in include.split(","))


def test_an_account_shows_the_attributes_of_the_api_and_no_other(session: Session) -> None:
    row = session.get_one(Account, ACCOUNT_ID)
    data = read(ACCOUNTS.render_one(row, url=f"{ROOT}/accounts/{ACCOUNT_ID}"))["data"]
    assert list(data["attributes"]) == [
        "name", "balance", "min-balance", "max-balance", "destination-rate-limit", "origination-capacity",
        "termination-capacity", "total-capacity", "currency",
    ]  # fmt: skip
    assert data["links"]["self"] == f"{ROOT}/accounts/{ACCOUNT_ID}"
    assert data["attributes"]["max-balance"] == "10000.0"


def test_a_transport_protocol_shows_its_name(session: Session) -> None:
    body = TRANSPORT_PROTOCOLS.render_one(session.get_one(TransportProtocol, 1), url=f"{ROOT}/cdrs")
    data = read(body)["data"]
    assert (data["id"], data["type"], data["attributes"]) == ("1", "transport-protocols", {"name": "UDP"})


def test_a_file_of_version_3_has_an_address_on_the_host_that_was_asked(session: Session) -> None:
    done, _, waiting = (session.get_one(DidCdrExport, data["id"]) for data in DID_LISTING["data"])
    url = f"http://127.0.0.1:8000/v3/cdr_exports/{done.id}"
    shown = read(DID_CDR_EXPORTS.render_one(done, url=url))["data"]["attributes"]
    assert shown["url"] == f"http://127.0.0.1:8000/v3/cdr_exports/{done.file_id}.csv"
    assert read(DID_CDR_EXPORTS.render_one(waiting, url=url))["data"]["attributes"]["url"] is None
    assert read(DID_CDR_EXPORTS.render_one(None, url=url))["data"] is None


@pytest.mark.parametrize("query", ["filter[status-eq]=Pending", "filter[id]=1", "include=account", "sort=created-at"])
def test_version_3_takes_neither_filters_nor_dashes(query: str) -> None:
    with pytest.raises(QueryErrors):
        DID_CDR_EXPORTS.parse(query)


def test_a_page_holds_fifty_rows_and_at_most_a_thousand() -> None:
    for resource, *_ in LISTINGS:
        page = resource.parse("").page
        assert page is not None
        assert (page.limit, page.offset) == (50, 0)
        with pytest.raises(QueryErrors, match="1000"):
            resource.parse("page[size]=1001")


def faults(body: bytes, resource: Resource = CDR_EXPORTS) -> tuple[int, list[str | None]]:
    with pytest.raises(QueryErrors) as caught:
        resource.load(body, related={"account": find})
    return caught.value.status, [error.at for error in caught.value.errors]


def test_only_filters_and_account_of_a_new_export_can_be_set_and_both_are_needed() -> None:
    status, pointers = faults(order(attributes={"filters": FILTERS, "status": "Completed", "rows-count": 1}))
    assert (status, pointers) == (422, ["/data/attributes/status", "/data/attributes/rows-count"])
    status, pointers = faults(order(attributes={}, relationships={}))
    assert (status, len(pointers)) == (422, 2)
    assert faults(order(attributes={"filters": {"customer_id_eq": 1, "duration_gteq": "x"}})) == (
        422,
        ["/data/attributes/filters/customer_id_eq", "/data/attributes/filters/duration_gteq"],
    )


def test_an_export_of_an_account_that_is_not_found_is_refused() -> None:
    other = {"account": {"data": {"type": "accounts", "id": ACCOUNT_ID.replace("a", "b")}}}
    assert faults(order(relationships=other)) == (404, ["/data/relationships/account"])


def test_times_are_required_of_a_new_export_only_by_the_setting() -> None:
    body = order(attributes={"filters": {"success_eq": True}})
    assert CDR_EXPORTS.load(body, related={"account": find})["filters"] == {"success_eq": True}
    timed = cdr_exports(times_required=True)
    assert faults(body, timed) == (422, ["/data/attributes/filters"] * 2)
    assert timed.load(order(), related={"account": find}) == CDR_EXPORTS.load(order(), related={"account": find})
    assert timed.schema.members == CDR_EXPORTS.schema.members
