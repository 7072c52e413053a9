"""A request as all frameworks have it, and what its headers tell before its body is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.negotiation import check_accept, check_content_type
from jsonapi_sieve.operand import shown

__all__ = ["Request", "check_headers", "escaped", "too_long"]

_unsafe = re.compile(rb"[^!-~]").sub


class Request(NamedTuple):
    """What a client sent.

    `url` is the address that the client used, with scheme and host, escaped as it was sent, query string and all.
    `headers` have names in lower case; one that was sent several times is one list (RFC 9110, 5.3, "Field Order").

    >>> Request("GET", "https://example.org/articles?sort=title", {}).query
    'sort=title'
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def query(self) -> str:
        """The raw query string."""
        return self.url.partition("?")[2]


def check_headers(method: str, headers: Mapping[str, str], limits: Limits) -> bool:
    """Check what a client accepts and the body that it announces; tells whether there is a body to read.

    Ask when the method is known to be supported, and before the body is read. Only that of a POST is of interest.

    >>> check_headers("GET", {"accept": "*/*"}, Limits())
    False
    >>> check_headers("POST", {"content-type": "application/vnd.api+json", "content-length": "42"}, Limits())
    True

    Raises:
        QueryErrors: 406 and 415 as JSON:API 1.1 asks ("Server Responsibilities"), 415 for a body that is compressed,
            400 for one whose length is no number, and 413 where the client asks first and its body is too long.
    """
    check_accept(headers.get("accept"))
    length = _length(headers)
    if method != "POST" or not (length or "transfer-encoding" in headers):
        return False
    check_content_type(headers.get("content-type"))
    _check_content_encoding(headers.get("content-encoding"))
    if "expect" in headers and length > limits.body:
        raise too_long(limits, "none of it is read")
    return True


def escaped(raw: bytes) -> str:
    """Give a path or a query string as a URL can hold it, with escapes for bytes that no URL has.

    >>> escaped("filter[title]=ü%20".encode())
    'filter[title]=%C3%BC%20'
    """
    return _unsafe(lambda match: b"%%%02X" % ord(match[0]), raw).decode()


def too_long(limits: Limits, rest: str = "no more are read") -> QueryErrors:
    """Make the fault of a body over its budget."""
    detail = f"The body is longer than {limits.body} bytes; {rest}."
    return QueryErrors([limits.exceeded("body", detail, status=413)])


def _length(headers: Mapping[str, str]) -> int:
    text = headers.get("content-length") or "0"
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):  # noqa: PLR2004  (digits that 64 bits hold)
        detail = f"{shown(text)} is no length of a body."
        raise QueryErrors([ErrorObject("invalid-request", "Invalid request", detail, "Content-Length", "header")])
    return int(text)


def _check_content_encoding(header: str | None) -> None:
    """Check that a body is sent as it is (RFC 9110, 8.4, "Content-Encoding")."""
    if header is not None and header.strip(" \t").lower() not in ("", "identity"):
        detail = f"The body is encoded as {shown(header)}; only bodies without an encoding are read."
        error = ErrorObject(
            "unsupported-encoding", "Unsupported content encoding", detail, "Content-Encoding", "header", 415
        )
        raise QueryErrors([error])
