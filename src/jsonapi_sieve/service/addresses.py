"""The target of a request, as the routes are to read it.

A target in absolute form ("GET http://example.org/api HTTP/1.1") is served as its path is (RFC 9112, 3.2.2,
"absolute-form"), and an escaped slash is data: it parts no segments (RFC 3986, 2.2, "Reserved Characters").
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["AddressMiddleware"]

_absolute = re.compile(rb"https?://([^/]*)(.*)", re.IGNORECASE | re.DOTALL).fullmatch
_escaped_slashes = re.compile(r"%2F", re.IGNORECASE).split


class AddressMiddleware:
    """Leaves of a target its path, in which an escaped slash stays escaped; its authority stands for `Host`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            match = _absolute(scope["raw_path"])
            if match is not None:
                headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
                scope = {**scope, "raw_path": match[2] or b"/", "headers": [(b"host", match[1]), *headers]}
            scope = {**scope, "path": _path(scope["raw_path"].decode("latin-1"))}
        await self._app(scope, receive, send)


def _path(sent: str) -> str:
    return "%2F".join(map(unquote, _escaped_slashes(sent)))
