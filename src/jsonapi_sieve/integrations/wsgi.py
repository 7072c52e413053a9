"""WSGI (PEP 3333): requests as `Request`, bodies read no further than their budget, and answers as they are sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from http.client import responses
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.integrations.origin import Network, Origins
from jsonapi_sieve.integrations.refusals import Refusals
from jsonapi_sieve.integrations.request import Request, check_headers, escaped
from jsonapi_sieve.integrations.wsgi_bodies import length_of, read_body
from jsonapi_sieve.limits import Limits

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["UNRESERVED", "OriginMiddleware", "headers_of", "read_request", "send_answer"]

_ANY: Final = Origins()
_LIMITS: Final = Limits()
_REFUSALS: Final = Refusals()

UNRESERVED: Final = "/!$&'(),;*+=:@~"
"""What stands for itself in a path (RFC 3986, 3.3, \"Path\")."""


def read_request(environ: WSGIEnvironment, limits: Limits = _LIMITS) -> Request:
    """Read a request, its body after its headers are checked.

    >>> from wsgiref.util import setup_testing_defaults
    >>> environ = {"HTTP_HOST": "example.org", "PATH_INFO": "/calls", "QUERY_STRING": "sort=duration"}
    >>> setup_testing_defaults(environ)
    >>> read_request(environ).url
    'http://example.org/calls?sort=duration'

    Raises:
        QueryErrors: for what `check_headers`, `read_body` and `Origins.of` refuse.
    """
    method, headers = environ["REQUEST_METHOD"], headers_of(environ)
    origin = _ANY.of(environ["wsgi.url_scheme"], headers, server=_server(environ))
    path = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), UNRESERVED, "latin-1")
    query = escaped(environ.get("QUERY_STRING", "").encode("latin-1"))
    body = b""
    if check_headers(method, headers, limits):
        body = read_body(environ["wsgi.input"], length_of(environ), limits)
    return Request(method, f"{origin}{path}{'?' if query else ''}{query}", headers, body)


def headers_of(environ: WSGIEnvironment) -> dict[str, str]:
    """Give the headers of a request, by names in lower case."""
    named = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
    named |= {name: environ[name] for name in ("CONTENT_TYPE", "CONTENT_LENGTH") if environ.get(name)}
    return {name.replace("_", "-").lower(): value for name, value in named.items()}


def send_answer(answer: Answer, start_response: StartResponse) -> list[bytes]:
    """Send an answer.

    >>> send_answer(Answer.of(b'{"data":null}'), lambda status, headers: print(status, dict(headers)))
    200 OK {'Content-Type': 'application/vnd.api+json', 'Vary': 'Accept'}
    [b'{"data":null}']
    """
    start_response(f"{answer.status} {responses.get(answer.status, 'Unknown')}", list(answer.headers.items()))
    return [answer.body]


class OriginMiddleware:
    """Gives an application the host and the scheme that the client used, or refuses a host.

    `hosts` are allowed, with any port; None allows each that is well formed. `X-Forwarded-Proto` and
    `X-Forwarded-Host` count only when they come from an address in `proxies`.

    >>> app = OriginMiddleware(lambda environ, _: [environ["HTTP_HOST"].encode()], proxies=["10.0.0.0/8"])
    >>> environ = {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http", "HTTP_HOST": "localhost"}
    >>> app({**environ, "REMOTE_ADDR": "10.1.2.3", "HTTP_X_FORWARDED_HOST": "Example.org"}, None)
    [b'example.org']
    """

    def __init__(
        self,
        app: WSGIApplication,
        hosts: Collection[str] | None = None,
        proxies: Collection[str | Network] = (),
        refusals: Refusals = _REFUSALS,
    ) -> None:
        self._app = app
        self._origins = Origins(hosts, proxies)
        self._refusals = refusals

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            scheme, host = self._origins.of(
                environ["wsgi.url_scheme"],
                headers_of(environ),
                client=environ.get("REMOTE_ADDR", ""),
                server=_server(environ),
            )
        except QueryErrors as errors:
            return send_answer(self._refusals.answer(errors, environ["REQUEST_METHOD"]), start_response)
        return self._app({**environ, "wsgi.url_scheme": scheme, "HTTP_HOST": host}, start_response)


def _server(environ: dict[str, Any]) -> tuple[str, str]:
    if environ["SERVER_PORT"]:
        return environ["SERVER_NAME"], environ["SERVER_PORT"]
    return "localhost", "443" if environ["wsgi.url_scheme"] == "https" else "80"  # a socket of Unix has neither
