"""Servers of uvicorn, run beside the tests, and a place where there is none."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn

from tests.patience import PATIENCE

__all__ = ["nobody", "running"]


@contextmanager
def nobody() -> Iterator[str]:
    """Give the URL of a port that refuses connections: it is held, lest a server of other tests get it meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@contextmanager
def running(server: uvicorn.Server, listener: socket.socket) -> Iterator[str]:
    """Run a server on a loopback socket in a thread of its own; gives its URL."""
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
