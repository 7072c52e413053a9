"""In what order a request is judged: each stage as a whole before the next."""

from __future__ import annotations

import json

import pytest

from tests.service.running import MEDIA_TYPE, ROOT, Service, errors_of, request

EXPORTS = f"{ROOT}/cdr-exports"

# What is wrong at each stage, from the last to the first; a request with all faults up to one gets the answer to it.
# Its status, its code, and how to make it: what of the request is replaced.
STAGES: list[tuple[int, str, dict[str, str]]] = [
    (422, "", {"body": '{"data":{"type":"cdr-exports","attributes":{"status":"Pending"}}}'}),
    (409, "", {"body": '{"data":{"type":"cdrs","attributes":{"status":"Pending"}}}'}),
    (400, "", {"body": '{"data":{"type":7,"attributes":[]}}'}),
    (400, "invalid-json", {"body": "{"}),
    (413, "body-limit", {"body": "{" * (2**20 + 1)}),
    (415, "unsupported-encoding", {"encoding": "gzip"}),
    (415, "unsupported-media-type", {"type": "application/json"}),
    (406, "not-acceptable", {"accept": "text/html"}),
    (405, "method-not-allowed", {"method": "PATCH"}),
    (404, "not-found", {"path": f"{ROOT}/nothing"}),
    (401, "unauthorized", {"token": "abc"}),
    (400, "invalid-host", {"host": "elsewhere.example"}),
]


@pytest.mark.parametrize("stage", range(len(STAGES)), ids=[f"{status} {code}" for status, code, _ in STAGES])
def test_the_first_stage_with_a_fault_answers(service: Service, stage: int) -> None:
    parts = {"method": "POST", "path": EXPORTS, "type": MEDIA_TYPE, "accept": MEDIA_TYPE, "host": "127.0.0.1"}
    parts["encoding"] = "identity"
    parts["token"] = service.headers(EXPORTS)["Authorization"]
    for _, _, fault in STAGES[: stage + 1]:
        parts |= fault
    headers = {
        "Host": parts["host"],
        "Authorization": parts["token"],
        "Accept": parts["accept"],
        "Content-Type": parts["type"],
        "Content-Encoding": parts["encoding"],
    }
    response = service.client.request(
        parts["method"], service.url + parts["path"], content=parts["body"], headers=headers
    )
    status, code, _ = STAGES[stage]
    assert response.status_code == status, response.text
    assert code in response.json()["errors"][0]["code"]


def test_a_query_string_that_is_too_long_is_told_before_the_body_is_judged(service: Service) -> None:
    headers = {
        "Host": "localhost",
        "Authorization": service.headers(EXPORTS)["Authorization"],
        "Content-Type": MEDIA_TYPE,
        "Content-Length": "1",
        "Connection": "close",
    }
    status, _, body = service.raw(request(f"POST {EXPORTS}?{'x' * 70_000} HTTP/1.1", headers, b"{"))
    assert (status, json.loads(body)["errors"][0]["code"]) == (414, "query-string-limit")


def test_the_query_string_of_a_post_is_judged_after_its_body(service: Service) -> None:
    assert service.post(f"{EXPORTS}?sort=status", {"data": {"type": "cdrs"}}).status_code == 409
    (account, *_) = service.get(f"{ROOT}/accounts").json()["data"]
    resource = {
        "type": "cdr-exports",
        "attributes": {"filters": {"duration_eq": 1}},
        "relationships": {"account": {"data": {"type": "accounts", "id": account["id"]}}},
    }
    before = service.get(EXPORTS).json()["meta"]["total-count"]
    response = service.post(f"{EXPORTS}?sort=status", {"data": resource})
    assert (response.status_code, response.json()["errors"][0]["source"]) == (400, {"parameter": "sort"})
    assert service.get(EXPORTS).json()["meta"]["total-count"] == before


EXPORT = f"{EXPORTS}/4ada331e-445e-11ef-b3ec-0242ac120003"


CREATING = (EXPORTS, "/v3/cdr_exports", "/v3/exports")


def refused(service: Service, method: str, path: str) -> tuple[int, str]:
    """Give the status and the code of what a method is refused with, after looking at what it says is allowed."""
    response = service.client.request(method, service.url + path, headers=service.headers(path))
    (error,) = errors_of(response, response.status_code)
    allowed = response.headers["allow"]
    assert error["meta"]["allowed"] == allowed.split(", ")
    assert allowed == ("GET, HEAD, POST" if path in CREATING else "GET, HEAD")
    told = {"GET, HEAD, POST": "GET, HEAD and POST are.", "GET, HEAD": "GET and HEAD are."}
    assert error["detail"].endswith(f" is not supported here; {told[allowed]}")
    return response.status_code, error["code"]


@pytest.mark.rule("FET-05", "CRE-12")
@pytest.mark.parametrize(
    ("path", "method"),
    [
        (path, method)
        for path in (
            *(EXPORTS, EXPORT, f"{ROOT}/cdrs", f"{ROOT}/cdrs/8/account"),
            *(f"{ROOT}/cdrs/8/relationships/account", "/v3/cdr_exports", "/v3/exports", f"{EXPORT}/download"),
        )
        for method in ("DELETE", "POST", "PATCH", "PUT", "OPTIONS", "BREW")
        if method != "POST" or path not in CREATING
    ],
)
def test_other_methods_are_refused_with_those_that_are_allowed(service: Service, path: str, method: str) -> None:
    updates = {EXPORT: ["PATCH"], f"{ROOT}/cdrs/8/relationships/account": ["PATCH", "POST", "DELETE"]}
    forbidden = method in updates.get(path, [])
    expected = (403, "unsupported-update") if forbidden else (405, "method-not-allowed")
    assert refused(service, method, path) == expected


