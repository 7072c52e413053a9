"""What every framework answers, whatever it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final, NoReturn

import httpx

from jsonapi_sieve.testing import assert_document

MEDIA_TYPE: Final = "application/vnd.api+json"
RAISED: Final = "what nobody is to know"

Ask = Callable[..., httpx.Response]

_NEW: Final = {
    "data": {
        "type": "articles",
        "attributes": {"title": "New", "words": 7},
        "relationships": {"author": {"data": {"type": "people", "id": "1"}}},
    }
}


def fail(*_: object) -> NoReturn:
    raise RuntimeError(RAISED)


def assert_refused(response: httpx.Response, status: int, code: str) -> None:
    """A refusal is a document with one error, which tells nothing of what was raised."""
    assert (response.status_code, response.headers["content-type"]) == (status, MEDIA_TYPE), response.text
    assert response.headers["vary"] == "Accept"
    document = response.json()
    assert_document(document)
    assert [error["code"] for error in document["errors"]] == [code]
    assert RAISED not in response.text


def assert_answers(ask: Ask, *, host_code: str = "invalid-host") -> None:
    """Ask the example's API, which also has an address that fails."""
    for method, path, status, code in (
        ("GET", "/nothing", 404, "not-found"),
        ("GET", "/articles/999", 404, "not-found"),
        ("GET", "/articles/%2e", 404, "not-found"),
        ("PATCH", "/articles/1", 403, "unsupported-update"),
        ("DELETE", "/articles/1", 405, "method-not-allowed"),
        ("GET", "/articles?words=1", 400, "unknown-parameter"),
        ("GET", "/fails", 500, "internal-error"),
    ):
        assert_refused(ask(method, path), status, code)
    assert "GET" in ask("PUT", "/articles/1").headers["allow"]
    assert_refused(ask("GET", "/articles", headers={"Accept": "text/html"}), 406, "not-acceptable")
    assert_refused(ask("GET", "/articles", headers={"Host": "a b"}), 400, host_code)
    _read(ask)
    _create(ask)


OWN: Final = {"ignore": ["traceId"], "profiles": ["https://example.org/profiles/dates"]}


def assert_own_terms(ask: Ask, path: str) -> None:
    """Ask an application with a parameter and a profile of its own."""
    (profile,) = OWN["profiles"]
    terms = f'{MEDIA_TYPE}; profile="{profile}"'
    response = ask("GET", f"{path}?traceId=7", headers={"Accept": terms})
    assert (response.status_code, response.headers["content-type"]) == (200, terms), response.text
    assert_refused(ask("GET", f"{path}?trace-id=7"), 400, "unknown-parameter")


def _read(ask: Ask) -> None:
    listing = ask("GET", "/articles?filter[words-gteq]=1100&include=author", headers={"Host": "localhost:8000"})
    assert [each["links"]["self"] for each in listing.json()["data"]] == [
        "http://localhost:8000/articles/11",
        "http://localhost:8000/articles/12",
    ]
    assert listing.json()["meta"] == {"total-count": 2}
    first = ask("GET", "/articles/1")
    head = ask("HEAD", "/articles/1")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(first.content)))
    same = ask("GET", "/articles/1", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content, "content-type" in same.headers) == (304, b"", False)
    forwarded = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert "evil.example" not in ask("GET", "/articles/1", headers=forwarded).text
    assert "https" not in ask("GET", "/articles/1", headers=forwarded).text


def _create(ask: Ask) -> None:
    body = json.dumps(_NEW).encode()
    made = ask("POST", "/articles?include=author", content=body, headers={"Content-Type": MEDIA_TYPE})
    assert made.status_code == 201, made.text
    assert made.headers["location"] == made.json()["data"]["links"]["self"]
    assert ask("GET", "/articles/13").json()["data"]["attributes"] == {"title": "New", "words": 7}
    for content, headers, status, code in (
        (body, {"Content-Type": "text/plain"}, 415, "unsupported-media-type"),
        (body, {"Content-Type": MEDIA_TYPE, "Content-Encoding": "gzip"}, 415, "unsupported-encoding"),
        (b"{", {"Content-Type": MEDIA_TYPE}, 400, "invalid-json"),
        (b"", {}, 400, "invalid-json"),
        (b" " * 1_048_577, {"Content-Type": MEDIA_TYPE}, 413, "body-limit"),
    ):
        assert_refused(ask("POST", "/articles", content=content, headers=headers), status, code)
    assert_refused(ask("GET", "/articles/14"), 404, "not-found")
