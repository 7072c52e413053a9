"""Small applications for the kit to ask, most of them bad."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from typing import Any, TypeAlias

from jsonapi_sieve.negotiation import MEDIA_TYPE

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGI: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]
WSGI: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

Reply: TypeAlias = tuple[int, dict[str, str], bytes]
Respond: TypeAlias = Callable[[str, str, dict[str, str], Any], Reply]
"""What answers to a method, a target, headers and a document."""

BOOKS = {"data": [{"type": "books", "id": str(number), "attributes": {"title": "abc"[number]}} for number in range(3)]}


def reply(document: object, status: int = 200, **headers: str) -> Reply:
    """Give a document as an answer; underscores in the names of headers stand for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"content-type": MEDIA_TYPE, **named}, json.dumps(document).encode()


def refusal(status: int, parameter: str | None = None, **members: object) -> Reply:
    error: dict[str, object] = {"status": str(status), "title": "Refused", **members}
    if parameter is not None:
        error["source"] = {"parameter": parameter}
    return reply({"errors": [error]}, status)


def asgi(respond: Respond) -> ASGI:
    """Make an ASGI application without a lifespan."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        body = bytearray()
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        query = scope["query_string"].decode()
        target = scope["raw_path"].decode() + (f"?{query}" if query else "")
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        status, fields, content = respond(scope["method"], target, headers, json.loads(body) if body else None)
        lines = [(name.encode(), value.encode()) for name, value in fields.items()]
        await send({"type": "http.response.start", "status": status, "headers": lines})
        await send({"type": "http.response.body", "body": content})

    return app


def wsgi(status: str, headers: list[tuple[str, str]], body: Callable[[], Iterator[bytes]]) -> WSGI:
    """Make a WSGI application that answers one thing."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response(status, headers)
        return body()

    return app


def books(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
    """Answer always with the same collection."""
    return reply(BOOKS)
