"""The body of a request, read no further than its budget."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Final

from starlette.requests import Request

from jsonapi_sieve import ErrorObject, Limits, QueryErrors
from jsonapi_sieve.negotiation import check_content_type
from jsonapi_sieve.operand import shown
from jsonapi_sieve.service.answers import too_slow, unread
from jsonapi_sieve.service.headers import header_of

__all__ = ["read_body"]

_DRAINED: Final = 32  # times the limit
_PATIENCE: Final = 20.0  # seconds for all of it


async def read_body(request: Request, limits: Limits) -> bytes:
    """Read a body of at most `limits.body` bytes; of a longer one keep a little more than that, by which it is known.

    The rest of a longer one is read too, within reason: a connection that ends while its client still sends is reset,
    and the client would never see the answer.

    Raises:
        QueryErrors: 415 for a body of another type than JSON:API's, or for one that is compressed; 408 for a body that
            takes too long, and 413 where the client asks first and its body is too long, which end the connection.
        ClientDisconnect: when the client leaves before its body is complete.
    """
    if _is_announced(request):
        check_content_type(header_of(request.scope, "content-type"))
        _check_content_encoding(header_of(request.scope, "content-encoding"))
    if "expect" in request.headers and int(request.headers.get("content-length", "0")) > limits.body:
        detail = f"The body is longer than {limits.body} bytes; none of it is read."
        raise unread(limits.exceeded("body", detail, status=413))
    try:
        async with asyncio.timeout(_PATIENCE):
            return await _read(request, limits.body)
    except TimeoutError:
        raise too_slow(_PATIENCE) from None


def _check_content_encoding(header: str | None) -> None:
    """Check that a body is sent as it is (RFC 9110, 8.4, "Content-Encoding")."""
    if header is not None and header.strip(" \t").lower() not in ("", "identity"):
        detail = f"The body is encoded as {shown(header)}; only bodies without an encoding are read."
        error = ErrorObject(
            "unsupported-encoding", "Unsupported content encoding", detail, "Content-Encoding", "header", 415
        )
        raise QueryErrors([error])


async def _read(request: Request, limit: int) -> bytes:
    body = bytearray()
    received = 0
    async with aclosing(request.stream()) as chunks:
        async for chunk in chunks:
            if received <= limit:
                body += chunk
            received += len(chunk)
            if received > limit * _DRAINED:
                break
    return bytes(body)


def _is_announced(request: Request) -> bool:
    """Tell whether the headers announce a body (RFC 9112, 6, "Message Body")."""
    length = request.headers.get("content-length", "0")
    return "transfer-encoding" in request.headers or length.strip("0") != ""
