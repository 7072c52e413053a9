"""What an explorer shows: resources, whose rows they have, the plots of them, and the exports that can be ordered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.integrations.row_source import RowSource
from jsonapi_sieve.query import Query

__all__ = ["Categories", "Explored", "Exports", "Numbers", "Plots", "Source"]

W = TypeVar("W")


class Source(RowSource[Session], Protocol):
    """Rows of one table that a client sees, as `jsonapi_sieve.integrations.rows.Rows` has them."""

    @property
    def model(self) -> type[Any]:
        """The mapped class."""

    def statement(self, query: Query) -> tuple[sa.Select[Any], dict[str, object]]:
        """Give the statement that selects the page of a query, and its values."""

    def narrowed(self, statement: sa.Select[Any], query: Query) -> sa.Select[Any]:
        """Keep a statement over the same table to what a query selects, on whatever page."""


class Numbers(NamedTuple):
    """A histogram of a number: `edges` part its buckets, ascending, each of which belongs to the bucket above it.

    `unit` is what the number counts, such as "s".
    """

    field: str
    edges: tuple[int | Decimal, ...]
    unit: str = ""
    label: str | None = None


class Categories(NamedTuple):
    """How many rows have each value of an attribute of few values; `labels` says what the values mean."""

    field: str
    labels: Mapping[object, str] = {}  # a Mapping has nothing to change it by
    label: str | None = None


class Plots(NamedTuple):
    """What is plotted of all rows that a filter selects, by names of filters: rows over time, numbers, categories.

    >>> Plots(time="time_start", numbers=(Numbers("duration", edges=(1, 10, 60, 600), unit="s"),)).time
    'time_start'
    """

    time: str | None = None
    numbers: tuple[Numbers, ...] = ()
    categories: tuple[Categories, ...] = ()


@dataclass(frozen=True)
class Explored(Generic[W]):
    """A resource that is shown: `rows` gives the rows that somebody sees, `url` is the address of its listing.

    `by_cursor` gives the same rows by a resource that has cursor pages, if they are to be paged in both ways.
    """

    rows: Callable[[W], Source]
    url: str = ""
    by_cursor: Callable[[W], Source] | None = None
    plots: Plots | None = None


@dataclass(frozen=True)
class Exports(Generic[W]):
    """Orders for files of what a filter selects.

    `of` is the type of what is exported, `rows` makes the orders, and `filters` are those that an order holds, in its
    attribute `member`. `related` has the rows that an order has to name, by the relationships of its schema.
    """

    of: str
    rows: Callable[[W], Source]
    filters: FilterSet
    member: str = "filters"
    related: Mapping[str, Callable[[W], Source]] = field(default_factory=lambda: MappingProxyType({}))
