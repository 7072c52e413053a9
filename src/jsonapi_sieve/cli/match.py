"""The command `match`: which of very many stored filters each row of a file passes."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from jsonapi_sieve.cli.declared import add_resource_argument, filters_of, open_resource
from jsonapi_sieve.cli.files import FORMATS, format_of, open_rows
from jsonapi_sieve.cli.files.rows import Rows, Unreadable
from jsonapi_sieve.cli.files.typed import Reader
from jsonapi_sieve.cli.progress import progress
from jsonapi_sieve.cli.refused import Refused, Unsound, using
from jsonapi_sieve.cli.told import printable
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.index import DamagedIndex, FilterIndex, load_index
from jsonapi_sieve.normal import normalize
from jsonapi_sieve.operand import shown
from jsonapi_sieve.predicate import And
from jsonapi_sieve.trees import without_defaults

__all__ = ["add_arguments", "run"]

_EXAMPLES: Final = """examples:
  jsonapi-sieve match rules.jsonl calls.jsonl --resource cdrs
  jsonapi-sieve match rules.jsonl calls.csv --field duration:integer --field account:integer

A line of the filters is an object such as {"key": "long", "filters": {"duration_gt": 60}}, or they are a saved index.
Each row that passes some filter gives a line such as {"row": "line 7", "keys": ["long"]}.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.epilog = _EXAMPLES
    parser.add_argument("filters", help="a file of stored filters with their keys, as JSON lines")
    parser.add_argument("file", help="a file of rows, which may be compressed (.gz); - is stdin")
    declared = parser.add_mutually_exclusive_group(required=True)
    add_resource_argument(declared, required=False)
    declared.add_argument(
        "--field", action="append", metavar="NAME:TYPE", help="an attribute and its type; may be repeated"
    )
    parser.add_argument("--format", choices=FORMATS, help="the format, where the name of the file does not tell it")
    parser.add_argument("--absent-null", action="store_true", help="take a member that a JSON object lacks for null")
    parser.add_argument("--json", action="store_true", help="tell the counts as a JSON object, on stderr")


def run(options: argparse.Namespace) -> int:
    """Match the rows of a file; returns the exit code.

    Raises:
        Refused: for filters and files that cannot be read.
    """
    filters = filters_of(options.field) if options.field else open_resource(options.resource).filters
    lines = _lines_of(options.filters)
    index = _index(lines, filters, options.filters)
    reader = Reader({normalize(index[key]).shape for key in index}, [], absent=options.absent_null)
    start, count, passing = time.perf_counter(), 0, 0
    with open_rows(options.file, options.format or format_of(options.file), reader.columns) as rows:
        for place, values in _read(rows, reader, options.file):
            count += 1
            if keys := index.match(values):
                passing += 1
                print(json.dumps({"row": place, "keys": sorted(keys, key=str)}))
    rate = count / max(time.perf_counter() - start, 1e-9)
    if options.json:
        told = json.dumps({"read": count, "passing": passing, "filters": len(index), "rate": round(rate)})
    else:
        read, stored = _counted(count, "row"), _counted(len(index), "filter")
        told = f"{passing:,} of {read} pass some of {stored}, {rate:,.0f} rows a second"
    print(told, file=sys.stderr)
    return 0


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _lines_of(name: str) -> list[str]:
    """Read the lines of a file, which end where JSON lines do: a text in them may hold what else parts lines.

    Raises:
        Refused: for a file that cannot be read, or is no text.
    """
    try:
        with using(name, "read"), Path(name).open(encoding="utf-8") as file:
            return list(file)
    except UnicodeDecodeError as error:
        raise Refused(f"{name} is no text in UTF-8: {error}") from error


def _index(lines: list[str], filters: FilterSet, name: str) -> FilterIndex[Any]:
    """Make the index of a file: of one that was saved, or of lines with keys and filters; defaults are left out.

    Raises:
        Refused: for a line that holds no filter of the declaration.
    """
    if lines and lines[0].startswith('{"format"'):
        try:
            saved = load_index(lines, filters).items()
        except DamagedIndex as error:
            raise Refused(f"{name}: {printable(str(error))}") from error
        return FilterIndex((key, without_defaults(And(predicate))) for key, predicate in saved)
    index: FilterIndex[Any] = FilterIndex()
    with progress(Path(name).name, len(lines), "filter") as tell:
        for number, line in enumerate(lines, 1):
            try:
                document = json.loads(line, parse_float=Decimal, object_pairs_hook=_members)
                key, stored = _stored(document)
                index.add(key, without_defaults(filters.load(stored)))
            except (KeyError, TypeError) as error:
                raise Refused(f"{name}, line {number}: no filter with a key that is text or a whole number") from error
            except (ArithmeticError, QueryErrors, RecursionError, ValueError) as error:
                raise Refused(f"{name}, line {number}: {printable(str(error))}") from error
            tell(1)
        index.settle()
    return index


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse what is there more than once, of which all but the last would be lost."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member of an object is there more than once")
    return members


def _stored(document: dict[str, Any]) -> tuple[str | int, Any]:
    """Give the key and the filters of a line, which has nothing else: no filter goes unread for a slip of the pen."""
    key, stored = document["key"], document["filters"]
    if not isinstance(key, (str, int)):
        raise TypeError("a key is text or a whole number")
    if unknown := document.keys() - {"key", "filters"}:
        raise ValueError(f"{shown(min(unknown))} is neither the key nor the filters, and a line has nothing else")
    return key, stored


def _read(rows: Rows, reader: Reader, name: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Give each row's place and values, and show how far it is.

    Raises:
        Unsound: for a row that cannot be read.
    """
    with progress(Path(name).name, rows.size, rows.unit, quiet=sys.stdout.isatty()) as tell, using(name, "read"):
        done = 0
        for batch in rows.batches():
            tell(rows.done - done)
            done = rows.done
            for row in batch:
                try:
                    if isinstance(row.values, Unreadable):
                        raise row.values
                    yield row.place, reader.read(row.values)
                except Unreadable as error:
                    raise Unsound(f"{row.place}: {printable(str(error))}") from None
