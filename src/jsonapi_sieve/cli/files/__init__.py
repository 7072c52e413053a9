"""Files of rows, JSON lines, CSV and Parquet: read a batch at a time, and written as they were read."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Literal, assert_never, cast, get_args

from jsonapi_sieve.cli.files.comma_separated import CommaSeparated
from jsonapi_sieve.cli.files.json_lines import JsonLines
from jsonapi_sieve.cli.files.lines import Lines
from jsonapi_sieve.cli.files.rows import Rows
from jsonapi_sieve.cli.refused import Refused, needing, using

__all__ = ["FORMATS", "Format", "format_of", "open_rows"]

Format = Literal["jsonl", "csv", "parquet"]

FORMATS: Final[tuple[Format, ...]] = get_args(Format)
_ENDINGS: Final[dict[str, Format]] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}


def format_of(name: str, *, default: Format | None = None) -> Format:
    """Tell the format of a file by the ending of its name, before which stands that of its compression.

    >>> format_of("calls.csv.gz")
    'csv'

    Raises:
        Refused: for a name that does not tell, unless there is a default.
    """
    path = Path(name)
    ending = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    found = _ENDINGS.get(ending.lower(), default)
    if found is None or (found == "parquet" and path.suffix == ".gz"):
        raise Refused(f"{name}: the name does not tell the format; it ends in {', '.join(_ENDINGS)}, or use --format")
    return found


@contextmanager
def open_rows(name: str, form: Format, columns: Collection[str]) -> Iterator[Rows]:
    """Open a file to read rows; `-` is stdin. Of the columns of a Parquet file only some may have to be looked at.

    Raises:
        Refused: when the file cannot be read, or a package is missing.
    """
    if name == "-":
        if form == "parquet":
            raise Refused("a Parquet file is read from its end, so it cannot come from stdin")
        yield _rows(name, sys.stdin.buffer, form, None, columns)
        return
    with using(name, "read"):
        file = Path(name).open("rb")  # noqa: SIM115  (what goes wrong later is told otherwise)
        size = Path(name).stat().st_size
    with file:
        if not name.endswith(".gz"):
            yield _rows(name, file, form, size, columns)
        else:
            with gzip.open(file) as unpacked:
                yield _rows(name, cast("BinaryIO", unpacked), form, None, columns)


def _rows(name: str, file: BinaryIO, form: Format, size: int | None, columns: Collection[str]) -> Rows:
    match form:
        case "jsonl":
            return JsonLines(Lines(file, size))
        case "csv":
            with using(name, "read"):  # the header
                return CommaSeparated(Lines(file, size))
        case "parquet":
            with needing("files"):
                from jsonapi_sieve.cli.files.parquet import Parquet  # noqa: PLC0415  (it is large)
            return Parquet(file, columns)
        case _:  # pragma: no cover
            assert_never(form)
