from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from jsonapi_sieve import Limits, QueryErrors
from jsonapi_sieve.answers import Answer
from jsonapi_sieve.integrations import asgi_bodies
from jsonapi_sieve.integrations.asgi import OriginMiddleware, chunks_of, read_request, send_answer
from jsonapi_sieve.integrations.asgi_bodies import read_body

LIMITS = Limits(body=10)
JSONAPI = (b"content-type", b"application/vnd.api+json")
CHUNKED = (b"transfer-encoding", b"chunked")


def scope_of(*headers: tuple[bytes, bytes], **others: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/a b",
        "query_string": b"",
        "headers": list(headers),
        "server": ("localhost", 8000),
        **others,
    }


class Client:
    """Sends chunks, which are counted, and then leaves."""

    def __init__(self, *chunks: bytes, leaves: bool = False) -> None:
        self.chunks = list(chunks)
        self.leaves = leaves

    async def __call__(self) -> dict[str, Any]:
        if not self.chunks:
            return {"type": "http.disconnect"}
        chunk = self.chunks.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(self.chunks) or self.leaves}


def test_a_request_is_read_as_it_was_sent() -> None:
    scope = scope_of(JSONAPI, CHUNKED, (b"Accept", b"*/*"), (b"accept", b"a/b"), query_string=b"a=[b]&c=%FF")
    request = asyncio.run(read_request(scope, chunks_of(Client(b"{", b"}"))))
    assert (request.url, request.body) == ("http://localhost:8000/a%20b?a=[b]&c=%FF", b"{}")
    assert request.headers["accept"] == "*/*, a/b"
    scope = scope_of((b"host", b"Example.org"), method="GET", raw_path=b"/a%2Fb", server=None)
    assert asyncio.run(read_request(scope, chunks_of(Client()))).url == "http://example.org/a%2Fb"
    scope["raw_path"] = "/ü b".encode()  # as servers hand over that do not ask what a URL has
    assert asyncio.run(read_request(scope, chunks_of(Client()))).url == "http://example.org/%C3%BC%20b"


@pytest.mark.parametrize(
    ("scheme", "server", "expected"),
    [
        ("http", None, "http://localhost:80"),
        ("https", ("/run/socket", None), "https://localhost:443"),
        ("http", ("::1", 7), "http://[::1]:7"),
    ],
)
def test_without_a_host_it_is_the_address_of_the_server(scheme: str, server: Any, expected: str) -> None:
    scope = scope_of(method="GET", path="", scheme=scheme, server=server)
    assert asyncio.run(read_request(scope, chunks_of(Client()))).url == expected


def test_a_client_that_leaves_before_the_end_of_its_body_is_told() -> None:
    with pytest.raises(QueryErrors) as raised:
        asyncio.run(read_body(chunks_of(Client(b"{", leaves=True)), LIMITS))
    assert raised.value.errors[0].code == "bad-request"


@pytest.mark.parametrize(("chunks", "left"), [(2, 0), (30, 0), (100, 59)])
def test_a_body_over_its_budget_is_refused_and_thrown_away(chunks: int, left: int) -> None:
    client = Client(*[b"12345678"] * chunks)
    with pytest.raises(QueryErrors) as raised:
        asyncio.run(read_body(chunks_of(client), LIMITS))
    assert (raised.value.status, raised.value.errors[0].code, len(client.chunks)) == (413, "body-limit", left)


def test_a_client_that_asks_first_may_not_send_what_is_too_long() -> None:
    for headers, expected in (((b"expect", b"100-continue"), {"Connection": "close"}), ((b"x", b"y"), {})):
        client = Client(b"12345678")
        scope = scope_of((b"content-type", b"text/plain"), (b"content-length", b"8"), headers)
        with pytest.raises(QueryErrors) as raised:
            asyncio.run(read_request(scope, chunks_of(client), LIMITS))
        assert (raised.value.headers, client.chunks) == (expected, [b"12345678"])


def test_a_body_that_takes_too_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never() -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""

    monkeypatch.setattr(asgi_bodies, "_PATIENCE", 0.01)
    with pytest.raises(QueryErrors) as raised:
        asyncio.run(read_body(never(), LIMITS))
    assert (raised.value.status, raised.value.headers) == (408, {"Connection": "close"})


def sent_by(app: Any, scope: dict[str, Any]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, Client(), send))
    return sent


@pytest.mark.parametrize(
    ("answer", "status", "length"),
    [
        (Answer.of(b"{}"), 200, b"2"),
        (Answer.of(b"{}").to("HEAD"), 200, b"2"),
        (Answer.of(b"{}").to("GET", if_none_match="*"), 304, None),
    ],
)
def test_an_answer_is_sent(answer: Answer, status: int, length: bytes | None) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send_answer(answer, send)

    start, body = sent_by(app, scope_of())
    assert (start["status"], body["body"], dict(start["headers"]).get(b"content-length")) == (
        status,
        answer.body,
        length,
    )


def test_an_application_sees_the_origin_that_its_clients_see() -> None:
    seen: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    forwarded = scope_of(
        (b"Host", b"localhost"), (b"x-forwarded-host", b"example.org"), (b"x-forwarded-proto", b"https"), method="GET"
    )
    behind = OriginMiddleware(app, proxies=["10.0.0.1"])
    for client, expected in ((("10.0.0.1", 7), "https://example.org"), (None, "http://localhost")):
        assert sent_by(behind, {**forwarded, "client": client}) == []
        assert asyncio.run(read_request(seen.pop(), chunks_of(Client()))).url == f"{expected}/a%20b"
    start, body = sent_by(OriginMiddleware(app, ["example.org"]), forwarded)
    assert (start["status"], json.loads(body["body"])["errors"][0]["code"]) == (400, "invalid-host")
    assert sent_by(behind, {"type": "lifespan"}) == []
    assert seen == [{"type": "lifespan"}]
