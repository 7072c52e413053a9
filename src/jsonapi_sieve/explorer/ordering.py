"""Orders for files of what a filter selects: what of a filter an order can hold, and the order itself."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy.orm import Session

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.errors import ErrorObject, NotRenderable, QueryErrors
from jsonapi_sieve.explorer.declared import Exports, Source
from jsonapi_sieve.explorer.replies import refusal
from jsonapi_sieve.integrations.asked import Asked
from jsonapi_sieve.integrations.request import Request
from jsonapi_sieve.predicate import And, Comparison, Predicate
from jsonapi_sieve.query import Query

__all__ = ["create", "ordered"]

W = TypeVar("W")


def ordered(exports: Exports[W], who: W, source: Source, query: Query) -> dict[str, Any]:
    """Give the document that orders a file of what a query selects, but for its relationships, or why there is none."""
    schema = exports.rows(who).resource.schema
    related = {
        member: relation.type for member, relation in schema.relationships.items() if relation.name in exports.related
    }
    try:
        filters = _stored(exports, source, query)
    except QueryErrors as errors:
        return {"document": None, "relationships": related, "errors": [each.to_dict() for each in errors.errors]}
    data = {"type": exports.rows(who).resource.type, "attributes": {exports.member: filters}}
    return {"document": {"data": data}, "relationships": related, "errors": []}


def create(exports: Exports[W], session: Session, who: W, request: Request) -> Answer:
    """Order a file, as the API does it.

    Raises:
        QueryErrors: as the API does.
    """
    related = {name: rows(who) for name, rows in exports.related.items()}
    return Asked(request, lambda answer: answer).create(session, exports.rows(who), **related)


def _stored(exports: Exports[W], source: Source, query: Query) -> dict[str, object]:
    """Give the filters of a query as an order holds them.

    Raises:
        QueryErrors: for filters that an order cannot hold.
    """
    try:
        held = source.resource.filters.dump(And(*map(_asked, query.predicate.members)), visible=source.visible)
    except NotRenderable as error:
        detail = f"An export cannot hold these filters: {error}"
        raise refusal(422, "not-exportable", "Not exportable", detail) from error
    keys = {parameter.name: parameter.key for parameter in source.resource.filters.parameters}
    allowed = {parameter.name for parameter in exports.filters.parameters}
    shown = [keys[name] for name in keys if name in allowed]
    faults = [
        ErrorObject(
            "not-exportable",
            "Not exportable",
            f"An export cannot hold {keys.get(name, f'filter[{name}]')}.",
            keys.get(name, f"filter[{name}]"),
            status=422,
            meta={"allowed": shown},
        )
        for name in held
        if name not in allowed
    ]
    if faults:
        raise QueryErrors(faults)
    return exports.filters.dump(exports.filters.load(held))


def _asked(member: Predicate) -> Predicate:
    """Give a default as if it had been asked for: the default of another day would be another one."""
    if isinstance(member, Comparison) and member.default:
        return Comparison(member.field, member.operator, member.value)
    return member
