"""What a customer sees of a database: its own rows and those that are everybody's.

A row of somebody else is not found, as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ScalarResult
from sqlalchemy.orm import Session, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from jsonapi_sieve.backends.sqlalchemy import compile_sqlalchemy
from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.query import Query
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.service.endpoints import Api, Create, Endpoint
from jsonapi_sieve.types import InvalidValue

__all__ = ["Rows"]

T = TypeVar("T")


class Rows(NamedTuple):
    """The rows of an endpoint that a customer sees, and by `make` new ones.

    With `exact` an identifier has one spelling, as in addresses, so that a row has one address; without it those that
    filters take.
    """

    api: Api
    endpoint: Endpoint
    customer: int
    exact: bool = True
    make: Create | None = None
    visible: Visible | None = None

    @property
    def resource(self) -> Resource:
        """What clients may ask of the rows."""
        return self.endpoint.resource

    def page(
        self, session: Session, query: Query, among: Collection[str] | None = None
    ) -> tuple[Sequence[object], int | None]:
        """Give a page, and how many rows all pages have; None where nobody counts them."""
        id_ = self.endpoint.id
        if among is not None:
            query = query.within(id_.in_(map(id_.type.parse, among)))
        owned = self._owned(query)
        total = None if self.resource.counting == "none" else self._count(session, owned)
        return self._selected(session, owned).all(), total

    def find(self, session: Session, identifier: str, query: Query | None = None) -> object | None:
        """Find a row by the text of its identifier, with what a query includes; None where there is none."""
        id_ = self.endpoint.id
        try:
            value = id_.type.parse(identifier)
        except InvalidValue:
            return None
        if self.exact and id_.type.render(value) != identifier:
            return None
        query = (query or self.resource.parse_one("")).within(id_.eq(value))
        row: object | None = self._selected(session, self._owned(query)).one_or_none()
        return row

    def add(self, session: Session, values: dict[str, Any], show: Callable[[object], T]) -> T:
        """Make a row of the customer's, and commit it when it could be shown.

        Raises:
            TypeError: where nothing makes rows.
        """
        if self.make is None:
            raise TypeError(f"nothing makes {self.resource.type}")
        row = self.make(values, self.customer, _now())
        session.add(row)
        session.flush()
        shown = show(row)
        session.commit()
        return shown

    def _owned(self, query: Query) -> Query:
        owned = self.endpoint.owned_by(self.customer)
        return query if owned is None else query.within(owned)

    def _count(self, session: Session, query: Query) -> int | None:
        statement, values = self.resource.count(query, self.endpoint.model)
        return session.scalar(statement.options(*self._criteria()), values)

    def _selected(self, session: Session, query: Query) -> ScalarResult[Any]:
        statement, values = self.resource.statement(query, self.endpoint.model)
        return session.scalars(statement.options(*self._criteria()), values)

    def _criteria(self) -> Iterator[ExecutableOption]:
        """Keep what is included, and what filters follow, to the customer's rows too, whatever foreign keys say."""
        for endpoint in self.api.endpoints:
            owned = endpoint.owned_by(self.customer)
            if owned is not None:
                owned_rows = compile_sqlalchemy(owned, endpoint.model)
                yield with_loader_criteria(endpoint.model, owned_rows, include_aliases=True)


def _now() -> datetime:
    """Give the present moment as the columns hold it, cut to milliseconds."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
