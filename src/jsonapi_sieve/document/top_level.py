"""What the documents of an API say at their top, beside data (JSON:API 1.1, "Top Level")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jsonapi_sieve.document.link import Link
from jsonapi_sieve.links import own_link
from jsonapi_sieve.negotiation import MediaType

__all__ = ["TopLevel"]


@dataclass(frozen=True, slots=True)
class TopLevel:
    """What all documents of an API have at their top; by default nothing.

    With a `version` ("1.1"), or with `meta`, they have the `jsonapi` object, which names extensions and profiles too;
    with `self_link` a link to themselves, and with `described_by` one to a description of the API, such as its OpenAPI
    document. Immutable: make one for an API, and give it to each of its resources.

    >>> top = TopLevel(version="1.1", self_link=True)
    >>> top.jsonapi(MediaType())
    {'version': '1.1'}
    >>> top.links("/calls?filter[id]=8", MediaType())
    {'self': '/calls?filter%5Bid%5D=8'}
    """

    version: str | None = None
    meta: Mapping[str, object] | None = None
    self_link: bool = False
    described_by: str | Link | None = None

    def jsonapi(self, terms: MediaType) -> dict[str, object] | None:
        """Give the `jsonapi` object of a document, to which these extensions and profiles apply; None without one."""
        if self.version is None and not self.meta:
            return None
        uris: dict[str, Sequence[str]] = {"ext": terms.extensions, "profile": terms.profiles}
        members: dict[str, object] = {} if self.version is None else {"version": self.version}
        members |= {name: list(listed) for name, listed in uris.items() if listed}
        return members | ({"meta": dict(self.meta)} if self.meta else {})

    def links(self, url: str, terms: MediaType) -> dict[str, str | Link]:
        """Give the links of the document that answers a URL.

        The link to itself keeps all parameters of the URL. Where extensions or profiles apply, it is a link object
        whose `type` names them.
        """
        links: dict[str, str | Link] = {}
        if self.self_link:
            href = own_link(url)
            links["self"] = Link(href, type=str(terms)) if any(terms) else href
        if self.described_by is not None:
            links["describedby"] = self.described_by
        return links
