"""The rows of a dataset in Python and in SQLite, and all ways in which they are selected and sorted there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, foreign, registry, relationship, remote

from jsonapi_sieve import Order, Predicate
from jsonapi_sieve.backends.python import compile_python, compile_python_order
from jsonapi_sieve.backends.sqlalchemy import compile_order_by, compile_select, compile_sqlalchemy
from jsonapi_sieve.normal import Some, conditions_of, normalize
from tests.parity.datasets import Dataset

__all__ = ["Engines", "engines"]


class Engines:
    """A database with the rows of a dataset, in a table that a class is mapped to, and the same rows in Python."""

    def __init__(self, dataset: Dataset, session: Session, table: sa.Table, mapped: type[Any]) -> None:
        self._session = session
        self._primary_key = dataset.primary_key
        self._table = table
        self._mapped = mapped
        self._mappings = dataset.in_python
        self._instances = session.scalars(sa.select(mapped)).all()
        self._results = session.execute(sa.select(table)).all()

    def selections(self, predicate: Predicate) -> Iterator[tuple[str, list[int]]]:
        """Give the main way to select in each engine, and the ids of what it selects."""
        yield "select, mappings", _ids(compile_python(predicate).select(self._mappings))
        yield "compile_select, class", sorted(self._objects(*compile_select(predicate, self._mapped)))

    def other_selections(self, predicate: Predicate) -> Iterator[tuple[str, list[int]]]:
        """Give all other ways, and the ids of what they select."""
        matches = compile_python(predicate)
        yield "matches, mappings", _ids(filter(matches, self._mappings))
        yield "select, instances", _ids(matches.select(self._instances))
        clause = compile_sqlalchemy(predicate, self._mapped)
        yield "compile_sqlalchemy, class", sorted(self._objects(sa.select(self._mapped).where(clause)))
        if not follows(predicate):
            yield from self._selections_of_a_table(predicate)

    def _selections_of_a_table(self, predicate: Predicate) -> Iterator[tuple[str, list[int]]]:
        yield "select, results", _ids(compile_python(predicate).select(self._results))
        yield "compile_select, table", sorted(self._rows(*compile_select(predicate, self._table)))
        clause = compile_sqlalchemy(predicate, self._table)
        yield "compile_sqlalchemy, table", sorted(self._rows(sa.select(self._table).where(clause)))

    def orders(self, predicate: Predicate, order: Order) -> Iterator[tuple[str, list[int]]]:
        """Give all ways to sort what a predicate selects, and the ids in order."""
        matches, arrange = compile_python(predicate), compile_python_order(order, self._primary_key)
        yield "mappings", _ids(arrange(matches.select(self._mappings)))
        yield "instances", _ids(arrange(matches.select(self._instances)))
        yield "results", _ids(arrange(matches.select(self._results)))
        yield "compile_select, table", self._rows(*compile_select(predicate, self._table, order))
        yield "compile_select, class", self._objects(*compile_select(predicate, self._mapped, order))
        clause, terms = compile_sqlalchemy(predicate, self._mapped), compile_order_by(order, self._mapped)
        yield "compile_order_by, class", self._objects(sa.select(self._mapped).where(clause).order_by(*terms))

    def _rows(self, statement: sa.Select[Any], values: dict[str, object] | None = None) -> list[int]:
        return _ids(self._session.execute(statement, values))

    def _objects(self, statement: sa.Select[Any], values: dict[str, object] | None = None) -> list[int]:
        return _ids(self._session.scalars(statement, values))


def follows(predicate: Predicate) -> bool:
    """Tell whether a predicate, in normal form, looks at related rows."""
    return any(isinstance(condition, Some) for condition in conditions_of(normalize(predicate).shape))


def _ids(rows: Iterable[Any]) -> list[int]:
    return [row["id"] if isinstance(row, dict) else row.id for row in rows]


def _table(dataset: Dataset) -> sa.Table:
    keys = [
        sa.Column(name, sa.Integer, primary_key=name in dataset.primary_key) for name in ("region", "id", "parent_id")
    ]
    columns: list[sa.Column[Any]] = [
        sa.Column(attribute.name, attribute.holding.column, nullable=attribute.column_nullable)
        for attribute in dataset.attributes
    ]
    return sa.Table("records", sa.MetaData(), *keys, *columns)


@contextmanager
def engines(dataset: Dataset) -> Iterator[Engines]:
    """Put the rows of a dataset into a database of their own."""
    table = _table(dataset)
    mapped: type[Any] = type("Record", (), {})
    mappers = registry()
    leads = foreign(table.c.parent_id)
    related = {
        "parent": relationship(mapped, primaryjoin=leads == remote(table.c.id), viewonly=True),
        "children": relationship(mapped, primaryjoin=remote(leads) == table.c.id, viewonly=True, uselist=True),
    }
    mappers.map_imperatively(mapped, table, properties=related)
    engine = sa.create_engine("sqlite://")
    try:
        with engine.connect() as connection, Session(connection) as session:
            table.create(connection)
            connection.execute(table.insert(), dataset.in_columns)
            yield Engines(dataset, session, table, mapped)
    finally:
        engine.dispose()
        mappers.dispose()
