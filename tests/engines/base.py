"""What tests ask of an engine: to start, to take the rows of a table, to select and to sort them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import ClassVar, Protocol

from jsonapi_sieve import Order, Predicate
from tests.engines.table import Table

__all__ = ["Engine", "Loaded", "Opened"]


class Loaded(Protocol):
    """The rows of a table in one engine."""

    def select(self, predicate: Predicate) -> list[int]:
        """Give the ids of the rows that a predicate selects, ascending."""

    def arrange(self, order: Order) -> list[int]:
        """Give the ids of all rows in an order."""


class Opened(Protocol):
    """An engine that runs."""

    @property
    def version(self) -> str:
        """What it says of itself, as the table of results shows it: "18.6"."""

    def load(self, table: Table) -> AbstractContextManager[Loaded]:
        """Put the rows of a table into the engine, check that they are there as they were, and take them out again."""


class Engine(ABC):
    """One engine, set up in one way; it is opened once for all tests of a process."""

    name: ClassVar[str]
    """As the table of results shows it: "PostgreSQL (ICU en-US)"."""
    most_predicates: ClassVar[int | None] = None
    """How many predicates one run may ask of it, if it is too slow for all."""

    @abstractmethod
    def open(self) -> AbstractContextManager[Opened]:
        """Start it.

        Raises:
            Exception: with a line that says what to install, when it cannot start.
        """
