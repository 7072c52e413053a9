"""The addresses of files: what a customer's exports hold, whole or in parts (RFC 9110)."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Any, BinaryIO, Final, NamedTuple

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from jsonapi_sieve.integrations.asgi import headers_of
from jsonapi_sieve.integrations.refusals import not_found
from jsonapi_sieve.integrations.request import escaped
from jsonapi_sieve.methods import check_method
from jsonapi_sieve.operand import shown
from jsonapi_sieve.service.answers import HEADERS
from jsonapi_sieve.service.endpoints import Api, Endpoint, File
from jsonapi_sieve.service.exports import Exports
from jsonapi_sieve.service.preconditions import is_not_modified
from jsonapi_sieve.service.ranges import plain_range
from jsonapi_sieve.service.rows import Rows

__all__ = ["Download"]

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Download:
    """What stands at the address of a file, as an ASGI application: a route then leaves all methods to it."""

    api: Api
    endpoint: Endpoint
    file: File
    engine: Engine
    exports: Exports | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        check_method(request.method, "related")
        self.endpoint.resource.parse_relationship(escaped(scope["query_string"]))  # there is nothing to choose
        headers = headers_of(scope)
        with ExitStack() as opened:
            response = await run_in_threadpool(self._answer, request, headers, opened)
            if isinstance(response, FileResponse):
                scope = _asking_for(_range_of(request.method, headers, response), scope)
            await response(scope, receive, send)

    def _answer(self, request: Request, headers: Mapping[str, str], opened: ExitStack) -> Response:
        (identifier,) = request.path_params.values()
        found = self._find(identifier, request.state.customer, opened)
        if found is None:
            return Response(status_code=404, headers=HEADERS)
        told = {**HEADERS, **({} if found.tag is None else {"ETag": found.tag})}
        file = FileResponse(
            _path_of(found.held),
            headers=told,
            media_type=found.media_type,
            filename=found.name,
            stat_result=_stat(found.held),
        )
        tag, modified = file.headers["etag"], file.headers["last-modified"]
        if is_not_modified(headers, tag, modified):
            return Response(status_code=304, headers={**HEADERS, "ETag": tag, "Last-Modified": modified})
        return file

    def _find(self, identifier: str, customer: int, opened: ExitStack) -> _Found | None:
        """Find and open a file that is complete; None where there is none for this customer.

        Raises:
            QueryErrors: with status 404, where the address says of an export of somebody else that there is none.
        """
        with Session(self.engine) as session:
            job: Any = Rows(self.api, self.endpoint._replace(id=self.file.id), customer).find(session, identifier)
        if job is None and self.file.tells:
            raise not_found(
                f"There is no resource of type {self.endpoint.resource.type} with the id {shown(identifier)}."
            )
        if job is None or job.status != self.file.completed or self.exports is None:
            return None
        tag = None if job.file_digest is None else f'"{job.file_digest}"'
        reason = None
        for path, media_type in self._places(self.exports.path_of(job)):
            try:
                held = opened.enter_context(path.open("rb"))
            except OSError as error:
                reason = reason or error.strerror
                continue
            stat = _stat(held)
            if S_ISREG(stat.st_mode) and job.file_size in (None, stat.st_size):
                return _Found(path.name, held, tag, media_type)
            reason = "it is not what was written"
        _LOG.warning("the file of export %s cannot be sent: %s", job.id, reason)
        return None

    def _places(self, path: Path) -> Iterator[tuple[Path, str]]:
        """Give where the file of an order may be, and its media type: any runner may have written it, in its format."""
        stem = path.name.partition(".")[0]
        for ending, media_type in self.file.media_types.items():
            yield path.with_name(f"{stem}{ending}"), media_type


class _Found(NamedTuple):
    """A file that is whole, open, and what is told of it."""

    name: str
    held: BinaryIO
    tag: str | None
    media_type: str


def _stat(file: BinaryIO) -> os.stat_result:
    return os.fstat(file.fileno())


def _path_of(file: BinaryIO) -> str:
    """Give a path of an open file, which leads to it even when it is removed or replaced."""
    held = Path(f"/dev/fd/{file.fileno()}")
    return str(held) if held.exists() else file.name  # not all systems have the former


def _range_of(method: str, headers: Mapping[str, str], file: FileResponse) -> str | None:
    """Give the parts of a file that are asked for; None for the whole.

    Only GET has parts (RFC 9110, 14.2), and none of a file that is not the one which a client has parts of (13.1.5).

    Raises:
        QueryErrors: with status 416.
    """
    current = headers.get("if-range") in (None, file.headers["etag"], file.headers["last-modified"])
    asked = headers.get("range") if method == "GET" and current else None
    return plain_range(asked, int(file.headers["content-length"]))


def _asking_for(parts: str | None, scope: Scope) -> Scope:
    others = [(name, value) for name, value in scope["headers"] if name.lower() not in (b"range", b"if-range")]
    return {**scope, "headers": others if parts is None else [*others, (b"range", parts.encode())]}
