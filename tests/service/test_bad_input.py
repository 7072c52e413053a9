"""Whatever a client sends gets an error document that says where the fault is: never a 5xx, and never other rows."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from jsonapi_sieve import Limits
from jsonapi_sieve.cdr.filters import CdrFilters
from jsonapi_sieve.cdr.models import Cdr
from jsonapi_sieve.cdr.resources import CDRS
from jsonapi_sieve.cdr.schemas import CdrSchema
from jsonapi_sieve.paging import NumberedPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.service import customer_api, open_engine
from tests.service.running import ROOT, Service, errors_of, service_of

HOSTILE = [
    "'",
    "' OR 1=1 --",
    "\x00",
    "%00",
    "%",
    "%FF",
    "%ED%A0%80",
    "\ud7ff\ue000",
    "../../etc/passwd",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "__class__",
    "__proto__",
    "a" * 10_000,
    "9" * 400,
    "1e999",
    "-0",
    "NaN",
    "Infinity",
    "１",  # noqa: RUF001
    "true",
    "null",
    "[]",
    "a,b",
    '"',
    '"a',
    ",",
    "\r\n",
    "\u202e",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31T23:59:59-23:59",
    "99999999999",
    "-99999999999999999999",
    "::ffff:1.2.3.4%eth0",
]


def refused(service: Service, query: str, path: str = f"{ROOT}/cdrs", status: int = 400) -> list[dict[str, Any]]:
    return errors_of(service.get(f"{path}?{query}"), status)


@pytest.mark.rule("ERR-08", "QRY-07", "QRY-11")
@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("filter[nothing-eq]=1", "filter[nothing-eq]", "unknown-filter"),
        ("filter[id][]=1", "filter[id][]", "unknown-filter"),
        ("filter[duration]=1", "filter[duration]", "unknown-filter"),
        ("filter[customer-id-eq]=2", "filter[customer-id-eq]", "unknown-filter"),
        ("filter[rec-eq]=true", "filter[rec-eq]", "unknown-filter"),
        ("filter=1", "filter", "unknown-filter"),
        ("Filter[id]=1", "Filter[id]", "unknown-filter"),
        ("filter[duration-eq]=", "filter[duration-eq]", "empty-value"),
        ("filter[duration-in]=1,,2", "filter[duration-in]", "empty-value"),
        ("filter[duration-eq]=1,2", "filter[duration-eq]", "too-many-values"),
        ("filter[duration-eq]=1.5", "filter[duration-eq]", "invalid-value"),
        ("filter[time-start-gteq]=2026-02-30", "filter[time-start-gteq]", "invalid-value"),
        ("filter[time-start-gteq]=2026-01-01T24:00:00Z", "filter[time-start-gteq]", "invalid-value"),
        ("filter[auth-orig-ip-eq]=300.0.0.1", "filter[auth-orig-ip-eq]", "invalid-value"),
        ("filter[success-eq]=maybe", "filter[success-eq]", "invalid-value"),
        ("filter[account-id-eq]=8", "filter[account-id-eq]", "invalid-value"),
        ("filter[src-name-in-eq]=%00", "filter[src-name-in-eq]", "invalid-encoding"),
        ("filter[src-name-in-eq]=%ZZ", "filter[src-name-in-eq]", "invalid-encoding"),
        ("filter[id]=1&filter[id]=2", "filter[id]", "repeated-parameter"),
        (f"filter[id]={','.join(map(str, range(1001)))}", "filter[id]", "list-items-limit"),
        ("sort=nothing", "sort", "unknown-sort-key"),
        ("sort=time_start", "sort", "unknown-sort-key"),
        ("sort=account", "sort", "unknown-sort-key"),
        ("sort=customer-id", "sort", "unknown-sort-key"),
        ("sort=", "sort", "empty-sort-key"),
        ("sort=id,-id", "sort", "repeated-sort-key"),
        ("sort=id&sort=id", "sort", "repeated-parameter"),
        ("page[size]=0", "page[size]", ""),
        ("page[size]=-1", "page[size]", ""),
        ("page[size]=1001", "page[size]", "page-size-limit"),
        ("page[size]=1e2", "page[size]", ""),
        ("page[number]=0", "page[number]", ""),
        ("page[number]=x", "page[number]", ""),
        (f"page[number]={2**31}", "page[number]", ""),
        (f"page[number]={'9' * 5000}", "page[number]", ""),
        ("page[offset]=1", "page[offset]", ""),
        ("page=2", "page", ""),
        ("include=nothing", "include", ""),
        ("include=account.nothing", "include", ""),
        ("include=account,", "include", ""),
        ("fields[cdrs]=nothing", "fields[cdrs]", ""),
        ("fields[nothing]=id", "fields[nothing]", ""),
        ("utm_source=x", "utm_source", "unknown-parameter"),
        ("__proto__[x]=1", "__proto__[x]", "unknown-parameter"),
    ],
)
def test_a_fault_is_told_with_its_parameter(service: Service, query: str, parameter: str, code: str) -> None:
    (error,) = refused(service, query)
    assert error["source"] == {"parameter": parameter}
    assert code in error["code"]


@pytest.mark.rule("ERR-10")
def test_all_faults_are_told_at_once(service: Service) -> None:
    errors = refused(
        service, "filter[duration-eq]=x&filter[y]=1&sort=z&page[size]=0&page[number]=0&include=w&fields[v]=u"
    )
    assert [error["source"]["parameter"] for error in errors] == [
        "filter[duration-eq]",
        "filter[y]",
        "sort",
        "page[size]",
        "page[number]",
        "include",
        "fields[v]",
    ]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("path", ["cdrs", "cdr-exports"])
def test_no_hostile_key_or_value_breaks_a_listing(service: Service, path: str, hostile: str) -> None:
    fields = [
        "id-eq",
        "id",
        "status-eq",
        "duration-in",
        "time-start-eq",
        "src-name-in-cont",
        "auth-orig-ip-in",
        "name-in",
    ]
    texts = {hostile if "%" in hostile else quote(hostile), quote(hostile)}
    for text in texts:
        queries = [f"{text}=1", f"filter[{text}]=1", f"sort={text}", f"include={text}", f"page[size]={text}"]
        queries += [
            f"page[{text}]=1",
            f"fields[{text}]=x",
            f"fields[cdrs]={text}",
            *(f"filter[{of}]={text}" for of in fields),
        ]
        for query in queries:
            response = service.get(f"{ROOT}/{path}?{query}")
            assert response.status_code in (200, 400), query
            assert ("errors" in response.json()) == (response.status_code == 400)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("path", ["cdrs", "cdr-exports", "accounts", "transport-protocols"])
def test_no_hostile_identifier_breaks_an_address(service: Service, path: str, hostile: str) -> None:
    for suffix in ("", "/account", "/relationships/account"):
        response = service.get(f"{ROOT}/{path}/{quote(hostile, safe='%')}{suffix}")
        errors_of(response, 404)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("cdrs/8", "filter[id]=8"),
        ("cdrs/8", "sort=id"),
        ("cdrs/8", "page[size]=1"),
        ("cdrs/8", "nothing=1"),
        ("cdrs/8", "include=nothing"),
        ("cdrs/8/account", "include=account"),
        ("cdrs/8/account", "sort=id"),
        ("cdrs/8/relationships/account", "include=account"),
        ("cdrs/8/relationships/account", "fields[accounts]=name"),
        ("cdrs/8/relationships/account", "x=1"),
        ("accounts", "include=account"),
        ("transport-protocols", "filter[name-eq]=UDP"),
    ],
)
def test_what_an_address_does_not_take_is_refused(service: Service, path: str, query: str) -> None:
    (error,) = refused(service, query, f"{ROOT}/{path}")
    assert error["source"] == {"parameter": query.partition("=")[0]}


@pytest.mark.parametrize(
    "query", ["filter[status-eq]=Pending", "filter[year-eq]=2017", "sort=url", "include=x", "sort=-"]
)
def test_version_3_takes_only_its_own_parameters(service: Service, query: str) -> None:
    (error,) = refused(service, query, "/v3/cdr_exports")
    assert error["source"] == {"parameter": query.partition("=")[0]}


def test_numbers_beyond_a_column_select_nothing_or_everything(service: Service) -> None:
    since = "filter[time-start-gteq]=2000-01-01"
    total = service.get(f"{ROOT}/cdrs?{since}&filter[duration-gteq]=-1").json()["meta"]["total-count"]
    assert total > 0
    for value in (2**31, 2**62, 10**18):
        for test, expected in (
            (f"eq]={value}", 0),
            (f"lt]={value}", total),
            (f"gt]=-{value}", total),
            (f"gt]={value}", 0),
        ):
            document = service.get(f"{ROOT}/cdrs?{since}&filter[duration-{test}").json()
            assert document["meta"] == {"total-count": expected}


def test_a_page_beyond_the_last_is_empty(service: Service) -> None:
    document = service.get(f"{ROOT}/cdr-exports?page[number]={2**31 - 1}&page[size]=1000").json()
    assert document["data"] == []
    assert list(document["links"]) == ["first", "prev", "last"]


def test_a_list_over_budget_selects_its_rows_when_the_budget_is_raised(service: Service) -> None:
    wanted = ",".join(map(str, range(1, 1202)))
    query = f"filter[id]={wanted}&page[size]=1000&sort=id"
    (error,) = refused(service, query)
    assert (error["code"], error["meta"]) == ("list-items-limit", {"limit": 1000})
    raised = Resource(
        CdrSchema,
        filters=CdrFilters(limits=Limits(list_items=2_000, page_size=2_000)),
        sort=CDRS.sort,
        pages=NumberedPages(maximum=2_000),
    )
    api = customer_api()
    endpoints = tuple(
        endpoint._replace(resource=raised) if endpoint.model is Cdr else endpoint for endpoint in api.endpoints
    )
    with service_of(service.engine, apis=[api._replace(endpoints=endpoints)]) as generous:
        document = generous.get(f"{ROOT}/cdrs?{query.replace('size]=1000', 'size]=2000')}").json()
    every = service.get(f"{ROOT}/cdrs?filter[time-start-gteq]=2000-01-01&sort=id&page[size]=1000").json()["data"]
    first = [cdr["id"] for cdr in every if int(cdr["id"]) < 1202]
    assert [cdr["id"] for cdr in document["data"]] == first
    assert document["meta"]["total-count"] == len(first) > 500


@pytest.mark.rule("CN-01")
def test_what_nobody_foresaw_is_told_without_its_reasons(tmp_path: Any) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with service_of(engine) as broken:
        (error,) = errors_of(broken.get(f"{ROOT}/cdrs"), 500)
    engine.dispose()
    assert error == {
        "status": "500",
        "code": "internal-error",
        "title": "Internal server error",
        "detail": "The service could not answer.",
    }
