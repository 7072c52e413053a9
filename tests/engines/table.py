"""A declaration with rows for it, to be loaded into any engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import new_class
from typing import Any

from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.operators import offered_by
from jsonapi_sieve.testing.strategies.near import AnyType

__all__ = ["Table", "opened", "table"]


@dataclass(frozen=True)
class Table:
    """Fields, and rows that hold a constant of the library or None for each.

    One field is `id`, an integer that is never NULL and different in each row: the primary key.
    """

    name: str
    filters: FilterSet
    rows: tuple[Mapping[str, Any], ...]

    @property
    def fields(self) -> tuple[Field[Any], ...]:
        return self.filters.fields

    def field(self, name: str) -> Field[Any]:
        return next(field for field in self.fields if field.name == name)


def opened(type_: AnyType, *, nullable: bool = True) -> Field[Any]:
    """Declare a field with every operator that its type can have."""
    return Field(type_, nullable=nullable, operators=[operator.name for operator in offered_by(type_.name)])


def table(name: str, declared: Mapping[str, AnyType], rows: Sequence[Sequence[Any]]) -> Table:
    """Make a small table: attributes that may be NULL, with their values row by row; `id` counts the rows from 1."""
    fields = {"id": opened(types.Integer(64), nullable=False)}
    fields |= {attribute: opened(type_) for attribute, type_ in declared.items()}
    filters: Any = new_class("Filters", (FilterSet,), {}, lambda space: space.update(fields))
    return Table(
        name, filters(), tuple(dict(zip(fields, (number, *row), strict=True)) for number, row in enumerate(rows, 1))
    )
