"""A small API on the library alone, which offers all that JSON:API 1.1 says of reading and creating.

It holds what an application has to write itself: routes, rows from the database, and bytes that are sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jsonapi_sieve import ErrorObject, Field, QueryErrors, types
from jsonapi_sieve.answers import Answer
from jsonapi_sieve.methods import Address, check_method
from jsonapi_sieve.negotiation import MediaType, check_accept, check_content_type
from jsonapi_sieve.query import Query
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import Relation
from tests.conformance.models import Article, Base, Comment, Person, Tag, new_database
from tests.conformance.resources import ARTICLES, COMMENTS, PEOPLE, TAGS, TOP

TIMES: Final = "https://example.org/profiles/times"
"""A profile that the API applies whenever a client asks for it: all times are in UTC, with milliseconds."""

_ID: Final = Field(types.Text(), name="id")
_METHODS: Final = ("GET", "POST", "PATCH", "DELETE", "PUT")


class Asked(NamedTuple):
    """What an operation needs to know of a request; `profiles` are those that the client asks for."""

    session: Session
    profiles: tuple[str, ...]
    url: str
    query: str
    id: str
    body: bytes


Operation: TypeAlias = Callable[[Asked], Answer]


class Collection(NamedTuple):
    """A collection: its resource type, the table of its rows, and whether clients may create some."""

    resource: Resource
    model: type[Base]
    creates: bool = False


COLLECTIONS: Final = {
    collection.resource.type: collection
    for collection in (
        Collection(ARTICLES, Article, creates=True),
        Collection(PEOPLE, Person, creates=True),
        Collection(COMMENTS, Comment),
        Collection(TAGS, Tag),
    )
}


def create_app(engine: sa.Engine | None = None) -> Starlette:
    """Make the application, of a small database of its own unless it is given another."""
    engine = engine or new_database()
    routes = [_route(*served, engine) for served in _served()]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _lost, Exception: _failed})
    app.router.redirect_slashes = False
    return app


def _served() -> Iterator[tuple[str, Address, dict[str, Operation]]]:
    """Give each address, what stands there, and what it does by method."""
    for type_, collection in COLLECTIONS.items():
        creating = {"POST": _create(collection)} if collection.creates else {}
        yield f"/{type_}", "collection", {"GET": _listing(collection)} | creating
        yield f"/{type_}/{{id}}", "resource", {"GET": _single(collection)}
        for member, relation in collection.resource.schema.relationships.items():
            yield f"/{type_}/{{id}}/{member}", "related", {"GET": _related(collection, relation)}
            linkage = {"GET": _relationship(collection, relation)}
            yield f"/{type_}/{{id}}/relationships/{member}", "relationship", linkage


def _route(path: str, address: Address, operations: Mapping[str, Operation], engine: sa.Engine) -> Route:
    async def respond(request: Request) -> Response:
        try:
            check_method(request.method, address, operations)
            terms = check_accept(request.headers.get("accept"), profiles=(TIMES,))
            body = await request.body()
            if body:
                check_content_type(request.headers.get("content-type"))
            operation = operations["GET" if request.method == "HEAD" else request.method]
            with Session(engine) as session:
                answer = operation(_asked(request, session, terms, body))
        except QueryErrors as faults:
            answer = Answer.refusing(faults, top_level=TOP)
        return _sent(request, answer)

    return Route(path, respond, methods=_METHODS)


def _asked(request: Request, session: Session, terms: MediaType, body: bytes) -> Asked:
    query = request.scope["query_string"].decode("latin-1")
    path = request.scope["raw_path"].decode("latin-1")
    url = f"{request.url.scheme}://{request.url.netloc}{path}{'?' if query else ''}{query}"
    return Asked(session, terms.profiles, url, query, request.path_params.get("id", ""), body)


def _sent(request: Request, answer: Answer) -> Response:
    answer = answer.to(request.method, if_none_match=request.headers.get("if-none-match"))
    return Response(answer.body, answer.status, answer.headers)


def _lost(request: Request, _: Exception) -> Response:
    return _sent(request, Answer.refusing(_error(404, "There is nothing at this address."), top_level=TOP))


def _failed(request: Request, _: Exception) -> Response:
    return _sent(request, Answer.refusing(_error(500, "The service could not answer."), top_level=TOP))


def _error(status: int, detail: str) -> QueryErrors:
    return QueryErrors([ErrorObject(f"http-{status}", "Request refused", detail, status=status)])


def _row(collection: Collection, asked: Asked) -> Any:
    row = asked.session.get(collection.model, asked.id)
    if row is None:
        raise _error(404, "There is no such resource.")
    return row


def _page(collection: Collection, asked: Asked, query: Query) -> Answer:
    resource, model = collection.resource, collection.model
    query = query.applying(asked.profiles)
    total = asked.session.scalar(*resource.count(query, model))
    rows = asked.session.scalars(*resource.statement(query, model)).all()
    return _shown(resource.render(rows, query, url=asked.url, total=total), query)


def _one(resource: Resource, asked: Asked, row: object | None) -> Answer:
    """Show a resource, or null in its place."""
    query = resource.parse_one(asked.query).applying(asked.profiles)
    return _shown(resource.render_one(row, query, url=asked.url), query)


def _shown(body: bytes, query: Query) -> Answer:
    return Answer.of(body, media_type=Resource.media_type(query))


def _listing(collection: Collection) -> Operation:
    return lambda asked: _page(collection, asked, collection.resource.parse(asked.query))


def _single(collection: Collection) -> Operation:
    return lambda asked: _one(collection.resource, asked, _row(collection, asked))


def _related(collection: Collection, relation: Relation) -> Operation:
    def answer(asked: Asked) -> Answer:
        target = COLLECTIONS[relation.type]
        found = getattr(_row(collection, asked), relation.name)
        if relation.many:
            query = target.resource.parse_related(asked.query)
            return _page(target, asked, query.within(_ID.in_([row.id for row in found])))
        return _one(target.resource, asked, found)

    return answer


def _relationship(collection: Collection, relation: Relation) -> Operation:
    def answer(asked: Asked) -> Answer:
        resource = collection.resource
        query = resource.parse_relationship(asked.query).applying(asked.profiles)
        return _shown(resource.render_relationship(_row(collection, asked), relation.name, query, url=asked.url), query)

    return answer


def _create(collection: Collection) -> Operation:
    def answer(asked: Asked) -> Answer:
        resource, session = collection.resource, asked.session
        row = collection.model(**resource.load(asked.body, related=dict(_finders(resource, session))))
        session.add(row)
        session.flush()
        location = resource.self_link(row, url=asked.url)
        _, mark, query = asked.url.partition("?")
        shown = _one(resource, asked._replace(url=f"{location}{mark}{query}"), row)
        session.commit()
        return shown._replace(status=201, headers={**shown.headers, "Location": location})

    return answer


def _finders(resource: Resource, session: Session) -> Iterator[tuple[str, Callable[[str], object | None]]]:
    for relation in resource.schema.relationships.values():
        yield relation.name, partial(session.get, COLLECTIONS[relation.type].model)
