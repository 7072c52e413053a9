"""Declarations with rows for them, drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import new_class
from typing import Any, NamedTuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS

from jsonapi_sieve import AllOf, AnyOf, Field, FilterSet, ToMany, ToOne, types
from jsonapi_sieve.operators import offered_by
from jsonapi_sieve.relationship import Relationship
from jsonapi_sieve.testing.strategies.near import AnyType
from jsonapi_sieve.testing.strategies.texts import needles_beside
from jsonapi_sieve.testing.strategies.vocabulary import Vocabulary
from tests.parity.holdings import HOLDINGS, Holding

__all__ = ["Attribute", "Dataset", "SameRows", "datasets", "independent"]

# Under another name than its own, it is asked for whole examples.
AVAILABLE_PROVIDERS["independent"] = AVAILABLE_PROVIDERS["hypothesis"]

independent = settings(backend="independent")
"""Draws each example anew. By default, five of six examples repeat the sixth but for one part of it."""


class Attribute(NamedTuple):
    """An attribute: how it is held, whether field and column may be NULL, and a constant for each row."""

    name: str
    holding: Holding
    nullable: bool
    column_nullable: bool
    constants: tuple[Any, ...]


@dataclass(frozen=True)
class Dataset:
    """Attributes, the first two of one type, and a primary key: `id` alone or after `region`.

    `parents` has the number of some row for each row, or None.
    """

    attributes: tuple[Attribute, ...]
    regions: tuple[int, ...]
    primary_key: tuple[str, ...]
    parents: tuple[int | None, ...]

    @cached_property
    def filters(self) -> FilterSet:
        """The declaration: with all operators, and with parameters over the first two attributes."""
        fields: dict[str, object] = {}
        for name, holding, nullable, *_ in self.attributes:
            fields[name] = Field(holding.type, nullable=nullable, operators=_offered(holding.type))
        operators = _offered(self.attributes[0].holding.type)
        fields["either"] = AnyOf("a", "b", operators=operators)
        fields["both"] = AllOf("a", "b", operators=operators)
        declared: Any = new_class("Filters", (FilterSet,), {}, lambda space: space.update(fields))
        filters: FilterSet = declared()
        return filters

    @cached_property
    def related(self) -> Any:
        """The same declaration, with what leads from rows to rows."""
        leads = {"parent": ToOne(type(self.filters)), "children": ToMany(type(self.filters))}
        return new_class("Related", (type(self.filters),), {}, lambda space: space.update(leads))

    @cached_property
    def constants(self) -> list[dict[str, Any]]:
        """The rows, as constants."""
        return self._related(self._rows(lambda attribute: attribute.constants))

    @cached_property
    def in_python(self) -> list[dict[str, Any]]:
        """The rows, with what Python holds for the constants."""
        return self._related(self._rows(lambda attribute: _converted(attribute.constants, attribute.holding.in_rows)))

    @cached_property
    def in_columns(self) -> list[dict[str, Any]]:
        """The rows, with what is put into columns for the constants."""
        return self._rows(lambda attribute: _converted(attribute.constants, attribute.holding.in_column))

    def _rows(self, column_of: Callable[[Attribute], tuple[Any, ...]]) -> list[dict[str, Any]]:
        columns = {attribute.name: column_of(attribute) for attribute in self.attributes}
        columns |= {"id": tuple(range(len(self.regions))), "region": self.regions, "parent_id": self.parents}
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def _related(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for row in rows:
            row["parent"] = None if row["parent_id"] is None else rows[row["parent_id"]]
            row["children"] = [other for other in rows if other["parent_id"] == row["id"]]
        return rows


def _offered(type_: AnyType) -> list[str]:
    return [operator.name for operator in offered_by(type_.name)]


def _converted(constants: tuple[Any, ...], convert: Callable[[Any], Any]) -> tuple[Any, ...]:
    return tuple(None if constant is None else convert(constant) for constant in constants)


class SameRows(Vocabulary):
    """What predicates over a dataset are made of; a relationship leads to rows of the same dataset."""

    def _through(self, relationship: Relationship) -> Vocabulary:
        return self


_NULLABLE = st.sampled_from([(True, True), (True, True), (True, False), (False, False)])


@st.composite
def _attributes(draw: st.DrawFn, name: str, type_: AnyType, count: int) -> Attribute:
    holding = draw(st.sampled_from(HOLDINGS[type_]))
    nullable, column_nullable = draw(_NULLABLE)
    # Few different values, so that some are equal.
    values = draw(st.lists(holding.constants, min_size=2, max_size=4))
    if type_ == types.Text():
        values.extend(draw(st.lists(st.sampled_from(needles_beside(values[0])), max_size=2)))
    held = st.sampled_from([*values, None] if column_nullable else values)
    return Attribute(name, holding, nullable, column_nullable, tuple(draw(held) for _ in range(count)))


# Of text there is most to ask.
_NAMES = ["text", "text", "text", *dict.fromkeys(type_.name for type_ in HOLDINGS)]
_TYPES = st.sampled_from([st.sampled_from([type_ for type_ in HOLDINGS if type_.name == name]) for name in _NAMES])


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    """Draw a declaration of four attributes, and up to eight rows."""
    shared, third, fourth = (draw(draw(_TYPES)) for _ in range(3))
    count = draw(st.integers(4, 8))
    declared = {"a": shared, "b": shared, "c": third, "d": fourth}
    attributes = tuple(draw(_attributes(name, type_, count)) for name, type_ in declared.items())
    regions = tuple(draw(st.integers(0, 1)) for _ in range(count))
    parents = tuple(draw(st.none() | st.integers(0, count - 1)) for _ in range(count))
    return Dataset(attributes, regions, draw(st.sampled_from([("id",), ("region", "id")])), parents)
