"""What can be selected from: mapped classes, their aliases, tables and subqueries, each as named columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import HybridExtensionType
from sqlalchemy.orm import Mapper, QueryableAttribute, RelationshipProperty, aliased
from sqlalchemy.orm.util import AliasedInsp

from jsonapi_sieve.backends.sqlalchemy.constructs import SomeRow
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.relationship import Relationship, ToMany

__all__ = ["Columns", "Target", "columns_of", "may_be_null"]

Target: TypeAlias = type[object] | sa.FromClause
"""A mapped class or an alias of one (`aliased()`), or a table, an alias of one or a subquery."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a target by name; those of `primary_key` are named in its order."""

    shown: str
    names: frozenset[str]
    primary_key: tuple[str, ...]
    source: Any
    _related: dict[str, Related] = field(default_factory=dict, init=False, repr=False, compare=False)

    def find(self, name: str) -> sa.ColumnElement[Any]:
        """Give a column.

        Raises:
            CompileError: when there is none of the name.
        """
        if name not in self.names:
            raise CompileError(f"{name}: {self.shown} has no such column; it has {', '.join(sorted(self.names))}")
        if isinstance(self.source, sa.FromClause):
            column: sa.ColumnElement[Any] = self.source.c[name]
            return column
        attribute: QueryableAttribute[Any] = getattr(self.source, name)
        return attribute.expression

    def related(self, relationship: Relationship) -> Related:
        """Give what a relationship leads to, under an alias.

        It is the same one each time, for it takes a millisecond to make. Subqueries side by side may share it.

        Raises:
            CompileError: when the target has no such relationship, or it leads to another number of rows, or to an
                alias.
        """
        name, many = relationship.name, isinstance(relationship, ToMany)
        leads = self.relationship(name)
        if leads is None:
            raise CompileError(
                f"{name}: {self.shown} has no such relationship; filters through one need a mapped class that has it"
            )
        if leads.uselist is not many:
            found = "several rows" if leads.uselist else "at most one row"
            raise CompileError(f"{name}: {self.shown} leads to {found}; declare {'ToOne' if many else 'ToMany'}(...)")
        if name not in self._related:
            self._related[name] = self.follow(leads)
        return self._related[name]

    def relationship(self, name: str) -> RelationshipProperty[Any] | None:
        """Find a relationship of a mapped class by its name."""
        mapper: Any = getattr(sa.inspect(self.source), "mapper", None)
        return None if mapper is None else mapper.relationships.get(name)

    def follow(self, leads: RelationshipProperty[Any]) -> Related:
        """Give what one of the relationships leads to, under an alias of its own.

        Raises:
            CompileError: when that is an alias.
        """
        if leads.entity is not leads.mapper:
            raise CompileError(
                f"{leads.key}: {self.shown} leads to an alias of a class; map a class to what that selects"
            )
        alias = aliased(leads.mapper.class_, flat=True)
        return Related(alias, getattr(self.source, leads.key).of_type(alias), columns_of(alias))


class Related(NamedTuple):
    """The rows that a relationship leads to: an alias of their class, what joins it, and their columns."""

    alias: Any
    join: Any
    columns: Columns

    def some(self, clause: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        """Give EXISTS of the related rows for which a clause is TRUE: a join would repeat rows.

        SQLAlchemy's `any()` and `has()` would select from a class without a table of its own twice.
        """
        rows: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(self.alias).where(self.join, clause)
        return SomeRow(rows.correlate_except(self.alias).exists())


def columns_of(target: Target) -> Columns:
    """Give the columns of a target: column attributes and hybrids of a mapped class, `.c` of all others.

    Raises:
        CompileError: for anything else.
    """
    match sa.inspect(target, raiseerr=False):
        case Mapper() as mapper:
            return _mapped(target, mapper)
        case AliasedInsp() as alias:
            return _mapped(target, alias.mapper)
        case sa.FromClause() as source:
            return Columns(str(source.description), frozenset(source.c.keys()), _keys(source.primary_key), source)
        case _:
            raise CompileError(f"{target!r} is neither a mapped class, an alias of one, a table nor a subquery")


def _mapped(target: Target, mapper: Mapper[Any]) -> Columns:
    hybrids = {
        name
        for name, attribute in mapper.all_orm_descriptors.items()
        if attribute.extension_type is HybridExtensionType.HYBRID_PROPERTY
    }
    primary_key = tuple(mapper.get_property_by_column(column).key for column in mapper.primary_key)
    return Columns(mapper.class_.__name__, frozenset(hybrids.union(mapper.column_attrs.keys())), primary_key, target)


def _keys(columns: Iterable[Any]) -> tuple[str, ...]:
    return tuple(column.key for column in columns)


def may_be_null(column: sa.ColumnElement[Any]) -> bool:
    """Tell whether a column may hold NULL: only a table's column that is declared otherwise may not.

    A subquery's column repeats what its table declares, though an outer join within may fill it with NULL.
    """
    if not isinstance(column, sa.Column):
        return True
    table: Any = column.table
    while isinstance(table, sa.Alias):
        table = table.element
    return not isinstance(table, sa.Table) or bool(column.nullable)
