"""The addresses of an API, as routes of Starlette; each does nothing but hand over and send back.

What is judged of a request comes in the order of the stages: who it is from (the mount's middleware), the route, the
method, what it accepts, the type and the length of its body, and then what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Mount, Route, Router
from starlette.types import Receive, Scope, Send

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.integrations import Asked
from jsonapi_sieve.integrations.asgi import read_request
from jsonapi_sieve.methods import Address, check_method
from jsonapi_sieve.service.answers import response_of
from jsonapi_sieve.service.authentication import AuthenticationMiddleware
from jsonapi_sieve.service.downloads import Download
from jsonapi_sieve.service.endpoints import Api, Endpoint
from jsonapi_sieve.service.exports import Exports
from jsonapi_sieve.service.operations import Operation, create, listing, related, relationship, single
from jsonapi_sieve.service.tokens import Tokens

__all__ = ["mount"]


def mount(api: Api, engine: Engine, tokens: Tokens, anonymous: int | None, exports: Exports | None = None) -> Mount:
    """Give all routes of an API, behind the check of who is asking."""
    files = [
        Route(f"/{endpoint.resource.type}{file.path}", Download(api, endpoint, file, engine, exports))
        for endpoint in api.endpoints
        if (file := endpoint.file) is not None
    ]
    documents = [
        Route(path, _Target(address, operations, engine, endpoint, exports))
        for endpoint in api.endpoints
        for path, address, operations in _operations(api, endpoint)
    ]
    authentication = Middleware(
        AuthenticationMiddleware, tokens, header=api.header, audience=api.audience, anonymous=anonymous
    )
    return Mount(api.path, Router([*files, *documents], redirect_slashes=False), middleware=[authentication])


def _operations(api: Api, endpoint: Endpoint) -> Iterator[tuple[str, Address, dict[str, Operation]]]:
    """Give the addresses of a collection, what stands there, and what each does by method."""
    path = f"/{endpoint.resource.type}"
    collection = {"GET": listing(api, endpoint)}
    if endpoint.create is not None:
        collection["POST"] = create(api, endpoint, endpoint.create)
    yield path, "collection", collection
    yield f"{path}/{{id}}", "resource", {"GET": single(api, endpoint)}
    for member, relation in endpoint.resource.schema.relationships.items():
        yield f"{path}/{{id}}/{member}", "related", {"GET": related(api, endpoint, relation)}
        linkage = {"GET": relationship(api, endpoint, relation)}
        yield f"{path}/{{id}}/relationships/{member}", "relationship", linkage


@dataclass(frozen=True)
class _Target:
    """What stands at an address, as an ASGI application: a route of Starlette then leaves all methods to it."""

    address: Address
    operations: Mapping[str, Operation]
    engine: Engine
    endpoint: Endpoint
    exports: Exports | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        check_method(request.method, self.address, self.operations)
        sent = await read_request(scope, request.stream(), self.endpoint.resource.limits)
        asked = Asked(sent, _as_it_is, meta=self.endpoint.told(sent.headers))
        answer = await run_in_threadpool(self._answer, asked, request)
        if self.exports is not None and answer.status == HTTPStatus.CREATED:
            self.exports.wake()
        await response_of(self.endpoint.varied(answer))(scope, receive, send)

    def _answer(self, asked: Asked[Answer], request: Request) -> Answer:
        operation = self.operations["GET" if request.method == "HEAD" else request.method]
        with Session(self.engine, expire_on_commit=False) as session:
            return operation(asked, session, request.state.customer, request.path_params.get("id", ""))


def _as_it_is(answer: Answer) -> Answer:
    return answer
