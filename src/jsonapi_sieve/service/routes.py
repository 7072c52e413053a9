"""The addresses of an API, as routes of Starlette; each does nothing but hand over and send back.

What is judged of a request comes in the order of the stages: who it is from (the mount's middleware), the route, the
method, what it accepts, the type and the length of its body, and then what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, Router
from starlette.types import Scope

from jsonapi_sieve import Limits
from jsonapi_sieve.negotiation import check_accept
from jsonapi_sieve.service.answers import document_response
from jsonapi_sieve.service.authentication import AuthenticationMiddleware
from jsonapi_sieve.service.bodies import read_body
from jsonapi_sieve.service.endpoints import Api, Endpoint
from jsonapi_sieve.service.headers import header_of
from jsonapi_sieve.service.operations import (
    Answer,
    Asked,
    Operation,
    create,
    listing,
    related,
    relationship,
    single,
)
from jsonapi_sieve.service.tokens import Tokens

__all__ = ["mount"]


def mount(api: Api, engine: Engine, tokens: Tokens, anonymous: int | None) -> Mount:
    """Give all routes of an API, behind the check of who is asking."""
    routes = [
        _route(path, operations, engine, endpoint.resource.limits)
        for endpoint in api.endpoints
        for path, operations in _operations(api, endpoint)
    ]
    authentication = Middleware(
        AuthenticationMiddleware, tokens, header=api.header, audience=api.audience, anonymous=anonymous
    )
    return Mount(api.path, Router(routes, redirect_slashes=False), middleware=[authentication])


def _operations(api: Api, endpoint: Endpoint) -> Iterator[tuple[str, dict[str, Operation]]]:
    """Give the addresses of a collection, and what each does by method."""
    path = f"/{endpoint.resource.type}"
    collection = {"GET": listing(api, endpoint)}
    if endpoint.create is not None:
        collection["POST"] = create(api, endpoint, endpoint.create)
    yield path, collection
    yield f"{path}/{{id}}", {"GET": single(api, endpoint)}
    for member, relation in endpoint.resource.schema.relationships.items():
        yield f"{path}/{{id}}/{member}", {"GET": related(api, endpoint, relation)}
        yield f"{path}/{{id}}/relationships/{member}", {"GET": relationship(api, endpoint, relation)}


def _route(path: str, operations: Mapping[str, Operation], engine: Engine, limits: Limits) -> Route:
    async def respond(request: Request) -> Response:
        check_accept(header_of(request.scope, "accept"))
        body = await read_body(request, limits) if request.method == "POST" else b""
        operation = operations["POST" if request.method == "POST" else "GET"]
        answer = await run_in_threadpool(_perform, operation, engine, _asked(request, body))
        return document_response(answer.body, answer.status, answer.headers)

    return Route(path, respond, methods=list(operations))


def _perform(operation: Operation, engine: Engine, asked: Asked) -> Answer:
    with Session(engine, expire_on_commit=False) as session:
        return operation(session, asked)


def _asked(request: Request, body: bytes) -> Asked:
    query = request.scope["query_string"].decode("latin-1")
    return Asked(
        customer=request.state.customer,
        url=_url(request.scope, query),
        query=query,
        id=request.path_params.get("id", ""),
        body=body,
    )


def _url(scope: Scope, query: str) -> str:
    """Give the URL that the client used, as it was sent."""
    path = scope["raw_path"].decode("latin-1")
    return f"{scope['state']['origin']}{path}{'?' if query else ''}{query}"
