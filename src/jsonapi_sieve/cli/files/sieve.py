"""The rows that pass, batch by batch, and in the order that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeAlias

from jsonapi_sieve.backends.python import compile_python, compile_python_order
from jsonapi_sieve.cli.files.rows import BATCH, Origin, Row, Unreadable
from jsonapi_sieve.cli.files.typed import Reader
from jsonapi_sieve.cli.refused import Refused, Unsound
from jsonapi_sieve.cli.told import printable
from jsonapi_sieve.predicate import Predicate
from jsonapi_sieve.sorting import Order

__all__ = ["SORTED", "Sieve", "arranged"]

SORTED: Final = 1_000_000
"""How many rows are sorted in memory at most."""

_TOLD: Final = 3
_ORIGIN: Final = ""  # no attribute has this name
_Values: TypeAlias = dict[str, Any]


class Sieve:
    """Lets those rows pass for which a predicate is TRUE.

    `read` counts all rows, `skipped` those that could not be read, which end everything unless they are to be skipped.
    """

    def __init__(self, predicate: Predicate, reader: Reader, *, skip: bool) -> None:
        self.read: int = 0
        self.skipped: int = 0
        self.first_skipped: list[str] = []
        self._matches = compile_python(predicate)
        self._reader = reader
        self._skip = skip

    def kept(self, batches: Iterable[list[Row]]) -> Iterator[list[_Values]]:
        """Give the values of the rows that pass, each with its origin, of each batch.

        Raises:
            Unsound: for a row that cannot be read.
        """
        for batch in batches:
            self.read += len(batch)
            read = (self._values(row) for row in batch)
            yield self._matches.select([values for values in read if values is not None])

    def _values(self, row: Row) -> _Values | None:
        try:
            if isinstance(row.values, Unreadable):
                raise row.values
            return {**self._reader.read(row.values), _ORIGIN: row.origin}
        except Unreadable as error:
            told = f"{row.place}: {printable(str(error))}"
            if not self._skip:
                raise Unsound(f"{told} (--skip-bad-rows leaves such rows out)") from None
            self.skipped += 1
            if len(self.first_skipped) < _TOLD:
                self.first_skipped.append(told)
            return None


def arranged(
    kept: Iterable[list[_Values]], order: Order, limit: int | None, compact: Callable[[list[Origin]], list[Origin]]
) -> Iterator[list[Origin]]:
    """Give rows in an order, or without one as they come, up to a limit.

    With a limit only that many rows are kept in memory, and some more. Rows that are equal stay as they stood.

    Raises:
        Refused: for more rows than can be sorted in memory.
    """
    batches = _sorted(kept, order, limit, compact) if order else kept
    left = limit
    for batch in batches:
        taken = batch if left is None else batch[:left]
        yield [values[_ORIGIN] for values in taken]
        if left is not None:
            left -= len(taken)
            if not left:
                return


def _sorted(
    kept: Iterable[list[_Values]], order: Order, limit: int | None, compact: Callable[[list[Origin]], list[Origin]]
) -> Iterator[list[_Values]]:
    sort = compile_python_order(order, primary_key=())
    gathered: list[_Values] = []
    for batch in kept:
        gathered += _compacted(batch, compact)
        if limit is not None and len(gathered) > 2 * limit + BATCH:
            gathered = _compacted(sort(gathered)[:limit], compact)
        if len(gathered) > SORTED:
            raise Refused(f"more than {SORTED:,} rows pass, too many to be sorted in memory: add filters or a --limit")
    gathered = sort(gathered)
    for start in range(0, len(gathered), BATCH):
        yield gathered[start : start + BATCH]


def _compacted(rows: list[_Values], compact: Callable[[list[Origin]], list[Origin]]) -> list[_Values]:
    origins = compact([values[_ORIGIN] for values in rows])
    return [{**values, _ORIGIN: origin} for values, origin in zip(rows, origins, strict=True)]
