"""Fills an SQLite file with generated calls, and shows what the library makes of a query string on them.

Exit codes: 0; 1 when plain Python and SQLite disagree; 2 for a query or an argument that is refused.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Final

from sqlalchemy import Connection, Engine

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.cdr.dataset import Dataset, last_full_hour
from jsonapi_sieve.cdr.demo.answer import answer
from jsonapi_sieve.cdr.demo.database import ForeignFile, open_database
from jsonapi_sieve.cdr.demo.question import read
from jsonapi_sieve.cdr.demo.report import answered, counted, errors_shown, first_rows, section, understood

__all__ = ["main"]

_MAIN: Final = (
    "filter[success-eq]=true&filter[customer-price-gteq]=0.1"
    '&filter[src-name-in-cont-any]=berg,"Müller, Jan"&sort=-customer-price'
)
_EXAMPLES: Final = (
    ("Only the last 24 hours are asked by default; to say when, or which, lifts that.", "filter[id]=8"),
    ("NULL passes no comparison: callers without a name are not among these.", "filter[src-name-in-not-eq]=Ops"),
    ("Addresses and numbers may be spelled in any way.", "filter[auth-orig-ip-in]=2001:0DB8:0031::001E,203.0.113.10"),
    ("Wildcards are ordinary characters, and letters match in both cases.", "filter[src-name-in-cont]=100%25 PRINT"),
)
_FAULTY: Final = "filter[success-eq]=maybe&filter[ip-eq]=::1&filter[id]=1,,2&sort=-price"
_NEXT: Final = (
    "scripts/demo 'filter[time-start-gt]=2026-01-01&filter[duration-gt]=3600&sort=-duration'",
    "scripts/demo 'filter[diversion-in-start]=%2B43&filter[success-eq]=f&sort=src-name-in'",
    "scripts/demo 'filter[duration-between]=1,2'",
    "scripts/demo --help",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration; returns the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        data = Dataset(count=options.count, seed=options.seed, until=options.until)
        start = perf_counter()
        engine, filled = open_database(options.database, data)
    except (ForeignFile, OSError, OverflowError, ValueError) as error:
        parser.error(str(error))
    origin = f"generated in {perf_counter() - start:.1f} s" if filled else "as an earlier run left them"
    print(
        section("Data", [f"{options.database}: {data.count:,} calls up to {data.until:%Y-%m-%d %H:%M} UTC, {origin}"])
    )
    return _tour(engine, data.until) if options.query is None else _show(options.query, engine, data.until)


def _tour(engine: Engine, now: datetime) -> int:
    """Show one query in full, some in short, and one that is refused."""
    status = _show(_MAIN, engine, now)
    with engine.connect() as connection:
        for remark, query in _EXAMPLES:
            print(f"\n{remark}")
            status |= _count(query, connection, now)
    print(
        "\nFaults are found all at once; an API would answer with these errors.", section("Query", [_FAULTY]), sep="\n"
    )
    try:
        read(_FAULTY, now)
    except QueryErrors as errors:
        print(errors_shown(errors))
    print(f"\n{section('Try next', _NEXT)}")
    return status


def _show(query: str, engine: Engine, now: datetime) -> int:
    print(f"\n{section('Query', [query or '(empty)'])}")
    try:
        question = read(query, now)
    except QueryErrors as errors:
        print(
            f"The query is refused with HTTP status {errors.status}.", errors_shown(errors), sep="\n", file=sys.stderr
        )
        return 2
    print(*understood(question), sep="\n")
    with engine.connect() as connection:
        found = answer(question, connection)
    print(*answered(found, engine.dialect), counted(found), *first_rows(question, found), sep="\n")
    return int(not found.agrees)


def _count(query: str, connection: Connection, now: datetime) -> int:
    found = answer(read(query, now), connection)
    print(section("Query", [query]), counted(found), sep="\n")
    return int(not found.agrees)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("scripts/demo", description=__doc__, allow_abbrev=False)
    parser.add_argument("query", nargs="?", metavar="QUERY", help="filters and sort, such as filter[duration-gt]=60")
    parser.add_argument(
        "--database",
        type=Path,
        default=Path("build/demo.sqlite"),
        metavar="PATH",
        help="the file to fill, or to use again when it holds the same data (%(default)s)",
    )
    parser.add_argument("--count", type=int, default=100_000, metavar="N", help="how many calls (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another seed gives other calls (%(default)s)")
    parser.add_argument(
        "--until",
        type=_moment,
        default=last_full_hour(),
        metavar="TIME",
        help="when the calls end, and so the last 24 hours: ISO 8601, UTC without a zone (the last full hour)",
    )
    return parser


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-01-02T12:00") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _run() -> int:
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough; what is still to be written at exit goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


if __name__ == "__main__":
    sys.exit(_run())
