"""Orders for exports: what is made of a good one, and that nothing is made of any other."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.models import Account, CdrExport
from jsonapi_sieve.cdr.schemas import CdrExportSchema
from jsonapi_sieve.document import TopLevel
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.service import customer_api
from tests.service.running import ROOT, Service, errors_of, service_of

EXPORTS = f"{ROOT}/cdr-exports"
ACCOUNT = "aa3432e2-a26e-11ef-a008-0242ac120003"
POINTER = "/data/attributes/filters"


def order(filters: object = None, account: object = ACCOUNT, **members: Any) -> dict[str, Any]:
    """Make the document of an order, with other members where they are given."""
    resource = {
        "type": "cdr-exports",
        "attributes": {"filters": {"duration_eq": 60} if filters is None else filters},
        "relationships": {"account": {"data": {"type": "accounts", "id": account}}},
    }
    return {"data": resource | members}


def exports(service: Service) -> int:
    with Session(service.engine) as session:
        return session.scalar(select(func.count()).select_from(CdrExport)) or 0


def foreign_account(service: Service) -> str:
    with Session(service.engine) as session:
        return session.scalars(select(Account.id).where(Account.customer_id == 2).limit(1)).one()


@pytest.mark.rule("CRE-05")
def test_an_order_is_a_row_of_the_customer(service: Service) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    response = service.post(EXPORTS, order({"success_eq": "true", "time_start_gteq": "2026-01-01 00:00:00"}))
    assert response.status_code == 201
    with Session(service.engine) as session:
        row = session.get_one(CdrExport, response.json()["data"]["id"])
    assert row.filters == {"time_start_gteq": "2026-01-01T00:00:00.000Z", "success_eq": True}
    assert list(row.filters) == ["time_start_gteq", "success_eq"]
    assert (row.customer_id, row.account_id, row.status, row.rows_count) == (1, ACCOUNT, "Pending", None)
    assert before <= row.created_at == row.updated_at <= datetime.now(UTC)
    assert row.created_at.microsecond % 1000 == 0


@pytest.mark.rule("CRE-06", "CRE-07")
def test_an_order_may_include_and_choose_fields(service: Service) -> None:
    response = service.post(f"{EXPORTS}?include=account&fields[accounts]=name&fields[cdr-exports]=account", order())
    document = response.json()
    assert response.status_code == 201
    assert [resource["attributes"] for resource in document["included"]] == [{"name": "Northwind retail"}]
    assert "attributes" not in document["data"]
    assert response.headers["location"] == document["data"]["links"]["self"]


def test_orders_without_filters_are_orders_for_everything(service: Service) -> None:
    response = service.post(EXPORTS, order({}))
    assert response.json()["data"]["attributes"]["filters"] == {}


@pytest.mark.rule("CRE-01", "CRE-02", "CRE-03", "CRE-04", "CRE-09", "CRE-10", "DOC-01", "DOC-10", "DOC-17", "ERR-07")
@pytest.mark.parametrize(
    ("document", "status", "pointers"),
    [
        (order({"duration_eq": "x"}), 422, [f"{POINTER}/duration_eq"]),
        (
            order({"duration_eq": 1.5, "customer_id_eq": 2}),
            422,
            [f"{POINTER}/duration_eq", f"{POINTER}/customer_id_eq"],
        ),
        (order({"time_start_gteq": "2026-02-30"}), 422, [f"{POINTER}/time_start_gteq"]),
        (order({"duration_eq": None}), 422, [f"{POINTER}/duration_eq"]),
        (order([1]), 422, [POINTER]),
        (order("x"), 422, [POINTER]),
        (order(attributes={}), 422, ["/data"]),
        (order(attributes={"filters": {}, "status": "Completed"}), 422, ["/data/attributes/status"]),
        (order(attributes={"filters": {}, "nothing": 1}), 422, ["/data/attributes/nothing"]),
        (order(relationships={}), 422, ["/data"]),
        (order(relationships={"account": {}}), 400, ["/data/relationships/account"]),
        (order(relationships={"account": {"data": None}}), 422, ["/data/relationships/account"]),
        (order(relationships={"account": {"data": []}}), 422, ["/data/relationships/account"]),
        (
            order(relationships={"account": {"data": {"type": "cdrs", "id": "8"}}}),
            422,
            ["/data/relationships/account/data/type"],
        ),
        (order(account="8"), 404, ["/data/relationships/account"]),
        (order(account=8), 400, ["/data/relationships/account/data/id"]),
        (order(type="cdr_exports"), 409, ["/data/type"]),
        (order(type=None), 400, ["/data/type"]),
        (order(id="4adaf042-445e-11ef-b3ec-0242ac120003"), 403, ["/data/id"]),
        ({"data": [order()["data"]]}, 400, ["/data"]),
        ({"data": None}, 400, ["/data"]),
        ({}, 400, [""]),
        ([], 400, [""]),
        (1, 400, [""]),
    ],
)
def test_a_bad_order_is_refused_and_leaves_nothing(
    service: Service, document: object, status: int, pointers: list[str]
) -> None:
    before = exports(service)
    errors = errors_of(service.post(EXPORTS, document), status)
    found = [error["source"]["pointer"] for error in errors]
    assert len(found) == len(pointers)
    assert all(at.startswith(pointer) for at, pointer in zip(found, pointers, strict=True)), found
    assert exports(service) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b'{"data":NaN}',
        b'{"data":1,"data":2}',
        b"\xff\xfe{}",
        b'"\xed\xa0\x80"',
        b'{"data":"\\ud800"}',
        b'{"a":"\\u0000"}',
        b"[" * 100_000,
        b'{"data":' + b"9" * 100_000 + b"}",
        b'{"a":' * 50_000,
        b"a=b&c=d",
        b"<xml/>",
    ],
)
def test_a_body_that_is_no_json_is_refused(service: Service, body: bytes) -> None:
    before = exports(service)
    errors_of(service.post(EXPORTS, body), 400)
    assert exports(service) == before


@pytest.mark.rule("CRE-09")
def test_an_account_of_somebody_else_is_one_that_does_not_exist(service: Service) -> None:
    before = exports(service)
    unknown = "00000000-0000-4000-8000-000000000000"
    answers = []
    for account in (foreign_account(service), unknown, "8", "x" * 100, ""):
        response = service.post(EXPORTS, order(account=account))
        (error,) = errors_of(response, 404)
        assert error["source"] == {"pointer": "/data/relationships/account"}
        answers.append(response.text.replace(account[:64] or "''", "ID"))
    assert answers[0] == answers[1]
    assert exports(service) == before


def test_an_account_may_be_spelled_as_in_filters(service: Service) -> None:
    response = service.post(EXPORTS, order(account=ACCOUNT.upper()))
    assert response.status_code == 201
    export = response.json()["data"]["id"]
    assert service.get(f"{EXPORTS}/{export}/account").json()["data"]["id"] == ACCOUNT


@pytest.mark.rule("ERR-09", "ERR-10")
def test_all_faults_of_an_order_are_told_at_once(service: Service) -> None:
    document = order({"x": 1, "duration_eq": "y"}, account="8")
    document["data"]["attributes"]["z"] = 1
    errors = errors_of(service.post(EXPORTS, document), 400)
    assert {error["status"] for error in errors} == {"422", "404"}
    assert len(errors) == 4


def test_times_may_be_required(service: Service) -> None:
    with service_of(service.engine, apis=[customer_api(times_required=True)]) as strict:
        errors = errors_of(strict.post(EXPORTS, order()), 422)
        assert [error["code"] for error in errors] == ["missing-filter"] * 2
        errors_of(strict.post(EXPORTS, order({"time_start_gteq": "2026-01-01"})), 422)
        both = order({"time_start_lt": "2026-01-02", "time_start_gteq": "2026-01-01"})
        assert strict.post(EXPORTS, both).status_code == 201


@pytest.mark.rule("DOC-07", "CRE-07")
def test_the_document_of_an_order_links_to_the_order(service: Service) -> None:
    api = customer_api()
    resource = Resource(CdrExportSchema, include=("account",), top_level=TopLevel(self_link=True))
    endpoints = (api.endpoints[0]._replace(resource=resource), *api.endpoints[1:])
    with service_of(service.engine, apis=[api._replace(endpoints=endpoints)]) as linked:
        response = linked.post(f"{EXPORTS}?include=account", order())
        itself = response.json()["links"]["self"]
        assert itself == f"{response.headers['location']}?include=account"
        assert linked.get(itself.removeprefix(linked.url)).json() == response.json()


@pytest.mark.rule("CN-12", "DOC-05", "DOC-26")
def test_members_of_the_future_are_passed_over(service: Service) -> None:
    document = json.loads(json.dumps(order()))
    document |= {"jsonapi": {"version": "1.1"}, "@context": 1}
    document["data"] |= {"@id": "x", "meta": {"a": 1}, "links": {}}
    assert service.post(EXPORTS, document).status_code == 201


def details_of(service: Service, document: object, status: int) -> list[tuple[str, str]]:
    """Give the sentence and the place of each fault of an order."""
    errors = errors_of(service.post(EXPORTS, document), status)
    return [(error["detail"], error["source"]["pointer"]) for error in errors]


OWNER = "/data/relationships/account"


@pytest.mark.parametrize(
    ("document", "status", "found"),
    [
        (order(relationships={}), 422, [("account - can't be blank", "/data/relationships")]),
        (order(relationships={"account": {"data": None}}), 422, [("account - can't be blank", f"{OWNER}/data")]),
        (order(account="8"), 404, [("account - is invalid", OWNER)]),
        (order(attributes={}), 422, [("filters - can't be blank", "/data/attributes")]),
        (order(attributes={"filters": None}), 422, [("filters - can't be blank", POINTER)]),
        (
            order({"customer_id_eq": 1, "customer_acc_id_eq": 1}),
            422,
            [
                ("filters - customer_id_eq not allowed", f"{POINTER}/customer_id_eq"),
                ("filters - customer_acc_id_eq not allowed", f"{POINTER}/customer_acc_id_eq"),
            ],
        ),
        (order({"a/b": 1}), 422, [("filters - 'a/b' not allowed", f"{POINTER}/a~1b")]),
        (
            order(attributes={"filters": {}, "status": "Completed", "time-format": "x"}),
            422,
            [
                ("status is not allowed.", "/data/attributes/status"),
                ("time-format is not allowed.", "/data/attributes/time-format"),
            ],
        ),
    ],
)
def test_an_order_is_refused_in_the_words_of_the_upstream_api(
    service: Service, document: object, status: int, found: list[tuple[str, str]]
) -> None:
    assert details_of(service, document, status) == found


def test_required_times_are_named_in_the_words_of_the_upstream_api(service: Service) -> None:
    with service_of(service.engine, apis=[customer_api(times_required=True)]) as strict:
        assert details_of(strict, order({}), 422) == [
            ("filters - requires time_start_gteq", POINTER),
            ("filters - requires time_start_lt", POINTER),
        ]


def test_an_order_may_say_how_times_are_written_where_that_is_offered(service: Service) -> None:
    with service_of(service.engine, apis=[customer_api(times_shown=True)]) as newer:
        usual = newer.post(EXPORTS, order()).json()["data"]["attributes"]
        assert list(usual)[-2:] == ["time-format", "time-zone-name"]
        assert (usual["time-format"], usual["time-zone-name"]) == ("with_timezone", None)
        times = {"time-format": "round_to_seconds", "time-zone-name": "Europe/Berlin"}
        response = newer.post(EXPORTS, order(attributes={"filters": {}, **times}))
        assert response.status_code == 201
        assert times.items() <= response.json()["data"]["attributes"].items()
        query = "filter[time-format]=round_to_seconds&filter[time-zone-name-eq]=Europe%2FBerlin&sort=-time-zone-name"
        (found,) = newer.get(f"{EXPORTS}?{query}").json()["data"]
        assert found["id"] == response.json()["data"]["id"]
        shown = service.get(f"{EXPORTS}/{found['id']}").json()["data"]["attributes"]
        assert shown.keys().isdisjoint(times)
        for parameter in ("filter[time-format]=x", "filter[time-zone]=x"):
            errors_of(newer.get(f"{EXPORTS}?{parameter}"), 400)
    for parameter in ("filter[time-format]=with_timezone", "sort=time-zone-name", "filter[time-zone-name-eq]=UTC"):
        errors_of(service.get(f"{EXPORTS}?{parameter}"), 400)


ALLOWED_TIMES = {
    "time-format": ["with_timezone", "without_timezone", "round_to_seconds"],
    "time-zone-name": "a name of the IANA time zone database such as Europe/Berlin",
}


@pytest.mark.parametrize(
    ("times", "detail"),
    [
        *(
            ({"time-zone-name": name}, "time-zone-name - is not included in the list")
            for name in ("", "Mars/Phobos", "../../etc/passwd", "/etc/localtime", "UTC+3", "localtime", "europe/berlin")
        ),
        (
            {"time-format": "iso"},
            "time-format - is not included in the list: with_timezone, without_timezone, round_to_seconds",
        ),
    ],
)
def test_times_that_cannot_be_written_are_refused(service: Service, times: dict[str, str], detail: str) -> None:
    with service_of(service.engine, apis=[customer_api(times_shown=True)]) as newer:
        before = exports(newer)
        (member,) = times
        document = order(attributes={"filters": {}, **times})
        (error,) = errors_of(newer.post(EXPORTS, document), 422)
        assert (error["detail"], error["source"]) == (detail, {"pointer": f"/data/attributes/{member}"})
        assert error["meta"]["allowed"] == ALLOWED_TIMES[member]
        assert exports(newer) == before
