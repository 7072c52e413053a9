"""What is asked of every engine: a predicate, perhaps an order, and rows; and what Python answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, assert_never

from jsonapi_sieve import types
from jsonapi_sieve.backends.python import compile_python, compile_python_order
from jsonapi_sieve.backends.python.order import path_reader
from jsonapi_sieve.backends.python.rows import access_of
from jsonapi_sieve.errors import NotRenderable
from jsonapi_sieve.field import Field, Several
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.predicate import And, Attribute, Comparison, Not, Or, Predicate, Related
from jsonapi_sieve.sorting import Order

__all__ = ["NUMBER", "Question", "declared_for"]

NUMBER: Final = "_row"
"""The column that numbers the rows from 1; no attribute can have its name."""


@dataclass(frozen=True)
class Question:
    """Rows, and what they are asked; only what the predicate and the order speak of is looked at.

    `filters` declares that; None where a predicate is made of fields that no class declares. `key` tells rows apart to
    a query of one's own, and is shown of each.
    """

    predicate: Predicate
    rows: Sequence[Any]
    order: Order | None
    filters: FilterSet | None
    key: str | None = None

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """What is spoken of, fields and relationships, by name.

        Raises:
            ValueError: for an order by what is not declared.
        """
        found = {attribute.name: attribute for attribute in _attributes(self.predicate)}
        declared = {} if self.filters is None else {each.name: each for each in self.filters.declarations()}
        for key in self.order or ():
            name = key.name.partition(".")[0]
            if name not in found | declared:
                raise ValueError(f"the order names {name}, which is not declared: give filters= the declaration")
            found.setdefault(name, (found | declared)[name])
        return found

    @cached_property
    def fields(self) -> tuple[Field[Any], ...]:
        """The fields that are spoken of."""
        return tuple(each for each in self.attributes.values() if isinstance(each, Field))

    @property
    def relationships(self) -> list[str]:
        """Names of the relationships that are followed."""
        return [name for name, each in self.attributes.items() if not isinstance(each, Field)]

    @cached_property
    def held(self) -> list[dict[str, Any]]:
        """What is spoken of in each row, as the row holds it, with its number.

        Raises:
            ValueError: for None where the field is not declared nullable.
            TypeError: for a value that is of no kind which the field's type takes.
        """
        names = dict.fromkeys((*self.attributes, *(() if self.key is None else (self.key,))))
        rows = [
            {name: path_reader(access_of(row), name)(row) for name in names} | {NUMBER: number}
            for number, row in enumerate(self.rows, 1)
        ]
        for row in rows:
            for field in self.fields:
                _check(field, row[field.name], row[NUMBER])
        return rows

    @cached_property
    def constants(self) -> list[dict[str, Any]]:
        """The fields that are spoken of in each row, as columns hold them, with its number."""
        return [
            {field.name: _in_column(field.type, row[field.name]) for field in self.fields} | {NUMBER: row[NUMBER]}
            for row in self.held
        ]

    @cached_property
    def expected(self) -> list[int]:
        """Numbers of the rows that pass, each tested by itself; in the order, else ascending."""
        matches = compile_python(self.predicate)
        return self.arranged([held for held, row in zip(self.held, self.rows, strict=True) if matches(row)])

    def arranged(self, rows: list[dict[str, Any]]) -> list[int]:
        """Give the numbers of some rows in order."""
        return [row[NUMBER] for row in compile_python_order(self.order or (), NUMBER)(rows)]

    def numbers_by_key(self, key: str) -> dict[Any, int]:
        """Give the number of each row by its key.

        Raises:
            ValueError: for two rows of one key.
        """
        numbers = {self.comparable(key, row[key]): row[NUMBER] for row in self.held}
        if len(numbers) < len(self.rows):
            raise ValueError(f"two rows have the same {key}: give key= the name of what tells rows apart")
        return numbers

    def comparable(self, key: str, value: Any) -> Any:
        """Give a key in the one form that its type has for it, if it is declared."""
        declared = () if self.filters is None else self.filters.declarations()
        types_ = [each.type for each in declared if isinstance(each, Field) and each.name == key]
        return types_[0].accept(value) if types_ else value

    @cached_property
    def query_string(self) -> str | None:
        """The canonical query string, None for a predicate that clients cannot ask for."""
        asked = self.predicate if isinstance(self.predicate, And) else And(self.predicate)
        try:
            return None if self.filters is None else self.filters.render(asked)
        except NotRenderable:
            return None


def _attributes(node: Predicate) -> Iterator[Attribute]:
    """Give the fields and relationships of the rows themselves, not of related ones."""
    match node:
        case Comparison(field=Several() as several):
            yield from several.fields
        case Comparison():
            yield node.field
        case And() | Or():
            for member in node.members:
                yield from _attributes(member)
        case Not():
            yield from _attributes(node.member)
        case Related():
            yield node.relationship
        case _:
            assert_never(node)


def declared_for(predicate: Predicate) -> FilterSet | None:
    """Find the declaration of what a predicate speaks of: of several, the one that inherits most."""
    owners = [getattr(attribute, "owner", None) for attribute in _attributes(predicate)]
    declaring = [owner for owner in owners if isinstance(owner, type) and issubclass(owner, FilterSet)]
    return max(declaring, key=lambda owner: len(owner.__mro__))() if declaring else None


def _check(field: Field[Any], value: Any, number: int) -> None:
    if value is None and not field.nullable:
        raise ValueError(f"{field.name} is None in row {number}: declare the field with nullable=True")
    try:
        if value is not None:
            field.type.kind(value)
    except TypeError as error:
        error.add_note(f"in row {number}, {field.name}")
        raise


def _in_column(declared: types.ValueType[Any, Any], value: Any) -> Any:
    """Give what a column holds for what a row holds."""
    match declared:
        case _ if value is None:
            return None
        case types.Float() | types.Decimal(exact=False):
            return float(value)
        case types.Timestamp(zone="UTC"):
            return value
        case _:
            return declared.accept(value)
