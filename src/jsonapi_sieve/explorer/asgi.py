"""An explorer as an ASGI application, to be mounted in any other: in Starlette and FastAPI by `app.mount`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Final, TypeAlias

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.explorer.explorer import Explorer
from jsonapi_sieve.explorer.replies import REFUSALS, refused, sent
from jsonapi_sieve.integrations.asgi import (
    OriginMiddleware,
    Receive,
    Scope,
    Send,
    chunks_of,
    read_request,
    send_answer,
)
from jsonapi_sieve.integrations.origin import LOOPBACK, Network
from jsonapi_sieve.limits import Limits

__all__ = ["ExplorerApp", "asgi_app"]

Run: TypeAlias = Callable[..., Awaitable[Answer]]
"""Calls a function that blocks with its arguments, elsewhere: `asyncio.to_thread` is one."""

_LIMITS: Final = Limits()


class ExplorerApp:
    """Answers requests to an explorer. The application around it checks the host: `asgi_app` does it by itself.

    `limits` binds bodies; `run` calls what blocks.
    """

    def __init__(self, explorer: Explorer[Any], *, limits: Limits = _LIMITS, run: Run = asyncio.to_thread) -> None:
        self._explorer = explorer
        self._limits = limits
        self._run = run

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(f"an explorer answers http, not {scope['type']}")
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        try:
            request = await read_request(scope, chunks_of(receive), self._limits)
        except QueryErrors as errors:
            answer = sent(refused(errors), scope["method"])
        else:
            answer = await self._run(self._explorer.answer, request, path)
        await send_answer(answer, send)


def asgi_app(
    explorer: Explorer[Any],
    *,
    hosts: Collection[str] = LOOPBACK,
    proxies: Collection[str | Network] = (),
    limits: Limits = _LIMITS,
) -> OriginMiddleware:
    """Make the application of an explorer, which answers to the names `hosts` only; see `OriginMiddleware`."""
    return OriginMiddleware(ExplorerApp(explorer, limits=limits), hosts, proxies, REFUSALS)
