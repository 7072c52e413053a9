"""How a server ends while requests are under way."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from http.client import HTTPResponse
from threading import Event, Thread

import pytest
from starlette.types import Message, Receive, Scope, Send

from jsonapi_sieve.service import make_server
from tests.patience import PATIENCE
from tests.service.running import MEDIA_TYPE

HEAD: Message = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]}


@pytest.mark.parametrize(("messages", "status"), [((), 503), ((HEAD,), 200)])
def test_a_request_that_is_given_up_is_told_so(messages: tuple[Message, ...], status: int) -> None:
    asked = Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for message in messages:
                await send(message)
            asked.set()
            await receive()
            await receive()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = make_server(app, log_level="critical")
        server.config.timeout_graceful_shutdown = 0
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        with socket.create_connection(listener.getsockname(), timeout=PATIENCE) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert asked.wait(PATIENCE)
            server.should_exit = True
            with HTTPResponse(connection) as answer:
                answer.begin()
                assert answer.status == status
                if status == 503:
                    assert answer.headers["content-type"] == MEDIA_TYPE
                    assert json.loads(answer.read())["errors"][0]["code"] == "unavailable"
        thread.join(PATIENCE)
        assert not thread.is_alive()


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_told_twice_ends_once_and_the_application_too(
    second: signal.Signals, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "lifespan"
        heard.append((await receive())["type"])
        await send({"type": "lifespan.startup.complete"})
        tell()
        heard.append((await receive())["type"])
        await send({"type": "lifespan.shutdown.complete"})

    def tell() -> None:
        if not server.started:
            asyncio.get_running_loop().call_soon(tell)
            return
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(second)

    server = make_server(app)
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(KeyboardInterrupt):
        server.run(sockets=[listener])
    assert heard == ["lifespan.startup", "lifespan.shutdown"]
    assert caplog.records == []
