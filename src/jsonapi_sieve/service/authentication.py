"""Who is asking: the customer that a request's token names, before anything else of an API is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from jsonapi_sieve import ErrorObject, QueryErrors
from jsonapi_sieve.integrations.asgi import headers_of
from jsonapi_sieve.service.answers import error_response
from jsonapi_sieve.service.tokens import Audience, Tokens

__all__ = ["AuthenticationMiddleware", "customer_of"]

_credentials = re.compile(r"(?:bearer +)?([A-Za-z0-9._-]+)", re.ASCII | re.IGNORECASE).fullmatch

_TITLE: Final = "Authorization failed"
_DETAIL: Final = "The token is missing, has expired, or is not valid here."


class AuthenticationMiddleware:
    """Notes the customer of each request in its state, or refuses the request.

    `header` holds the token, with or without the scheme `Bearer`; `audience` is the API that it has to be for. Without
    the header a request is from the customer `anonymous`, if there is one. All refusals look the same.
    """

    def __init__(
        self, app: ASGIApp, tokens: Tokens, *, header: str, audience: Audience, anonymous: int | None = None
    ) -> None:
        self._app = app
        self._tokens = tokens
        self._header = header
        self._audience = audience
        self._anonymous = anonymous

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        customer = self._customer(scope)
        if customer is None:
            error = ErrorObject("unauthorized", _TITLE, _DETAIL, self._header, "header", 401)
            # Every 401 names a way to authenticate (RFC 9110, 11.6.1, "WWW-Authenticate").
            challenge = "Bearer" if self._header == "Authorization" else self._header
            await error_response(QueryErrors([error]), {"WWW-Authenticate": challenge})(scope, receive, send)
            return
        scope["state"]["customer"] = customer
        await self._app(scope, receive, send)

    def _customer(self, scope: Scope) -> int | None:
        return customer_of(headers_of(scope), self._header, self._tokens, self._audience, self._anonymous)


def customer_of(
    headers: Mapping[str, str], name: str, tokens: Tokens, audience: Audience, anonymous: int | None
) -> int | None:
    """Tell which customer sent a request, by the header of a name; `anonymous` is that of requests without it."""
    sent = headers.get(name.lower())
    if sent is None:
        return anonymous
    credentials = _credentials(sent.strip(" "))
    return None if credentials is None else tokens.customer(audience, credentials[1])
