"""The database that is served: a file of generated data, or one that the user names, filled if that is wished."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import URL, Engine, NullPool, create_engine, inspect, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from jsonapi_sieve.cdr.database import ForeignFile, OtherData, open_database
from jsonapi_sieve.cdr.exporting.files import prepare
from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.cdr.models import Base
from jsonapi_sieve.cli.curl import first_customer
from jsonapi_sieve.cli.progress import progress
from jsonapi_sieve.cli.refused import Refused, using
from jsonapi_sieve.cli.secret import state_directory
from jsonapi_sieve.cli.values import whole
from jsonapi_sieve.service import open_engine

__all__ = [
    "Opened",
    "add_database_arguments",
    "existing_url",
    "fill_empty",
    "folder_of",
    "open_chosen",
    "prepare_folder",
    "telling",
]

_COUNT: Final = 100_000


class Opened(NamedTuple):
    """A database to serve, and words that say what it holds."""

    engine: Engine
    described: str


def add_database_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that choose a database."""
    group = parser.add_argument_group("database")
    group.add_argument("--database-url", metavar="URL", help="a database of your own, as SQLAlchemy names it")
    group.add_argument(
        "--fill", action="store_true", help="fill the database of your own without asking when it is empty"
    )
    group.add_argument(
        "--database",
        type=Path,
        metavar="FILE",
        help="without --database-url: the SQLite file of generated data, which is made when it is missing "
        "(cdr.sqlite in the user's state directory)",
    )
    group.add_argument(
        "--count", type=whole(1_000_000_000), metavar="N", help=f"how many calls to generate ({_COUNT:,})"
    )
    group.add_argument("--seed", type=int, metavar="N", help="another seed gives other calls (1)")
    group.add_argument("--refill", action="store_true", help="generate the file anew; what was added to it is lost")


def open_chosen(options: argparse.Namespace) -> Opened:
    """Open the database that the arguments choose.

    Raises:
        Refused: when that cannot be, with the reason.
    """
    if options.database_url is None:
        if options.fill:
            raise Refused("--fill is for a --database-url; the file of generated data is filled without it")
        return _generated(options)
    if options.database is not None or options.refill:
        raise Refused("--database and --refill are for the file of generated data, not for a --database-url")
    return _given(options)


def existing_url(options: argparse.Namespace) -> URL:
    """Give the database that `--database-url` or `--database` names, or else that of `serve`, which has to be there.

    Raises:
        Refused: when it is not, or has the tables of another version.
    """
    if options.database_url is not None:
        url = make_url(options.database_url)
        if _is_empty(url):
            raise Refused("the database has none of the tables, or no rows; serve --fill fills it")
        return url
    file: Path = options.database or _default()
    if not file.exists():
        raise Refused(f"there is no {file}; serve makes it, or name a database by --database-url")
    try:
        return open_database(file).engine.url
    except (ForeignFile, OtherData) as error:
        raise Refused(str(error)) from error


def folder_of(url: URL) -> Path:
    """Give the folder of files where none is named: beside an SQLite file, else in the user's state directory."""
    beside = url.get_backend_name() == "sqlite" and url.database is not None
    return (Path(str(url.database)).parent if beside else state_directory()) / "exports"


def prepare_folder(folder: Path) -> None:
    """Make the folder of files where there is none, before any order is taken that would fail for it.

    Raises:
        Refused: when it cannot be written.
    """
    with using(str(folder), "written"):
        prepare(folder)


def fill_empty(database_url: str, *, count: int, seed: int, until: datetime, progress: Callable[[int], object]) -> None:
    """Fill a database that has nothing to serve.

    Raises:
        Refused: when it has rows, or cannot be used.
    """
    with telling():
        engine = open_engine(make_url(database_url))
        try:
            if not _is_empty(engine.url):
                raise Refused("the database has its rows already")
            generate(engine, count=count, seed=seed, until=until, progress=progress)
        finally:
            engine.dispose()


def _default() -> Path:
    return state_directory() / "cdr.sqlite"


def _generated(options: argparse.Namespace) -> Opened:
    file: Path = options.database or _default()
    try:
        database = open_database(file, count=options.count, seed=options.seed, refill=options.refill)
    except (ForeignFile, OtherData, OSError, OverflowError, ValueError) as error:
        raise Refused(str(error)) from error
    origin = "generated just now" if database.is_new else "as an earlier run left them"
    described = f"{database.filling} in {file}, {origin}"
    if datetime.now(UTC) - database.filling.until > timedelta(hours=24):
        described += (
            "\nThere may be none of the last 24 hours, which listings show by default; --refill makes new ones."
        )
    return Opened(open_engine(database.engine.url), described)


def _given(options: argparse.Namespace) -> Opened:
    with telling():
        url = make_url(options.database_url)
        engine = open_engine(url)
        if _is_empty(engine.url):
            _fill(engine, options)
        elif options.count is not None or options.seed is not None:
            raise Refused("--count and --seed are for an empty database, and this one has its rows")
    return Opened(engine, engine.url.render_as_string())


def _is_empty(url: URL) -> bool:
    """Look whether a database has nothing to serve; it is left as it is, for it may turn out to be another's.

    Raises:
        Refused: when it has some of the tables only, or some of their columns.
    """
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        return True
    engine = create_engine(url, poolclass=NullPool)
    found = set(inspect(engine).get_table_names()) & set(Base.metadata.tables)
    missing = set(Base.metadata.tables) - found
    if found and missing:
        raise Refused(f"the database has some of the tables, but not {', '.join(sorted(missing))}")
    if missing:
        return True
    _check_columns(engine)
    return first_customer(engine) is None


def _check_columns(engine: Engine) -> None:
    inspector = inspect(engine)
    for table in Base.metadata.sorted_tables:
        held = {column["name"] for column in inspector.get_columns(table.name)}
        missing = [column.name for column in table.columns if column.name not in held]
        if missing:
            raise Refused(
                f"the database was made by another version: its table {table.name} lacks {', '.join(missing)}; the file"
                " of generated data is filled anew by serve --refill, and a database of your own has to be changed"
            )


def _fill(engine: Engine, options: argparse.Namespace) -> None:
    count = _COUNT if options.count is None else options.count
    if not (options.fill or _is_agreed(f"The database is empty. Fill it with {count:,} generated calls? [y/N] ")):
        raise Refused("the database is empty, and there is nothing to serve; --fill fills it without asking")
    with progress("Generating calls", count, " calls") as tell:
        generate(engine, count=count, seed=1 if options.seed is None else options.seed, progress=tell)


def _is_agreed(question: str) -> bool:
    return sys.stdin.isatty() and input(question).strip().lower() in ("y", "yes")


@contextmanager
def telling() -> Iterator[None]:
    """Say for people why a database cannot be used."""
    try:
        yield
    except DBAPIError as error:
        said = " ".join(str(error.orig).split())  # drivers say it in several lines
        raise Refused(f"the database cannot be used: {said}") from error
    except (SQLAlchemyError, ImportError, ValueError) as error:
        raise Refused(f"the database cannot be used: {error}") from error
