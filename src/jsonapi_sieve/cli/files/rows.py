"""What rows of a file are, whatever its format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final, NamedTuple, Protocol, TypeAlias

__all__ = ["BATCH", "Origin", "Row", "Rows", "Sink", "Unreadable", "batched"]

BATCH: Final = 2_000
"""How many rows are read, tested and written at a time."""


class Unreadable(ValueError):
    """A row that cannot be read: what is wrong with it, and in which column."""

    def __init__(self, what: str, column: str | None = None) -> None:
        super().__init__(what if column is None else f"{column}: {what}")


Origin: TypeAlias = Any
"""What a row is written again from; only the format knows what it is."""


class Row(NamedTuple):
    """A row: where it stands, what it holds, or why that cannot be read, and what it is written again from."""

    place: str
    values: Mapping[str, object] | Unreadable
    origin: Origin


class Sink(Protocol):
    """Where rows are written to, as they were read."""

    def write(self, rows: Sequence[Origin]) -> None:
        """Write rows."""

    def close(self) -> None:
        """Write what is still to be written."""


class Rows(Protocol):
    """The rows of a file. `size` is all that there is to read, in `unit`, or None; `done` what is read of it."""

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The names that all rows have; None where each has its own."""

    @property
    def size(self) -> int | None:
        """How much there is to read, where that is known."""

    @property
    def unit(self) -> str:
        """What is counted."""

    @property
    def done(self) -> int:
        """How much is read."""

    def batches(self) -> Iterator[list[Row]]:
        """Give the rows, `BATCH` at a time."""

    def compact(self, rows: list[Origin]) -> list[Origin]:
        """Give rows, which are kept in memory, without what others of their batches hold."""

    def sink(self, file: BinaryIO) -> Sink:
        """Give what writes rows of this file to another."""


def batched(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Give rows `BATCH` at a time; the last batch has what is left, which may be nothing."""
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch
