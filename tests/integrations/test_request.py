from __future__ import annotations

from collections.abc import Mapping

import pytest

from jsonapi_sieve import Limits, QueryErrors
from jsonapi_sieve.integrations import Request, check_headers
from jsonapi_sieve.integrations.request import escaped

JSONAPI = {"content-type": "application/vnd.api+json"}


@pytest.mark.parametrize(
    ("method", "headers", "expected"),
    [
        ("GET", {}, False),
        ("GET", {"content-type": "text/plain", "content-length": "7"}, False),
        ("POST", {}, False),
        ("POST", {"content-length": "0", "content-type": "text/plain"}, False),
        ("POST", {**JSONAPI, "content-length": "7"}, True),
        ("POST", {**JSONAPI, "transfer-encoding": "chunked"}, True),
        ("POST", {**JSONAPI, "content-length": "7", "content-encoding": " Identity"}, True),
        ("POST", {**JSONAPI, "content-length": "9", "expect": "100-continue"}, True),
        ("POST", {**JSONAPI, "content-length": "11"}, True),
    ],
)
def test_headers_tell_whether_there_is_a_body_to_read(method: str, headers: Mapping[str, str], expected: bool) -> None:
    assert check_headers(method, headers, Limits(body=10)) is expected


@pytest.mark.parametrize(
    ("method", "headers", "status", "at"),
    [
        ("GET", {"accept": "text/html"}, 406, "Accept"),
        ("POST", {"accept": "text/html", "content-length": "7"}, 406, "Accept"),
        ("POST", {"content-length": "7"}, 415, "Content-Type"),
        ("POST", {**JSONAPI, "content-length": "7", "content-encoding": "gzip"}, 415, "Content-Encoding"),
        ("POST", {**JSONAPI, "content-length": "-7"}, 400, "Content-Length"),
        ("POST", {**JSONAPI, "content-length": "²"}, 400, "Content-Length"),
        ("POST", {**JSONAPI, "content-length": "9" * 19}, 400, "Content-Length"),
        ("POST", {**JSONAPI, "content-length": "11", "expect": "100-continue"}, 413, None),
    ],
)
def test_headers_that_cannot_be_answered_are_refused(
    method: str, headers: Mapping[str, str], status: int, at: str | None
) -> None:
    with pytest.raises(QueryErrors) as raised:
        check_headers(method, headers, Limits(body=10))
    assert (raised.value.status, raised.value.errors[0].at) == (status, at)


def test_bytes_that_no_url_has_are_escaped() -> None:
    assert escaped(b'a=\xff\x00 "<[b]%zz#') == 'a=%FF%00%20"<[b]%zz#'


def test_the_query_string_stands_as_it_was_sent() -> None:
    assert Request("GET", "http://localhost/a?b=%3F?c#", {}).query == "b=%3F?c#"
    assert Request("GET", "http://localhost/a", {}).query == ""
