"""How many rows a statement selects, by the buckets of several plots at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve.explorer.buckets import Buckets
from jsonapi_sieve.explorer.declared import Source
from jsonapi_sieve.query import Query

__all__ = ["Found", "Tally"]

_SORTING: Final = ("sqlite",)
"""The databases that group by sorting, as SQLAlchemy names them."""

_FIRST: Final = ord("0")
"""The character of a plot's first bucket, where these are spelled."""


class Found(NamedTuple):
    """How many rows there are, and how many of them are in each bucket of each plot."""

    total: int
    plots: list[list[int]]

    @classmethod
    def together(cls, found: Sequence[Found]) -> Found:
        """Add up what was found; there is something.

        >>> Found.together([Found(3, [[1, 2]]), Found(4, [[0, 4]])])
        Found(total=7, plots=[[1, 6]])
        """
        plots = zip(*(each.plots for each in found), strict=True)
        return cls(sum(each.total for each in found), [list(map(sum, zip(*plot, strict=True))) for plot in plots])


class Tally:
    """Counts the rows of one table by buckets.

    A database groups the rows by them. SQLite would sort the rows for that, which takes longer than to read them: there
    a text for each plot spells the buckets, one character for each row, and the characters are counted here.
    """

    def __init__(self, session: Session, source: Source, buckets: Sequence[Buckets]) -> None:
        self._session, self._source, self._buckets = session, source, buckets
        self._spells = session.get_bind(source.model).dialect.name in _SORTING

    def of(self, query: Query) -> sa.Select[Any]:
        """Give the statement that counts what a query selects, for `read`."""
        counting = sa.select(sa.func.count(), *(map(_spelled, self._buckets) if self._spells else ()))
        narrowed = self._source.narrowed(counting.select_from(self._source.model), query)
        if self._spells:
            return narrowed
        numbers = [each.marked(str).label(f"plot{place}") for place, each in enumerate(self._buckets)]
        # By their names: written twice, an expression would have two sets of parameters, and not be the same.
        return narrowed.add_columns(*numbers).group_by(*(number.name for number in numbers))

    @property
    def nothing(self) -> Found:
        """What is found where no row can be."""
        return Found(0, [[0] * each.size for each in self._buckets])

    def read(self, statement: sa.Select[Any], values: Mapping[str, object]) -> Found:
        """Execute a statement, and count."""
        total, plots = self.nothing
        for count, *marks in self._session.execute(statement, values):
            total += count
            for plot, mark in zip(plots, marks, strict=True):
                if not self._spells:
                    plot[mark] += count
                elif mark is not None:
                    rest = [mark.count(chr(_FIRST + number)) for number in range(1, len(plot))]
                    plot[:] = [count - sum(rest), *rest]  # the first one has the most, and takes longest to count
        return Found(total, plots)


def _spelled(buckets: Buckets) -> sa.ColumnElement[Any]:
    return sa.func.group_concat(buckets.marked(lambda number: f"'{chr(_FIRST + number)}'"), sa.literal_column("''"))
