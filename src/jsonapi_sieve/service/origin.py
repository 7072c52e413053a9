"""The origin that a client sees: the scheme and host of its request, which all links begin with.

A host that nobody allowed is refused before anything else. Otherwise links could lead wherever a client says, and a
page elsewhere could reach a service on loopback through a name that it controls (DNS rebinding).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from jsonapi_sieve import ErrorObject, QueryErrors
from jsonapi_sieve.operand import shown
from jsonapi_sieve.service.answers import error_response
from jsonapi_sieve.service.headers import header_of

__all__ = ["LOOPBACK", "Network", "OriginMiddleware", "host_of"]

Network = IPv4Network | IPv6Network

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""The names of the machine itself."""

_LARGEST_PORT: Final = 65_535

_host = re.compile(
    r"(?P<name>\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::(?P<port>[1-9][0-9]{0,4}))?", re.ASCII
).fullmatch


def host_of(name: str) -> str:
    """Give a host as it stands in URLs: in lower case, an IPv6 address in brackets.

    >>> host_of("::1"), host_of("Example.org")
    ('[::1]', 'example.org')

    Raises:
        ValueError: for what is no host without a port.
    """
    host = f"[{name}]" if ":" in name and not name.startswith("[") else name
    match = _host(host.lower())
    if match is None or match["port"]:
        raise ValueError(f"{name!r} is no host such as example.org, 192.0.2.1 or ::1")
    return match["name"]


class OriginMiddleware:
    """Notes the origin of each request in its state, as "http://example.org:8000", or refuses its host.

    `hosts` are allowed with any port. `X-Forwarded-Proto` and `X-Forwarded-Host` count only when they come from an
    address in `proxies`, and of a list its last item, which is that of the nearest proxy.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], proxies: Collection[Network] = ()) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._proxies = tuple(proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                scope.setdefault("state", {})["origin"] = self._origin(scope)
            except QueryErrors as errors:
                await error_response(errors)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _origin(self, scope: Scope) -> str:
        scheme, host = _forwarded(scope) if self._is_proxied(scope) else (None, None)
        if scheme not in (None, "http", "https"):
            raise _refusal("invalid-scheme", f"{shown(scheme)} is neither http nor https.", "X-Forwarded-Proto")
        return f"{scheme or scope['scheme']}://{self._host(scope, host)}"

    def _host(self, scope: Scope, forwarded: str | None) -> str:
        sent = header_of(scope, "host") if forwarded is None else forwarded
        if sent is None:  # HTTP/1.0 may leave it out
            return _server(scope)
        match = _host(sent.lower())
        if match is None or match["name"] not in self._hosts or int(match["port"] or 0) > _LARGEST_PORT:
            at = "Host" if forwarded is None else "X-Forwarded-Host"
            words = "is no host of this service; a host is allowed by --allowed-host where the service is started."
            raise _refusal("invalid-host", f"{shown(sent)} {words}", at)
        return match[0]

    def _is_proxied(self, scope: Scope) -> bool:
        if not self._proxies or scope["client"] is None:
            return False
        address = ip_address(scope["client"][0])
        return any(address in network for network in self._proxies)


def _forwarded(scope: Scope) -> tuple[str | None, str | None]:
    """Give the scheme and the host that the nearest proxy says the client used."""
    sent = (header_of(scope, name) for name in ("x-forwarded-proto", "x-forwarded-host"))
    scheme, host = (None if value is None else value.rpartition(",")[2].strip() for value in sent)
    return scheme and scheme.lower(), host


def _server(scope: Scope) -> str:
    address, port = scope["server"]
    return f"{host_of(address)}:{port}"


def _refusal(code: str, detail: str, header: str) -> QueryErrors:
    title = code.replace("-", " ").capitalize()
    return QueryErrors([ErrorObject(code, title, detail, header, "header")])
