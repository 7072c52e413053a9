"""Faults as JSON:API error objects, and the exceptions that carry them.

Everything that a client can get wrong ends in one `QueryErrors`; everything that a developer can get wrong ends in a
`DeclarationError`, a `CompileError` or the `TypeError` and `ValueError` of the standard library. The core knows no web
framework: an error knows its HTTP status, and whoever embeds the library sends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

__all__ = ["CompileError", "DeclarationError", "ErrorObject", "NotRenderable", "QueryErrors"]

Source = Literal["parameter", "pointer", "header"]


class ErrorObject(NamedTuple):
    """One fault of a request, in the members of JSON:API 1.1, "Error Objects".

    `source` says which member of the error's `source` object holds `at`: the decoded query `parameter`, a JSON
    `pointer` into the request document (RFC 6901), or the name of a `header`. `meta` says what is allowed,
    and `links` can lead to an explanation: `about` of this fault, `type` of all its kind.

    >>> ErrorObject("invalid-value", "Invalid filter value", "'x' is not an integer.", "filter[duration-eq]").to_dict()
    {'status': '400', 'code': 'invalid-value', 'title': 'Invalid filter value', 'detail': "'x' is not an integer.", \
'source': {'parameter': 'filter[duration-eq]'}}
    """

    code: str
    title: str
    detail: str
    at: str | None = None
    source: Source = "parameter"
    status: int = 400
    meta: Mapping[str, object] = {}  # a Mapping has nothing to change it by, and this one can be pickled
    links: Mapping[str, str] = {}

    def to_dict(self) -> dict[str, object]:
        """Give the error object's members; `status` is text, as the specification asks."""
        members: dict[str, object] = {
            "status": str(self.status),
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
        }
        if self.at is not None:
            members["source"] = {self.source: self.at}
        if self.links:
            members["links"] = dict(self.links)
        if self.meta:
            members["meta"] = dict(self.meta)
        return members


class QueryErrors(Exception):
    """All faults that one stage found in a request.

    `errors` is never empty. `status` is the HTTP status of the answer: the one that all errors share, else 400, or 500
    when one of them is a server error (JSON:API 1.1, "Processing Errors": the most generally applicable code).
    `headers` are those that the answer has to have, such as the `Allow` of a 405, and `profiles` the URIs of profiles
    that define some of the errors.

    >>> fault = ErrorObject("invalid-value", "Invalid filter value", "'x' is not an integer.", "filter[duration-eq]")
    >>> QueryErrors([fault]).status
    400
    """

    errors: tuple[ErrorObject, ...]
    headers: Mapping[str, str]
    profiles: tuple[str, ...]

    def __init__(
        self,
        errors: Iterable[ErrorObject],
        *,
        headers: Mapping[str, str] | None = None,
        profiles: Iterable[str] = (),
    ) -> None:
        self.errors = tuple(errors)
        self.headers = headers or {}
        self.profiles = tuple(profiles)
        if not self.errors:
            raise ValueError("QueryErrors needs at least one error")
        super().__init__(self.errors)

    @property
    def status(self) -> int:
        """The HTTP status of an answer that carries these errors."""
        statuses = {error.status for error in self.errors}
        if len(statuses) == 1:
            return statuses.pop()
        return max(statuses) // 100 * 100

    def __str__(self) -> str:
        return "\n".join(f"{error.at}: {error.detail}" if error.at else error.detail for error in self.errors)


class DeclarationError(ValueError):
    """A declaration contradicts itself; raised when it is made, before any request is read."""


class CompileError(ValueError):
    """A predicate or an order cannot run on a target without changing its meaning; the message says what to change."""


class NotRenderable(ValueError):
    """A predicate is none that `parse` or `load` could have returned, so it has no query string and no stored form."""
