"""Sends requests one by one, within limits, and follows nothing by itself."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import httpx

from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.testing.conformance.addresses import target_of
from jsonapi_sieve.testing.conformance.answer import Answer, read
from jsonapi_sieve.testing.conformance.limits import Exhausted, Limits
from jsonapi_sieve.testing.conformance.targets import Send

__all__ = ["Client", "Headers"]

Headers = Mapping[str, str | None]
"""Headers of a request; None takes one away that would be sent otherwise."""

_ALWAYS: Final[Headers] = MappingProxyType({"Accept": MEDIA_TYPE, "Accept-Encoding": "identity"})


class Client:
    """Asks one server. Each answer is shown to `watch`, and `requests` counts them.

    A header has one value, however its name is spelled: that of the request, of all requests, or the usual one.
    """

    def __init__(
        self, origin: str, send: Send, headers: Headers, limits: Limits, watch: Callable[[Answer], None]
    ) -> None:
        self.origin = origin
        self.requests: int = 0
        self._send = send
        self._headers = headers
        self._limits = limits
        self._watch = watch
        self._failures = 0
        self._end = time.monotonic() + limits.total_seconds

    def ask(self, method: str, url: str, headers: Headers | None = None, body: object = None) -> Answer:
        """Send a request, its body as JSON; gives what comes, and raises nothing for what a server does.

        Raises:
            Exhausted: when no more may be asked.
        """
        self._spend()
        parts: tuple[Headers, ...] = (_ALWAYS, self._headers, headers or {})
        sent = {name.lower(): value for part in parts for name, value in part.items()}
        answer = self._exchange(method, url, sent, body)
        self._failures = self._failures + 1 if answer.fault else 0
        self._watch(answer)
        return answer

    def is_here(self, url: str | None) -> bool:
        """Whether an address is one of this server."""
        try:
            return url is not None and _origin(httpx.URL(url)) == _origin(httpx.URL(self.origin))
        except (httpx.InvalidURL, ValueError):
            return False

    def elsewhere(self, url: str | None) -> str:
        """Give the origin of an address of another server; nothing for one of this server, and for what is none."""
        try:
            there = httpx.URL(url or "")
        except (httpx.InvalidURL, ValueError):
            return ""
        return f"{there.scheme}://{there.netloc.decode()}" if there.host and not self.is_here(url) else ""

    def _spend(self) -> None:
        if self._failures >= self._limits.failures:
            raise Exhausted(f"The server has not answered {self._failures} times in a row.")
        if self.requests >= self._limits.requests:
            raise Exhausted(f"The {self.requests} requests that may be sent are used up.")
        if time.monotonic() > self._end:
            raise Exhausted(f"The {self._limits.total_seconds:g} seconds that it may take are over.")
        self.requests += 1

    def _exchange(self, method: str, url: str, headers: Headers, body: object) -> Answer:
        target = target_of(url)
        accept = headers["accept"] or ""
        content = b"" if body is None else json.dumps(body).encode()
        try:
            lines = {name: value for name, value in headers.items() if value is not None}
            received = self._send(httpx.Request(method, url, headers=lines, content=content))
        except Exception as error:  # noqa: BLE001  (what servers and applications can do has no end)
            fault = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            return Answer(method, url, target, fault=fault, sent=body, accept=accept)
        status, found, text = received
        return Answer(method, url, target, status, found, text, sent=body, document=read(text), accept=accept)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
