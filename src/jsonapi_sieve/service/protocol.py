"""HTTP as uvicorn reads it with h11, but for what it sends where a request is no HTTP at all: a JSON:API document."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from jsonapi_sieve import ErrorObject, QueryErrors
from jsonapi_sieve.integrations.asgi_bodies import too_slow
from jsonapi_sieve.service.answers import error_response

__all__ = ["DocumentProtocol"]

_LARGEST_HEAD: Final = 1280 * 1024
"""Bytes of a request line and headers that are read, so that a query string of a mebibyte gets an answer of ours."""

_LARGEST_FIELDS: Final = 64 * 1024
"""Bytes of all header fields of a request together; what reads them takes its time."""

_PATIENCE: Final = 20.0
"""Seconds from the first byte of a request's head, or from the connection, to the end of the head."""

_LINGERING: Final = 2.0
"""Seconds for a client to end what it sends before the connection is cut, and its answer is lost to it."""

_blank_line = re.compile(rb"\n\r?\n").search

_ADVICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Missing mandatory Host: header": "It has no Host.",
        "Found multiple Host: headers": "It has more than one Host.",
        "Receive buffer too long": f"Its head is longer than {_LARGEST_HEAD:,} bytes.",
    }
)
"""What to say instead of what h11 says."""

_OTHERWISE: Final = "In an address, write all but unreserved ASCII characters as percent escapes."


class DocumentProtocol(H11Protocol):
    """Answers a request that is no HTTP with an error document, and ends the connection."""

    conn: _Connection
    _is_ending = False
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Let the body of an answer follow its head at once, not after the 40 ms that a client may take to confirm it.

        asyncio sees to that only for sockets that are opened with the number of the protocol.
        """
        connection: Any = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
        self.conn = _Connection(self._refuse)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Throw away what comes behind a request that was refused."""
        if not self._is_ending:
            super().data_received(data)
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_ending = True
        self._watch()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Let time run while no request is under way, and the client is to complete one."""
        if not self._is_ending and self.conn.our_state in (h11.IDLE, h11.DONE):
            self._deadline = self._deadline or self.loop.call_later(_PATIENCE, self._refuse, too_slow(_PATIENCE))
        elif self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _should_upgrade(self) -> bool:
        """Keep to HTTP/1.1, and do not log who asks for another protocol."""
        return False

    def _refuse(self, errors: QueryErrors) -> None:
        """Send the document, unless an answer is already under way."""
        self._is_ending = True
        if self.cycle is not None:  # what is under way has nobody to answer to
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            response = error_response(errors, {"Connection": "close"})
            status = HTTPStatus(response.status_code)
            head = h11.Response(status_code=status, headers=response.raw_headers, reason=status.phrase.encode())
            data = b"" if self.conn.is_asked_for_head else bytes(response.body)
            for event in (head, h11.Data(data=data), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
            self.transport.write_eof()
            self.loop.call_later(_LINGERING, self.transport.abort)
        else:
            self.transport.close()


class _Connection(h11.Connection):
    """Tells faults of a client to `refuse`, where h11 raises them and uvicorn answers with a text of its own."""

    def __init__(self, refuse: Callable[[QueryErrors], None]) -> None:
        super().__init__(h11.SERVER, _LARGEST_HEAD)
        self._refuse = refuse
        self._method = b""
        self._unseen = 0

    @property
    def is_asked_for_head(self) -> bool:
        """Whether the request that is to be answered is a HEAD."""
        return self.our_state is h11.SEND_RESPONSE and self._method == b"HEAD"

    def receive_data(self, data: bytes) -> None:
        self._unseen += len(data)
        super().receive_data(data)

    def next_event(self) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
        try:
            self._check_pending()
            event = super().next_event()
            if isinstance(event, h11.Request):
                self._method = event.method
                _check_fields(sum(len(name) + len(value) for name, value in event.headers))
                _check_framing(event)
        except h11.RemoteProtocolError as fault:
            self._refuse(_invalid(f"The request is no valid HTTP/1.1. {_ADVICE.get(str(fault), _OTHERWISE)}"))
        except QueryErrors as errors:
            self._refuse(errors)
        else:
            return event
        return h11.NEED_DATA

    def _check_pending(self) -> None:
        """Check header fields before h11 reads them, and every so often before they are complete."""
        if self.their_state is h11.IDLE and self._unseen > _LARGEST_FIELDS:
            self._unseen = 0
            pending, _ = self.trailing_data
            end = _blank_line(pending)
            _, _, fields = pending[: end and end.start()].partition(b"\n")
            _check_fields(len(fields))


def _check_fields(size: int) -> None:
    """Check the size of header fields (RFC 6585, 5, "431 Request Header Fields Too Large").

    Raises:
        QueryErrors: with status 431.
    """
    if size > _LARGEST_FIELDS:
        detail = f"The header fields have more than {_LARGEST_FIELDS:,} bytes together."
        raise QueryErrors([ErrorObject("headers-limit", "Limit exceeded", detail, status=431)])


def _check_framing(request: h11.Request) -> None:
    """Check that nobody on the way can see the end of a body elsewhere (RFC 9112, 6.1, "Transfer-Encoding").

    Raises:
        QueryErrors: with status 400.
    """
    names = {name for name, _ in request.headers}
    if b"transfer-encoding" in names:
        if b"content-length" in names:
            raise _invalid("The request has both a Content-Length and a Transfer-Encoding.")
        if request.http_version < b"1.1":
            raise _invalid("HTTP/1.0 has no Transfer-Encoding.")


def _invalid(detail: str) -> QueryErrors:
    return QueryErrors([ErrorObject("invalid-request", "Invalid request", detail)])
