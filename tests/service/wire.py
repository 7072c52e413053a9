"""One connection that is kept, over which requests go byte for byte as they are written."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from http.client import HTTPResponse
from types import TracebackType
from typing import Any, NamedTuple, ParamSpec, Self, TypeVar

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.document import error_document
from tests.patience import PATIENCE
from tests.service.running import MEDIA_TYPE, ROOT, Service, request

__all__ = ["Told", "Wire", "reading"]

P = ParamSpec("P")
T = TypeVar("T")


class Told(NamedTuple):
    """The status and the document of an answer."""

    status: int
    document: Any


class Wire:
    """A connection of the first customer. Leaving it asserts that it still serves, as it did when it was made."""

    def __init__(self, service: Service) -> None:
        self._headers = service.headers(ROOT) | {"Host": "example.org"}
        self._socket = socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE)
        self._known = self.get(f"{ROOT}/transport-protocols")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._socket:
            assert kind is not None or self.get(f"{ROOT}/transport-protocols") == self._known

    def get(self, target: str) -> Told:
        """Ask for a target, in which anything may stand but blanks and control characters."""
        return self._ask(f"GET {target} HTTP/1.1", self._headers)

    def post(self, target: str, body: bytes) -> Told:
        """Send a body, whatever is in it."""
        headers = {**self._headers, "Content-Type": MEDIA_TYPE, "Content-Length": str(len(body))}
        return self._ask(f"POST {target} HTTP/1.1", headers, body)

    def _ask(self, line: str, headers: Mapping[str, str], body: bytes = b"") -> Told:
        self._socket.sendall(request(line, headers, body))
        with HTTPResponse(self._socket) as answer:
            answer.begin()
            told = Told(answer.status, json.loads(answer.read()))
        assert not answer.will_close
        assert answer.headers["content-type"] == MEDIA_TYPE
        return told


def reading(read: Callable[P, T], *args: P.args, **options: P.kwargs) -> T | Told:
    """Give what the library reads, or how it refuses."""
    try:
        return read(*args, **options)
    except QueryErrors as errors:
        return Told(errors.status, error_document(errors))
