"""What a customer sees of a database: its own rows and those that are everybody's.

A row of somebody else is not found, as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from jsonapi_sieve.backends.sqlalchemy import compile_sqlalchemy
from jsonapi_sieve.backends.sqlalchemy.keeping import CACHED, kept
from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.field import Field
from jsonapi_sieve.predicate import TRUE
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

    @property
    def model(self) -> type[Any]:
        """The table."""
        return self.endpoint.model

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

    def seen(self, session: Session, identifiers: Collection[str]) -> Collection[str]:
        """Tell which of some identifiers are those of rows that the customer sees, by one query."""
        id_ = self.endpoint.id
        values = {identifier: id_.type.parse(identifier) for identifier in identifiers}
        every = Query(TRUE, (), None, None, {}).within(id_.in_(list(values.values())))
        statement = self.narrowed(sa.select(getattr(self.model, id_.name)), every)
        seen = set(map(id_.type.accept, session.scalars(statement)))
        return {identifier for identifier, value in values.items() if value in seen}

    def add(self, session: Session, values: dict[str, Any], show: Callable[[object], T]) -> T:
        """Make a row of the customer's, and commit it when it could be shown.

        Raises:
            QueryErrors: when the budget of the customer is used up.
            TypeError: where nothing makes rows.
        """
        if self.make is None:
            raise TypeError(f"nothing makes {self.resource.type}")
        if self.endpoint.budget is not None:
            self.endpoint.budget.check(session, self.model, self.customer)
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
        total: int | None = session.scalar(self._kept_to_the_customer(statement), values)
        return total

    def statement(self, query: Query) -> tuple[sa.Select[Any], dict[str, object]]:
        """Give the statement that selects the page of a query, and its values."""
        statement, values = self.resource.statement(self._owned(query), self.endpoint.model)
        return self._kept_to_the_customer(statement), values

    def narrowed(self, statement: sa.Select[Any], query: Query) -> sa.Select[Any]:
        """Keep a statement of one's own over the same table to what a query selects, on whatever page."""
        clause = compile_sqlalchemy(self._owned(query).predicate, self.endpoint.model)
        return statement.where(clause).options(*self._criteria())

    def _selected(self, session: Session, query: Query) -> sa.ScalarResult[Any]:
        statement, values = self.resource.statement(query, self.endpoint.model)
        return session.scalars(self._kept_to_the_customer(statement), values)

    def _kept_to_the_customer(self, statement: sa.Select[Any]) -> sa.Select[Any]:
        """Keep what is included, and what filters follow, to the customer's rows too, whatever foreign keys say."""
        return kept(_narrowed, statement, self._criteria())

    def _criteria(self) -> tuple[ExecutableOption, ...]:
        owners: list[tuple[Any, Field[int] | None]] = [(each.model, each.customer) for each in self.api.endpoints]
        return tuple(_criterion(model, owner, self.customer) for model, owner in owners if owner is not None)


# Criteria hold their values, for the statements that load what is included are given none. So they are kept for each
# customer: to make them, and the key of a statement with them, takes longer than to execute it.
@lru_cache(maxsize=CACHED)
def _criterion(model: type[Any], owner: Field[int], customer: int) -> ExecutableOption:
    return with_loader_criteria(model, compile_sqlalchemy(owner.eq(customer), model), include_aliases=True)


@lru_cache(maxsize=CACHED)
def _narrowed(statement: sa.Select[Any], criteria: tuple[ExecutableOption, ...]) -> sa.Select[Any]:
    return statement.options(*criteria)


def _now() -> datetime:
    """Give the present moment as the columns hold it, cut to milliseconds."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
