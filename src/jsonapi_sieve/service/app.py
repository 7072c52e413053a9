"""The service as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, nullcontext
from functools import partial

from anyio.to_thread import current_default_thread_limiter
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.integrations.asgi import OriginMiddleware
from jsonapi_sieve.integrations.origin import LOOPBACK, Network
from jsonapi_sieve.service.addresses import AddressMiddleware
from jsonapi_sieve.service.answers import REFUSALS, answer_to
from jsonapi_sieve.service.database import THREADS
from jsonapi_sieve.service.description import description
from jsonapi_sieve.service.endpoints import Api
from jsonapi_sieve.service.exports import Exports
from jsonapi_sieve.service.routes import mount
from jsonapi_sieve.service.tokens import Tokens

__all__ = ["create_app"]


def create_app(
    engine: Engine,
    tokens: Tokens,
    apis: Sequence[Api],
    *,
    hosts: Collection[str] = LOOPBACK,
    proxies: Collection[Network] = (),
    anonymous: int | None = None,
    exports: Exports | None = None,
    routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """Make an application that serves some APIs from one database, and their descriptions.

    `hosts` are the names by which clients may call it, `proxies` the addresses whose `X-Forwarded-Proto` and
    `X-Forwarded-Host` are believed, and `anonymous` is the customer that requests without a token are from. `exports`
    has the files of exports, and may write them while the application serves. `routes` are further ones, such as those
    of the explorer.
    """
    app = Starlette(
        routes=[*routes, *map(description, apis), *(mount(api, engine, tokens, anonymous, exports) for api in apis)],
        middleware=[Middleware(AddressMiddleware), Middleware(OriginMiddleware, hosts, proxies, REFUSALS)],
        exception_handlers=dict.fromkeys((QueryErrors, HTTPException, ClientDisconnect, Exception), answer_to),
        lifespan=partial(_lifespan, exports),
    )
    app.router.redirect_slashes = False  # an address has one spelling
    return app


@asynccontextmanager
async def _lifespan(exports: Exports | None, _app: Starlette) -> AsyncIterator[None]:
    """Let as many requests work at once as the database has connections, and exports be written meanwhile."""
    current_default_thread_limiter().total_tokens = THREADS
    with nullcontext() if exports is None else exports.running():
        yield
