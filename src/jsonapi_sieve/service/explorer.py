"""The explorer of the customer API: its page at the root, with each customer's own rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from secrets import token_bytes
from typing import Final

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from jsonapi_sieve.cdr.filters import CdrExportStoredFilters
from jsonapi_sieve.explorer import Categories, Explored, Explorer, Exports, Links, Numbers, Plots
from jsonapi_sieve.explorer.asgi import ExplorerApp
from jsonapi_sieve.explorer.explorer import stranger
from jsonapi_sieve.integrations.asgi import headers_of
from jsonapi_sieve.paging import CursorPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.service.authentication import customer_of
from jsonapi_sieve.service.downloads import Download
from jsonapi_sieve.service.endpoints import Api, Endpoint
from jsonapi_sieve.service.exports import Exports as Files
from jsonapi_sieve.service.rows import Rows
from jsonapi_sieve.service.tokens import Tokens

__all__ = ["explorer_of", "explorer_routes"]

_PLOTS: Final = Plots(
    time="time_start",
    numbers=(
        Numbers("duration", edges=(1, 10, 30, 60, 120, 300, 600, 1_800, 3_600), unit="s"),
        Numbers(
            "customer_price",
            edges=tuple(map(Decimal, ("0.001", "0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5"))),
            unit="of the account's currency",
            label="price",
        ),
    ),
    categories=(Categories("success", labels={True: "answered", False: "failed"}, label="outcome"),),
)


def explorer_routes(
    api: Api,
    engine: Engine,
    tokens: Tokens,
    links: Links[int],
    *,
    anonymous: int | None = None,
    files: Files | None = None,
) -> list[Route]:
    """Give the routes of the explorer of an API: the page, all that it asks for beside it, and the files of exports."""
    explorer = explorer_of(api, engine, tokens, links, anonymous=anonymous, files=files)
    app, orders = ExplorerApp(explorer, run=run_in_threadpool), api.endpoint_of("cdr-exports")
    routes = [Route("/", app), Route("/explorer/{path:path}", app)]
    if orders.file is None:
        return routes
    download = _Known(explorer, Download(api, orders, orders.file, engine, files))
    return [Route("/explorer/exports/{id}/download", download), *routes]


def explorer_of(
    api: Api,
    engine: Engine,
    tokens: Tokens,
    links: Links[int],
    *,
    anonymous: int | None = None,
    files: Files | None = None,
) -> Explorer[int]:
    """Make the explorer of an API, whose tokens it takes as well as its own links."""

    def whose(headers: Mapping[str, str]) -> int | None:
        return customer_of(headers, api.header, tokens, api.audience, anonymous)

    def open_session(_: int) -> Session:
        session = Session(engine, expire_on_commit=False)
        if files is not None:  # nothing is written but orders
            event.listen(session, "after_commit", lambda _: files.wake())
        return session

    calls, orders = api.endpoint_of("cdrs"), api.endpoint_of("cdr-exports")
    exports = Exports(
        calls.resource.type,
        lambda customer: Rows(api, orders, customer, make=orders.create),
        CdrExportStoredFilters(),
        related={"account": lambda customer: Rows(api, api.endpoint_of("accounts"), customer, exact=False)},
    )
    others = [endpoint for endpoint in api.endpoints if endpoint is not calls]
    shown = [
        _explored(api, calls, plots=_PLOTS, by_cursor=_by_cursor(calls)),
        *(_explored(api, each) for each in others),
    ]
    return Explorer(shown, session=open_session, whose=whose, links=links, exports=exports)


@dataclass(frozen=True)
class _Known:
    """Says whose request it is to what stands behind it, as the API does by a token, or refuses the request."""

    explorer: Explorer[int]
    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        customer = self.explorer.whose(headers_of(scope))
        if customer is None:
            raise stranger()
        scope["state"]["customer"] = customer
        await self.app(scope, receive, send)


def _explored(
    api: Api, endpoint: Endpoint, *, plots: Plots | None = None, by_cursor: Endpoint | None = None
) -> Explored[int]:
    return Explored(
        lambda customer: Rows(api, endpoint, customer),
        f"{api.path}/{endpoint.resource.type}",
        None if by_cursor is None else lambda customer: Rows(api, by_cursor, customer),
        plots,
    )


def _by_cursor(endpoint: Endpoint) -> Endpoint:
    """Give the same collection with cursor pages, which the API does not have, to show what they are like."""
    resource = endpoint.resource
    paged = Resource(
        resource.schema.schema,
        filters=resource.filters,
        sort=resource.sort,
        pages=CursorPages(token_bytes(32), default=50, maximum=1_000),
        include=resource.include,
        counting="none",
    )
    return endpoint._replace(resource=paged)
