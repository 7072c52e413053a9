"""What changed from one version of an API to the next, by their OpenAPI documents, and whether that breaks clients.

A change breaks when a request that was taken may be refused or mean something else, or when an answer may lack what it
had, or hold what it could not. What is new and nobody has to know is harmless.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from jsonapi_sieve.openapi.schema_differences import Difference, Schemas, resolved

__all__ = ["Difference", "differences"]

Document: TypeAlias = Mapping[str, Any]

_METHODS: Final = ("get", "put", "post", "patch", "delete")


def differences(old: Document, new: Document) -> list[Difference]:
    """Compare two OpenAPI documents; what breaks clients comes first.

    A part that several operations share is compared once, by its name. Of documents that others made, words that
    `openapi` does not use are passed over.

    >>> operation = {"parameters": [], "responses": {}}
    >>> for found in differences({"paths": {"/calls": {"get": operation}}}, {"paths": {"/cdrs": {"get": operation}}}):
    ...     print(found)
    breaking: GET /calls: the operation is gone
    harmless: GET /cdrs: the operation is new
    """
    found = list(dict.fromkeys(_Comparing(old, new).all()))
    return sorted(found, key=lambda difference: not difference.breaking)


class _Operation(NamedTuple):
    """An operation with what its path has for all of them."""

    place: str
    parameters: dict[tuple[str, str], Mapping[str, Any]]
    body: Mapping[str, Any]
    responses: Mapping[str, Any]


def _operations(document: Document) -> dict[str, _Operation]:
    found = (operation for path, item in document["paths"].items() for operation in _of(document, path, item))
    return {operation.place: operation for operation in found}


def _of(document: Document, path: str, item: Mapping[str, Any]) -> Iterator[_Operation]:
    for method in _METHODS:
        if method in item:
            operation = item[method]
            listed = [*item.get("parameters", []), *operation.get("parameters", [])]
            parameters = {(each["in"], each["name"]): each for each in (resolved(document, each) for each in listed)}
            responses = {status: resolved(document, each) for status, each in operation.get("responses", {}).items()}
            body = resolved(document, operation.get("requestBody", {}))
            yield _Operation(f"{method.upper()} {path}", parameters, body, responses)


class _Comparing:
    """Compares two documents, part by part."""

    def __init__(self, old: Document, new: Document) -> None:
        self._old = old
        self._new = new
        self._schemas = Schemas(old, new)

    def all(self) -> Iterator[Difference]:
        yield from _security(self._old, self._new)
        old, new = _operations(self._old), _operations(self._new)
        for place in dict.fromkeys((*old, *new)):
            if place not in new:
                yield Difference(True, place, "the operation is gone")
            elif place not in old:
                yield Difference(False, place, "the operation is new")
            else:
                yield from self._operation(old[place], new[place])

    def _operation(self, old: _Operation, new: _Operation) -> Iterator[Difference]:
        yield from self._parameters(old, new)
        yield from self._content(old.body, new.body, f"{old.place} body", of_request=True)
        # What may go wrong is no promise.
        for status, was in old.responses.items():
            if status.startswith("2"):
                place = f"{old.place} {status}"
                if status in new.responses:
                    yield from self._content(was, new.responses[status], place, of_request=False)
                else:
                    yield Difference(True, place, "the answer is gone")

    def _parameters(self, old: _Operation, new: _Operation) -> Iterator[Difference]:
        for key, was in old.parameters.items():
            place = f"{old.place} {key[1]}"
            if key not in new.parameters:
                yield Difference(True, place, _gone(was, new))
                continue
            now = new.parameters[key]
            if now.get("required") and not was.get("required"):
                yield Difference(True, place, "the parameter is needed now")
            elif was.get("required") and not now.get("required"):
                yield Difference(False, place, "the parameter is no longer needed")
            if [was.get(word) for word in ("style", "explode")] != [now.get(word) for word in ("style", "explode")]:
                yield Difference(True, place, "the parameter is written in another way")
            yield from self._schemas.compare(was.get("schema", {}), now.get("schema", {}), place, of_request=True)
        for key, now in new.parameters.items():
            if key not in old.parameters:
                yield _new(self._new, now, f"{old.place} {key[1]}")

    def _content(
        self, old: Mapping[str, Any], new: Mapping[str, Any], place: str, *, of_request: bool
    ) -> Iterator[Difference]:
        was, now = old.get("content", {}), new.get("content", {})
        for media_type in dict.fromkeys((*was, *now)):
            if media_type not in now:
                yield Difference(True, place, f"there is no {media_type} any more")
            elif media_type not in was:
                # A body that nobody asked for was refused or passed over before.
                yield Difference(of_request and not was, place, f"there is {media_type} now")
            else:
                schemas = was[media_type].get("schema", {}), now[media_type].get("schema", {})
                yield from self._schemas.compare(*schemas, place, of_request=of_request)


def _security(old: Document, new: Document) -> Iterator[Difference]:
    """Compare what lets requests in; any one of several ways does."""
    was, now = _ways_in(old), _ways_in(new)
    if now and not was:
        yield Difference(True, "security", "requests have to say who they are from")
    elif was and not now:
        yield Difference(False, "security", "requests need not say who they are from any more")
    else:
        for name in dict.fromkeys((*was, *now)):
            if name not in now:
                yield Difference(True, "security", f"{name} lets no request in any more")
            elif name not in was:
                yield Difference(False, "security", f"{name} lets requests in too")
            elif was[name] != now[name]:
                yield Difference(True, "security", f"{name} is another scheme")


def _ways_in(document: Document) -> dict[str, list[Any]]:
    """Give the schemes of each way that lets a request in, by their names."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    return {" and ".join(way): [schemes.get(name) for name in way] for way in document.get("security", [])}


def _new(document: Document, parameter: Mapping[str, Any], place: str) -> Difference:
    """Tell of a new parameter: a default, such as the size of a page, holds for those too who do not know of it."""
    if parameter.get("required"):
        return Difference(True, place, "the parameter is new, and needed")
    if (default := resolved(document, parameter.get("schema")).get("default")) is not None:
        return Difference(True, place, f"the parameter is new, and is {default!r} where it is not sent")
    return Difference(False, place, "the parameter is new")


def _gone(parameter: Mapping[str, Any], new: _Operation) -> str:
    attribute = parameter.get("x-attribute")
    kept = {each.get("x-attribute") for each in new.parameters.values()}
    if attribute is not None and attribute in kept:
        return f"{attribute} has no operator {parameter['x-operator']} any more"
    return "the parameter is gone"
