"""The service behind a socket: uvicorn, set up so that every answer is one of the service's own."""

from __future__ import annotations

import uvicorn
from starlette.types import ASGIApp

from jsonapi_sieve.service.protocol import DocumentProtocol

__all__ = ["make_server"]


def make_server(app: ASGIApp, *, log_level: str = "warning") -> uvicorn.Server:
    """Make a server for an application; `server.run(sockets=[...])` serves until it is told to end.

    Proxies are the application's business, and what clients ask for is not logged: a request line may be megabytes.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=DocumentProtocol,
            ws="none",
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_level=log_level,
            timeout_graceful_shutdown=5,
        )
    )
