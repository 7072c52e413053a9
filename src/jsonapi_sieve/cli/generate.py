"""The command `generate`: made-up rows of the domain, in a file or a database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, BinaryIO, Final, assert_never

from jsonapi_sieve import types
from jsonapi_sieve.cdr.dataset import Dataset, last_full_hour
from jsonapi_sieve.cdr.parties import Row
from jsonapi_sieve.cli.declared import open_model
from jsonapi_sieve.cli.files import FORMATS, Format, format_of
from jsonapi_sieve.cli.files.output import open_output
from jsonapi_sieve.cli.files.plain import csv_lines, json_lines
from jsonapi_sieve.cli.progress import progress
from jsonapi_sieve.cli.refused import Refused, needing
from jsonapi_sieve.cli.values import read_by, whole

__all__ = ["GENERATED", "add_arguments", "run"]

_EXAMPLES: Final = """examples:
  jsonapi-sieve generate calls.jsonl --count 1000 --seed 7 --until 2026-02-01
  jsonapi-sieve generate exports.csv.gz --resource cdr-exports
  jsonapi-sieve generate calls.parquet
  jsonapi-sieve generate --database-url sqlite:///calls.sqlite --count 10000 --json
"""

GENERATED: Final[Mapping[str, Callable[[Dataset], Iterable[Row]]]] = MappingProxyType(
    {
        "cdrs": Dataset.cdrs,
        "cdr-exports": Dataset.cdr_exports,
        "accounts": Dataset.accounts,
        "transport-protocols": Dataset.transport_protocols,
        "did-cdr-exports": Dataset.did_cdr_exports,
    }
)
"""The resources of which there are rows, and what makes them."""

_COUNT: Final = 100_000
_MOMENTS: Final = types.Timestamp(digits=3)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.epilog = _EXAMPLES
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("file", nargs="?", help="the file to write, in the format of its ending; - is stdout")
    target.add_argument("--database-url", metavar="URL", help="an empty database, which gets all tables and rows")
    parser.add_argument("--format", choices=FORMATS, help="the format, where the name of the file does not tell it")
    parser.add_argument("--resource", choices=GENERATED, help="which rows to write to a file (cdrs)")
    parser.add_argument("--count", type=whole(1_000_000_000), metavar="N", help=f"how many calls ({_COUNT:,})")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another seed gives other rows (1)")
    parser.add_argument(
        "--until",
        type=read_by(_moment),
        metavar="TIME",
        help="when the last calls begin (the last full hour); with it, the same arguments give the same rows",
    )
    parser.add_argument(
        "--json", action="store_true", help="tell what gives the same rows again: on stderr where stdout has the rows"
    )


def run(options: argparse.Namespace) -> int:
    """Write the rows; returns the exit code.

    Raises:
        Refused: for what cannot be written to.
    """
    is_file = options.database_url is None
    if not is_file and (options.resource or options.format):
        raise Refused("--resource and --format are for a file; a database gets all rows")
    if is_file and options.resource not in (None, "cdrs") and options.count is not None:
        raise Refused(f"--count is for calls; the number of {options.resource} is always the same")
    count = _COUNT if options.count is None else options.count
    try:
        data = Dataset(count=count, seed=options.seed, until=options.until or last_full_hour())
        if is_file:
            _write(data, options.file, options.format or format_of(options.file), options.resource or "cdrs")
        else:
            _fill(data, options.database_url)
    except (OverflowError, ValueError) as error:
        raise Refused(str(error)) from error
    if options.json:
        told = {"count": data.count, "seed": data.seed, "until": _MOMENTS.render(data.until)}
        print(json.dumps(told), file=sys.stderr if options.file == "-" else sys.stdout)
    return 0


def _moment(text: str) -> datetime:
    try:
        return _MOMENTS.parse(text)
    except types.InvalidValue as error:
        raise ValueError(f"{text!r} {error}") from None


def _write(data: Dataset, name: str, form: Format, resource: str) -> None:
    if form == "parquet" and name == "-":
        raise Refused("a Parquet file is not written to stdout; name a file")
    rows = GENERATED[resource](data)
    with open_output(name) as file:
        _write_rows(_with_progress(rows, data.count if resource == "cdrs" else None), form, resource, file)


def _write_rows(rows: Iterable[Row], form: Format, resource: str, file: BinaryIO) -> None:
    match form:
        case "jsonl":
            file.writelines(json_lines(rows))
        case "csv":
            file.writelines(csv_lines(rows))
        case "parquet":
            model: Any = open_model(resource, None)
            with needing("files"):
                from jsonapi_sieve.cdr.parquet import write_parquet  # noqa: PLC0415  (it needs PyArrow)
            write_parquet(rows, model.__table__, file)
        case _:  # pragma: no cover
            assert_never(form)


def _with_progress(rows: Iterable[Row], count: int | None) -> Iterator[Row]:
    with progress("Generating", count, " rows") as tell:
        for row in rows:
            yield row
            tell(1)


def _fill(data: Dataset, database_url: str) -> None:
    with needing("service"):
        from jsonapi_sieve.cli.databases import fill_empty  # noqa: PLC0415  (it needs a database)
    with progress("Generating", data.count, " calls") as tell:
        fill_empty(database_url, count=data.count, seed=data.seed, until=data.until, progress=tell)
