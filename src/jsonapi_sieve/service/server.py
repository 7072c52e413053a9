"""The service behind a socket: uvicorn, set up so that every answer is one of the service's own."""

from __future__ import annotations

import asyncio
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jsonapi_sieve import ErrorObject, QueryErrors
from jsonapi_sieve.service.answers import error_response
from jsonapi_sieve.service.protocol import DocumentProtocol

__all__ = ["make_server"]


def make_server(app: ASGIApp, *, log_level: str = "warning") -> uvicorn.Server:
    """Make a server for an application; `server.run(sockets=[...])` serves until it is told to end.

    Proxies are the application's business, and what clients ask for is not logged: a request line may be megabytes.
    """
    return _Server(
        uvicorn.Config(
            _Ending(app),
            http=DocumentProtocol,
            ws="none",
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_level=log_level,
            timeout_graceful_shutdown=5,
        )
    )


class _Server(uvicorn.Server):
    """A server that ends once it is told, within its seconds, also where somebody presses Ctrl-C twice.

    Of a second signal uvicorn makes an end in the middle of that of the application, and a traceback of it.
    """

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            super().handle_exit(sig, frame)


class _Ending:
    """Answers requests that are given up because the server ends, where uvicorn would send a text of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except asyncio.CancelledError:
            if scope["type"] != "http" or started:
                raise
            error = ErrorObject("unavailable", "Service unavailable", "The service ends.", status=503)
            await error_response(QueryErrors([error]), {"Connection": "close"})(scope, receive, send)
