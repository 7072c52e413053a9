"""Rows by SQLAlchemy: the table behind a resource, asked by a session."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jsonapi_sieve import types
from jsonapi_sieve.backends.sqlalchemy import compile_sqlalchemy
from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.errors import DeclarationError, ErrorObject, QueryErrors
from jsonapi_sieve.field import Field
from jsonapi_sieve.integrations.constraints import refused
from jsonapi_sieve.predicate import TRUE, Predicate
from jsonapi_sieve.query import Query
from jsonapi_sieve.resource import Resource

__all__ = ["Rows"]

T = TypeVar("T")

_LOG: Final = logging.getLogger(__name__)


class Rows:
    """The rows of a mapped class, as a resource shows them. Immutable: make one for each resource, in a module.

    `make` makes a row of the values of a POST, which are its arguments by name; without it the class does. `id`
    compares identifiers, by default with the primary key. `predicate` is what each row that a client sees passes, and
    `visible` what it sees of them: `within` and `showing` say so for one client.

    >>> from marshmallow_jsonapi import Schema, fields
    >>> from sqlalchemy.orm import DeclarativeBase, mapped_column
    >>> class Base(DeclarativeBase):
    ...     pass
    >>> class Call(Base):
    ...     __tablename__ = "calls"
    ...     id = mapped_column(sa.Integer, primary_key=True)
    >>> class CallSchema(Schema):
    ...     id = fields.Str()
    ...
    ...     class Meta:
    ...         type_ = "calls"
    >>> calls = Rows(Resource(CallSchema), Call)
    >>> engine = sa.create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(Call(id=8))
    ...     calls.find(session, "8").id, calls.find(session, "08")
    (8, None)

    Raises:
        DeclarationError: for a primary key that is neither one number, text nor UUID, where `id` is not given.
    """

    def __init__(
        self,
        resource: Resource,
        model: type[Any],
        *,
        make: Callable[..., object] | None = None,
        id: Field[Any] | None = None,  # noqa: A002  (what JSON:API calls it)
        predicate: Predicate = TRUE,
        visible: Visible | None = None,
    ) -> None:
        self.resource: Resource = resource
        self.visible: Visible | None = visible
        self._model = model
        self._make = make or model
        self._id = id or _identifier(model)
        self._predicate = predicate

    @property
    def model(self) -> type[Any]:
        """The mapped class."""
        return self._model

    def within(self, predicate: Predicate) -> Rows:
        """Give only those rows that pass a predicate as well: those of one tenant, say.

        Whom the rows belong to that these are related to is another matter: "Whose rows a client reaches", in
        docs/resources.md.
        """
        return self._with(self._predicate & predicate, self.visible)

    def showing(self, visible: Visible | None) -> Rows:
        """Give the same rows as a client sees them, by the rule that every `parse` takes."""
        return self._with(self._predicate, visible)

    def _with(self, predicate: Predicate, visible: Visible | None) -> Rows:
        return Rows(self.resource, self._model, make=self._make, id=self._id, predicate=predicate, visible=visible)

    def page(
        self, session: Session, query: Query, among: Collection[str] | None = None
    ) -> tuple[Sequence[object], int | None]:
        """Give a page, and how many rows all pages have; None where nobody counts them."""
        query = query.within(self._predicate)
        if among is not None:
            query = query.within(self._id.in_([self._id.type.parse(identifier) for identifier in among]))
        counted = self.resource.counting != "none"
        total = session.scalar(*self.resource.count(query, self._model)) if counted else None
        return self._selected(session, query).all(), total

    def statement(self, query: Query) -> tuple[sa.Select[Any], dict[str, object]]:
        """Give the statement that selects the page of a query, and its values."""
        return self.resource.statement(query.within(self._predicate), self._model)

    def narrowed(self, statement: sa.Select[Any], query: Query) -> sa.Select[Any]:
        """Keep a statement of one's own over the same table to what a query selects, on whatever page: a count, say."""
        return statement.where(compile_sqlalchemy(query.within(self._predicate).predicate, self._model))

    def find(self, session: Session, identifier: str, query: Query | None = None) -> object | None:
        """Find the row of an identifier, which has one spelling; None where there is none for this client."""
        type_ = self._id.type
        try:
            value = type_.parse(identifier)
        except types.InvalidValue:
            return None
        if type_.render(value) != identifier:
            return None
        query = (query or self.resource.parse_one("")).within(self._predicate & self._id.eq(value))
        row: object | None = self._selected(session, query).one_or_none()
        return row

    def seen(self, session: Session, identifiers: Collection[str]) -> Collection[str]:
        """Tell which of some identifiers are those of rows that this client sees, by one query."""
        values = {identifier: self._id.type.parse(identifier) for identifier in identifiers}
        column = getattr(self._model, self._id.name)
        among = compile_sqlalchemy(self._predicate & self._id.in_(list(values.values())), self._model)
        seen = set(map(self._id.type.accept, session.scalars(sa.select(column).where(among))))
        return {identifier for identifier, value in values.items() if value in seen}

    def add(self, session: Session, values: dict[str, Any], show: Callable[[object], T]) -> T:
        """Make a row, and commit it when it could be shown; else all of the transaction is rolled back.

        Raises:
            QueryErrors: 403 for one that would be none of these rows, 409 or 404 for one that a constraint of the
                database refuses.
        """
        try:
            row = self._make(**values)
            session.add(row)
            session.flush()
            self._check(session, row)
            shown = show(row)
            session.commit()
        except BaseException as fault:
            session.rollback()
            if not isinstance(fault, IntegrityError) or (errors := refused(fault)) is None:
                raise
            # It may have been another row of the application's, which would go unseen; SQL and values are left out.
            _LOG.warning("%s: %s for a new resource: %r", self.resource.type, errors.status, fault.orig)
            raise errors from fault
        return shown

    def _check(self, session: Session, row: object) -> None:
        if self._predicate is not TRUE and not self._has(session, row):
            detail = "The new resource would be none of those that you see."
            raise QueryErrors([ErrorObject("forbidden", "Forbidden", detail, status=403)])

    def _has(self, session: Session, row: object) -> bool:
        key = zip(sa.inspect(self._model).primary_key, sa.inspect(row).identity, strict=True)
        own = sa.exists().where(
            compile_sqlalchemy(self._predicate, self._model), *(column == part for column, part in key)
        )
        return bool(session.scalar(sa.select(own)))

    def _selected(self, session: Session, query: Query) -> sa.ScalarResult[Any]:
        return session.scalars(*self.resource.statement(query, self._model))


def _identifier(model: type[Any]) -> Field[Any]:
    mapper = sa.inspect(model)
    kinds: dict[object, types.ValueType[Any, Any]] = {
        int: types.Integer(64),
        str: types.Text(),
        UUID: types.Uuid(),
    }
    columns = mapper.primary_key
    kind = kinds.get(_python_type(columns[0])) if len(columns) == 1 else None
    if kind is None:
        raise DeclarationError(f"{model.__name__} has no primary key of one number, text or UUID: give id=Field(...)")
    return Field(kind, name=mapper.get_property_by_column(columns[0]).key)


def _python_type(column: sa.Column[Any]) -> type | None:
    try:
        return column.type.python_type
    except NotImplementedError:  # a type that somebody made need not have one
        return None
