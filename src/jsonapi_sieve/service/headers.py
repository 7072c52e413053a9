"""Headers of a request as RFC 9110 reads them: a header that is sent several times is one list."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import Scope

__all__ = ["header_of"]


def header_of(scope: Scope, name: str) -> str | None:
    """Give the value of a header, several joined by commas (RFC 9110, 5.3, "Field Order"); None where it is not sent.

    >>> header_of({"headers": [(b"accept", b"a/b"), (b"accept", b"c/d")]}, "Accept")
    'a/b, c/d'
    """
    values = Headers(scope=scope).getlist(name)
    return ", ".join(values) if values else None
