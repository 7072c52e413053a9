"""The descriptions of the APIs that are served, as OpenAPI documents at an address of each; no token is needed."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.cdr.openapi import ERRORS, key
from jsonapi_sieve.cdr.openapi_files import add_budget, add_file, add_versions
from jsonapi_sieve.methods import check_method
from jsonapi_sieve.openapi import Collection, openapi
from jsonapi_sieve.service.answers import response_of
from jsonapi_sieve.service.endpoints import Api

__all__ = ["describe", "description"]


def describe(api: Api) -> dict[str, Any]:
    """Describe an API by OpenAPI 3.1."""
    collections = [
        Collection(each.resource, f"{api.path}/{each.resource.type}", create=each.create is not None, meta=each.meta)
        for each in api.endpoints
    ]
    title = f"Call detail records at {api.path}"
    document = openapi(*collections, title=title, version="1", security_schemes=key(api.header), errors=ERRORS)
    for each in api.endpoints:
        path = f"{api.path}/{each.resource.type}"
        if (file := each.file) is not None:
            add_file(document, path, file.path, list(file.media_types.values()))
        if each.versions:
            add_versions(document, path, each.versions)
        if each.budget is not None:
            add_budget(document, path)
    return document


def description(api: Api) -> Route:
    """Give the route of an API's description, `openapi.json` below its path."""
    return Route(f"{api.path}/openapi.json", _Description(api))


class _Description:
    """What stands at the address of a description, as an ASGI application: a route then leaves all methods to it."""

    def __init__(self, api: Api) -> None:
        self._api = api

    @cached_property
    def _document(self) -> bytes:
        return json.dumps(describe(self._api), ensure_ascii=False).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        check_method(request.method, "collection", ["GET"])
        document = await run_in_threadpool(lambda: self._document)
        answer = Answer.of(document, media_type="application/json")
        sent = answer.to(request.method, if_none_match=request.headers.get("if-none-match"))
        await response_of(sent)(scope, receive, send)
