"""Relationships that can be filtered through: each hop is declared, with the filters of the rows that it leads to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal, NamedTuple, Protocol, TypeAlias, assert_never

from jsonapi_sieve.declared import Declared
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.predicate import And, Not, Predicate, Related

__all__ = ["Declares", "Hop", "Quantifier", "Relationship", "ToMany", "ToOne"]

Quantifier: TypeAlias = Literal["any", "none", "all"]
"""How many of the related rows have to pass: at least one, none, or each."""


class Declares(Protocol):
    """A class that declares fields and relationships: a FilterSet."""

    @classmethod
    def declarations(cls) -> Iterable[Declared]:
        """Give what is declared, in order."""


class Relationship(Declared):
    """A relationship that leads from a row to others; `ToOne` or `ToMany` says to how many.

    `filters` is the FilterSet class of the related rows. `name` is needed only where the attribute's name is taken by a
    method of FilterSet.
    """

    kind = "relationship"
    quantifiers: ClassVar[tuple[Quantifier, ...]]

    def __init__(self, filters: type[Declares], *, name: str | None = None) -> None:
        super().__init__(name)
        given: object = filters
        if not (isinstance(given, type) and hasattr(given, "declarations")):
            raise DeclarationError(f"{type(self).__name__} takes the FilterSet class of the related rows: {filters!r}")
        self.filters: type[Declares] = filters

    def any(self, predicate: Predicate) -> Related:
        """Lead to at least one row that passes the predicate."""
        return Related(self, predicate if isinstance(predicate, And) else And(predicate))

    def none(self, predicate: Predicate) -> Predicate:
        """Lead to no row that passes the predicate."""
        return Not(self.any(predicate))

    def all(self, predicate: Predicate) -> Predicate:
        """Lead to no row that fails the predicate; a row for which it is unknown does not fail it."""
        return Not(Related(self, Not(predicate if isinstance(predicate, And) else And(predicate))))


class ToOne(Relationship):
    """A relationship to at most one row.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class AccountFilters(FilterSet):
    ...     name = Field(types.Text())
    >>> class CdrFilters(FilterSet):
    ...     account = ToOne(AccountFilters)
    >>> CdrFilters().parse("filter[account.name-cont]=north")
    And(Related(account, And(name contains 'north')))

    Raises:
        DeclarationError: for what is no FilterSet class, and for a name that cannot be one.
    """

    quantifiers: ClassVar[tuple[Quantifier, ...]] = ("any",)


class ToMany(Relationship):
    """A relationship to any number of rows; by itself it asks for at least one that passes.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class CdrFilters(FilterSet):
    ...     duration = Field(types.Integer(32), nullable=True)
    >>> class AccountFilters(FilterSet):
    ...     cdrs = ToMany(CdrFilters)
    >>> AccountFilters().parse("filter[cdrs.duration-gt]=60&filter[cdrs-none.duration-eq]=0")
    And(Related(cdrs, And(duration > 60)), Not(Related(cdrs, And(duration = 0))))

    Raises:
        DeclarationError: for what is no FilterSet class, and for a name that cannot be one.
    """

    quantifiers: ClassVar[tuple[Quantifier, ...]] = ("any", "none", "all")


class Hop(NamedTuple):
    """A relationship that a parameter goes through, and how many of its rows have to pass."""

    relationship: Relationship
    quantifier: Quantifier

    @property
    def name(self) -> str:
        """How a parameter names the hop: by the relationship, and by `none` or `all` after it.

        >>> from jsonapi_sieve import FilterSet
        >>> Hop(ToMany(FilterSet, name="cdrs"), "none").name
        'cdrs_none'
        """
        name = self.relationship.name
        return name if self.quantifier == "any" else f"{name}_{self.quantifier}"

    def over(self, predicate: And) -> Predicate:
        """Give the node that asks this of the related rows."""
        match self.quantifier:
            case "any":
                return self.relationship.any(predicate)
            case "none":
                return self.relationship.none(predicate)
            case "all":
                return self.relationship.all(predicate)
            case _:  # pragma: no cover
                assert_never(self.quantifier)

    @property
    def depth(self) -> int:
        """How many levels of the tree the hop takes, its And included."""
        return {"any": 2, "none": 3, "all": 4}[self.quantifier]
