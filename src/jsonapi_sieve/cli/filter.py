"""The command `filter`: the rows of a file that a query asks for, in constant memory."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from jsonapi_sieve.cli.declared import add_resource_argument, filters_of, open_resource
from jsonapi_sieve.cli.files import FORMATS, Format, format_of, open_rows
from jsonapi_sieve.cli.files.output import open_output
from jsonapi_sieve.cli.files.rows import Origin, Row, Rows
from jsonapi_sieve.cli.files.sieve import Sieve, arranged
from jsonapi_sieve.cli.files.typed import Reader
from jsonapi_sieve.cli.progress import progress
from jsonapi_sieve.cli.refused import Refused, using
from jsonapi_sieve.cli.told import printable, read_query
from jsonapi_sieve.cli.values import whole
from jsonapi_sieve.fieldsets import Fieldsets
from jsonapi_sieve.includes import Includes
from jsonapi_sieve.normal import normalize
from jsonapi_sieve.query import QueryParser
from jsonapi_sieve.sorting import Sort
from jsonapi_sieve.trees import without_defaults

__all__ = ["add_arguments", "run"]

_EXAMPLES: Final = """examples:
  jsonapi-sieve filter calls.jsonl 'filter[duration-gteq]=60' --resource cdrs
  jsonapi-sieve filter calls.csv 'filter[duration-gt]=9&sort=-duration' --field duration:integer --limit 10
  jsonapi-sieve filter calls.parquet 'filter[success-eq]=false' --resource cdrs --output failed.parquet
  zcat calls.csv.gz | jsonapi-sieve filter - 'filter[name-cont]=north' --format csv --field name:text --count
"""

_MOST: Final = 2**63 - 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.epilog = _EXAMPLES
    parser.add_argument("file", help="a file of rows, which may be compressed (.gz); - is stdin")
    parser.add_argument("query", help="filters, and sort, in quotes for the shell")
    declared = parser.add_mutually_exclusive_group(required=True)
    add_resource_argument(declared, required=False)
    declared.add_argument(
        "--field",
        action="append",
        metavar="NAME:TYPE",
        help="an attribute and its type, such as duration:integer, in the place of a resource; may be repeated",
    )
    parser.add_argument("--format", choices=FORMATS, help="the format, where the name of the file does not tell it")
    parser.add_argument("--output", metavar="FILE", help="where to write the rows (stdout)")
    parser.add_argument("--count", action="store_true", help="print how many rows there are, and not the rows")
    parser.add_argument("--limit", type=whole(_MOST), metavar="N", help="end after N rows")
    parser.add_argument("--skip-bad-rows", action="store_true", help="leave out rows that cannot be read, and tell")
    parser.add_argument("--absent-null", action="store_true", help="take a member that a JSON object lacks for null")
    parser.add_argument(
        "--json", action="store_true", help="tell the counts as a JSON object: on stderr where stdout has the rows"
    )


def run(options: argparse.Namespace) -> int:
    """Filter a file; returns the exit code.

    Raises:
        Refused: for faults of the query, and for files that cannot be read or written.
    """
    parser = _parser(options)
    query = read_query(parser.parse, options.query, as_json=options.json)
    # A default is what a listing shows to who asks for nothing; of a file, all rows are asked.
    predicate, order = without_defaults(query.predicate), () if options.count else query.order
    by_name = {field.name: field for field in parser.filters.fields}
    reader = Reader([normalize(predicate).shape], [by_name[key.name] for key in order], absent=options.absent_null)
    sieve = Sieve(predicate, reader, skip=options.skip_bad_rows)
    form = options.format or format_of(options.file)
    with open_rows(options.file, form, reader.columns) as rows:
        _check(rows, form, reader, options)
        kept = arranged(sieve.kept(_read(rows, options)), order, options.limit, rows.compact)
        count = _write(kept, rows, options.output) if not options.count else sum(map(len, kept))
    _tell(Told(sieve.read, count, sieve.skipped, sieve.first_skipped), options)
    return 0


class Told(NamedTuple):
    """What is told of a file at the end."""

    read: int
    kept: int
    skipped: int
    first_skipped: list[str]


def _parser(options: argparse.Namespace) -> QueryParser:
    """Give what reads the query of a file, which has filters and an order, but neither pages nor documents."""
    listing = None if options.field else open_resource(options.resource)
    filters = filters_of(options.field) if listing is None else listing.filters
    names = [field.name for field in filters.fields]
    sort = None if listing is None else listing.sort
    if sort is not None:
        names = [name for name in sort.names if name in names]
    return QueryParser(
        filters=filters,
        sort=Sort(*names, style="dash" if sort is None else sort.style),
        pages=None,
        includes=Includes({}),
        fieldsets=Fieldsets({}),
    )


def _check(rows: Rows, form: Format, reader: Reader, options: argparse.Namespace) -> None:
    """Refuse what can be known before any row is read."""
    if form == "csv" and reader.relationships:
        raise Refused(f"a CSV file has no related rows, such as those of {reader.relationships[0]}")
    columns = rows.columns
    for name in reader.columns if columns is not None else ():
        if columns is not None and columns.count(name) != 1:
            number = "several columns" if name in columns else "no column"
            raise Refused(f"{options.file} has {number} {name}; it has {printable(', '.join(columns))}")
    if options.count:
        return
    if form == "parquet" and _prints_rows(options):
        raise Refused("a Parquet file is not written to stdout; name a file by --output, or ask for the --count")
    if not _prints_rows(options) and format_of(options.output, default=form) != form:
        raise Refused(f"rows are written as they are read: {options.output} would be {form}")


def _prints_rows(options: argparse.Namespace) -> bool:
    return not options.count and options.output in (None, "-")


def _read(rows: Rows, options: argparse.Namespace) -> Iterator[list[Row]]:
    """Give the rows of a file, and show how far it is; not between rows at a terminal."""
    between = _prints_rows(options) and sys.stdout.isatty()
    with progress(Path(options.file).name, rows.size, rows.unit, quiet=between) as tell, using(options.file, "read"):
        done = 0
        for batch in rows.batches():
            tell(rows.done - done)
            done = rows.done
            yield batch


def _write(kept: Iterable[list[Origin]], rows: Rows, output: str | None) -> int:
    count = 0
    with open_output(output) as file:
        sink = rows.sink(file)
        for each in kept:
            sink.write(each)
            count += len(each)
        sink.close()
    return count


def _tell(told: Told, options: argparse.Namespace) -> None:
    if told.skipped:
        rows = "a bad row" if told.skipped == 1 else f"{told.skipped:,} bad rows, the first of them"
        print(f"skipped {rows}:", *told.first_skipped, sep="\n", file=sys.stderr)
    if options.json:
        counts = {"read": told.read, "kept": told.kept, "skipped": told.skipped}
        print(json.dumps(counts), file=sys.stderr if _prints_rows(options) else sys.stdout)
    elif options.count:
        print(told.kept)
    elif not _prints_rows(options):
        print(f"{told.kept:,} of {told.read:,} rows", file=sys.stderr)
