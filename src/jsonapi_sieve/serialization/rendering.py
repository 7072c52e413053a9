"""Whole documents as bytes: of listings, of single resources, of relationships and of faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from jsonapi_sieve import document
from jsonapi_sieve.document import TopLevel
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.negotiation import MediaType
from jsonapi_sieve.paging import AnyPages, Counting
from jsonapi_sieve.paging.listed import listed
from jsonapi_sieve.query import Query
from jsonapi_sieve.serialization.encoding.documents import Shown
from jsonapi_sieve.serialization.encoding.library import Written, best_library
from jsonapi_sieve.serialization.resource_objects import reached
from jsonapi_sieve.serialization.schemas import ResourceSchema

__all__ = ["Renderer", "terms_of"]


def terms_of(query: Query) -> MediaType:
    """Give the media type of the answer to a query: the extensions and profiles that hold for it."""
    return MediaType(query.extensions, query.profiles)


class Renderer(NamedTuple):
    """What writes the documents of one resource type; its members are what `Resource` is made with."""

    schema: ResourceSchema
    pages: AnyPages | None
    counting: Counting
    total_member: str
    page_links: bool
    top_level: TopLevel

    def listing(
        self,
        rows: Iterable[object],
        query: Query,
        *,
        url: str,
        total: int | None,
        meta: Mapping[str, object] | None,
        streamed: bool,
    ) -> Iterator[Written]:
        """Write the document of a listing in pieces, as few as rows are read in where it is streamed."""
        page = listed(
            rows,
            self.pages,
            query.page,
            url=url,
            total=total,
            counting=self.counting,
            total_member=self.total_member,
        )
        shown, terms = self.shown(query, url), terms_of(query)
        yield document.opening(self.top_level.jsonapi(terms)) + b"["
        count, included = 0, None
        if query.include is None:
            for chunk in shown.chunks(page.rows, streamed=streamed):
                data = shown.data(chunk, page.cursors[count : count + len(chunk)])
                comma = b"," if count else b""
                if streamed:
                    yield comma + data
                else:
                    yield comma
                    yield data
                count += len(chunk)
        else:
            found = list(page.rows)
            count = len(found)
            data, included = shown.compound(found, query.include, page.cursors)
            yield data
        links = {**self.top_level.links(url, terms), **(page.links(count) if self.page_links else {})}
        yield b"]" + document.closing(included, _joined(page.meta, meta or {}), links)

    def one(self, row: object | None, query: Query, *, url: str, meta: Mapping[str, object] | None) -> bytes:
        """Write the document of a single resource, or of none."""
        shown, terms = self.shown(query, url), terms_of(query)
        rows = [] if row is None else [row]
        data, included = (shown.data(rows), None) if query.include is None else shown.compound(rows, query.include)
        opening = document.opening(self.top_level.jsonapi(terms))
        return opening + (data or b"null") + document.closing(included, meta or {}, self.top_level.links(url, terms))

    def relationship(self, row: object, name: str, query: Query, *, url: str) -> bytes:
        """Write the document of a relationship of a row.

        Raises:
            KeyError: for a name that is no relationship.
        """
        terms = terms_of(query)
        [linkage] = reached([self.schema.linkage(row, name)], query.reach.get(name))
        data = document.to_json(linkage).encode()
        links = {**self.top_level.links(url, terms), **self.schema.relationship_links(row, name, url=url)}
        return document.opening(self.top_level.jsonapi(terms)) + data + document.closing(None, {}, links)

    def faults(self, errors: QueryErrors) -> bytes:
        """Write the document of a request's faults."""
        jsonapi = self.top_level.jsonapi(MediaType(profiles=errors.profiles))
        return document.encode(document.error_document(errors, jsonapi=jsonapi))

    def shown(self, query: Query, url: str) -> Shown:
        """Give what writes resource objects, as a query wants them."""
        return Shown(self.schema, url, query.fields, best_library(), query.reach)


def _joined(told: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """Join what a listing tells with what the application does; where both have an object, with the members of both."""
    joined = dict(told)
    for name, value in told.items():
        other = own.get(name)
        if isinstance(value, dict) and isinstance(other, Mapping):
            joined[name] = {**other, **value}
    return {**joined, **own, **joined}
