"""The exports of the command `serve`: where their files are, and what is told of those that it writes."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from jsonapi_sieve.cdr.exporting import Exporter, open_engine
from jsonapi_sieve.cdr.exporting.did import EVERY_KIND
from jsonapi_sieve.cli.databases import folder_of, prepare_folder
from jsonapi_sieve.cli.values import whole
from jsonapi_sieve.service import WAITING, Exports

__all__ = ["add_export_arguments", "exports_of", "folder_chosen"]


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that are about exports."""
    parser.add_argument(
        "--require-times", action="store_true", help="require time_start_gteq and time_start_lt of new exports"
    )
    parser.add_argument(
        "--export-times",
        action="store_true",
        help="let exports say how their files write times: time-format and time-zone-name",
    )
    parser.add_argument(
        "--exports-limit",
        type=whole(1_000_000_000),
        default=WAITING,
        metavar="N",
        help="how many exports of one collection a customer may have waiting (%(default)s)",
    )
    parser.add_argument(
        "--exports", type=Path, metavar="FOLDER", help="where the files of exports are (exports, beside the database)"
    )
    parser.add_argument(
        "--no-exports",
        action="store_true",
        help="write no files; those that the command export writes are served all the same",
    )


def folder_chosen(options: argparse.Namespace, url: URL) -> Path:
    """Give the folder of files that the arguments choose for a database."""
    folder: Path = options.exports or folder_of(url)
    return folder


@contextmanager
def exports_of(options: argparse.Namespace, url: URL) -> Iterator[Exports]:
    """Open what serves the files of exports, and writes them unless it shall not; it tells of them on stderr.

    Raises:
        Refused: when it shall write them and cannot.
    """
    folder = folder_chosen(options, url)
    if not options.no_exports:
        prepare_folder(folder)
    engine = open_engine(url)
    logger, told = logging.getLogger("jsonapi_sieve"), logging.StreamHandler()
    level = logger.level
    logger.addHandler(told)
    logger.setLevel(logging.INFO)
    try:
        exporter = Exporter(engine, folder, kinds=EVERY_KIND)
        yield Exports(exporter, runs=not options.no_exports)
    finally:
        logger.setLevel(level)
        logger.removeHandler(told)
        engine.dispose()
