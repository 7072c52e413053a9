"""ASGI 3: requests as `Request`, bodies read no further than their budget, and answers as they are sent."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable, Collection
from typing import Final, TypeAlias
from urllib.parse import quote

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.integrations.asgi_bodies import Message, Receive, chunks_of, ending, read_body
from jsonapi_sieve.integrations.origin import Network, Origins
from jsonapi_sieve.integrations.refusals import Refusals
from jsonapi_sieve.integrations.request import Request, check_headers, escaped
from jsonapi_sieve.limits import Limits

__all__ = [
    "Message",
    "OriginMiddleware",
    "Receive",
    "Scope",
    "Send",
    "chunks_of",
    "headers_of",
    "read_request",
    "send_answer",
]

Scope: TypeAlias = Message
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_ANY: Final = Origins()
_LIMITS: Final = Limits()
_REFUSALS: Final = Refusals()


async def read_request(scope: Scope, chunks: AsyncIterable[bytes], limits: Limits = _LIMITS) -> Request:
    """Read a request, its body after its headers are checked; `chunks_of(receive)` gives the chunks.

    >>> import asyncio
    >>> scope = {"method": "GET", "scheme": "https", "path": "/calls", "query_string": b"sort=duration"}
    >>> scope["headers"] = [(b"host", b"example.org")]
    >>> asyncio.run(read_request(scope, chunks_of(None))).url
    'https://example.org/calls?sort=duration'

    Raises:
        QueryErrors: for what `check_headers`, `read_body` and `Origins.of` refuse.
    """
    headers = headers_of(scope)
    origin = _ANY.of(scope["scheme"], headers, server=_server(scope))
    path = escaped(scope.get("raw_path") or quote(scope["path"]).encode())
    query = escaped(scope["query_string"])
    try:
        has_body = check_headers(scope["method"], headers, limits)
    except QueryErrors as errors:
        raise (ending(errors) if "expect" in headers else errors) from None
    body = await read_body(chunks, limits) if has_body else b""
    return Request(scope["method"], f"{origin}{path}{'?' if query else ''}{query}", headers, body)


def headers_of(scope: Scope) -> dict[str, str]:
    """Give the headers of a request, by names in lower case; one that was sent several times is one list.

    >>> headers_of({"headers": [(b"accept", b"a/b"), (b"accept", b"c/d")]})
    {'accept': 'a/b, c/d'}
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def send_answer(answer: Answer, send: Send) -> None:
    """Send an answer."""
    length = {"Content-Length": str(len(answer.body))} if answer.body else {}  # a 304 has none, and HEAD its own
    headers = {**length, **answer.headers}
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": answer.body})


class OriginMiddleware:
    """Gives an application the host and the scheme that the client used, or refuses a host.

    `hosts` are allowed, with any port; None allows each that is well formed. `X-Forwarded-Proto` and
    `X-Forwarded-Host` count only when they come from an address in `proxies`.
    """

    def __init__(
        self,
        app: App,
        hosts: Collection[str] | None = None,
        proxies: Collection[str | Network] = (),
        refusals: Refusals = _REFUSALS,
    ) -> None:
        self._app = app
        self._origins = Origins(hosts, proxies)
        self._refusals = refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                scope = self._seen(scope)
            except QueryErrors as errors:
                await send_answer(self._refusals.answer(errors, scope["method"]), send)
                return
        await self._app(scope, receive, send)

    def _seen(self, scope: Scope) -> Scope:
        client, _ = scope.get("client") or ("", 0)
        scheme, host = self._origins.of(scope["scheme"], headers_of(scope), client=client, server=_server(scope))
        others = [(name, value) for name, value in scope["headers"] if name.lower() != b"host"]
        return {**scope, "scheme": scheme, "headers": [(b"host", host.encode()), *others]}


def _server(scope: Scope) -> tuple[str, int]:
    address, port = scope.get("server") or ("", None)
    return (address, port) if port else ("localhost", 443 if scope["scheme"] == "https" else 80)
