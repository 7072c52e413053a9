"""jsonapi-requests: its requests by path, and its models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonapi_requests
import pytest
from jsonapi_requests import orm
from jsonapi_requests.request_factory import ApiClientError

from tests.patience import PATIENCE
from tests.service.running import ROOT, Service


class Token:
    """Puts a token in the header; the client's requests call it."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = self.token
        return request


def settings(service: Service) -> dict[str, object]:
    return {
        "API_ROOT": f"{service.url}{ROOT}",
        "AUTH": Token(service.headers(ROOT)["Authorization"]),
        "APPEND_SLASH": False,  # by default it asks /cdrs/, which is another address
        "TIMEOUT": PATIENCE,
    }


@pytest.fixture
def api(service: Service) -> jsonapi_requests.Api:
    return jsonapi_requests.Api.config(settings(service))


def pages(api: jsonapi_requests.Api, path: str, **params: object) -> Iterator[Any]:
    page = api.endpoint(path).get(params=params).content
    yield page
    while next_page := page.links.get("next"):
        page = api.endpoint(next_page).get().content
        yield page


def test_a_listing(api: jsonapi_requests.Api) -> None:
    response = api.endpoint("cdr-exports").get(
        params={"filter[status-in]": "Pending,Failed", "sort": "-created-at", "page[size]": 7}
    )
    assert response.status_code == 200
    assert len(response.data) == 7
    assert {export.attributes["status"] for export in response.data} <= {"Pending", "Failed"}
    created = [export.attributes["created-at"] for export in response.data]
    assert created == sorted(created, reverse=True)
    assert response.content.meta["total-count"] > 7


def test_pages_by_their_links(api: jsonapi_requests.Api) -> None:
    walked = list(pages(api, "cdr-exports", **{"sort": "status,-created-at", "page[size]": 30}))
    (whole,) = pages(api, "cdr-exports", **{"sort": "status,-created-at", "page[size]": 1000})
    assert len(walked) > 3
    assert [export.id for page in walked for export in page.data] == [export.id for export in whole.data]
    back = api.endpoint(walked[-1].links["prev"]).get()
    assert back.content == walked[-2]


def test_a_cdr_and_what_it_is_related_to(api: jsonapi_requests.Api) -> None:
    cdr = api.endpoint("cdrs/8").get().data
    assert (cdr.type, cdr.id, cdr.attributes["destination-fee"]) == ("cdrs", "8", "3.15")
    relationship = cdr.relationships["account"]
    account = api.endpoint(relationship.links["related"]).get().data
    identifier = api.endpoint(relationship.links["self"]).get().data
    assert (identifier.type, identifier.id) == ("accounts", account.id)
    assert account.attributes["name"] == "Northwind retail"


def test_an_export_is_created(api: jsonapi_requests.Api) -> None:
    account = api.endpoint("accounts").get().data[0]
    order = jsonapi_requests.JsonApiObject.from_data(
        {
            "type": "cdr-exports",
            "attributes": {"filters": {"time_start_gteq": "2026-01-01", "success_eq": True}},
            "relationships": {"account": {"data": {"type": "accounts", "id": account.id}}},
        }
    )
    response = api.endpoint("cdr-exports").post(object=order)
    assert response.status_code == 201
    assert response.data.attributes["filters"] == {"time_start_gteq": "2026-01-01T00:00:00.000Z", "success_eq": True}
    assert api.endpoint(response.data.links["self"]).get().data == response.data


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("cdr-exports?filter[status-eq]=Nope", 400, "invalid-value"),
        ("cdrs?page[number]=0", 400, "invalid-page-value"),
        ("cdrs/0", 404, "not-found"),
        ("cdrs/", 404, "not-found"),
    ],
)
def test_errors(api: jsonapi_requests.Api, path: str, status: int, code: str) -> None:
    with pytest.raises(ApiClientError) as caught:
        api.endpoint(path).get()
    assert caught.value.status_code == status
    (error,) = json.loads(caught.value.content)["errors"]
    assert (error["status"], error["code"]) == (str(status), code)


def models(service: Service) -> tuple[type[Any], type[Any]]:
    """Declare models of exports and accounts, whose API is part of their declaration."""
    orm_api = orm.OrmApi.config(settings(service))

    class Account(orm.ApiModel):
        class Meta:
            type = "accounts"
            api = orm_api

        name = orm.AttributeField("name")

    class CdrExport(orm.ApiModel):
        class Meta:
            type = "cdr-exports"
            api = orm_api

        filters = orm.AttributeField("filters")
        status = orm.AttributeField("status")
        account = orm.RelationField("account")

    return CdrExport, Account


def test_models_with_included_ones(service: Service) -> None:
    export_type, account_type = models(service)
    exports = export_type.get_list(params={"include": "account", "filter[status-eq]": "Completed", "page[size]": 5})
    assert [export.status for export in exports] == ["Completed"] * 5
    assert all(isinstance(export.account, account_type) and not export.account.is_stub for export in exports)
    again = export_type.from_id(exports[0].id)
    assert again.is_stub
    assert again.filters == exports[0].filters
    assert not again.is_stub


def test_models_are_saved(service: Service) -> None:
    export_type, account_type = models(service)
    (account, *_) = account_type.get_list(params={"sort": "-name"})
    order = export_type()
    order.filters = {"time_start_gteq": "2026-01-01 00:00:00", "time_start_lt": "2026-02-01 00:00:00"}
    order.account = account
    order.save()
    assert order.status == "Pending"
    assert order.filters["time_start_lt"] == "2026-02-01T00:00:00.000Z"
    assert export_type.exists(order.id)
    assert not export_type.exists("11111111-2222-3333-4444-555555555555")


def test_models_that_are_refused(service: Service) -> None:
    export_type, account_type = models(service)
    order = export_type()
    order.filters = {"rows_count_eq": 1}
    order.account = account_type.from_id("11111111-2222-3333-4444-555555555555")
    with pytest.raises(ApiClientError) as caught:
        order.save()
    errors = {error["source"]["pointer"]: error["status"] for error in json.loads(caught.value.content)["errors"]}
    assert errors == {"/data/attributes/filters/rows_count_eq": "422", "/data/relationships/account": "404"}
