from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest

from jsonapi_sieve import Limits, QueryErrors
from jsonapi_sieve.answers import Answer
from jsonapi_sieve.integrations.wsgi import OriginMiddleware, read_request, send_answer
from jsonapi_sieve.integrations.wsgi_bodies import read_body

LIMITS = Limits(body=10)
JSONAPI = "application/vnd.api+json"


class Input(BytesIO):
    """What a client sends, which is counted; it may be asked for more than its length tells."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size >= 0
        chunk = super().read(min(size, 4))
        self.taken += len(chunk)
        return chunk


def environ_of(body: bytes = b"", **others: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": JSONAPI,
        "wsgi.url_scheme": "http",
        "wsgi.input": Input(body),
        **others,
    }


def test_a_request_is_read_as_it_was_sent() -> None:
    path = {"SCRIPT_NAME": "/api", "PATH_INFO": "/a b/ü".encode().decode("latin-1")}
    environ = environ_of(
        b"{}", **path, QUERY_STRING="sort=%C3%BC&a=[b]", HTTP_HOST="Example.org", HTTP_IF_NONE_MATCH="x"
    )
    request = read_request(environ)
    assert request.url == "http://example.org/api/a%20b/%C3%BC?sort=%C3%BC&a=[b]"
    assert (request.method, request.body, request.query) == ("POST", b"{}", "sort=%C3%BC&a=[b]")
    assert request.headers == {
        "host": "Example.org",
        "if-none-match": "x",
        "content-type": JSONAPI,
        "content-length": "2",
    }


@pytest.mark.parametrize(("scheme", "port"), [("http", 80), ("https", 443)])
def test_a_socket_of_unix_has_no_name(scheme: str, port: int) -> None:
    server = {"SERVER_NAME": "/run/socket", "SERVER_PORT": "", "wsgi.url_scheme": scheme}
    assert read_request({**environ_of(), **server}).url == f"{scheme}://localhost:{port}"


def test_what_a_server_leaves_out_is_not_missed() -> None:
    request = read_request(environ_of(REQUEST_METHOD="GET", CONTENT_LENGTH="", CONTENT_TYPE=""))
    assert (request.url, request.headers) == ("http://localhost:8000", {})


def test_a_body_without_a_length_is_read_where_its_end_is_told() -> None:
    told = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    assert read_request(environ_of(b"12345678", **told, **{"wsgi.input_terminated": True}), LIMITS).body == b"12345678"
    with pytest.raises(QueryErrors) as raised:
        read_request(environ_of(b"12345678", **told), LIMITS)
    assert (raised.value.status, raised.value.errors[0].code) == (411, "length-required")


def test_no_more_is_read_than_the_length_tells() -> None:
    environ = environ_of(b"12345678", CONTENT_LENGTH="6")
    assert read_request(environ, LIMITS).body == b"123456"
    assert environ["wsgi.input"].taken == 6


@pytest.mark.parametrize(("size", "taken"), [(11, 11), (300, 300), (1_000, 324)])
def test_a_body_over_its_budget_is_refused_and_thrown_away(size: int, taken: int) -> None:
    stream = Input(b"x" * size)
    with pytest.raises(QueryErrors) as raised:
        read_body(stream, size, LIMITS)
    assert (raised.value.status, raised.value.errors[0].code, stream.taken) == (413, "body-limit", taken)


def test_a_client_that_leaves_before_the_end_of_its_body_is_told() -> None:
    class Left(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ConnectionResetError

    with pytest.raises(QueryErrors) as raised:
        read_request(environ_of(b"{}", **{"wsgi.input": Left()}))
    assert (raised.value.status, raised.value.errors[0].code) == (400, "bad-request")


@pytest.mark.parametrize(
    ("changed", "status"), [({"CONTENT_TYPE": "text/plain"}, 415), ({"HTTP_EXPECT": "100-continue"}, 413)]
)
def test_a_body_is_not_read_before_its_headers_are_checked(changed: dict[str, str], status: int) -> None:
    environ = environ_of(b"12345678901", **changed)
    with pytest.raises(QueryErrors) as raised:
        read_request(environ, LIMITS)
    assert (raised.value.status, environ["wsgi.input"].taken) == (status, 0)
    assert raised.value.headers == {}  # of a connection only the server speaks (PEP 3333)


def test_an_answer_is_sent() -> None:
    started: list[Any] = []
    sent = send_answer(Answer.of(b"{}", 404), lambda *told: started.extend(told))  # type: ignore[arg-type]
    assert sent == [b"{}"]
    assert started == ["404 Not Found", [("Content-Type", JSONAPI), ("Vary", "Accept")]]


def test_a_status_of_one_s_own_is_sent() -> None:
    started: list[Any] = []
    send_answer(Answer.of(b"{}", 499), lambda *told: started.extend(told))  # type: ignore[arg-type]
    assert started[0] == "499 Unknown"


def test_an_application_sees_the_origin_that_its_clients_see() -> None:
    seen: list[dict[str, Any]] = []

    def app(environ: dict[str, Any], _: Any) -> list[bytes]:
        seen.append(environ)
        return []

    forwarded = {"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_HOST": "example.org", "HTTP_X_FORWARDED_PROTO": "https"}
    behind = OriginMiddleware(app, proxies=["10.0.0.1"])
    behind(environ_of(REMOTE_ADDR="10.0.0.1", **forwarded), lambda *_: None)  # type: ignore[arg-type]
    assert read_request({**seen[0], "REQUEST_METHOD": "GET"}).url == "https://example.org"
    behind(environ_of(REMOTE_ADDR="10.0.0.2", **forwarded), lambda *_: None)  # type: ignore[arg-type]
    assert read_request({**seen[1], "REQUEST_METHOD": "GET"}).url == "http://localhost"
    started: list[Any] = []
    refused = OriginMiddleware(app, ["example.org"])(environ_of(**forwarded), lambda *told: started.extend(told))  # type: ignore[arg-type]
    assert (started[0], len(seen)) == ("400 Bad Request", 2)
    assert json.loads(b"".join(refused))["errors"][0]["code"] == "invalid-host"
