"""What each address does: rows are found in one way, whatever the collection, and shown by its resource.

Each operation runs in a session of its own, and sees the rows of the customer who asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import NamedTuple, TypeAlias

from sqlalchemy.orm import Session

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.query import Query
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import Relation
from jsonapi_sieve.service.endpoints import Api, Create, Endpoint
from jsonapi_sieve.service.rows import Rows

__all__ = ["Answer", "Asked", "Operation", "create", "listing", "related", "relationship", "single"]


class Asked(NamedTuple):
    """A request that is let in: whose it is, the URL that the client used, and the parts of it that matter here."""

    customer: int
    url: str
    query: str
    id: str
    body: bytes


class Answer(NamedTuple):
    """The document of an answer, its status and its headers."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = {}  # a Mapping has nothing to change it by


Operation: TypeAlias = Callable[[Session, Asked], Answer]


def listing(api: Api, endpoint: Endpoint) -> Operation:
    """Show a page of a collection."""

    def answer(session: Session, asked: Asked) -> Answer:
        resource = endpoint.resource
        query = resource.parse(asked.query)
        rows, total = Rows(session, api, asked.customer).page(endpoint, query)
        return Answer(resource.render(rows, query, url=asked.url, total=total, meta=endpoint.meta))

    return answer


def single(api: Api, endpoint: Endpoint) -> Operation:
    """Show one resource."""

    def answer(session: Session, asked: Asked) -> Answer:
        query = endpoint.resource.parse_one(asked.query)
        row = Rows(session, api, asked.customer).at(endpoint, asked.id, query)
        return Answer(endpoint.resource.render_one(row, query, url=asked.url, meta=endpoint.meta))

    return answer


def related(api: Api, endpoint: Endpoint, relation: Relation) -> Operation:
    """Show the resource that a to-one relationship leads to, or null where it leads nowhere."""
    target = api.endpoint_of(relation.type)

    def answer(session: Session, asked: Asked) -> Answer:
        query = target.resource.parse_one(asked.query)
        rows = Rows(session, api, asked.customer)
        row = rows.at(endpoint, asked.id)
        match endpoint.resource.schema.linkage(row, relation.name):
            case {"id": str(identifier)}:
                found = rows.find(target, identifier, query)
            case _:
                found = None
        return Answer(target.resource.render_one(found, query, url=asked.url, meta=target.meta))

    return answer


def relationship(api: Api, endpoint: Endpoint, relation: Relation) -> Operation:
    """Show the linkage of a relationship."""

    def answer(session: Session, asked: Asked) -> Answer:
        endpoint.resource.parse_relationship(asked.query)
        row = Rows(session, api, asked.customer).at(endpoint, asked.id)
        return Answer(endpoint.resource.render_relationship(row, relation.name, url=asked.url))

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
        body = resource.render_one(row, query, url=asked.url, meta=endpoint.meta)
        location = resource.self_link(row, url=asked.url)
        session.commit()
        return Answer(body, 201, {"Location": location})

    return answer


def _query_of(resource: Resource, text: str) -> tuple[Query, QueryErrors | None]:
    """Read the query string of a POST. Its faults are told after those of the body, but for its length."""
    try:
        return resource.parse_one(text), None
    except QueryErrors as faults:
        if faults.status == HTTPStatus.REQUEST_URI_TOO_LONG:
            raise
        return resource.parse_one(""), faults


def _now() -> datetime:
    """Give the present moment as the columns hold it, cut to milliseconds."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
