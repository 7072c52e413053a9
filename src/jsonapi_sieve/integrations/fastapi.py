"""FastAPI: requests for JSON:API as a dependency, and errors of the whole application as documents."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.routing import BaseRoute, Match

from jsonapi_sieve.document import TopLevel
from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.integrations import starlette
from jsonapi_sieve.integrations.asgi import Message, Receive, Scope, Send
from jsonapi_sieve.integrations.origin import Network
from jsonapi_sieve.limits import Limits

__all__ = ["JsonApi"]

_LIMITS: Final = Limits()
_NOTHING: Final = TopLevel()


class JsonApi(starlette.JsonApi):
    """JSON:API for an application of FastAPI: `asked: Annotated[Asked, Depends(jsonapi)]` in a path operation.

    The arguments are those for Starlette. HEAD is answered wherever GET is, which FastAPI leaves to each route. A route
    for HEAD itself, and an application that is mounted, are asked as ever.
    """

    def __init__(
        self,
        app: FastAPI,
        *,
        hosts: Collection[str] | None = None,
        proxies: Collection[str | Network] = (),
        limits: Limits = _LIMITS,
        top_level: TopLevel = _NOTHING,
        ignore: Collection[str] = (),
        profiles: Collection[str] = (),
    ) -> None:
        super().__init__(
            app,
            hosts=hosts,
            proxies=proxies,
            limits=limits,
            top_level=top_level,
            ignore=ignore,
            profiles=profiles,
        )
        app.add_middleware(_HeadMiddleware, app.routes)
        app.add_exception_handler(RequestValidationError, self._refuse)

    def _errors_of(self, request: Request, fault: Exception) -> QueryErrors:
        if isinstance(fault, RequestValidationError):
            return QueryErrors(map(_error, fault.errors()))
        return super()._errors_of(request, fault)


def _error(fault: Any) -> ErrorObject:
    """Give the error object of an argument of a path operation that is missing, or is not what its type says."""
    match fault["loc"]:
        case ("query", str(name), *_):
            return _invalid("The parameter is missing, or its value is not allowed.", name)
        case ("header", str(name), *_):
            return _invalid("The header is missing, or its value is not allowed.", name, source="header")
        case _:
            return _invalid("The request is not what this address takes.")


def _invalid(detail: str, at: str | None = None, **source: Any) -> ErrorObject:
    return ErrorObject("invalid-request", "Invalid request", detail, at, status=400, **source)


class _HeadMiddleware:
    """Asks for HEAD what GET gives where no route is for HEAD itself, and sends all but the body."""

    def __init__(self, app: Any, routes: Sequence[BaseRoute]) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or self._is_routed(scope):
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, sending)

    def _is_routed(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Match.FULL for route in self._routes)
