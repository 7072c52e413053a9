"""Lines of a file, none of them so long that it fills the memory, and the file that they are written to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from jsonapi_sieve.cli.refused import Unsound

__all__ = ["BYTE_ORDER_MARK", "LONGEST", "LineSink", "Lines"]

LONGEST: Final = 16 * 1024 * 1024
"""Bytes of the longest line, or record of several lines, that is read."""

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""What some programs begin a file of UTF-8 with."""


class Lines:
    """The lines of a file with their numbers; `done` counts the bytes that are read."""

    def __init__(self, file: BinaryIO, size: int | None) -> None:
        self.size: int | None = size
        self.done: int = 0
        self._file = file

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        number = 0
        while line := self._file.readline(LONGEST + 1):
            number += 1
            if len(line) > LONGEST:
                raise Unsound(f"line {number} is longer than {LONGEST:,} bytes")
            self.done += len(line)
            yield number, line


class LineSink:
    """Writes lines; a last one that had no end gets one."""

    def __init__(self, file: BinaryIO, header: bytes = b"") -> None:
        self._file = file
        file.write(header)

    def write(self, rows: Sequence[bytes]) -> None:
        self._file.write(b"".join(row if row.endswith(b"\n") else row + b"\n" for row in rows))

    def close(self) -> None:
        self._file.flush()
