"""A broken server: the full API with one fault between it and its clients."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, quote_plus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Document: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A request as the client sends it; header names are in lower case, `query` is not decoded."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The parameters of the query string, decoded."""
        return parse_qsl(self.query, keep_blank_values=True)

    def parameter(self, name: str) -> str | None:
        """Give the value of a parameter; None where it is not sent."""
        return dict(self.parameters).get(name)

    def asking(self, parameters: list[tuple[str, str]]) -> Request:
        """Give the same request with other parameters."""
        query = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in parameters)
        return replace(self, query=query)

    def mapped(self, change: Callable[[str, str], str | None]) -> Request:
        """Give the same request with other values of its parameters; None leaves a parameter out."""
        changed = [(name, change(name, value)) for name, value in self.parameters]
        kept = [(name, value) for name, value in changed if value is not None]
        return self if kept == self.parameters else self.asking(kept)

    def without(self, is_ignored: Callable[[str], bool]) -> Request:
        """Give the same request without some parameters."""
        return self.mapped(lambda name, value: None if is_ignored(name) else value)

    def telling(self, **headers: str) -> Request:
        """Give the same request with other headers, whose dashes are written as underscores."""
        return replace(self, headers=self.headers | {name.replace("_", "-"): text for name, text in headers.items()})

    @property
    def segments(self) -> list[str]:
        return self.path.strip("/").split("/")

    @property
    def document(self) -> Any:
        """What the body says; None where it is no JSON."""
        return _read(self.body)

    def sending(self, document: object) -> Request:
        """Give the same request with another document."""
        body = json.dumps(document).encode()
        return replace(self.telling(content_length=str(len(body))), body=body)


@dataclass(frozen=True)
class Answer:
    """An answer; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """What the body says; None where it is no JSON."""
        return _read(self.body)

    def saying(self, document: object, status: int | None = None) -> Answer:
        """Give the same answer with another document."""
        return replace(self, body=json.dumps(document).encode(), status=status or self.status)

    def telling(self, **headers: str) -> Answer:
        """Give the same answer with other headers, whose dashes are written as underscores."""
        return replace(self, headers=self.headers | {name.replace("_", "-"): text for name, text in headers.items()})

    def silent(self, *names: str) -> Answer:
        """Give the same answer without some headers."""
        return replace(self, headers={name: text for name, text in self.headers.items() if name not in names})


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


Ask: TypeAlias = Callable[[Request], Awaitable[Answer]]
"""Asks the healthy server."""

Fault: TypeAlias = Callable[[Request, Ask], Awaitable[Answer]]
"""Answers a request wrongly, by what the healthy server says."""


def refusal(status: int) -> Answer:
    """Make an answer that refuses a request, and says no more than it has to."""
    headers = {"content-type": "application/vnd.api+json", "vary": "Accept"}
    return Answer(status, headers, b"").saying({"errors": [{"status": str(status), "title": "Refused"}]})


def misheard(change: Callable[[Request], Request | Answer]) -> Fault:
    """Make a fault of a server that takes a request for another one, or refuses it."""

    async def fault(request: Request, ask: Ask) -> Answer:
        changed = change(request)
        return changed if isinstance(changed, Answer) else await ask(changed)

    return fault


def misspoken(change: Callable[[Request, Answer], Answer]) -> Fault:
    """Make a fault of a server that understands a request and gives another answer."""

    async def fault(request: Request, ask: Ask) -> Answer:
        return change(request, await ask(request))

    return fault


def miswritten(change: Callable[[Document], object], *, only: Callable[[Document], bool] = bool) -> Fault:
    """Make a fault of a server whose documents, or some of them, are changed in place."""

    def rewrite(_request: Request, answer: Answer) -> Answer:
        document = answer.document
        if not isinstance(document, dict) or not only(document):
            return answer
        change(document)
        return answer.saying(document)

    return misspoken(rewrite)


def resources_of(document: Document) -> Iterator[Document]:
    """Give the resource objects of a document, those of its primary data first."""
    data = document.get("data")
    yield from (each for each in (data if isinstance(data, list) else [data]) if each and _is_resource(each))
    yield from document.get("included", ())


def _is_resource(value: Document) -> bool:
    return not {"attributes", "relationships", "links"}.isdisjoint(value)


def relationships_of(document: Document) -> Iterator[Document]:
    """Give the relationship objects of a document's resources."""
    for resource in resources_of(document):
        yield from resource.get("relationships", {}).values()


def identifiers_of(document: Document) -> Iterator[Document]:
    """Give the resource identifier objects of a document."""
    linkages = [relationship.get("data") for relationship in relationships_of(document)]
    primary = document.get("data")
    for linkage in (*linkages, primary):
        for each in linkage if isinstance(linkage, list) else [linkage]:
            if each and not _is_resource(each):
                yield each


def each_resource(change: Callable[[Document], object]) -> Fault:
    """Make a fault of a server all of whose resource objects are changed in place."""
    return miswritten(lambda document: [change(resource) for resource in resources_of(document)])


class Broken:
    """An ASGI application that has a fault."""

    def __init__(self, app: ASGIApp, fault: Fault) -> None:
        self._app = app
        self._fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def ask(request: Request) -> Answer:
            return await _ask(self._app, scope, request)

        request = await _received(scope, receive)
        answer = await self._fault(request, ask)
        is_head = request.method == "HEAD"
        whole = await self._fault(replace(request, method="GET"), ask) if is_head else answer
        headers = answer.headers | {"content-length": str(len(whole.body))}
        raw = [(name.encode("latin-1"), text.encode("latin-1")) for name, text in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await send({"type": "http.response.body", "body": b"" if is_head else answer.body})


async def _received(scope: Scope, receive: Receive) -> Request:
    headers: dict[str, str] = {}
    for raw_name, raw_text in scope["headers"]:
        name, text = raw_name.decode("latin-1").lower(), raw_text.decode("latin-1")
        headers[name] = f"{headers[name]}, {text}" if name in headers else text
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    path = scope["raw_path"].decode("latin-1")
    return Request(scope["method"], path, scope["query_string"].decode("latin-1"), headers, body)


async def _ask(app: ASGIApp, scope: Scope, request: Request) -> Answer:
    headers = [(name.encode("latin-1"), text.encode("latin-1")) for name, text in request.headers.items()]
    scope = {
        **scope,
        "method": request.method,
        "path": request.path,
        "raw_path": request.path.encode("latin-1"),
        "query_string": request.query.encode("latin-1"),
        "headers": headers,
    }
    answers: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Message) -> None:
        answers.append(message)

    await app(scope, receive, send)
    start, *parts = answers
    told = {name.decode("latin-1").lower(): text.decode("latin-1") for name, text in start["headers"]}
    return Answer(start["status"], told, b"".join(part.get("body", b"") for part in parts))
