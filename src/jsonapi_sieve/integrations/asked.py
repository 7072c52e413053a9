"""`Asked`: one request to an address of JSON:API, and the answer to it.

All that a framework has to add is a request and the rows. Nothing here waits: with an `AsyncSession` of SQLAlchemy,
`await session.run_sync(asked.listing, rows)` answers as `asked.listing(session, rows)` does with a `Session`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.integrations.refusals import not_found
from jsonapi_sieve.integrations.request import Request
from jsonapi_sieve.integrations.row_source import RowSource
from jsonapi_sieve.negotiation import check_accept
from jsonapi_sieve.operand import shown
from jsonapi_sieve.query import Query
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import Relation

__all__ = ["Asked"]

S = TypeVar("S")
R = TypeVar("R")


class Asked(Generic[R]):
    """A request whose headers are checked, and whose answer `respond` makes a framework's own.

    `meta` stands in the `meta` of every document. `ignore` admits parameters of the application, as `Resource.parse`
    does. Of `profiles`, the URIs of the application's own, those that the client asks for hold for the answer, and are
    told by `profiles` here. Each method is for one kind of address, and raises QueryErrors with
    all faults of the request. `related` has, by the names of the schema, the rows that relationships of what is shown
    lead to: the documents link to no others, and include no others, which costs one query for each of them and page.
    Without it they lead wherever the rows say, and so do relationships of what is included. Rows of another resource
    than the schema says are a ValueError.

    >>> from marshmallow_jsonapi import Schema, fields
    >>> class CallSchema(Schema):
    ...     id = fields.Str()
    ...
    ...     class Meta:
    ...         type_ = "calls"
    >>> class Kept:
    ...     resource, visible = Resource(CallSchema), None
    ...
    ...     def find(self, session, identifier, query=None):
    ...         return session.get(identifier)
    >>> asked = Asked(Request("GET", "https://example.org/calls/8", {}), lambda answer: answer)
    >>> asked.single({"8": {"id": 8}}, Kept(), "8").body
    b'{"data":{"id":"8","type":"calls"}}'
    """

    __slots__ = ("_ignore", "_meta", "_respond", "profiles", "request")

    def __init__(
        self,
        request: Request,
        respond: Callable[[Answer], R],
        *,
        meta: Mapping[str, object] | None = None,
        ignore: Collection[str] = (),
        profiles: Collection[str] = (),
    ) -> None:
        self.request: Request = request
        self.profiles: tuple[str, ...] = check_accept(request.headers.get("accept"), profiles=profiles).profiles
        self._respond = respond
        self._meta = meta
        self._ignore = ignore

    def listing(self, session: S, rows: RowSource[S], /, **related: RowSource[S]) -> R:
        """Show a page of a collection: GET /articles."""
        query = self._parsed(rows.resource.parse, rows)
        return self._page(session, rows, _reaching(session, rows, query, related))

    def single(self, session: S, rows: RowSource[S], identifier: object, /, **related: RowSource[S]) -> R:
        """Show one resource: GET /articles/1."""
        query = self._parsed(rows.resource.parse_one, rows)
        return self._one(rows, _found(session, rows, identifier, query), _reaching(session, rows, query, related))

    def create(self, session: S, rows: RowSource[S], /, **related: RowSource[S]) -> R:
        """Make a resource of what the client sent, all of it or nothing: POST /articles.

        What the client relates it to is looked for in `related` too.
        """
        resource, (url, mark, text) = rows.resource, self.request.url.partition("?")
        asked, faults = self._query_of_post(rows)
        query = _reaching(session, rows, asked, related)
        finders = {name: partial(source.find, session) for name, source in related.items()}
        values = resource.load(self.request.body, related=finders, visible=rows.visible)
        if faults is not None:
            raise faults

        def show(row: object) -> R:
            location = resource.self_link(row, url=url)
            body = resource.render_one(row, query, url=f"{location}{mark}{text}", meta=self._meta)
            return self._sent(body, query, status=201, headers={"Location": location})

        return rows.add(session, values, show)

    def related(
        self,
        session: S,
        rows: RowSource[S],
        identifier: object,
        name: str,
        target: RowSource[S],
        /,
        **related: RowSource[S],
    ) -> R:
        """Show what a relationship leads to: GET /articles/1/author. `target` has the related rows.

        Their own relationships, an author's articles, lead wherever they say, unless `related` has the rows of these.
        """
        relation = _relation(rows, name, target)
        parse = target.resource.parse_related if relation.many else target.resource.parse_one
        query = _reaching(session, target, self._parsed(parse, target), related)
        row = _found(session, rows, identifier)
        identifiers = rows.resource.schema.identifiers(row, name)
        if relation.many:
            return self._page(session, target, query, identifiers)
        return self._one(target, target.find(session, identifiers[0], query) if identifiers else None, query)

    def relationship(self, session: S, rows: RowSource[S], identifier: object, name: str, target: RowSource[S]) -> R:
        """Show the linkage of a relationship: GET /articles/1/relationships/author. `target` has the related rows."""
        _relation(rows, name, target)
        asked = rows.resource.parse_relationship(self.request.query, ignore=self._ignore).applying(self.profiles)
        query = _reaching(session, rows, asked, {name: target})
        row = _found(session, rows, identifier)
        return self._sent(rows.resource.render_relationship(row, name, query, url=self.request.url), query)

    def _parsed(self, parse: Callable[..., Query], rows: RowSource[Any]) -> Query:
        return parse(self.request.query, visible=rows.visible, ignore=self._ignore).applying(self.profiles)

    def _page(self, session: S, rows: RowSource[S], query: Query, among: Collection[str] | None = None) -> R:
        found, total = rows.page(session, query, among)
        return self._sent(rows.resource.render(found, query, url=self.request.url, total=total, meta=self._meta), query)

    def _one(self, rows: RowSource[S], row: object | None, query: Query) -> R:
        return self._sent(rows.resource.render_one(row, query, url=self.request.url, meta=self._meta), query)

    def _query_of_post(self, rows: RowSource[S]) -> tuple[Query, QueryErrors | None]:
        """Read the query string of a POST. Its faults are told after those of the body, but for its length."""
        try:
            return self._parsed(rows.resource.parse_one, rows), None
        except QueryErrors as faults:
            if faults.status == HTTPStatus.REQUEST_URI_TOO_LONG:
                raise
            return rows.resource.parse_one(""), faults

    def _sent(self, body: bytes, query: Query, *, status: int = 200, headers: Mapping[str, str] | None = None) -> R:
        answer = Answer.of(body, status, media_type=Resource.media_type(query), headers=headers)
        return self._respond(answer.to(self.request.method, if_none_match=self.request.headers.get("if-none-match")))


def _found(session: S, rows: RowSource[S], identifier: object, query: Query | None = None) -> object:
    row = rows.find(session, str(identifier), query)
    if row is None:
        raise not_found(f"There is no resource of type {rows.resource.type} with the id {shown(str(identifier))}.")
    return row


def _reaching(session: S, rows: RowSource[S], query: Query, related: Mapping[str, RowSource[S]]) -> Query:
    """Give the query whose documents lead to no other related rows; of the same identifiers each is asked once."""
    for name, source in related.items():
        _declared(rows, name, source)
    return query.reaching(**{name: lru_cache(partial(source.seen, session)) for name, source in related.items()})


def _declared(rows: RowSource[Any], name: str, target: RowSource[Any]) -> Relation:
    schema, type_ = rows.resource.schema, target.resource.type
    relation = schema.relation(name)
    if relation is None:
        raise KeyError(f"{schema!r} has no relationship {name!r}")
    if relation.type != type_:
        raise ValueError(f"{name!r} of {schema!r} leads to {relation.type!r}, but the related rows are {type_!r}")
    return relation


def _relation(rows: RowSource[Any], name: str, target: RowSource[Any]) -> Relation:
    relation = _declared(rows, name, target)
    if rows.visible is not None and not rows.visible(name):
        raise not_found("There is nothing at this address.")
    return relation
