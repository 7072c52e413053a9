"""The body of a request by ASGI, read no further than its budget."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from jsonapi_sieve.errors import ErrorObject, QueryErrors
from jsonapi_sieve.integrations.refusals import errors_of
from jsonapi_sieve.integrations.request import too_long
from jsonapi_sieve.limits import Limits

__all__ = ["Message", "Receive", "chunks_of", "ending", "read_body", "too_slow"]

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]

_DRAINED: Final = 32  # times the budget
_PATIENCE: Final = 20.0  # seconds for all of a body


async def chunks_of(receive: Receive) -> AsyncIterator[bytes]:
    """Give the body of a request as it comes.

    Raises:
        QueryErrors: 400 when the client leaves before its body is complete.
    """
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise errors_of(HTTPStatus.BAD_REQUEST)
        yield message.get("body", b"")
        more = message.get("more_body", False)


async def read_body(chunks: AsyncIterable[bytes], limits: Limits) -> bytes:
    """Read a body of at most `limits.body` bytes, in 20 seconds.

    Of a longer one the rest is thrown away as it comes, within reason: a connection that ends while its client still
    sends is reset, and the client would never see the answer.

    Raises:
        QueryErrors: 413 for a body over its budget, 408 for one that takes too long; the latter ends the connection.
    """
    body, received = bytearray(), 0
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in chunks:
                received += len(chunk)
                if received <= limits.body:
                    body += chunk
                elif received > limits.body * _DRAINED:
                    break
    except TimeoutError:
        raise too_slow(_PATIENCE) from None
    if received > limits.body:
        raise too_long(limits)
    return bytes(body)


def too_slow(seconds: float) -> QueryErrors:
    """Make the fault of a request that takes longer to come than somebody waits; it ends the connection."""
    detail = f"The request was not complete within {seconds:g} seconds."
    return ending(QueryErrors([ErrorObject("request-timeout", "Request timeout", detail, status=408)]))


def ending(errors: QueryErrors) -> QueryErrors:
    """Let the answer to a request that is not read to its end be the last of its connection."""
    return QueryErrors(errors.errors, headers={**errors.headers, "Connection": "close"}, profiles=errors.profiles)
