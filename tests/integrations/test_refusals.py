from __future__ import annotations

import pytest

from jsonapi_sieve.integrations.refusals import Refusals, errors_of


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("PATCH", "/articles/1", 403, "unsupported-update"),
        ("PATCH", "/articles/1/relationships/author", 403, "unsupported-update"),
        ("POST", "/articles/1/relationships/author", 403, "unsupported-update"),
        ("POST", "/articles/1/relationships", 405, "method-not-allowed"),
        ("DELETE", "/articles/1", 405, "method-not-allowed"),
        ("PUT", "/articles/1/relationships/author", 405, "method-not-allowed"),
    ],
)
def test_a_method_that_is_not_routed_is_judged_by_where_it_is_sent(
    method: str, path: str, status: int, code: str
) -> None:
    errors = errors_of(405, method=method, path=path, headers={"allow": "OPTIONS, GET , HEAD"})
    assert (errors.status, errors.errors[0].code) == (status, code)
    assert errors.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_headers_of_a_refusal_go_along_but_for_those_of_its_text() -> None:
    sent = {"X-Frame-Options": "DENY", "vary": "Origin", "ETag": "x", "content-type": "text/html"}
    for status in (404, 405):
        headers = Refusals().answer(errors_of(status, headers={**sent, "allow": "POST"}), "GET").headers
        assert headers == {
            "Content-Type": "application/vnd.api+json",
            "Vary": "Accept, Origin",
            "X-Frame-Options": "DENY",
            "Allow": "POST",
        }


def test_a_method_that_is_allowed_and_not_routed_is_refused_all_the_same() -> None:
    errors = errors_of(405, method="HEAD", path="/articles", headers={"Allow": "GET"})
    assert (errors.status, errors.errors[0].code, errors.headers["Allow"]) == (405, "method-not-allowed", "GET")


@pytest.mark.parametrize(("status", "code"), [(404, "not-found"), (418, "http-418"), (500, "internal-error")])
def test_a_status_has_a_code(status: int, code: str) -> None:
    errors = errors_of(status, headers={"Retry-After": "7", "Content-Length": "3"})
    assert (errors.status, errors.errors[0].code, errors.headers) == (status, code, {"Retry-After": "7"})


def test_the_answer_to_head_has_no_body() -> None:
    answer = Refusals(headers={"X-Content-Type-Options": "nosniff"}).answer(errors_of(404), "HEAD")
    assert (answer.status, answer.body, answer.headers["X-Content-Type-Options"]) == (404, b"", "nosniff")


def test_a_refusal_of_a_framework_becomes_a_document() -> None:
    refusals = Refusals(prefix="/api")
    answer = refusals.translated(401, {"WWW-Authenticate": "Basic"}, method="GET", path="/api/x")
    assert answer is not None
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Basic")
    pages = {"Content-Type": "text/html; charset=utf-8"}
    assert refusals.translated(404, pages, method="GET", path="/api/x") is not None
    assert refusals.translated(200, {}, method="GET", path="/api/x") is None
    assert refusals.translated(404, {}, method="GET", path="/x") is None
    for made in ("application/vnd.api+json; profile=x", "application/json"):
        assert refusals.translated(404, {"content-type": made}, method="GET", path="/api/x") is None