@pytest.mark.rule("UPD-06", "REL-06")
def test_an_update_is_forbidden_whatever_its_body_is_and_whether_there_is_something_to_update(service: Service) -> None:
    for path in (EXPORT, f"{ROOT}/cdrs/99999999", f"{ROOT}/cdrs/8/relationships/account"):
        response = service.client.patch(service.url + path, content=b"{", headers=service.headers(path))
        assert response.status_code == 403


@pytest.mark.rule("CN-01", "CN-10", "FET-04")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api",
        ROOT,
        f"{ROOT}/",
        f"{ROOT}/nothing",
        f"{ROOT}/cdrs/",
        f"{ROOT}//cdrs",
        f"{ROOT}/CDRS",
        f"{ROOT}/cdrs%0A",
        f"{ROOT}/cdrs/8/",
        f"{ROOT}%2Fcdrs",
        f"{ROOT}/cdrs%2F8",
        f"{ROOT}/cdrs%2f8",
        f"{ROOT}/cdrs/8%2Faccount",
        f"{ROOT}/cdrs/8%252Faccount",
        f"{ROOT}/cdrs/8/nothing",
        f"{ROOT}/cdrs/8/customer",
        f"{ROOT}/cdrs/8/relationships",
        f"{ROOT}/cdrs/8/relationships/nothing",
        f"{ROOT}/cdrs/8/relationships/account/",
        f"{ROOT}/cdr-exports/8/relationships/auth-orig-transport-protocol",
        f"{ROOT}/cdr_exports",
        "/v3/cdrs",
        "/v3/cdr-exports",
    ],
)
def test_other_addresses_are_not_found(service: Service, path: str) -> None:
    response = service.get(path)
    assert (response.status_code, response.headers["content-type"]) == (404, MEDIA_TYPE)
    assert response.headers["vary"] == "Accept"
    assert [error["code"] for error in response.json()["errors"]] == ["not-found"]


@pytest.mark.rule("FET-05")
@pytest.mark.parametrize(
    "path", [f"{ROOT}/cdrs/8", f"{ROOT}/cdrs", f"{ROOT}/cdrs/9999999", f"{ROOT}/nothing", f"{ROOT}/cdrs?sort=x"]
)
def test_head_is_get_without_the_body(service: Service, path: str) -> None:
    got = service.get(path)
    head = service.client.head(service.url + path, headers=service.headers(path))
    assert head.content == b""
    assert head.status_code == got.status_code
    assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


@pytest.mark.rule("CN-01", "CN-02", "CN-10")
def test_every_answer_has_the_same_headers(service: Service) -> None:
    for path in (f"{ROOT}/cdrs", f"{ROOT}/nothing", f"{ROOT}/cdrs?x=1"):
        headers = service.get(path).headers
        assert headers["content-type"] == MEDIA_TYPE
        assert headers["vary"] == "Accept"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["cache-control"] == "max-age=0, private, must-revalidate"
        assert "server" not in headers


@pytest.mark.rule("CN-13")
@pytest.mark.parametrize("type_", [MEDIA_TYPE, "application/json", f"{MEDIA_TYPE}; charset=utf-8", "nonsense"])
def test_the_content_type_of_a_get_says_nothing(service: Service, type_: str) -> None:
    assert service.get(f"{ROOT}/cdrs/8", headers={"Content-Type": type_}).status_code == 200


@pytest.mark.rule("CN-07", "CN-14")
@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*", 200),
        ("application/*", 200),
        (f"{MEDIA_TYPE}; foo=1", 406),
        (f"{MEDIA_TYPE}; foo=1, {MEDIA_TYPE}", 200),
        ("text/html", 406),
    ],
)
def test_what_a_client_accepts(service: Service, accept: str, status: int) -> None:
    assert service.get(f"{ROOT}/cdrs/8", headers={"Accept": accept}).status_code == status


def test_several_accept_headers_are_one(service: Service) -> None:
    headers = [
        ("Authorization", service.headers(ROOT)["Authorization"]),
        ("Accept", "text/html"),
        ("Accept", MEDIA_TYPE),
    ]
    assert service.client.get(f"{service.url}{ROOT}/cdrs/8", headers=headers).status_code == 200


@pytest.mark.rule("FET-05", "CN-10")
@pytest.mark.parametrize(
    "path", [f"{ROOT}/cdrs/8", f"{ROOT}/cdrs?page[size]=2", f"{ROOT}/cdrs/8/relationships/account"]
)
def test_who_has_a_document_gets_it_no_second_time(service: Service, path: str) -> None:
    got = service.get(path)
    tag = got.headers["etag"]
    assert service.get(path, headers={"If-None-Match": '"x"'}).content == got.content
    for method in ("GET", "HEAD"):
        headers = {**service.headers(path), "If-None-Match": f'"x", W/{tag}'}
        again = service.client.request(method, service.url + path, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        kept = ("etag", "vary", "cache-control")
        assert [again.headers[name] for name in kept] == [got.headers[name] for name in kept]
        assert "content-type" not in again.headers


@pytest.mark.rule("FET-05")
def test_faults_have_no_tag(service: Service) -> None:
    response = service.get(f"{ROOT}/cdrs/99999999", headers={"If-None-Match": "*"})
    assert response.status_code == 404
    assert "etag" not in response.headers
