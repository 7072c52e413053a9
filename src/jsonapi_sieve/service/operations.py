"""What each address does: rows are found in one way, whatever the collection, and shown by its resource.

Each operation runs in a session of its own, and sees the rows of the customer who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import NamedTuple, TypeAlias

from sqlalchemy.orm import Session

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.answers import Answer
from jsonapi_sieve.query import Query
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import Relation
from jsonapi_sieve.service.endpoints import Api, Create, Endpoint
from jsonapi_sieve.service.rows import Rows

__all__ = ["Asked", "Operation", "create", "listing", "related", "relationship", "single"]


class Asked(NamedTuple):
    """A request that is let in: whose it is, the URL that the client used, and the parts of it that matter here."""

    customer: int
    url: str
    query: str
    id: str
    body: bytes


Operation: TypeAlias = Callable[[Session, Asked], Answer]


def listing(api: Api, endpoint: Endpoint) -> Operation:
    """Show a page of a collection."""

    def answer(session: Session, asked: Asked) -> Answer:
        resource = endpoint.resource
        query = resource.parse(asked.query)
        rows, total = Rows(session, api, asked.customer).page(endpoint, query)
        body = resource.render(rows, query, url=asked.url, total=total, meta=endpoint.meta)
        return Answer.of(body, media_type=resource.media_type(query))

    return answer


def single(api: Api, endpoint: Endpoint) -> Operation:
    """Show one resource."""

    def answer(session: Session, asked: Asked) -> Answer:
        query = endpoint.resource.parse_one(asked.query)
        row = Rows(session, api, asked.customer).at(endpoint, asked.id, query)
        return Answer.of(endpoint.resource.render_one(row, query, url=asked.url, meta=endpoint.meta))

    return answer


def related(api: Api, endpoint: Endpoint, relation: Relation) -> Operation:
    """Show what a relationship leads to: of one to many a page of a collection, of one to one a resource or null."""
    target = api.endpoint_of(relation.type)
    make = _related_to_many if relation.many else _related_to_one
    return make(api, endpoint, relation, target)


def _related_to_many(api: Api, endpoint: Endpoint, relation: Relation, target: Endpoint) -> Operation:
    def answer(session: Session, asked: Asked) -> Answer:
        query = target.resource.parse_related(asked.query)
        rows = Rows(session, api, asked.customer)
        identifiers = endpoint.resource.schema.identifiers(rows.at(endpoint, asked.id), relation.name)
        found, total = rows.page(target, query.within(target.id.in_(map(target.id.type.parse, identifiers))))
        body = target.resource.render(found, query, url=asked.url, total=total, meta=target.meta)
        return Answer.of(body, media_type=target.resource.media_type(query))

    return answer


def _related_to_one(api: Api, endpoint: Endpoint, relation: Relation, target: Endpoint) -> Operation:
    def answer(session: Session, asked: Asked) -> Answer:
        query = target.resource.parse_one(asked.query)
        rows = Rows(session, api, asked.customer)
        identifiers = endpoint.resource.schema.identifiers(rows.at(endpoint, asked.id), relation.name)
        found = rows.find(target, identifiers[0], query) if identifiers else None
        return Answer.of(target.resource.render_one(found, query, url=asked.url, meta=target.meta))

    return answer


def relationship(api: Api, endpoint: Endpoint, relation: Relation) -> Operation:
    """Show the linkage of a relationship."""

    def answer(session: Session, asked: Asked) -> Answer:
        endpoint.resource.parse_relationship(asked.query)
        row = Rows(session, api, asked.customer).at(endpoint, asked.id)
        return Answer.of(endpoint.resource.render_relationship(row, relation.name, url=asked.url))

    return answer


def create(api: Api, endpoint: Endpoint, make: Create) -> Operation:
    """Make a row of what a client sends, all of it or nothing."""
    resource = endpoint.resource
    targets = {relation.name: api.endpoint_of(relation.type) for relation in resource.schema.relationships.values()}

    def answer(session: Session, asked: Asked) -> Answer:
        query, faults = _query_of(resource, asked.query)
        rows = Rows(session, api, asked.customer)
        finders = {name: partial(rows.find, target) for name, target in targets.items()}
        values = resource.load(asked.body, related=finders)
        if faults is not None:
            raise faults
        row = make(values, asked.customer, _now())
        session.add(row)
        session.flush()
        location = resource.self_link(row, url=asked.url)
        body = resource.render_one(row, query, url=_with_query(location, asked.query), meta=endpoint.meta)
        session.commit()
        return Answer.of(body, 201, headers={"Location": location})

    return answer


def _query_of(resource: Resource, text: str) -> tuple[Query, QueryErrors | None]:
    """Read the query string of a POST. Its faults are told after those of the body, but for its length."""
    try:
        return resource.parse_one(text), None
    except QueryErrors as faults:
        if faults.status == HTTPStatus.REQUEST_URI_TOO_LONG:
            raise
        return resource.parse_one(""), faults


def _with_query(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url


def _now() -> datetime:
    """Give the present moment as the columns hold it, cut to milliseconds."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
