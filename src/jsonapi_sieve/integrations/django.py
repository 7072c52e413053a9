"""Django: a class-based view that answers JSON:API, and a middleware that makes documents of errors.

Hosts and proxies are what the settings of Django say: ALLOWED_HOSTS, USE_X_FORWARDED_HOST and SECURE_PROXY_SSL_HEADER.
"""

import sys
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any, ClassVar, Final
from urllib.parse import quote

from django import conf
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.document import TopLevel
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.integrations.asked import Asked
from jsonapi_sieve.integrations.origin import Origins
from jsonapi_sieve.integrations.refusals import Refusals
from jsonapi_sieve.integrations.request import Request, check_headers, escaped
from jsonapi_sieve.integrations.wsgi import UNRESERVED
from jsonapi_sieve.integrations.wsgi_bodies import length_of, read_body
from jsonapi_sieve.limits import Limits

__all__ = ["JsonApiMiddleware", "JsonApiView"]

_ANY: Final = Origins()


class JsonApiMiddleware:
    """Answers errors with documents, those of Django too; name it first in MIDDLEWARE.

    That holds at all addresses that begin with `prefix`; `top_level` is what all documents have: a subclass sets them.
    """

    prefix: ClassVar[str] = "/"
    top_level: ClassVar[TopLevel] = TopLevel()

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._refusals = Refusals(self.top_level, self.prefix)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        method = request.method or ""
        answer = self._refusals.translated(response.status_code, response.headers, method=method, path=request.path)
        if answer is None or (conf.settings.DEBUG and response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR):
            return response  # in debug mode it is a page with the traceback
        document = _respond(answer)
        document.cookies = response.cookies
        # Django logs each refusal once, and this stands for one that may have been.
        document._has_been_logged = getattr(response, "_has_been_logged", False)  # type: ignore[attr-defined]  # noqa: SLF001
        return document

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer to the faults of a request."""
        if isinstance(exception, QueryErrors):
            return _respond(self._refusals.answer(exception, request.method or ""))
        return None


class JsonApiView(View):
    """A view whose methods answer by `self.asked`: `return self.asked.listing(session, articles)`.

    It needs no CSRF token, for it takes no media type that a form can send, and a script of another origin cannot send
    the one that it takes unless CORS lets it. `limits` binds bodies; `ignore` and `profiles` are those of `Asked`.
    """

    limits: ClassVar[Limits] = Limits()
    ignore: ClassVar[Collection[str]] = ()
    profiles: ClassVar[Collection[str]] = ()
    asked: Asked[HttpResponse]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """Give the view as a function, for a path."""
        return csrf_exempt(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read the request if there is a method to answer it."""
        method = (request.method or "").lower()
        if method in self.http_method_names and hasattr(self, method):
            sent = _read_request(request, self.limits)
            self.asked = Asked(sent, _respond, ignore=self.ignore, profiles=self.profiles)
        return super().dispatch(request, *args, **kwargs)


def _read_request(request: HttpRequest, limits: Limits) -> Request:
    method, headers = request.method or "", {name.lower(): value for name, value in request.headers.items()}
    origin = _ANY.of(request.scheme or "", {"host": request.get_host()})
    # By WSGI it has a character for each byte, by ASGI it is decoded.
    query = escaped(request.META.get("QUERY_STRING", "").encode("latin-1" if hasattr(request, "environ") else "utf-8"))
    url = f"{origin}{quote(request.path, UNRESERVED)}{'?' if query else ''}{query}"
    body = b""
    if check_headers(method, headers, limits):
        body = read_body(request, _length_of(request), limits)
    return Request(method, url, headers, body)


def _length_of(request: HttpRequest) -> int:
    """Tell how much Django is asked for: by WSGI it reads what a length announces, and by ASGI it has read all."""
    if not hasattr(request, "environ"):
        return sys.maxsize
    return length_of({"CONTENT_LENGTH": request.META.get("CONTENT_LENGTH")})


def _respond(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))
    if "Content-Type" not in answer.headers:
        del response["Content-Type"]
    return response
