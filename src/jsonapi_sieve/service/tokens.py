"""Who a request is from: signed tokens that name a customer and the API that they are for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias

import jwt

__all__ = ["SHORTEST_SECRET", "Audience", "Tokens"]

Audience: TypeAlias = Literal["customer-v1", "did-v3"]
"""The APIs that tokens are for: a token for one is none for the other."""

SHORTEST_SECRET: Final = 32
"""Bytes that a secret has at least: as many as the signature (RFC 7518, 3.2, "HMAC with SHA-2 Functions")."""

_ALGORITHM: Final = "HS256"
_LONGEST: Final = 4096
_customer = re.compile("[0-9]{1,18}", re.ASCII).fullmatch

# What a token that is none may raise: what PyJWT says of it, and what JSON nested deeply, a time that is no number, or
# one beyond all dates raises inside of it.
_FAULTS: Final = (jwt.PyJWTError, ArithmeticError, RecursionError, TypeError, ValueError)


class Tokens:
    """Makes and reads JSON Web Tokens, signed with one secret (RFC 7519; HS256).

    >>> tokens = Tokens("a secret of at least thirty-two bytes")
    >>> token = tokens.issue("customer-v1", 13)
    >>> tokens.customer("customer-v1", token), tokens.customer("did-v3", token)
    (13, None)

    Raises:
        ValueError: for a secret shorter than 32 bytes.
    """

    def __init__(self, secret: str) -> None:
        if len(secret.encode()) < SHORTEST_SECRET:
            raise ValueError(f"a secret has at least {SHORTEST_SECRET} bytes, or its signatures can be guessed")
        self._secret = secret

    def issue(self, audience: Audience, customer: int, lifetime: timedelta | None = None) -> str:
        """Make a token for a customer; without a lifetime it never expires."""
        claims: dict[str, object] = {"sub": str(customer), "aud": [audience]}
        if lifetime is not None:
            claims["exp"] = datetime.now(UTC) + lifetime
        return jwt.encode(claims, self._secret, _ALGORITHM)

    def customer(self, audience: Audience, token: str) -> int | None:
        """Give the customer that a token names; None for one that is not valid here, for whatever reason.

        The subject is a whole number or the text of one, the audience one text or several; a time of expiry counts
        where there is one.
        """
        if len(token) > _LONGEST:
            return None
        try:
            claims = jwt.decode(
                token, self._secret, algorithms=[_ALGORITHM], audience=audience, options={"verify_sub": False}
            )
        except _FAULTS:
            return None
        return _customer_of(claims.get("sub"))


def _customer_of(subject: object) -> int | None:
    # True is an int too, and its text is no number.
    text = str(subject) if isinstance(subject, (int, str)) else ""
    return int(text) if _customer(text) else None
