"""JSON lines: each line is a JSON object of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO, NoReturn

from jsonapi_sieve.cli.files.lines import BYTE_ORDER_MARK, Lines, LineSink
from jsonapi_sieve.cli.files.rows import Row, Unreadable, batched

__all__ = ["JsonLines"]


class JsonLines:
    """The rows of a file of JSON lines; lines of nothing but blanks are passed over."""

    columns: None = None
    unit: str = "B"

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self.size: int | None = lines.size

    @property
    def done(self) -> int:
        """How many bytes are read."""
        return self._lines.done

    def batches(self) -> Iterator[list[Row]]:
        """Give the rows, some at a time."""
        return batched(self._rows())

    def _rows(self) -> Iterator[Row]:
        for number, read in self._lines:
            line = read.removeprefix(BYTE_ORDER_MARK) if number == 1 else read
            if line and not line.isspace():
                yield Row(f"line {number}", _read(line), line)

    def compact(self, rows: list[bytes]) -> list[bytes]:
        """Give the rows, for lines hold nothing of others."""
        return rows

    def sink(self, file: BinaryIO) -> LineSink:
        """Give what writes rows to another file."""
        return LineSink(file)


def _read(line: bytes) -> dict[str, object] | Unreadable:
    try:
        found = json.loads(line.decode(), parse_float=Decimal, parse_constant=_refuse)
    except UnicodeDecodeError:
        return Unreadable("it is no UTF-8")
    except json.JSONDecodeError as error:
        return Unreadable(f"it is no JSON: {error.msg} at character {error.pos + 1}")
    except Unreadable as error:
        return error
    except RecursionError:
        return Unreadable("it is nested too deeply")
    except (ValueError, ArithmeticError):  # of int and Decimal
        return Unreadable("it holds a number with too many digits")
    return found if isinstance(found, dict) else Unreadable("it is no JSON object")


def _refuse(word: str) -> NoReturn:
    raise Unreadable(f"it is no JSON: {word} is none")
