"""What can be checked: a base URL, an ASGI application, a WSGI application; each becomes a function that sends."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import anyio
import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from jsonapi_sieve.testing.conformance.asgi import Bounded, living
from jsonapi_sieve.testing.conformance.limits import Limits

__all__ = ["Received", "Send", "Target", "TooLong", "opened"]

Target: TypeAlias = "str | Callable[..., Any]"
"""A base URL, an ASGI application or a WSGI application."""

_HERE = "http://localhost"


class Received(NamedTuple):
    """What came over the wire."""

    status: int
    headers: httpx.Headers
    body: bytes


Send: TypeAlias = Callable[[httpx.Request], Received]


class TooLong(Exception):
    """An answer is longer than what is read of one."""


@contextmanager
def opened(target: Target, limits: Limits) -> Iterator[tuple[str, Send]]:
    """Make ready to send requests; gives the base URL and the function that sends.

    An application is asked as `http://localhost`; an ASGI application lives while it is asked. Time is limited for all
    but WSGI applications, which run in the caller's thread.
    """
    if isinstance(target, str):
        with start_blocking_portal() as portal, _sending(portal, httpx.AsyncHTTPTransport, limits) as send:
            yield target, send
    elif _is_asgi(target):
        with start_blocking_portal() as portal, living(portal, target, limits.seconds) as state:
            if state is None:
                yield _HERE, partial(_not_started, limits)
                return
            app = Bounded(target, state, limits.bytes)
            with _sending(portal, lambda: httpx.ASGITransport(app, raise_app_exceptions=False), limits) as send:
                yield _HERE, send
    else:
        transport = httpx.WSGITransport(target, raise_app_exceptions=False)
        yield _HERE, lambda request: _received(transport.handle_request(request), limits)


def _not_started(limits: Limits, _: httpx.Request) -> Received:
    raise TimeoutError(f"the application has not started in {limits.seconds:g} seconds")


def _is_asgi(app: Callable[..., Any]) -> bool:
    """Tell an ASGI application, which takes a scope and two functions, from a WSGI application, which takes two."""
    if inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(getattr(app, "__call__", None)):  # noqa: B004
        return True
    try:
        inspect.signature(app).bind(None, None, None)
    except (TypeError, ValueError):
        return False
    return True


@contextmanager
def _sending(portal: BlockingPortal, make: Callable[[], httpx.AsyncBaseTransport], limits: Limits) -> Iterator[Send]:
    """Make a transport on the event loop, and close it there."""
    transport = portal.call(make)
    try:
        yield lambda request: portal.call(_exchange, transport, request, limits)
    finally:
        portal.call(transport.aclose)


async def _exchange(transport: httpx.AsyncBaseTransport, request: httpx.Request, limits: Limits) -> Received:
    with anyio.fail_after(limits.seconds):
        response = await transport.handle_async_request(request)
        try:
            body = await _read(response.aiter_raw(), limits.bytes)
        finally:
            await response.aclose()
    return Received(response.status_code, response.headers, body)


async def _read(chunks: AsyncIterator[bytes], most: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > most:
            raise TooLong(f"its body is longer than {most} bytes")
    return bytes(body)


def _received(response: httpx.Response, limits: Limits) -> Received:
    try:
        body = _joined(response.iter_raw(), limits.bytes)
    finally:
        response.close()
    return Received(response.status_code, response.headers, body)


def _joined(chunks: Iterable[bytes], most: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > most:
            raise TooLong(f"its body is longer than {most} bytes")
    return bytes(body)
