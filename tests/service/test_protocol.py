"""What is no HTTP, or too much of it, gets an answer of the service's own all the same."""

from __future__ import annotations

import json
import logging
import socket
from http.client import HTTPResponse

import pytest

from jsonapi_sieve.integrations import asgi_bodies
from jsonapi_sieve.service import protocol
from tests.patience import PATIENCE
from tests.service.running import MEDIA_TYPE, ROOT, Service, request

pytestmark = pytest.mark.usefixtures("lingering")

HEADERS = {"Host": "localhost", "Connection": "close"}


@pytest.fixture
def lingering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let connections be cut only by their clients, however slow they are to read."""
    monkeypatch.setattr(protocol, "_LINGERING", PATIENCE)


def ask(service: Service, message: bytes) -> tuple[int, str]:
    """Give the status and the code of the only error of an answer."""
    status, headers, body = service.raw(message)
    (error,) = json.loads(body)["errors"]
    assert (headers["content-type"], headers["vary"]) == (MEDIA_TYPE, "Accept")
    assert error["status"] == str(status)
    return status, error["code"]


@pytest.mark.parametrize(
    "message",
    [
        b"nonsense\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        b"GET /" + "ü".encode() + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_what_is_no_http_is_told_so(service: Service, message: bytes) -> None:
    assert ask(service, message) == (400, "invalid-request")


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "It has no Host."),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "It has more than one Host."),
        (b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", "In an address, write all but"),
        (b"GET /" + b"a" * 2**21, "Its head is longer than 1,310,720 bytes."),
    ],
)
def test_what_is_wrong_with_a_head_is_told(service: Service, message: bytes, advice: str) -> None:
    _, _, body = service.raw(message)
    assert advice in json.loads(body)["errors"][0]["detail"]


def test_strangers_write_nothing_into_the_log(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "uvicorn.error")
    assert ask(service, b"nonsense\r\n\r\n") == (400, "invalid-request")
    headers = HEADERS | service.headers(ROOT) | {"Connection": "upgrade, close", "Upgrade": "websocket"}
    assert service.raw(request(f"GET {ROOT}/cdrs/8 HTTP/1.1", headers))[0] == 200
    assert caplog.messages == []


def test_the_end_of_a_body_is_not_in_doubt(service: Service) -> None:
    headers = {"Host": "localhost", **service.headers(ROOT), "Content-Length": "4", "Transfer-Encoding": "chunked"}
    smuggled = request(f"GET {ROOT}/cdrs/8 HTTP/1.1", HEADERS | service.headers(ROOT))
    status, sent, body = service.raw(request(f"HEAD {ROOT}/cdrs HTTP/1.1", headers, b"0\r\n\r\n" + smuggled))
    assert (status, sent["connection"], body) == (400, "close", b"")


def test_a_body_in_broken_chunks_is_told_so(service: Service) -> None:
    path = f"{ROOT}/cdr-exports"
    headers = {**HEADERS, **service.headers(path), "Content-Type": MEDIA_TYPE, "Transfer-Encoding": "chunked"}
    assert ask(service, request(f"POST {path} HTTP/1.1", headers, b"zz\r\n")) == (400, "invalid-request")


def test_a_mebibyte_of_query_gets_a_status_of_its_own(service: Service) -> None:
    headers = HEADERS | service.headers(ROOT)
    line = f"GET {ROOT}/cdrs?filter[src-name-in-eq]={'a' * 2**20} HTTP/1.1"
    assert ask(service, request(line, headers)) == (414, "query-string-limit")
    line = f"GET {ROOT}/cdrs?{'&' * 2**20} HTTP/1.1"
    assert ask(service, request(line, headers)) == (414, "query-string-limit")


def test_header_fields_have_a_limit(service: Service) -> None:
    line = f"GET {ROOT}/cdrs/8 HTTP/1.1"
    headers = HEADERS | service.headers(ROOT)
    assert service.raw(request(line, headers | {"X-Filler": "a" * 60_000}))[0] == 200
    assert service.raw(request(f"GET {ROOT}/cdrs/8?{'&' * 60_000} HTTP/1.1", headers))[0] == 200
    for name, value in ("X-Filler", "a" * 66_000), ("Accept", "a/b," * 2**20), ("X-Filler", "a\r\nb:" * 2**18):
        assert ask(service, request(line, headers | {name: value})) == (431, "headers-limit")
    assert ask(service, f"{line}\r\nX-Filler: {'a' * 70_000}".encode()) == (431, "headers-limit")


def test_a_body_is_no_header_field(service: Service) -> None:
    headers = {**HEADERS, **service.headers(ROOT), "Content-Type": MEDIA_TYPE, "Content-Length": "200000"}
    message = request(f"POST {ROOT}/cdr-exports HTTP/1.1", headers, b"\n" * 200_000)
    assert ask(service, message) == (400, "invalid-json")


@pytest.mark.parametrize("head", [b"", b"GE", b"GET / HTTP/1.1\r\nHost: localhost\r\n"])
def test_a_head_has_a_time_limit(service: Service, monkeypatch: pytest.MonkeyPatch, head: bytes) -> None:
    monkeypatch.setattr(protocol, "_PATIENCE", 0.1)
    assert ask(service, head) == (408, "request-timeout")


@pytest.mark.parametrize(("length", "rest", "end"), [(0, b"GET /", b"HTTP/1.1 408 "), (9, b"{", b"")])
def test_what_follows_an_answer_has_a_time_limit(
    service: Service, monkeypatch: pytest.MonkeyPatch, length: int, rest: bytes, end: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE) as connection:
        connection.sendall(request("GET / HTTP/1.1", {"Host": "localhost", "Content-Length": str(length)}))
        with HTTPResponse(connection) as before:
            before.begin()
            assert (before.status, before.read()[:1]) == (404, b"{")
        monkeypatch.setattr(protocol, "_PATIENCE", 0.1)
        connection.sendall(rest)
        answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    assert answer[:13] == end


@pytest.mark.parametrize("framing", [{"Content-Length": "9"}, {"Transfer-Encoding": "chunked"}])
def test_a_body_has_a_time_limit(service: Service, monkeypatch: pytest.MonkeyPatch, framing: dict[str, str]) -> None:
    monkeypatch.setattr(asgi_bodies, "_PATIENCE", 0.1)
    path = f"{ROOT}/cdr-exports"
    headers = {"Host": "localhost", **service.headers(path), "Content-Type": MEDIA_TYPE, **framing}
    assert ask(service, request(f"POST {path} HTTP/1.1", headers, b"1\r\n{")) == (408, "request-timeout")


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
@pytest.mark.parametrize("size", [2**20 + 1, 8 * 2**20])
def test_a_body_over_budget_gets_its_answer(service: Service, size: int, connection: str) -> None:
    response = service.post(f"{ROOT}/cdr-exports", b"[" * size, headers={"Connection": connection})
    assert (response.status_code, response.json()["errors"][0]["code"]) == (413, "body-limit")


def test_a_connection_serves_on_after_refusals(service: Service) -> None:
    for _ in range(2):
        assert service.post(f"{ROOT}/cdr-exports", b"[" * (2**21)).status_code == 413
        assert service.post(f"{ROOT}/cdr-exports", b"{").status_code == 400
        assert service.get(f"{ROOT}/cdrs/8").status_code == 200


def test_a_client_that_asks_first_is_told_that_its_body_is_too_long(service: Service) -> None:
    path = f"{ROOT}/cdr-exports"
    headers = {"Host": "localhost", **service.headers(path), "Content-Type": MEDIA_TYPE, "Expect": "100-continue"}
    message = request(f"POST {path} HTTP/1.1", headers | {"Content-Length": "2147483648"})
    assert ask(service, message) == (413, "body-limit")


def test_a_client_that_asks_first_may_send_its_body(service: Service) -> None:
    path = f"{ROOT}/cdr-exports"
    headers = {**HEADERS, **service.headers(path), "Content-Type": MEDIA_TYPE, "Expect": "100-continue"}
    message = request(f"POST {path} HTTP/1.1", headers | {"Content-Length": "1"})
    with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE) as connection:
        connection.sendall(message)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"{")
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 400 ")
