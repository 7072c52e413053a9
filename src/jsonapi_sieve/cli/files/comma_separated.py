"""Comma-separated values (RFC 4180): a header, and records that may go over several lines inside quotes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from jsonapi_sieve.cli.files.lines import BYTE_ORDER_MARK, LONGEST, Lines, LineSink
from jsonapi_sieve.cli.files.rows import Row, Unreadable, batched
from jsonapi_sieve.cli.refused import Refused, Unsound
from jsonapi_sieve.csv_record import MalformedRecord, split_record

__all__ = ["CommaSeparated"]


class CommaSeparated:
    """The rows of a CSV file. What stands between two commas without quotes and is empty is NULL, `""` the empty text.

    Raises:
        Refused: for a file without a header.
    """

    unit: str = "B"

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.size: int | None = lines.size
        self._records = _records(lines)
        _, self._header = next(self._records, ("", b""))
        header = self._header.removeprefix(BYTE_ORDER_MARK)
        if not header.strip(b"\r\n"):
            raise Refused("the first line is no header of columns: it is empty")
        try:
            names = _items(header)
        except Unreadable as error:
            raise Refused(f"the first line is no header of columns: {error}") from error
        self.columns: tuple[str, ...] = tuple(name or "" for name in names)

    @property
    def done(self) -> int:
        """How many bytes are read."""
        return self._lines.done

    def batches(self) -> Iterator[list[Row]]:
        """Give the rows, some at a time; empty lines are passed over, unless they are records of one column."""
        return batched(self._rows())

    def _rows(self) -> Iterator[Row]:
        for place, record in self._records:
            if record.strip(b"\r\n") or len(self.columns) == 1:
                yield Row(place, self._read(record), record)

    def compact(self, rows: list[bytes]) -> list[bytes]:
        """Give the rows, for lines hold nothing of others."""
        return rows

    def sink(self, file: BinaryIO) -> LineSink:
        """Give what writes rows to another file, below the same header."""
        return LineSink(file, self._header)

    def _read(self, record: bytes) -> dict[str, object] | Unreadable:
        try:
            items = _items(record)
        except Unreadable as error:
            return error
        if len(items) != len(self.columns):
            return Unreadable(f"it has {len(items)} values, and the header {len(self.columns)}")
        return dict(zip(self.columns, items, strict=True))


def _records(lines: Lines) -> Iterator[tuple[str, bytes]]:
    """Join lines to records: one ends where all of its quotes are closed."""
    pieces: list[bytes] = []
    start = number = size = 0
    is_open = False
    for number, line in lines:
        start = start or number
        pieces.append(line)
        size += len(line)
        is_open ^= bool(line.count(b'"') % 2)
        if size > LONGEST:
            raise Unsound(f"the record that begins in line {start} is longer than {LONGEST:,} bytes; is a quote open?")
        if not is_open:
            yield _place(start, number), b"".join(pieces)
            pieces, start, size = [], 0, 0
    if pieces:
        yield _place(start, number), b"".join(pieces)


def _place(start: int, end: int) -> str:
    return f"line {start}" if start == end else f"lines {start} to {end}"


def _items(record: bytes) -> list[str | None]:
    """Split a record.

    Raises:
        Unreadable: for a record that is none.
    """
    try:
        return split_record(record.decode().rstrip("\r\n"))
    except UnicodeDecodeError:
        raise Unreadable("it is no UTF-8") from None
    except MalformedRecord as error:
        raise Unreadable(str(error)) from None
