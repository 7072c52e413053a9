"""jsonapi-client, which maps resources to objects and keeps them in a session: with and without asyncio."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from jsonapi_client import Filter, Inclusion, Modifier, ResourceTuple, Session
from jsonapi_client.exceptions import DocumentError

from tests.service.running import ROOT, Service

# New resources are made only of types that the session knows.
TEXT = {"type": ["string", "null"]}
NUMBER = {"type": ["integer", "null"]}
SCHEMA = {
    "cdr-exports": {
        "properties": {
            "filters": {
                "type": "object",
                "properties": {"time_start_gteq": TEXT, "time_start_lt": TEXT, "duration_gteq": NUMBER},
            },
            "status": TEXT,
            "rows-count": NUMBER,
            "created-at": TEXT,
            "updated-at": TEXT,
            "account": {"relation": "to-one", "resource": ["accounts"]},
        }
    }
}


def session_of(service: Service, **options: Any) -> Session:
    return Session(f"{service.url}{ROOT}", request_kwargs={"headers": service.headers(ROOT)}, **options)


def ids(service: Service, query: str) -> list[str]:
    """Give what the service lists when it is asked without the client."""
    return [resource["id"] for resource in service.get(f"{ROOT}/{query}").json()["data"]]


def test_a_listing(service: Service) -> None:
    with session_of(service) as session:
        document = session.get(
            "cdr-exports", Filter(status_eq="Completed", rows_count_gteq=1) + Modifier("page[size]=7")
        )
        assert len(document.resources) == 7
        assert all(export.status == "Completed" and export.rows_count >= 1 for export in document.resources)
        assert document.meta.total_count > 7
        assert document.links.first.url.endswith(
            "?filter%5Bstatus-eq%5D=Completed&filter%5Brows-count-gteq%5D=1&page%5Bnumber%5D=1&page%5Bsize%5D=7"
        )


def test_pages_by_their_links(service: Service) -> None:
    with session_of(service) as session:
        modifier = Modifier("sort=-rows-count,created-at&page[size]=20")
        walked = [export.id for export in session.iterate("cdr-exports", modifier)]
        assert walked == ids(service, "cdr-exports?sort=-rows-count,created-at&page[size]=1000")
        first = session.get("cdr-exports", modifier)
        assert not first.links.prev
        last = first.links.last.fetch()
        assert not last.links.next
        assert last.links.first.fetch() is not None
        assert last.resources[-1].id == walked[-1]


def test_attributes_and_relationships(service: Service) -> None:
    with session_of(service) as session:
        cdr = session.get("cdrs", "8").resource
        assert (cdr.duration, cdr.customer_price, cdr.auth_orig_ip) == (30, "2.0", "127.0.0.1")
        assert cdr.links.self.url == f"{service.url}{ROOT}/cdrs/8"
        # Where a document has links but no data, and the session no schema, it can't know that there is one account.
        (account,) = cdr.account
        assert account.type == "accounts"
        assert account.name == "Northwind retail"
        assert session.fetch_document_by_url(account.links.self.url).resource.name == account.name
        (protocol,) = cdr.auth_orig_transport_protocol
        assert protocol.type == "transport-protocols"
        linkage = session.fetch_document_by_url(cdr.relationships.account.links.self.url).resource
        assert (linkage.type, linkage.id) == ("accounts", account.id)


def test_included_resources(service: Service) -> None:
    with session_of(service) as session:
        document = session.get("cdr-exports", Inclusion("account") + Modifier("page[size]=5"))
        accounts = {account.id: account for account in document.included}
        for export in document.resources:
            assert export.account is accounts[export.account.id]


def test_an_export_is_created(service: Service) -> None:
    with session_of(service, schema=SCHEMA) as session:
        account = session.get("accounts").resources[0]
        export = session.create("cdr-exports")
        export.filters = {"time_start_gteq": "2026-01-01 00:00:00", "duration_gteq": 60}
        export.account = ResourceTuple(account.id, "accounts")
        export.commit()
        assert export.status == "Pending"
        assert export.filters["time_start_gteq"] == "2026-01-01T00:00:00.000Z"
        assert export.account.name == account.name
        assert not session.is_dirty
    with session_of(service, schema=SCHEMA) as session:
        again = session.get("cdr-exports", export.id).resource
        assert again.json["attributes"] == {
            "filters": {"time_start_gteq": "2026-01-01T00:00:00.000Z", "duration_gteq": 60},
            "status": "Pending",
            "created-at": again.created_at,
            "updated-at": again.updated_at,
        }


def test_errors(service: Service) -> None:
    with session_of(service) as session:
        with pytest.raises(DocumentError, match="Error 400: Unknown filter") as caught:
            session.get("cdr-exports", Filter(row_count_gt=1))
        assert caught.value.errors == {"status_code": 400}
        (error,) = caught.value.response.json()["errors"]
        assert error["meta"]["nearest"] == "filter[rows-count-gt]"
        with pytest.raises(DocumentError, match="Error 404: Not found"):
            session.get("cdrs", "0")
        with pytest.raises(DocumentError, match="Error 400"):
            session.get("cdrs", Inclusion("accounts"))


def test_what_is_created_wrongly(service: Service) -> None:
    with session_of(service, schema=SCHEMA) as session:
        export = session.create("cdr-exports", fields={"filters": {"duration_gteq": 60}})
        with pytest.raises(DocumentError, match=r"Could not POST \(422\)") as caught:
            export.commit()
        (error,) = caught.value.response.json()["errors"]
        assert error["code"] == "required-member"


def test_the_same_with_asyncio(service: Service) -> None:
    async def walked() -> list[str]:
        async with session_of(service, enable_async=True) as session:
            (cdr,) = (await session.get("cdrs", Filter(id="8"))).resources
            (account,) = await cdr.account.fetch()
            assert account.name == "Northwind retail"
            modifier = Modifier("sort=-updated-at&page[size]=50")
            return [export.id async for export in session.iterate("cdr-exports", modifier)]

    assert asyncio.run(walked()) == ids(service, "cdr-exports?sort=-updated-at&page[size]=1000")


def test_errors_with_asyncio(service: Service) -> None:
    async def refused() -> None:
        async with session_of(service, enable_async=True) as session:
            await session.get("cdr-exports", Modifier("sort=url"))

    with pytest.raises(DocumentError, match="Error 400"):
        asyncio.run(refused())
