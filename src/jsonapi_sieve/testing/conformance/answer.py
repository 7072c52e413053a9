"""One answer of a server, read as far as it can be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn
from urllib.parse import urljoin

import httpx

from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.testing.conformance.report import Finding, printable

__all__ = ["NOTHING", "Answer", "link_of", "read"]

NOTHING: Final = object()
"""The document of an answer whose body is no JSON."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request.

    `status` is 0 where no answer came, and `fault` says why. `sent` is the document that was sent, if one was, and
    `accept` the `Accept` of the request, empty where it had none.
    """

    method: str
    url: str
    target: str
    status: int = 0
    headers: httpx.Headers = field(default_factory=httpx.Headers)
    body: bytes = b""
    fault: str = ""
    sent: object = None
    document: Any = NOTHING
    accept: str = MEDIA_TYPE

    @property
    def request(self) -> str:
        """The request, as reports show it.

        >>> Answer("GET", "http://localhost/cdrs?sort=id", "/cdrs?sort=id").request
        'GET /cdrs?sort=id'
        """
        return f"{self.method} {self.target}"

    @property
    def found(self) -> bool:
        """Whether it is a success with a document."""
        return self.status == httpx.codes.OK and isinstance(self.document, dict)

    @property
    def data(self) -> Any:
        """The primary data; None where there is none."""
        return self.document.get("data") if isinstance(self.document, dict) else None

    @property
    def resources(self) -> list[dict[str, Any]]:
        """The well-formed resources of the primary data, one or many.

        >>> Answer("GET", "", "", document={"data": {"type": "cdrs", "id": "8"}}).resources
        [{'type': 'cdrs', 'id': '8'}]
        """
        return list(_identified(self.data))

    @property
    def included(self) -> list[dict[str, Any]]:
        """The well-formed included resources."""
        return list(_identified(self.member("included")))

    @property
    def ids(self) -> list[tuple[str, str]]:
        """What identifies the resources of the primary data, in their order."""
        return [(resource["type"], resource["id"]) for resource in self.resources]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The error objects."""
        errors = self.member("errors")
        return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []

    @property
    def parameters(self) -> list[object]:
        """The parameters that the errors name as their sources."""
        sources = (error.get("source") for error in self.errors)
        return [source["parameter"] for source in sources if isinstance(source, dict) and "parameter" in source]

    def member(self, name: str) -> Any:
        """Give a member of the top level; None where there is none."""
        return self.document.get(name) if isinstance(self.document, dict) else None

    def link(self, name: str) -> str | None:
        """Give a top-level link as a whole address."""
        return self.address(link_of(self.document, name))

    def address(self, href: str | None) -> str | None:
        """Make an address in the document a whole one; None where it is none."""
        try:
            return None if href is None else urljoin(self.url, href)
        except ValueError:
            return None

    def described(self) -> str:
        """Say what came, for a message.

        >>> Answer("GET", "", "", 404).described()
        '404'
        """
        return str(self.status) if self.status else f"no answer ({self.fault})"

    def breaks(self, rule: str, message: str) -> Finding:
        """Say that the answer breaks a rule."""
        return Finding(rule, printable(self.request), printable(message))

    def expect(self, rule: str, *statuses: int, to: str = "") -> Iterator[Finding]:
        """Say that the answer breaks a rule, unless its status is one of these; `to` tells more of the request.

        >>> [finding.message for finding in Answer("GET", "", "/cdrs/0", 200).expect("FET-03", 404)]
        ['The answer is 200, and has to be 404.']
        """
        if self.status not in statuses:
            wanted = " or ".join(map(str, statuses))
            yield self.breaks(rule, f"The answer{to and f' to {to}'} is {self.described()}, and has to be {wanted}.")


def link_of(holder: object, name: str) -> str | None:
    """Give the address of a link of an object: its text, or its `href`.

    >>> link_of({"links": {"self": {"href": "/cdrs/8"}}}, "self")
    '/cdrs/8'
    """
    links = holder.get("links") if isinstance(holder, dict) else None
    link = links.get(name) if isinstance(links, dict) else None
    href = link.get("href") if isinstance(link, dict) else link
    return href if isinstance(href, str) else None


def read(body: bytes) -> Any:
    """Give the document of a body, or NOTHING where it is no JSON in UTF-8 (RFC 8259, 8.1).

    >>> read(b'{"data": []}'), read(b"[NaN]") is NOTHING, read("[]".encode("utf-16")) is NOTHING
    ({'data': []}, True, True)
    """
    try:
        return json.loads(body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return NOTHING


def _refuse(name: str) -> NoReturn:
    """Refuse NaN and the infinities, which Python reads and JSON does not have."""
    raise ValueError(name)


def _identified(value: object) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and isinstance(item.get("type"), str) and isinstance(item.get("id"), str):
            yield item
