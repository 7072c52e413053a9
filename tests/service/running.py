"""A real server on a loopback port, in a thread, and the requests that tests send to it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine
from starlette.types import ASGIApp

from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.service import Tokens, create_app, customer_api, did_api, make_server, open_engine
from jsonapi_sieve.testing import assert_document
from tests.patience import PATIENCE
from tests.service.checked import Checked
from tests.serving import running

MEDIA_TYPE = "application/vnd.api+json"
ROOT = "/api/rest/customer/v1"
SIGNED_BY = "a secret for tests only, of 32 bytes or more"
TOKENS = Tokens(SIGNED_BY)
COUNT = 2_000
UNTIL = datetime(2026, 3, 31, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Service:
    """A running service: where it is, its database, and headers of customers who may ask it."""

    url: str
    engine: Engine
    client: httpx.Client

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def headers(self, path: str, customer: int = 1) -> dict[str, str]:
        """Give the headers of a customer's request to a path."""
        if path.startswith("/v3/"):
            return {"Accept": MEDIA_TYPE, "Api-Key": TOKENS.issue("did-v3", customer)}
        return {"Accept": MEDIA_TYPE, "Authorization": TOKENS.issue("customer-v1", customer)}

    def get(self, path: str, customer: int = 1, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Send a GET of a customer, with a query string in the path if need be."""
        return self.client.get(self.url + path, headers={**self.headers(path, customer), **(headers or {})})

    def post(
        self, path: str, body: object, customer: int = 1, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Send a POST of a customer: bytes as they are, anything else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {**self.headers(path, customer), "Content-Type": MEDIA_TYPE, **(headers or {})}
        return self.client.post(self.url + path, content=content, headers=sent)

    def raw(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send bytes as they are, which say that the connection ends; gives the answer's status, headers and body."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(request)
            answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        if body:
            assert_document(json.loads(body))
        status, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        return int(status.split()[1]), headers, body


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free loopback port, each of its answers checked; gives its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = make_server(Checked(app), log_level="critical")
        with running(server, listener) as url:
            yield url


@contextmanager
def service_of(engine: Engine, **options: Any) -> Iterator[Service]:
    """Serve the domain's APIs from a database; options are those of `create_app`."""
    apis = options.pop("apis", [customer_api(), did_api()])
    with served(create_app(engine, TOKENS, apis, **options)) as url, httpx.Client(timeout=PATIENCE) as client:
        yield Service(url, engine, client)


def new_database(folder: Path, count: int = COUNT) -> Engine:
    """Fill an SQLite file with generated data, the same on every day."""
    engine = open_engine(f"sqlite:///{folder / 'cdr.sqlite'}")
    generate(engine, count=count, until=UNTIL)
    return engine


def request(line: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """Write a request as it goes over the wire."""
    lines = [line, *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def errors_of(response: httpx.Response, status: int) -> list[dict[str, Any]]:
    """Give the error objects of a refusal, after looking at all that refusals have in common."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.headers["vary"] == "Accept"
    document = response.json()
    assert list(document) == ["errors"]
    errors: list[dict[str, Any]] = document["errors"]
    assert errors
    return errors
