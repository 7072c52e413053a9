"""What `export` does past one machine: calls as Parquet, and runners whose rows come from Spark or another database."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from jsonapi_sieve.cdr.exporting import Exporter, open_engine
from jsonapi_sieve.cdr.exporting.reasons import DoesNotFit
from jsonapi_sieve.cli.databases import existing_url
from jsonapi_sieve.cli.progress import progress
from jsonapi_sieve.cli.refused import Refused, needing, using
from jsonapi_sieve.cli.values import read_by

__all__ = ["add_lay_out_arguments", "add_source_arguments", "exporter_of", "lay_out"]


_OLDEST: Final = 4  # the major version of Spark whose functions write the lines


def add_source_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say where the rows of files come from, if not from the database of the orders."""
    group = parser.add_argument_group("past one machine")
    chosen = group.add_mutually_exclusive_group()
    chosen.add_argument(
        "--spark", metavar="MASTER", help="let Spark select the rows: local[*], spark://host:7077, yarn"
    )
    chosen.add_argument("--rows-url", metavar="URL", help="read the rows from another database, such as ClickHouse")
    group.add_argument(
        "--data", metavar="FOLDER", help="for Spark: the calls as Parquet, which lay-out writes, or their address"
    )
    group.add_argument("--parts", action="store_true", help="leave CSV files in the parts that Spark writes")


@contextmanager
def exporter_of(options: argparse.Namespace, engine: Engine, folder: Path, **how: Any) -> Iterator[Exporter]:
    """Open a runner, with the rows that the arguments ask for.

    Raises:
        Refused: when that cannot be, with the reason.
    """
    if options.spark is None and (options.data is not None or options.parts):
        raise Refused("--data and --parts are for --spark")
    if options.spark is not None:
        with _session(options) as session, needing("narwhals"):
            from jsonapi_sieve.cdr.exporting.spark_exporter import SparkExporter  # noqa: PLC0415  (it needs Narwhals)

            yield SparkExporter(engine, folder, session, _data(options.data), parts=options.parts, **how)
    elif options.rows_url is not None:
        source = open_engine(options.rows_url)
        try:
            yield Exporter(engine, folder, rows_from=source, **how)
        finally:
            source.dispose()
    else:
        yield Exporter(engine, folder, **how)


@contextmanager
def _session(options: argparse.Namespace) -> Iterator[Any]:
    """Start Spark, or use what spark-submit has started; its other settings are those of its own files."""
    if options.data is None:
        raise Refused("--spark needs --data, the folder of calls that export lay-out writes")
    try:
        from pyspark import __version__  # noqa: PLC0415  (whoever has a cluster has its version)
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise Refused(f"{error}; install the version of your cluster, with pip install pyspark") from error
    if int(__version__.partition(".")[0]) < _OLDEST:
        raise Refused(f"Spark {__version__} is too old; exports need Spark {_OLDEST} or newer")
    builder: Any = SparkSession.builder
    session = builder.master(options.spark).appName("jsonapi-sieve export").getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def _data(name: str) -> str | Path:
    if "://" in name:
        return name
    if not Path(name).is_dir():
        raise Refused(f"there is no folder {name}; export lay-out writes one")
    return Path(name)


def add_lay_out_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command that writes calls as Parquet."""
    parser.add_argument("target", type=Path, metavar="CALLS", help="the folder, which gets a file for each day")
    parser.add_argument(
        "--since",
        type=read_by(date.fromisoformat),
        metavar="DAY",
        help="only that day and later ones, such as 2026-02-01",
    )


def lay_out(_exporter: Exporter, options: argparse.Namespace) -> int:
    """Write the calls of a database as Parquet; returns the exit code.

    Raises:
        Refused: when the folder cannot be written, Parquet cannot hold a value, or PyArrow is missing.
    """
    with needing("files"):
        from jsonapi_sieve.cdr.exporting.days import write_days  # noqa: PLC0415  (it needs PyArrow)
    engine = open_engine(existing_url(options))
    try:
        with progress("Laying out", None, " calls") as tell, using(str(options.target), "written"):
            rows = write_days(engine, options.target, since=options.since, progress=tell)
    except DoesNotFit as error:
        raise Refused(str(error)) from error
    finally:
        engine.dispose()
    print(f'{{"rows": {rows}}}' if options.json else f"{rows:,} calls written")
    return 0
