"""didww, the kit of the API that version 3 is: its client, its queries, and its repositories of exports.

Today's kit knows exports of a later version, at another path and of another type, so its classes are told ours in the
way that it tells them its own.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count, takewhile
from typing import Any
from uuid import uuid4

import pytest
from didww.client import DidwwClient
from didww.exceptions import DidwwApiError
from didww.query_params import QueryParams
from didww.resources.export import Export, ExportRepository

from tests.cdr import seeds
from tests.service.running import TOKENS, Service


class CdrExport(Export):
    class Meta:
        type = "cdr_exports"


class CdrExportRepository(ExportRepository):
    _resource_class = CdrExport
    _path = "cdr_exports"


def exports_of(service: Service, customer: int) -> CdrExportRepository:
    return CdrExportRepository(DidwwClient(TOKENS.issue("did-v3", customer), base_url=f"{service.url}/v3"))


@pytest.fixture
def exports(service: Service) -> CdrExportRepository:
    return exports_of(service, 2)


@pytest.fixture
def all_of_them(exports: CdrExportRepository) -> list[Any]:
    found: list[Any] = exports.list().data
    assert len(found) > 4
    return found


def test_a_listing(service: Service) -> None:
    (seed,) = seeds.bodies("did_cdr_exports_listing")
    response = exports_of(service, 1).list()
    assert response.meta == {"total_records": 3, "api_version": "2017-09-18"}
    completed, processing, pending = response.data
    assert [export.id for export in response.data] == [resource["id"] for resource in seed["data"]]
    assert (completed.status, processing.status, pending.status) == ("Completed", "Processing", "Pending")
    assert completed.filters == {"year": "2017", "month": "3"}
    assert completed.created_at == datetime(2017, 6, 25, 14, 56, 31, 513_000, UTC)
    assert completed.url == f"{service.url}/v3/cdr_exports/a4f6b765-f20c-45c7-98d2-80c2f3a41517.csv"
    assert (processing.url, pending.url) == (None, None)


def test_a_single_export(exports: CdrExportRepository, all_of_them: list[Any]) -> None:
    response = exports.find(all_of_them[4].id)
    assert response.meta == {"api_version": "2017-09-18"}
    assert isinstance(response.data, CdrExport)
    assert response.data.attributes == all_of_them[4].attributes


@pytest.mark.parametrize("name", ["status", "created_at"])
def test_sorts(exports: CdrExportRepository, all_of_them: list[Any], name: str) -> None:
    upwards = [export.attributes[name] for export in exports.list(QueryParams().sort(name)).data]
    downwards = [export.attributes[name] for export in exports.list(QueryParams().sort(f"-{name}")).data]
    assert upwards == sorted(export.attributes[name] for export in all_of_them)
    assert downwards == upwards[::-1]


def test_pages(exports: CdrExportRepository, all_of_them: list[Any]) -> None:
    pages = takewhile(bool, (exports.list(QueryParams().page(number, 4)).data for number in count(1)))
    assert [export.id for page in pages for export in page] == [export.id for export in all_of_them]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        (QueryParams().sort("url"), "sort"),
        (QueryParams().page(size=1001), "page[size]"),
        (QueryParams().filter("status", "Pending"), "filter[status]"),
        (QueryParams().include("account"), "include"),
    ],
)
def test_a_query_that_is_refused(exports: CdrExportRepository, query: QueryParams, parameter: str) -> None:
    with pytest.raises(DidwwApiError) as caught:
        exports.list(query)
    assert caught.value.status_code == 400
    (error,) = caught.value.errors
    assert error["source"] == {"parameter": parameter}
    assert str(caught.value) == error["detail"]


def test_another_customers_export_is_one_that_does_not_exist(exports: CdrExportRepository, service: Service) -> None:
    refusals = []
    for id_ in (exports_of(service, 1).list().data[0].id, str(uuid4())):
        with pytest.raises(DidwwApiError) as caught:
            exports.find(id_)
        assert caught.value.status_code == 404
        refusals.append(str(caught.value).replace(id_, "<id>"))
    assert refusals[0] == refusals[1]


def test_a_wrong_key(service: Service) -> None:
    client = DidwwClient(TOKENS.issue("customer-v1", 1), base_url=f"{service.url}/v3")
    with pytest.raises(DidwwApiError) as caught:
        CdrExportRepository(client).list()
    assert caught.value.status_code == 401
