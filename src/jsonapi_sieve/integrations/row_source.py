"""Where rows come from, as far as the answers to requests need to know."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol, TypeVar

from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.query import Query
from jsonapi_sieve.resource import Resource

__all__ = ["RowSource"]

S_contra = TypeVar("S_contra", contravariant=True)
T = TypeVar("T")


class RowSource(Protocol[S_contra]):
    """Where the rows of a resource come from, by a session of whatever kind.

    `visible` is the rule of what the client sees; None hides nothing.
    """

    @property
    def resource(self) -> Resource:
        """What clients may ask of the rows."""

    @property
    def visible(self) -> Visible | None:
        """The rule of what the client sees."""

    def page(
        self, session: S_contra, query: Query, among: Collection[str] | None = None
    ) -> tuple[Iterable[object], int | None]:
        """Give a page, and how many rows all pages have, or None; `among` names the only identifiers in question."""

    def find(self, session: S_contra, identifier: str, query: Query | None = None) -> object | None:
        """Find the row of an identifier, with what a query includes; None where there is none for this client."""

    def seen(self, session: S_contra, identifiers: Collection[str]) -> Collection[str]:
        """Tell which of some identifiers are those of rows that this client sees, all at once."""

    def add(self, session: S_contra, values: dict[str, Any], show: Callable[[object], T]) -> T:
        """Make a row of loaded values, and keep it if it can be shown; gives what `show` makes of it."""
