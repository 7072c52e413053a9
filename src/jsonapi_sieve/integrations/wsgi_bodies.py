"""The body of a request by WSGI, read no further than its budget."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Protocol

from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.integrations.refusals import errors_of
from jsonapi_sieve.integrations.request import too_long
from jsonapi_sieve.limits import Limits

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

__all__ = ["Readable", "length_of", "read_body"]

_DRAINED: Final = 32  # times the budget
_CHUNK: Final = 65_536


class Readable(Protocol):
    """What bytes are read from; at its end it gives none."""

    def read(self, size: int, /) -> bytes:
        """Give up to `size` bytes."""


def length_of(environ: WSGIEnvironment) -> int:
    """Tell how much of its input a server may be asked for, which need not tell where it ends.

    Raises:
        QueryErrors: 411 where the input has no end that is told.
    """
    if length := environ.get("CONTENT_LENGTH"):
        return int(length)
    if environ.get("wsgi.input_terminated"):
        return sys.maxsize
    error = ErrorObject("length-required", "Length required", "The server reads no body without a length.", status=411)
    raise QueryErrors([error])


def read_body(stream: Readable, length: int, limits: Limits) -> bytes:
    """Read a body of at most `limits.body` bytes from a stream that is asked for no more bytes than `length`.

    Of a longer one the rest is thrown away as it comes, within reason: a connection that ends while its client still
    sends is reset, and the client would never see the answer.

    Raises:
        QueryErrors: 413 for a body over its budget, 400 when the client leaves before its body is complete.
    """
    body, received = bytearray(), 0
    try:
        while chunk := stream.read(min(length - received, _CHUNK)):
            received += len(chunk)
            if received <= limits.body:
                body += chunk
            elif received > limits.body * _DRAINED:
                break
    except OSError:
        raise errors_of(HTTPStatus.BAD_REQUEST) from None
    if received > limits.body:
        raise too_long(limits)
    return bytes(body)
