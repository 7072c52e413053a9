"""Whatever is asked, and whatever it does, an answer or the reason of its absence comes in the end."""

from __future__ import annotations

import re
import socket
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from itertools import repeat
from threading import Thread
from typing import Any

import anyio
import pytest

from jsonapi_sieve.testing.conformance import Collection, Description, Limits, Report, check
from jsonapi_sieve.testing.conformance.targets import Target
from tests.patience import PATIENCE
from tests.serving import nobody
from tests.testing.conformance.apps import ASGI, BOOKS, Message, Receive, Reply, Respond, Send, asgi, books, reply, wsgi

SMALL = Limits(seconds=PATIENCE, total_seconds=10 * PATIENCE, bytes=10_000, requests=60, failures=3)
HASTY = SMALL._replace(seconds=0.3)
"""For those that never answer."""
DESCRIPTION = Description((Collection("/books"),))


def checked(target: Target, *only: str, limits: Limits = SMALL) -> Report:
    return check(target, DESCRIPTION, only=only, limits=limits)


def messages(report: Report) -> str:
    return "\n".join(finding.message for finding in report.findings)


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve on a loopback port by a function that is handed each connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        connection.recv(1 << 16)
                        answer(connection)
                    except OSError:
                        continue

        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


class Called:
    """An ASGI application that is an object."""

    def __init__(self, app: ASGI) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def undecorated(scope: Message, receive: Receive, send: Send) -> Awaitable[None]:
    return asgi(books)(scope, receive, send)


@pytest.mark.parametrize(
    "app",
    [
        asgi(books),
        Called(asgi(books)),
        undecorated,
        partial(asgi(books)),
        wsgi("200 OK", [("Content-Type", "application/vnd.api+json")], lambda: iter([reply(BOOKS)[2]])),
    ],
)
def test_applications_of_both_kinds_are_asked(app: Target) -> None:
    report = checked(app, "FET-01", "CN-01", "DOC")
    assert {"FET-01", "CN-01", "DOC-09"} <= report.checked
    assert "FET-01" not in report.broken
    assert report.requests > 0


def test_what_has_no_signature_is_taken_for_wsgi() -> None:
    assert "TypeError" in messages(checked(dict, "FET-01"))


def test_a_server_is_asked_by_its_url() -> None:
    body = reply(BOOKS)[2]
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.api+json\r\nContent-Length: {len(body)}\r\n"

    def answer(connection: socket.socket) -> None:
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode() + body)

    with listening(answer) as url:
        assert checked(url, "FET-01").findings == ()
        assert checked(f"{url}/", "FET-01").findings == ()
        found = check(f"{url}/books/", only=["FET-03"], limits=SMALL).findings
    assert [re.fullmatch("GET /books/21[0-9]{8}/", finding.request) is not None for finding in found] == [True]


