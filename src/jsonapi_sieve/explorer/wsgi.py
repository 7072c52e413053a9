"""An explorer as a WSGI application, to be mounted in Flask, Django and others; see docs/explorer.md."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, Final

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.explorer.explorer import Explorer
from jsonapi_sieve.explorer.replies import REFUSALS, refused, sent
from jsonapi_sieve.integrations.origin import LOOPBACK, Network
from jsonapi_sieve.integrations.wsgi import OriginMiddleware, read_request, send_answer
from jsonapi_sieve.limits import Limits

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["beside", "wsgi_app"]

_LIMITS: Final = Limits()


def wsgi_app(
    explorer: Explorer[Any],
    *,
    hosts: Collection[str] = LOOPBACK,
    proxies: Collection[str | Network] = (),
    limits: Limits = _LIMITS,
) -> WSGIApplication:
    """Make the application of an explorer, which answers to the names `hosts` only; see `OriginMiddleware`."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            request = read_request(environ, limits)
        except QueryErrors as errors:
            answer = sent(refused(errors), environ["REQUEST_METHOD"])
        else:
            answer = explorer.answer(request, environ.get("PATH_INFO", ""))
        return send_answer(answer, start_response)

    return OriginMiddleware(app, hosts, proxies, REFUSALS)


def beside(app: WSGIApplication, prefix: str, explorer: WSGIApplication) -> WSGIApplication:
    """Mount an explorer below a prefix such as "/explore", beside an application that has all other addresses.

    >>> seen = beside(lambda *_: [b"app"], "/explore", lambda environ, _: [environ["PATH_INFO"].encode()])
    >>> seen({"PATH_INFO": "/explore/"}, None), seen({"PATH_INFO": "/explored"}, None)
    ([b'/'], [b'app'])
    """

    def both(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix:
            moved = Answer(b"", 308, {"Location": f"{prefix.rpartition('/')[2]}/"})
            return send_answer(sent(moved, environ["REQUEST_METHOD"]), start_response)
        if not path.startswith(f"{prefix}/"):
            return app(environ, start_response)
        below = {"SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + prefix, "PATH_INFO": path.removeprefix(prefix)}
        return explorer({**environ, **below}, start_response)

    return both
