"""Holds each answer of a server under test to JSON:API 1.1, whichever client asks and whatever its test looks at."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jsonapi_sieve.filters import FILTER_GROUPS
from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.testing import check_document

__all__ = ["BROKEN", "Checked"]

BROKEN = 599
"""The status that no service sends and no test expects."""


_MEDIA_TYPES = (MEDIA_TYPE.encode(), f'{MEDIA_TYPE}; profile="{FILTER_GROUPS}"'.encode())
"""What answers are, without groups of filters and with some."""


class Checked:
    """An application whose answers are held back until they are complete, and checked.

    In the place of an answer that breaks a rule goes one of status 599 that says which, so the test fails.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked, answered = bytearray(), bytearray()
        head: Message = {}

        async def receiving() -> Message:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def sending(message: Message) -> None:
            answered.extend(message.get("body", b""))
            if message["type"] == "http.response.start":
                head.update(message)
            elif not message.get("more_body", False):
                faults = _faults(scope, bytes(asked), head, bytes(answered))
                await send(_broken(head) if faults else head)
                await send({"type": "http.response.body", "body": faults or bytes(answered)})

        await self._app(scope, receiving, sending)


def _broken(head: Message) -> Message:
    return {"type": head["type"], "status": BROKEN, "headers": [(b"connection", b"close")]}


def _faults(scope: Scope, asked: bytes, head: Message, answered: bytes) -> bytes:
    """Tell what is wrong with an answer; nothing, if it is right."""
    if head["status"] == HTTPStatus.NOT_MODIFIED:
        return b"There is a body, and there can be none." if answered else b""
    is_head = scope["method"] == "HEAD"
    if _is_file(scope, head) or (head["status"] == HTTPStatus.NOT_FOUND and not answered and _of_a_file(scope)):
        return b""
    target = scope["raw_path"] + b"?" + scope["query_string"]
    faults = [
        *(f"Content-Type: {value.decode()}" for value in _content_types(head) if value not in _MEDIA_TYPES),
        *(_violations(answered, _document(asked), target.decode("latin-1")) if answered or not is_head else ()),
    ]
    if not faults:
        return b""
    return "\n".join([f"{head['status']} to {scope['method']} {target!r}", *faults]).encode()


def _of_a_file(scope: Scope) -> bool:
    path: bytes = scope["raw_path"]
    return path.endswith((b"/download", b".csv", b".csv.gz"))


def _is_file(scope: Scope, head: Message) -> bool:
    """Tell whether an answer is a file, or parts of one, at an address of files."""
    return _of_a_file(scope) and head["status"] in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT)


def _content_types(head: Message) -> list[bytes]:
    return [value for name, value in head["headers"] if name == b"content-type"] or [b"none"]


def _violations(body: bytes, request: object, url: str) -> list[str]:
    try:
        document = json.loads(body)
    except ValueError as error:
        return [f"The body is no JSON: {error}"]
    return list(map(str, check_document(document, request=request, url=url, recommended=True)))


def _document(body: bytes) -> Any:
    """Give the document of a request, as far as it is one."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
