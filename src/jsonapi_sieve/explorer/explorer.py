"""The explorer's addresses: each is answered here, whatever the framework that the request comes by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar
from urllib.parse import parse_qs, urljoin, urlsplit

from sqlalchemy.orm import Session

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.explorer.counting import counts
from jsonapi_sieve.explorer.declared import Explored, Exports, Source
from jsonapi_sieve.explorer.described import described
from jsonapi_sieve.explorer.files import Files
from jsonapi_sieve.explorer.links import Links
from jsonapi_sieve.explorer.listing import page
from jsonapi_sieve.explorer.looking import engines, look
from jsonapi_sieve.explorer.ordering import create, ordered
from jsonapi_sieve.explorer.replies import (
    check_form,
    check_own,
    fresh,
    only,
    origin_of,
    redirect,
    refusal,
    refused,
    reply,
    sent,
    text,
)
from jsonapi_sieve.integrations.asked import Asked
from jsonapi_sieve.integrations.request import Request

__all__ = ["Explorer", "stranger"]

W = TypeVar("W")

_USED: Final = "This link has been used, or is too old. The program that made it can make another one.\n"
_ENGINES: Final[Mapping[str, str]] = MappingProxyType({"mysql": "mariadb", "clickhousedb": "clickhouse"})
_NOBODY: Final = "Open the explorer by the link that the service printed; each link works once."


class Explorer(Generic[W]):
    """A page that shows what filters do, and the addresses that it asks.

    `explored` are the resources. `session` opens a session for whoever is asking, which `whose` tells by the headers of
    a request (in lower case), or else `links` by its cookie; with neither nobody is let in. `exports` are orders for
    files of one of the resources. `url` of a resource begins with one slash, or is absolute.

    `answer` blocks; `jsonapi_sieve.explorer.asgi` and `.wsgi` mount an explorer.
    """

    def __init__(
        self,
        explored: Sequence[Explored[W]],
        *,
        session: Callable[[W], Session],
        whose: Callable[[Mapping[str, str]], W | None] | None = None,
        links: Links[W] | None = None,
        exports: Exports[W] | None = None,
    ) -> None:
        self._explored = tuple(explored)
        self._session = session
        self._whose = whose
        self._links = links
        self._exports = exports
        self._files = Files()
        self._engines = engines()

    def whose(self, headers: Mapping[str, str]) -> W | None:
        """Tell who sent a request; None for a stranger."""
        who = None if self._whose is None else self._whose(headers)
        return self._links.whose(headers) if who is None and self._links is not None else who

    def answer(self, request: Request, path: str) -> Answer:
        """Answer a request to a path below where the explorer is mounted: "/" is the page."""
        try:
            answer = self._answer(request, path)
        except QueryErrors as errors:
            answer = refused(errors)
        return sent(answer, request.method)

    def _answer(self, request: Request, path: str) -> Answer:
        match path.removeprefix("/").split("/"):
            case [""]:
                only(request.method, "GET", "HEAD")
                return self._files.page(request.headers.get("if-none-match"))
            case ["explorer", self._files.digest, name] if (file := self._files.file(name)) is not None:
                only(request.method, "GET", "HEAD")
                return file
            case ["explorer", "open"] if self._links is not None:
                only(request.method, "GET", "HEAD", "POST")
                return self._open(request, self._links)
            case ["explorer", *rest]:
                return self._data(request, rest)
        raise _nothing()

    def _open(self, request: Request, links: Links[W]) -> Answer:
        """Show the button of a link; when it is pressed, swap the token for a cookie and send the browser to the page.

        Whatever follows links by itself, to show what is behind one, presses no button and uses none up.
        """
        [token] = parse_qs(request.query).get("token", [""])[-1:]
        if request.method == "POST":
            check_form(request)
            cookie = links.swap(token, is_secure=urlsplit(request.url).scheme == "https")
            if cookie is not None:
                return redirect("../", {"Set-Cookie": cookie})
        elif links.is_new(token):
            return self._files.opening()
        return text(_USED, 410) if self.whose(request.headers) is None else redirect("../")

    def _data(self, request: Request, path: list[str]) -> Answer:
        who = self.whose(request.headers)
        if who is None:
            raise stranger()
        match path:
            case ["declaration"]:
                only(request.method, "GET", "HEAD")
                return reply(self._declaration(request, who))
            case ["resources", name, part]:
                only(request.method, "GET", "HEAD")
                return self._shown(request, who, self._named(who, name), part)
            case ["links"] if self._links is not None:
                only(request.method, "POST")
                check_own(request)
                return reply({"link": urljoin(request.url, f"open?token={self._links.new(who)}")})
            case ["exports"] if self._exports is not None:
                only(request.method, "POST")
                check_own(request)
                with self._session(who) as session:
                    return create(self._exports, session, who, request)
            case ["exports", identifier] if self._exports is not None:
                only(request.method, "GET", "HEAD")
                with self._session(who) as session:
                    asked = Asked(request, lambda answer: answer)
                    return asked.single(session, self._exports.rows(who), identifier)
        raise _nothing()

    def _named(self, who: W, name: str) -> Explored[W]:
        for each in self._explored:
            if each.rows(who).resource.type == name:
                return each
        raise _nothing()

    def _shown(self, request: Request, who: W, explored: Explored[W], part: str) -> Answer:
        source, url = explored.rows(who), _absolute(request, explored.url)
        match part:
            case "look":
                return reply(self._look(request, who, source, url))
            case "rows":
                with self._session(who) as session:
                    return fresh(page(session, source, request.query, url or _own(request)), "application/json")
            case "rows-by-cursor" if explored.by_cursor is not None:
                with self._session(who) as session:
                    shown = page(session, explored.by_cursor(who), request.query, _own(request))
                    return fresh(shown, "application/json")
            case "counts" if explored.plots is not None:
                with self._session(who) as session:
                    return reply(counts(session, source, explored.plots, request.query))
        raise _nothing()

    def _look(self, request: Request, who: W, source: Source, url: str) -> dict[str, Any]:
        told, query = look(source, request.query, url, self._engines)
        if query is not None and self._exports is not None and self._exports.of == source.resource.type:
            told["export"] = ordered(self._exports, who, source, query)
        return told

    def _declaration(self, request: Request, who: W) -> dict[str, Any]:
        exported = None if self._exports is None else self._exports.of
        resources = []
        for each in self._explored:
            source, by_cursor = each.rows(who), None
            if each.by_cursor is not None:
                by_cursor = each.by_cursor(who).resource.pages
            told = described(source, each.plots, _absolute(request, each.url), by_cursor=by_cursor)
            resources.append({**told, "exports": told["name"] == exported})
        return {"resources": resources, "engines": self._engines, "engine": self._engine(who)}

    def _engine(self, who: W) -> str:
        with self._session(who) as session:
            name = session.get_bind().dialect.name
        return _ENGINES.get(name, name)


def stranger() -> QueryErrors:
    """Make the fault of a request that nobody known sent."""
    headers = {"WWW-Authenticate": "Bearer"}  # every 401 names a way (RFC 9110, 11.6.1, "WWW-Authenticate")
    return refusal(401, "unauthorized", "Authorization failed", _NOBODY, headers)


def _absolute(request: Request, url: str) -> str:
    """Give an address of the application as the client would write it."""
    return f"{origin_of(request)}{url}" if url.startswith("/") else url


def _own(request: Request) -> str:
    return request.url.partition("?")[0]


def _nothing() -> QueryErrors:
    return refusal(404, "not-found", "Not found", "There is nothing at this address.")
