"""What each address does: whose rows a customer sees is the service's own, all else that of `Asked`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy.orm import Session

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.integrations import Asked
from jsonapi_sieve.serialization import Relation
from jsonapi_sieve.service.endpoints import Api, Create, Endpoint
from jsonapi_sieve.service.rows import Rows

__all__ = ["Operation", "create", "listing", "related", "relationship", "single"]

Operation: TypeAlias = Callable[[Asked[Answer], Session, int, str], Answer]
"""Answers a request, in a session, of a customer, to the address of an identifier."""


def listing(api: Api, endpoint: Endpoint) -> Operation:
    """Show a page of a collection."""
    return lambda asked, session, customer, _: asked.listing(session, Rows(api, endpoint, customer))


def single(api: Api, endpoint: Endpoint) -> Operation:
    """Show one resource."""
    return lambda asked, session, customer, id_: asked.single(session, Rows(api, endpoint, customer), id_)


def related(api: Api, endpoint: Endpoint, relation: Relation) -> Operation:
    """Show what a relationship leads to: of one to many a page of a collection, of one to one a resource or null."""
    target = api.endpoint_of(relation.type)

    def answer(asked: Asked[Answer], session: Session, customer: int, id_: str) -> Answer:
        rows, related_rows = Rows(api, endpoint, customer), Rows(api, target, customer)
        return asked.related(session, rows, id_, relation.name, related_rows)

    return answer


def relationship(api: Api, endpoint: Endpoint, relation: Relation) -> Operation:
    """Show the linkage of a relationship."""
    target = api.endpoint_of(relation.type)

    def answer(asked: Asked[Answer], session: Session, customer: int, id_: str) -> Answer:
        rows, related_rows = Rows(api, endpoint, customer), Rows(api, target, customer)
        return asked.relationship(session, rows, id_, relation.name, related_rows)

    return answer


def create(api: Api, endpoint: Endpoint, make: Create) -> Operation:
    """Make a row of what a client sends, all of it or nothing."""
    targets = {
        relation.name: api.endpoint_of(relation.type) for relation in endpoint.resource.schema.relationships.values()
    }

    def answer(asked: Asked[Answer], session: Session, customer: int, _: str) -> Answer:
        found = {name: Rows(api, target, customer, exact=False) for name, target in targets.items()}
        return asked.create(session, Rows(api, endpoint, customer, make=make), **found)

    return answer
