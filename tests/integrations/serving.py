"""The applications of docs/examples, each served on a loopback port with a database of its own."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
import uvicorn
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from jsonapi_sieve.testing.conformance import Collection, Description
from tests.patience import PATIENCE
from tests.serving import running

EXAMPLES: Final = Path(__file__).parents[2] / "docs" / "examples"

_NEW: Final = {
    "type": "articles",
    "attributes": {"title": "New {unique}", "words": 7},
    "relationships": {"author": {"data": {"type": "people", "id": "1"}}},
}

DESCRIPTION: Final = Description(
    (
        Collection(
            "/articles",
            type="articles",
            filters=("filter[words-gteq]=700", "filter[title-cont]=No.+1"),
            empty="filter[words-eq]=5",
            sort=("title", "words"),
            include=("author",),
            to_one=("author",),
            pages="numbered",
            create={"data": _NEW},
        ),
    )
)
"""What all examples serve."""


@contextmanager
def examples(folder: Path) -> Iterator[Callable[[str], Any]]:
    """Give what imports an example afresh, with its database in a folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.syspath_prepend(EXAMPLES)
        yield import_module
        for name in sorted({path.stem for path in EXAMPLES.glob("*.py")} & sys.modules.keys()):
            module = sys.modules.pop(name)
            if name in ("falcon_app", "flask_app"):
                module.open_session.kw["bind"].dispose()


@contextmanager
def articles_in(folder: Path) -> Iterator[Any]:
    """Give the declarations of the examples, and what opens a session on a database with their articles."""
    engine = create_engine(f"sqlite:///{folder / 'articles.sqlite'}")
    with examples(folder) as example:
        declared = example("articles")
        declared.open_session = sessionmaker(engine)
        with declared.open_session() as session:
            declared.fill(session)
        yield declared
    engine.dispose()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (as its base class names it)
        """Tell nobody."""


@contextmanager
def wsgi_served(app: Any) -> Iterator[str]:
    """Serve a WSGI application with the server of the standard library; gives its URL."""
    server = make_server("127.0.0.1", 0, app, _Server, _Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE)


@contextmanager
def asgi_served(app: Any) -> Iterator[str]:
    """Serve an ASGI application with uvicorn; gives its URL."""
    # asyncio sends at once only on sockets that are opened with the number of the protocol.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="on", proxy_headers=False))
        with running(server, listener) as url:
            yield url


@contextmanager
def django_served(folder: Path) -> Iterator[str]:
    """Serve Django's example with Django's own server, in a process of its own, for its settings are set once."""
    command = [sys.executable, "-u", str(EXAMPLES / "django_app.py"), "runserver", "--noreload", "127.0.0.1:0"]
    output: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=folder, text=True, **output) as server:  # noqa: S603
        try:
            assert server.stdout is not None
            told = (re.search(r"server at (http://.*)/$", line.rstrip()) for line in server.stdout)
            yield next(filter(None, told))[1]
        finally:
            server.terminate()
