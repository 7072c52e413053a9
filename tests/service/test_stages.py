"""In what order a request is judged: each stage as a whole before the next."""

from __future__ import annotations

import json

import pytest

from tests.service.running import MEDIA_TYPE, ROOT, Service, request

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


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (EXPORTS, "GET, HEAD, POST"),
        (f"{EXPORTS}/4ada331e-445e-11ef-b3ec-0242ac120003", "GET, HEAD"),
        (f"{ROOT}/cdrs", "GET, HEAD"),
        (f"{ROOT}/cdrs/8/account", "GET, HEAD"),
        (f"{ROOT}/cdrs/8/relationships/account", "GET, HEAD"),
        ("/v3/cdr_exports", "GET, HEAD"),
    ],
)
@pytest.mark.parametrize("method", ["DELETE", "PATCH", "PUT", "OPTIONS", "BREW"])
def test_other_methods_are_refused_with_those_that_are_allowed(
    service: Service, path: str, allowed: str, method: str
) -> None:
    response = service.client.request(method, service.url + path, headers=service.headers(path))
    (error,) = response.json()["errors"]
    assert (response.status_code, response.headers["allow"]) == (405, allowed)
    assert (error["code"], error["meta"]["allowed"]) == ("method-not-allowed", allowed.split(", "))
    told = {"GET, HEAD, POST": "GET, HEAD and POST are.", "GET, HEAD": "GET and HEAD are."}
    assert error["detail"].endswith(f" is not allowed here; {told[allowed]}")


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


@pytest.mark.parametrize(
    "path", [f"{ROOT}/cdrs/8", f"{ROOT}/cdrs", f"{ROOT}/cdrs/9999999", f"{ROOT}/nothing", f"{ROOT}/cdrs?sort=x"]
)
def test_head_is_get_without_the_body(service: Service, path: str) -> None:
    got = service.get(path)
    head = service.client.head(service.url + path, headers=service.headers(path))
    assert head.content == b""
    assert head.status_code == got.status_code
    assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


def test_every_answer_has_the_same_headers(service: Service) -> None:
    for path in (f"{ROOT}/cdrs", f"{ROOT}/nothing", f"{ROOT}/cdrs?x=1"):
        headers = service.get(path).headers
        assert headers["content-type"] == MEDIA_TYPE
        assert headers["vary"] == "Accept"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "max-age=0, private, must-revalidate"
        assert "server" not in headers


@pytest.mark.parametrize("type_", [MEDIA_TYPE, "application/json", f"{MEDIA_TYPE}; charset=utf-8", "nonsense"])
def test_the_content_type_of_a_get_says_nothing(service: Service, type_: str) -> None:
    assert service.get(f"{ROOT}/cdrs/8", headers={"Content-Type": type_}).status_code == 200


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