RUBBISH: list[tuple[str, bytes, str]] = [
    ("HTML", b"HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<h1>", "'text/html'"),
    ("nothing", b"", "no answer"),
    ("no HTTP", b"hello\r\n\r\n", "no answer"),
    ("half a body", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "no answer"),
    ("an empty body", b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "The answer to a plain request is 500"),
    ("no JSON", b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.api+json\r\nContent-Length: 1\r\n\r\n{", "no JSON"),
    ("another type", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "has no media type"),
    ("a redirect", b"HTTP/1.1 302 Found\r\nLocation: /books\r\nContent-Length: 0\r\n\r\n", "is 302"),
    ("gzip", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", "has no media type"),
]


@pytest.mark.parametrize(
    ("sent", "told"), [(sent, told) for _, sent, told in RUBBISH], ids=[name for name, *_ in RUBBISH]
)
def test_rubbish_gets_findings(sent: bytes, told: str) -> None:
    with listening(lambda connection: connection.sendall(sent)) as url:
        report = checked(url)
    assert "FET-01" in report.broken | report.checked
    assert told in messages(report)


def test_a_server_that_is_not_there_is_told() -> None:
    with nobody() as url:
        report = checked(url)
    assert report.broken == {"FET-01"}
    assert "ConnectError" in messages(report)
    assert not report.answered
    assert report.requests == 1
    assert report.skipped["QRY-06"] == "The collection is not found."


def test_a_server_that_goes_away_is_left_alone() -> None:
    alive = iter([True])

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        if not next(alive, False):
            raise RuntimeError("Oops")
        start_response("200 OK", [("Content-Type", "application/vnd.api+json")])
        return [reply(BOOKS)[2]]

    report = checked(app)
    assert report.answered
    assert report.requests == 4
    assert report.skipped["QRY-06"] == "The server has not answered 3 times in a row."


def test_a_slow_server_is_not_waited_for() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:  # until nobody listens any more
            connection.sendall(b"X: y\r\n")
            anyio.run(anyio.sleep, 0.1)

    with listening(drip) as url:
        report = checked(url, "FET-01", limits=HASTY)
    assert "TimeoutError" in messages(report)


def test_an_endless_answer_is_cut() -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.api+json\r\n\r\n")
        for _ in range(10_000):
            connection.sendall(b" " * 1000)

    with listening(flood) as url:
        assert "longer than 10000 bytes" in messages(checked(url, "FET-01"))


async def endless(scope: Message, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b" " * 1000, "more_body": True})


async def empty(scope: Message, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b"", "more_body": True})


async def asleep(scope: Message, receive: Receive, send: Send) -> None:
    await anyio.sleep(1000)


async def silent(scope: Message, receive: Receive, send: Send) -> None:
    """Give no answer at all."""


async def failing(scope: Message, receive: Receive, send: Send) -> None:
    raise RuntimeError("Oops")


def broken_wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    raise RuntimeError("Oops")


@pytest.mark.parametrize(
    ("app", "told"),
    [
        (endless, "longer than 10000 bytes"),
        (empty, "no answer (TimeoutError)"),
        (asleep, "no answer (TimeoutError)"),
        (silent, "no answer (AssertionError)"),
        (failing, "is 500"),
        (broken_wsgi, "no answer (RuntimeError: Oops)"),
        (wsgi("200 OK", [], lambda: repeat(b" " * 1000)), "longer than 10000 bytes"),
    ],
)
def test_bad_applications_get_findings(app: Target, told: str) -> None:
    async def alive(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await app(scope, receive, send)  # type: ignore[operator]

    target = app if app is broken_wsgi or "wsgi" in repr(app) else alive
    limits = HASTY if "TimeoutError" in told else SMALL
    assert told in messages(checked(target, "FET-01", limits=limits))


def test_an_application_lives_while_it_is_asked() -> None:
    seen: list[str] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            seen.append(scope["state"]["greeting"])
            await asgi(books)(scope, receive, send)
            return
        while True:
            message = await receive()
            seen.append(message["type"])
            scope["state"]["greeting"] = "hello"
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    checked(app, "FET-01")
    assert seen[0] == "lifespan.startup"
    assert set(seen[1:-1]) == {"hello"}
    assert seen[-1] == "lifespan.shutdown"


async def never_started(scope: Message, receive: Receive, send: Send) -> None:
    await anyio.sleep_forever()


def test_an_application_that_does_not_start_is_told() -> None:
    report = checked(never_started, limits=SMALL._replace(seconds=0.01))
    assert report.requests == 1
    assert "no answer (TimeoutError: the application has not started in 0.01 seconds)" in messages(report)


def test_an_application_that_does_not_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    waited: list[float] = []
    result = Future.result

    def hasty(future: Future[Any], timeout: float | None = None) -> Any:
        if timeout is None:
            return result(future)
        waited.append(timeout)
        return result(future, 0.1)

    monkeypatch.setattr(Future, "result", hasty)

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body"})
            return
        await send({"type": "lifespan.startup.complete"})
        try:
            await anyio.sleep_forever()
        finally:
            seen.append("cancelled")

    assert "is 404" in messages(checked(app, "FET-01"))
    assert (seen, waited) == (["cancelled"], [SMALL.seconds])


@pytest.mark.parametrize("headers", [{"accept": "application/*"}, {"ACCEPT": "a/b", "accept": "application/*"}])
def test_a_header_is_sent_once_however_it_is_spelled(headers: dict[str, str]) -> None:
    sent: list[list[bytes]] = []

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            sent.append([value for name, value in scope["headers"] if name.lower() == b"accept"])
        await asgi(books)(scope, receive, send)

    check(app, Description((Collection("/books"),), headers=headers), only=["CN-07"])
    assert sent[0] == [b"application/*"]
    assert {len(values) for values in sent} == {0, 1}


def test_requests_are_counted_and_time_is_limited() -> None:
    report = checked(asgi(books), limits=SMALL._replace(requests=5))
    assert report.requests == 5
    assert report.stopped == "The 5 requests that may be sent are used up."
    assert report.skipped["QRY-06"] == report.stopped
    assert not report.complete
    report = checked(asgi(books), limits=SMALL._replace(total_seconds=0.0))
    assert report.requests == 0
    assert report.checked == frozenset()
    assert "The 0 seconds that it may take are over." in report.skipped.values()


def linking(links: dict[str, str]) -> Respond:
    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Any:
        asked.append((method, target, headers["host"]))
        return reply({**BOOKS, "links": links})

    asked: list[tuple[str, str, str]] = []
    respond.asked = asked  # type: ignore[attr-defined]
    return respond


def test_links_to_elsewhere_are_not_followed() -> None:
    links = {
        "self": "http://other.example/books",
        "next": "//other.example/books",
        "prev": "http://[",
        "first": "http://localhost:99999999/",
        "last": "http://localhost:81/books",
        "related": "file:///etc/passwd",
        "describedby": "/",
    }
    respond = linking(links)
    checked(asgi(respond))
    asked = respond.asked  # type: ignore[attr-defined]
    assert {host for _, _, host in asked} == {"localhost"}
    assert all(target.startswith("/books") for _, target, _ in asked)


def test_of_very_many_relationships_some_are_followed() -> None:
    numbers = range(20_000)
    related = {f"r{number}": {"data": None, "links": {"self": "/x", "related": "/x"}} for number in numbers}
    book = {"type": "books", "id": "1", "attributes": {f"a{number}": 1 for number in numbers}, "relationships": related}
    listing, linkage = reply({"data": [book]}), reply({"data": None})

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        return listing if target == "/books" else linkage

    report = check(asgi(respond), DESCRIPTION, only=["DOC-15", "DOC-18", "FET-02", "FET-04", "INC-01"])
    assert report.complete
    assert report.requests < 500


def test_a_circle_of_pages_is_left() -> None:
    report = check(
        asgi(linking({"next": "/books?page%5Bafter%5D=1"})),
        Description((Collection("/books", pages="cursor"),)),
        only=["CUR"],
        limits=SMALL._replace(requests=500),
    )
    assert "CUR-01" in report.broken
    assert report.requests < 500
