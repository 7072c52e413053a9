"""Starlette: what reads requests for JSON:API, and errors of the whole application as documents.

Sessions are those of the application: `await session.run_sync(asked.listing, rows)` with an `AsyncSession`, and
`await run_in_threadpool(asked.listing, session, rows)` with a `Session`.
"""

from collections.abc import Collection, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Route

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.document import TopLevel
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.integrations.asgi import OriginMiddleware, read_request
from jsonapi_sieve.integrations.asked import Asked
from jsonapi_sieve.integrations.origin import Network
from jsonapi_sieve.integrations.refusals import Refusals, errors_of
from jsonapi_sieve.limits import Limits

__all__ = ["JsonApi"]

_LIMITS: Final = Limits()
_NOTHING: Final = TopLevel()
_LAST: Final[Mapping[str, str]] = MappingProxyType({"Connection": "close"})


class JsonApi:
    """JSON:API for an application of Starlette, all of whose errors become documents: `asked = await jsonapi(request)`.

    `hosts` and `proxies` are those of `OriginMiddleware`, and `limits` binds bodies; `top_level` is what all documents
    have. `ignore` and `profiles` are those of `Asked`. Where there are pages of HTML as well, mount an application of
    its own for the API.
    """

    def __init__(
        self,
        app: Starlette,
        *,
        hosts: Collection[str] | None = None,
        proxies: Collection[str | Network] = (),
        limits: Limits = _LIMITS,
        top_level: TopLevel = _NOTHING,
        ignore: Collection[str] = (),
        profiles: Collection[str] = (),
    ) -> None:
        self._limits = limits
        self._ignore = ignore
        self._profiles = profiles
        self._refusals = Refusals(top_level)
        app.add_middleware(OriginMiddleware, hosts, proxies, self._refusals)
        for kind in (QueryErrors, HTTPException, ClientDisconnect, Exception):
            app.add_exception_handler(kind, self._refuse)

    async def __call__(self, request: Request) -> Asked[Response]:
        """Read a request.

        Raises:
            QueryErrors: for headers, and a body, that cannot be answered.
        """
        sent = await read_request(request.scope, request.stream(), self._limits)
        return Asked(sent, _respond, ignore=self._ignore, profiles=self._profiles)

    async def _refuse(self, request: Request, fault: Exception) -> Response:
        if isinstance(fault, HTTPException) and fault.status_code < HTTPStatus.BAD_REQUEST:
            return Response(status_code=fault.status_code, headers=fault.headers)  # a redirection, which is no fault
        errors = fault if isinstance(fault, QueryErrors) else self._errors_of(request, fault)
        return _respond(self._refusals.answer(errors, request.method))

    def _errors_of(self, request: Request, fault: Exception) -> QueryErrors:
        match fault:
            case HTTPException(status_code=HTTPStatus.METHOD_NOT_ALLOWED as status, headers=headers):
                sent = headers or {}
                allowed = {"Allow": ", ".join([sent.get("Allow", ""), *_methods(request)])}
                return errors_of(status, method=request.method, path=request.url.path, headers={**sent, **allowed})
            case HTTPException(status_code=status, headers=headers):
                return errors_of(status, method=request.method, path=request.url.path, headers=headers)
            case ClientDisconnect():
                return errors_of(HTTPStatus.BAD_REQUEST)
            case _:
                # A server logs what an application raises, and ends its connection.
                is_first = request.scope.get("http_version", "1.1") < "2"
                return errors_of(HTTPStatus.INTERNAL_SERVER_ERROR, headers=_LAST if is_first else None)


def _methods(request: Request) -> set[str]:
    """Give the methods of all routes at an address; the router tells those of the first."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    at_hand = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return {method for route in at_hand for method in route.methods or ()}


def _respond(answer: Answer) -> Response:
    return Response(answer.body, answer.status, answer.headers)
