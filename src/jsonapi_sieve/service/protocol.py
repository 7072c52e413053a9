"""HTTP as uvicorn reads it with h11, but for what it sends where a request is no HTTP at all: a JSON:API document."""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from jsonapi_sieve import ErrorObject, QueryErrors
from jsonapi_sieve.service.answers import error_response

__all__ = ["LARGEST_HEAD", "DocumentProtocol"]

LARGEST_HEAD: Final = 4 * 1024 * 1024
"""Bytes of a request line and headers that are read, so that a query string far too long gets an answer of ours."""

_DETAIL: Final = (
    "The request is no valid HTTP/1.1, or its head is too long. "
    "In an address, write all but unreserved ASCII characters as percent escapes."
)


class DocumentProtocol(H11Protocol):
    """Answers a request that h11 refuses with an error document, and ends the connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Let the body of an answer follow its head at once, not after the 40 ms that a client may take to confirm it.

        asyncio sees to that only for sockets that are opened with the number of the protocol.
        """
        connection: Any = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)

    def send_400_response(self, msg: str) -> None:
        """Send the document, unless an answer is already under way."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            response = error_response(QueryErrors([ErrorObject("invalid-request", "Invalid request", _DETAIL)]))
            head = h11.Response(
                status_code=response.status_code,
                headers=[*response.raw_headers, (b"connection", b"close")],
                reason=b"Bad Request",
            )
            for event in (head, h11.Data(data=bytes(response.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
