"""Flask: an extension that makes views answer JSON:API, and errors of the whole application documents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.document import TopLevel
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.integrations.asked import Asked
from jsonapi_sieve.integrations.origin import Network
from jsonapi_sieve.integrations.refusals import Refusals
from jsonapi_sieve.integrations.wsgi import OriginMiddleware, read_request
from jsonapi_sieve.limits import Limits

__all__ = ["JsonApi"]

P = ParamSpec("P")

_LIMITS: Final = Limits()
_NOTHING: Final = TopLevel()


class JsonApi:
    """JSON:API for a Flask application; `init_app` binds it later, as with other extensions.

    `hosts` and `proxies` are those of `OriginMiddleware`, and `limits` binds bodies. Errors are documents at all
    addresses that begin with `prefix`; `top_level` is what all documents have. `ignore` and `profiles` are those of
    `Asked`.

    >>> app = Flask(__name__)
    >>> jsonapi = JsonApi(app, hosts=["example.org"])
    >>> app.test_client().get("/calls", base_url="https://example.org").json["errors"][0]["code"]
    'not-found'
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        hosts: Collection[str] | None = None,
        proxies: Collection[str | Network] = (),
        limits: Limits = _LIMITS,
        top_level: TopLevel = _NOTHING,
        prefix: str = "/",
        ignore: Collection[str] = (),
        profiles: Collection[str] = (),
    ) -> None:
        self._hosts = hosts
        self._proxies = proxies
        self._limits = limits
        self._ignore = ignore
        self._profiles = profiles
        self._refusals = Refusals(top_level, prefix)
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Let an application answer errors with documents, and know the origin that its clients see."""
        app.wsgi_app = OriginMiddleware(  # type: ignore[method-assign]  # as Flask's documentation has it
            app.wsgi_app, self._hosts, self._proxies, self._refusals
        )
        app.register_error_handler(QueryErrors, self._refused)
        app.register_error_handler(HTTPException, self._translated)

    def view(
        self, view: Callable[Concatenate[Asked[Response], P], Response | Awaitable[Response]]
    ) -> Callable[P, Response]:
        """Hand a view the request as `Asked`, before the arguments of its route; a decorator below `app.get(...)`.

        A view with `async def` is one as well, where Flask has its extra `async`.
        """

        @wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
            sent = read_request(request.environ, self._limits)
            asked = Asked(sent, _respond, ignore=self._ignore, profiles=self._profiles)
            response: Response = current_app.ensure_sync(view)(asked, *args, **kwargs)
            return response

        return answer

    def _refused(self, errors: QueryErrors) -> Response:
        return _respond(self._refusals.answer(errors, request.method))

    def _translated(self, fault: HTTPException) -> Response | HTTPException:
        if fault.response is not None:
            return fault  # it is made by hand
        sent = dict(fault.get_headers(request.environ))
        sent.pop("Content-Type", None)
        answer = self._refusals.translated(fault.code or 500, sent, method=request.method, path=request.path)
        return fault if answer is None else _respond(answer)


def _respond(answer: Answer) -> Response:
    return Response([answer.body], answer.status, dict(answer.headers))  # of bytes alone it would tell the length
