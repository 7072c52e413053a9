"""One collection under test: how it is asked, and what asking has found out of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any, Final, NoReturn, TypeAlias
from uuid import uuid4

from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.testing.conformance.addresses import absent_id, encoded, escaped, query_of
from jsonapi_sieve.testing.conformance.answer import Answer, link_of
from jsonapi_sieve.testing.conformance.client import Client, Headers
from jsonapi_sieve.testing.conformance.description import Collection, Description, Paging
from jsonapi_sieve.testing.conformance.media_types import uris
from jsonapi_sieve.testing.links import PAGING
from jsonapi_sieve.testing.resources import fields_of
from jsonapi_sieve.testing.server_rules import CURSOR_PROFILE

__all__ = ["DONE", "Related", "Skipped", "Subject"]

Related: TypeAlias = tuple[dict[str, Any], str, dict[str, Any]]
"""A resource, the name of one of its relationships, and the relationship object."""

_MOST_TRIED: Final = 3
_MOST_RELATED: Final = 60
_FOLLOWED: Final = ("self", "related", *PAGING)
_AWAY: Final = "Its links lead to another origin ({})."

DONE: Final = (201, 202, 204)
"""The statuses of what is created, or will be."""


class Skipped(Exception):
    """A check cannot be made, for the reason that the message gives."""


class Subject:
    """One collection of an API, as its description and its answers tell it.

    What is looked up once is kept; what a check varies, it asks anew.
    """

    def __init__(self, client: Client, description: Description, collection: Collection) -> None:
        self.client = client
        self.description = description
        self.collection = collection
        base = description.base.rstrip("/") if collection.path.startswith("/") else description.base
        path = base + collection.path
        self.url: str = client.origin.rstrip("/") + path if path else client.origin

    def get(self, query: str = "", url: str | None = None, headers: Headers | None = None) -> Answer:
        """Ask for the collection, or for another address, with a query string as it stands."""
        address = self.url if url is None else url
        if query:
            address = f"{address}{'&' if '?' in address else '?'}{query}"
        return self.client.ask("GET", address, headers)

    def having(self, url: str | None = None, **parameters: str) -> Answer:
        """Ask with parameters that are encoded as forms are."""
        return self.get(encoded(parameters), url)

    def post(self, body: object, content_type: str = MEDIA_TYPE) -> Answer:
        """Send a body to the collection.

        Raises:
            Skipped: where nothing may be sent.
        """
        self.require(self.description.create, "Nothing but GET and HEAD may be sent.")
        return self.client.ask("POST", self.url, {"Content-Type": content_type}, body)

    @cached_property
    def created(self) -> Answer:
        """The answer to the body of the description.

        Raises:
            Skipped: where it has none.
        """
        self.require(self.collection.create, "The description has no body that creates a resource.")
        return self.post(self._body())

    def body(self) -> dict[str, Any]:
        """Give a new body that creates a resource.

        Raises:
            Skipped: where the description has none, or one that creates nothing.
        """
        self.require(self.created.status in DONE, "The description's body creates nothing.")
        return self._body()

    def _body(self) -> dict[str, Any]:
        text = json.dumps(dict(self.collection.create)).replace("{unique}", uuid4().hex[:12])
        body: dict[str, Any] = json.loads(text)
        return body

    def require(self, given: object, reason: str) -> None:
        """Go on only where something is given.

        Raises:
            Skipped: where it is not.
        """
        if not given:
            self.skip(reason)

    def require_links(self, links: object, reason: str) -> None:
        """Go on only where there are links to follow; those of the first page may lead to another server.

        Raises:
            Skipped: where there are none.
        """
        if links:
            return
        holders = (self.first.document, *self.first.resources, *(held for _, _, held in self.related()))
        shown = (self.first.address(link_of(holder, name)) for holder in holders for name in _FOLLOWED)
        self.skip(next((_AWAY.format(there) for link in shown if (there := self.client.elsewhere(link))), reason))

    def skip(self, reason: str) -> NoReturn:
        """Give up a check."""
        raise Skipped(reason)

    @cached_property
    def first(self) -> Answer:
        """The answer to a plain GET of the collection."""
        return self.get()

    @property
    def listed(self) -> list[dict[str, Any]]:
        """The resources of the first page.

        Raises:
            Skipped: where there are none.
        """
        resources = self.first.resources
        self.require(resources, "The collection shows no resource.")
        return resources

    @property
    def type(self) -> str:
        """The type of the resources."""
        return self.collection.type or str(self.listed[0]["type"])

    @cached_property
    def one(self) -> Answer:
        """The answer to a GET of the first resource.

        Raises:
            Skipped: where it is not found.
        """
        answer = self.get(url=self.address_of(self.listed[0]))
        self.require(answer.found and answer.resources, "No address of a single resource is known.")
        return answer

    def address_of(self, resource: dict[str, Any]) -> str:
        """Give the address of a resource: its own link, or the path of the collection and its id."""
        link = self.first.address(link_of(resource, "self"))
        return link if link is not None and self.client.is_here(link) else self.beside(resource["id"])

    def beside(self, id_: str, *names: str) -> str:
        """Give the address of a resource, or one below it, with a slash at the end where the collection has one."""
        path = self.url.partition("?")[0]
        below = "/".join(map(escaped, (id_, *names)))
        return f"{path}{below}/" if path.endswith("/") else f"{path}/{below}"

    @cached_property
    def absent(self) -> str:
        """An id that no resource has, of the same form as those that there are."""
        return absent_id(self.first.ids[0][1] if self.first.ids else "0")

    @cached_property
    def pages(self) -> Paging | None:
        """How the collection is paged: as described, as its links show, or as it answers; None where nothing tells.

        Cursors of which nobody says that they are those of the profile are the server's own, and of no known form.
        """
        names = {name for link in PAGING for name, _ in query_of(self.first.link(link))}
        kinds: dict[str, Paging] = {"page[number]": "numbered", "page[offset]": "offset"}
        if CURSOR_PROFILE.rstrip("/") in self._profiles():
            kinds |= {"page[after]": "cursor", "page[before]": "cursor"}
        shown = [kind for name, kind in kinds.items() if name in names]
        return self.collection.pages or (shown[0] if shown else self._tried_pages())

    def _profiles(self) -> set[str]:
        """Give the profiles that the description has, and those that the first answer says it applies."""
        about = self.first.member("jsonapi")
        listed = about.get("profile") if isinstance(about, dict) else None
        told = [uri for uri in listed if isinstance(uri, str)] if isinstance(listed, list) else []
        named = uris(self.first.headers.get("content-type", ""), "profile")
        return {uri.rstrip("/") for uri in (*self.description.profiles, *named, *told)}

    def _tried_pages(self) -> Paging | None:
        """Ask for the second resource as a page of its own."""
        second = self.first.ids[1:2]
        if second and self.having(**{"page[size]": "1", "page[number]": "2"}).ids == second:
            return "numbered"
        if second and self.having(**{"page[limit]": "1", "page[offset]": "1"}).ids == second:
            return "offset"
        return None

    @cached_property
    def sort(self) -> tuple[str, ...]:
        """The fields to sort by: as described, or the attributes that are taken where others are refused."""
        if self.collection.sort or self.having(sort="made-up").found:
            return self.collection.sort
        names = (name for name, _ in fields_of(next(iter(self.first.resources), {}), "attributes"))
        return tuple(name for name in islice(names, _MOST_TRIED) if self.having(sort=name).found)

    @cached_property
    def include(self) -> tuple[str, ...]:
        """The paths to include: as described, or the relationships that are included when somebody asks."""
        tried = islice(() if self.collection.include else self.relationships(), _MOST_TRIED)
        return self.collection.include or tuple(
            name for name in tried if isinstance(self.having(include=name).member("included"), list)
        )

    @cached_property
    def to_one(self) -> tuple[str, ...]:
        """The to-one relationships: as described, or as their linkage shows."""
        return self.collection.to_one or _linked(self.related(), dict)

    @cached_property
    def to_many(self) -> tuple[str, ...]:
        """The to-many relationships: as described, or as their linkage shows."""
        return self.collection.to_many or _linked(self.related(), list)

    def sized(self, size: int, **more: str) -> str:
        """Give the query for a page of so many resources; nothing where the paging is not known."""
        name = "page[limit]" if self.pages == "offset" else "page[size]"
        return encoded({name: str(size), **more}) if self.pages else ""

    def attributes(self) -> list[str]:
        """Give the names of the attributes of the first resource.

        Raises:
            Skipped: where it has none.
        """
        names = [name for name, _ in fields_of(self.listed[0], "attributes")]
        self.require(names, "No resource shows an attribute.")
        return names

    def relationships(self) -> list[str]:
        """Give the names of the relationships of the first resource."""
        return [name for name, _ in fields_of(next(iter(self.first.resources), {}), "relationships")]

    def related(self) -> Iterator[Related]:
        """Give the relationships of the first page's resources: each with its resource and its name."""
        for resource in self.first.resources:
            for name, relationship in fields_of(resource, "relationships"):
                if isinstance(relationship, dict):
                    yield resource, name, relationship

    def some_related(self, most: int) -> list[Related]:
        """Give each relationship of the first page by its name, at most so many times, and some dozens in all."""
        return list(islice(self._repeated(most), _MOST_RELATED))

    def _repeated(self, most: int) -> Iterator[Related]:
        seen: Counter[str] = Counter()
        for resource, name, relationship in self.related():
            seen[name] += 1
            if seen[name] <= most:
                yield resource, name, relationship

    def follow(self, answer: Answer, name: str) -> Answer | None:
        """Follow a top-level link, if it is there.

        Raises:
            Skipped: where it leads to another server.
        """
        link = answer.link(name)
        there = self.client.elsewhere(link)
        self.require(not there, _AWAY.format(there))
        return self.get(url=link) if self.client.is_here(link) else None

    def walk(self, page: Answer, most: int) -> Iterator[Answer]:
        """Give a page and those behind it, so many at most.

        Raises:
            Skipped: where a link leads to another server.
        """
        yield page
        for _ in range(most - 1):
            following = self.follow(page, "next")
            if following is None:
                return
            page = following
            yield page

    def is_last(self, page: Answer) -> bool:
        """Whether nothing follows a page; links are optional, so that pages which show none do not tell their end."""
        links = page.member("links")
        shown = links.keys() if isinstance(links, dict) else set[str]()
        told = self.pages is None or not shown.isdisjoint(PAGING)
        return page.found and told and page.link("next") is None

    def link(self, holder: dict[str, Any], name: str) -> str | None:
        """Give a link of an object on the first page, if it leads to this server."""
        address = self.first.address(link_of(holder, name))
        return address if self.client.is_here(address) else None


def _linked(related: Iterable[Related], kind: type[object]) -> tuple[str, ...]:
    """Give the names of the relationships whose linkage is of a kind."""
    return tuple(dict.fromkeys(name for _, name, value in related if isinstance(value.get("data"), kind)))
