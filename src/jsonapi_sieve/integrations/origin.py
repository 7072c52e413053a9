"""The origin that a client sees: the scheme and host of its request, which all links begin with.

What `Host` says is taken only where it is well formed, and if hosts are named, only where it is one of them: links
could lead wherever a client says otherwise, and a page elsewhere could reach a service on loopback through a name that
it controls (DNS rebinding). What `X-Forwarded-*` say is believed of trusted proxies alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple, TypeAlias

from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.operand import shown

__all__ = ["LOOPBACK", "Network", "Origin", "Origins", "host_of"]

Network: TypeAlias = IPv4Network | IPv6Network

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""The names of the machine itself."""

_LARGEST_PORT: Final = 65_535

_host = re.compile(
    r"(?P<name>\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::(?P<port>[1-9][0-9]{0,4}))?", re.ASCII
).fullmatch


class Origin(NamedTuple):
    """The scheme and the host of an address, the host with its port where it has one.

    >>> str(Origin("https", "example.org:8443"))
    'https://example.org:8443'
    """

    scheme: str
    host: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}"


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


class Origins:
    """The origins that requests may have.

    `hosts` are allowed, with any port; None allows each that is well formed. `proxies` are the addresses and networks
    of proxies that are trusted.

    >>> origins = Origins(["example.org"], proxies=["10.0.0.0/8"])
    >>> str(origins.of("http", {"host": "Example.org:8000"}))
    'http://example.org:8000'
    >>> forwarded = {"host": "localhost", "x-forwarded-host": "example.org", "x-forwarded-proto": "https"}
    >>> str(origins.of("http", forwarded, client="10.0.0.7"))
    'https://example.org'
    >>> origins.of("http", forwarded, client="192.0.2.1")
    Traceback (most recent call last):
    jsonapi_sieve.errors.QueryErrors: Host: 'localhost' is no host that is allowed here.

    Raises:
        ValueError: for what is no host, or no address and no network.
    """

    __slots__ = ("_hosts", "_proxies")

    def __init__(self, hosts: Collection[str] | None = None, proxies: Collection[str | Network] = ()) -> None:
        self._hosts = None if hosts is None else frozenset(map(host_of, hosts))
        self._proxies = tuple(map(ip_network, proxies))

    def of(
        self,
        scheme: str,
        headers: Mapping[str, str],
        *,
        client: str = "",
        server: tuple[str, int | str] = ("localhost", 80),
    ) -> Origin:
        """Give the origin of a request.

        `client` and `server` are the addresses at both ends of its connection, the server's with its port: it stands
        for a `Host` that is missing, as HTTP/1.0 allows. Of forwarded lists the last items count: those of the nearest
        proxy.

        Raises:
            QueryErrors: 400 for a host that is malformed or not allowed, and for a scheme that is not of HTTP.
        """
        host, at = headers.get("host"), "Host"
        if self._is_proxy(client):
            scheme = _last(headers.get("x-forwarded-proto")) or scheme
            forwarded = _last(headers.get("x-forwarded-host"))
            host, at = (host, at) if forwarded is None else (forwarded, "X-Forwarded-Host")
        scheme = scheme.lower()
        if scheme not in ("http", "https"):
            raise _refusal("invalid-scheme", f"{shown(scheme)} is neither http nor https.", "X-Forwarded-Proto")
        if host is None:
            return Origin(scheme, f"{host_of(server[0])}:{server[1]}")
        match = _host(host.lower())
        if match is None or int(match["port"] or 0) > _LARGEST_PORT:
            raise _refusal("invalid-host", f"{shown(host)} is no host such as example.org or 192.0.2.1:8000.", at)
        if self._hosts is not None and match["name"] not in self._hosts:
            raise _refusal("invalid-host", f"{shown(host)} is no host that is allowed here.", at)
        return Origin(scheme, match[0])

    def _is_proxy(self, client: str) -> bool:
        try:
            address = ip_address(client)
        except ValueError:  # a socket of Unix has no address
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address in network for network in self._proxies)


def _last(header: str | None) -> str | None:
    return None if header is None else header.rpartition(",")[2].strip()


def _refusal(code: str, detail: str, header: str) -> QueryErrors:
    title = code.replace("-", " ").capitalize()
    return QueryErrors([ErrorObject(code, title, detail, header, "header")])
