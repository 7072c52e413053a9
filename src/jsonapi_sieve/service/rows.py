"""What a customer sees of a database: its own rows and those that are everybody's.

A row of somebody else is not found, as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ScalarResult
from sqlalchemy.orm import Session, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from jsonapi_sieve.backends.sqlalchemy import compile_sqlalchemy
from jsonapi_sieve.operand import shown
from jsonapi_sieve.query import Query
from jsonapi_sieve.service.answers import not_found
from jsonapi_sieve.service.endpoints import Api, Endpoint
from jsonapi_sieve.types import InvalidValue

__all__ = ["Rows"]


class Rows(NamedTuple):
    """The rows of an API's tables that a customer sees."""

    session: Session
    api: Api
    customer: int

    def page(self, endpoint: Endpoint, query: Query) -> tuple[Sequence[object], int | None]:
        """Give a page of a collection, and how many rows all pages have; None where nobody counts them."""
        owned = self._owned(endpoint, query)
        total = None if endpoint.resource.counting == "none" else self._count(endpoint, owned)
        return self._selected(endpoint, owned).all(), total

    def find(self, endpoint: Endpoint, identifier: str, query: Query | None = None) -> object | None:
        """Find a row by the text of its identifier, with what a query includes; None where there is none."""
        try:
            value = endpoint.id.type.parse(identifier)
        except InvalidValue:
            return None
        query = (query or endpoint.resource.parse_one("")).within(endpoint.id.eq(value))
        row: object | None = self._selected(endpoint, self._owned(endpoint, query)).one_or_none()
        return row

    def at(self, endpoint: Endpoint, identifier: str, query: Query | None = None) -> object:
        """Find the row that an address names. An address has one spelling, so that a row has one address.

        Raises:
            QueryErrors: when there is none; 404.
        """
        row = self.find(endpoint, identifier, query)
        type_ = endpoint.id.type
        if row is None or type_.render(type_.parse(identifier)) != identifier:
            raise not_found(f"There is no resource of type {endpoint.resource.type} with the id {shown(identifier)}.")
        return row

    def _owned(self, endpoint: Endpoint, query: Query) -> Query:
        owned = endpoint.owned_by(self.customer)
        return query if owned is None else query.within(owned)

    def _count(self, endpoint: Endpoint, query: Query) -> int | None:
        statement, values = endpoint.resource.count(query, endpoint.model)
        return self.session.scalar(statement.options(*self._criteria()), values)

    def _selected(self, endpoint: Endpoint, query: Query) -> ScalarResult[Any]:
        statement, values = endpoint.resource.statement(query, endpoint.model)
        return self.session.scalars(statement.options(*self._criteria()), values)

    def _criteria(self) -> Iterator[ExecutableOption]:
        """Keep what is included, and what filters follow, to the customer's rows too, whatever foreign keys say."""
        for endpoint in self.api.endpoints:
            owned = endpoint.owned_by(self.customer)
            if owned is not None:
                owned_rows = compile_sqlalchemy(owned, endpoint.model)
                yield with_loader_criteria(endpoint.model, owned_rows, include_aliases=True)
