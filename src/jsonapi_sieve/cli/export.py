"""The command `export`: writes the files of orders for exports, and looks after orders and files."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any, Final

from jsonapi_sieve import types
from jsonapi_sieve.cdr.exporting import Exporter, WrongStatus, open_engine
from jsonapi_sieve.cdr.exporting.did import EVERY_KIND
from jsonapi_sieve.cdr.jobs import Job
from jsonapi_sieve.cdr.statuses import STATUSES
from jsonapi_sieve.cli.databases import existing_url, folder_of, prepare_folder, telling
from jsonapi_sieve.cli.ending import until_told
from jsonapi_sieve.cli.progress import progress
from jsonapi_sieve.cli.refused import Refused
from jsonapi_sieve.cli.spark import add_lay_out_arguments, add_source_arguments, exporter_of, lay_out
from jsonapi_sieve.cli.values import whole

__all__ = ["add_arguments", "run"]

_EXAMPLES: Final = """examples:
  jsonapi-sieve export run
  jsonapi-sieve export run --watch --database-url postgresql+psycopg://me@host/calls --folder exports
  jsonapi-sieve export list --status failed
  jsonapi-sieve export retry 4ada331e-445e-11ef-b3ec-0242ac120003
  jsonapi-sieve export retry --failed --kind cdr-exports
  jsonapi-sieve export clean --older-than 30
  jsonapi-sieve export lay-out calls --since 2026-02-01
  jsonapi-sieve export run --spark spark://host:7077 --data calls --folder exports
"""

_ID: Final = "what names an order in the API"
_PAUSE: Final = 2  # seconds between two looks for orders
_ELSEWHERE: Final = "if the files are elsewhere, export clean --folder removes those of deleted exports there"
_MOMENTS: Final = types.Timestamp(digits=3)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command, which has commands of its own."""
    parser.epilog = _EXAMPLES
    commands = parser.add_subparsers(required=True, metavar="DOING")
    running = _command(commands, "run", _run, "write the files of the orders that wait")
    _add_run(running)
    listing = _command(commands, "list", _list, "show the orders, the oldest first")
    listing.add_argument("--status", choices=[status.lower() for status in STATUSES], help="only those of one status")
    retry = _command(commands, "retry", _retry, "let orders that failed wait again")
    delete = _command(commands, "delete", _delete, "remove the files of orders, and remember that they are deleted")
    _add_retry(retry)
    delete.add_argument("id", nargs="+", help=_ID)
    clean = _command(commands, "clean", _clean, "remove what dead runners left, and what is too old")
    clean.add_argument(
        "--older-than", type=whole(36_500), metavar="DAYS", help="delete what was completed longer ago than that, too"
    )
    for command in (running, listing, delete, clean):
        command.add_argument(
            "--folder", type=Path, metavar="FOLDER", help="where the files are (exports, beside the file)"
        )
    add_lay_out_arguments(_command(commands, "lay-out", lay_out, "write the calls as Parquet, for Spark and others"))


def run(options: argparse.Namespace) -> int:
    """Do what is asked; returns the exit code: 1 where a file could not be written.

    Raises:
        Refused: when the database cannot be used, and for orders that are not there or in another status.
    """
    done: Callable[[Exporter, argparse.Namespace], int] = options.do
    with telling(), _exporter(options) as exporter:
        return done(exporter, options)


def _command(
    commands: Any, name: str, do: Callable[[Exporter, argparse.Namespace], int], words: str
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=words, description=f"{words[:1].upper()}{words[1:]}.", allow_abbrev=False
    )
    command.set_defaults(
        do=do, folder=None, spark=None, rows_url=None, data=None, parts=False, format="csv", guard=False
    )
    chosen = command.add_mutually_exclusive_group()
    chosen.add_argument("--database", type=Path, metavar="FILE", help="the SQLite file that serve made")
    chosen.add_argument("--database-url", metavar="URL", help="a database of your own, as SQLAlchemy names it")
    command.add_argument("--json", action="store_true", help="tell as JSON, one object a line")
    return command


def _add_run(parser: argparse.ArgumentParser) -> None:
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help="end after one order")
    how.add_argument("--watch", action="store_true", help="do not end when no order waits, but look for others")
    parser.add_argument("--format", choices=("csv", "parquet"), help="the format of the files (csv)")
    parser.add_argument(
        "--guard", action="store_true", help="put an apostrophe before texts that a spreadsheet takes for formulas"
    )
    add_source_arguments(parser)


def _add_retry(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("id", nargs="*", default=[], help=_ID)
    which.add_argument("--failed", action="store_true", help="all that failed")
    parser.add_argument("--kind", choices=[kind.name for kind in EVERY_KIND], help="with --failed: those of one kind")


@contextmanager
def _exporter(options: argparse.Namespace) -> Iterator[Exporter]:
    url = existing_url(options)
    folder = options.folder or folder_of(url)
    if options.do is _run:
        prepare_folder(folder)
    engine = open_engine(url)
    try:
        how: dict[str, Any] = {"kinds": EVERY_KIND, "format": options.format, "guard": options.guard}
        with exporter_of(options, engine, folder, **how) as exporter:
            yield exporter
    finally:
        engine.dispose()


def _run(exporter: Exporter, options: argparse.Namespace) -> int:
    ending = Event()

    def stop() -> None:
        ending.set()
        exporter.stop()

    return until_told(lambda: _run_until(ending, exporter, options), stop)


def _run_until(ending: Event, exporter: Exporter, options: argparse.Namespace) -> int:
    failed = False
    while True:
        for job in _ended(exporter, options):
            failed |= job.reason is not None
            _tell(exporter, job, options)
        if not options.watch or ending.wait(_PAUSE):
            return int(failed)


def _ended(exporter: Exporter, options: argparse.Namespace) -> Iterable[Job]:
    if not options.once:
        return exporter.run_all(_shown)
    job = exporter.run_one(_shown)
    return [] if job is None else [job]


def _shown(job: Job) -> AbstractContextManager[Callable[[int], object]]:
    return progress(f"Export {job.id}", None, " rows")


def _list(exporter: Exporter, options: argparse.Namespace) -> int:
    for job in exporter.jobs(options.status):
        _tell(exporter, job, options)
    return 0


def _retry(exporter: Exporter, options: argparse.Namespace) -> int:
    if options.failed:
        jobs = exporter.retry_failed(options.kind)
        for job in jobs:
            _tell(exporter, job, options)
        if not jobs and not options.json:
            print("no export has failed")
        return 0
    if options.kind is not None:
        raise Refused("--kind is for --failed")
    return _each(lambda id_: _tell(exporter, exporter.retry(id_), options), options)


def _delete(exporter: Exporter, options: argparse.Namespace) -> int:
    def delete(id_: str) -> None:
        deleted = exporter.delete(id_)
        _tell(exporter, deleted.job, options, removed=deleted.files)
        if deleted.is_missing:
            _warn(f"no file of {id_} is in {exporter.folder}; {_ELSEWHERE}")

    return _each(delete, options)


def _each(do: Callable[[str], object], options: argparse.Namespace) -> int:
    for id_ in options.id:
        try:
            do(id_)
        except (LookupError, WrongStatus) as error:
            raise Refused(str(error.args[0])) from error
        except OSError as error:
            raise _not_removed(error) from error
    return 0


def _not_removed(error: OSError) -> Refused:
    return Refused(f"{error.filename or 'a file'} cannot be removed, so do this again: {error.strerror or error}")


def _warn(words: str) -> None:
    print(f"jsonapi-sieve export: warning: {words}", file=sys.stderr)


def _clean(exporter: Exporter, options: argparse.Namespace) -> int:
    age = None if options.older_than is None else timedelta(days=options.older_than)
    try:
        cleaned = exporter.clean(age)
    except OSError as error:
        raise _not_removed(error) from error
    if options.json:
        print(json.dumps(cleaned._asdict()))
    else:
        print(
            f"{cleaned.deleted:,} exports deleted, {cleaned.files:,} files of theirs removed,"
            f" {cleaned.orphans:,} that belonged to none"
        )
    if not exporter.folder.is_dir():
        _warn(f"there is no folder {exporter.folder}; {_ELSEWHERE}")
    elif cleaned.missing:
        _warn(f"the files of {cleaned.missing:,} are not in {exporter.folder}; {_ELSEWHERE}")
    return 0


def _tell(exporter: Exporter, job: Job, options: argparse.Namespace, removed: int | None = None) -> None:
    """Print a line on an order, and how many files of it were removed just now."""
    kind = exporter.kind_of(job)
    file = str(exporter.path_of(job)) if job.status == kind.statuses.completed else None
    if options.json:
        shown = {
            "id": job.id,
            "kind": kind.name,
            "customer": job.customer_id,
            "status": job.status,
            "created-at": _MOMENTS.render(job.created_at),
            "rows": job.rows_count,
            "bytes": job.file_size,
            "sha256": job.file_digest,
            "file": file,
            "reason": job.reason,
            "kept": job.is_kept,
        }
        if removed is not None:
            shown["removed"] = removed
        print(json.dumps(shown), flush=True)
        return
    told = [job.id, kind.name, f"{job.status:10}", f"{job.created_at:%Y-%m-%d %H:%M}"]
    if job.rows_count is not None:
        told.append(f"{job.rows_count:,} rows")
    if job.file_size is not None:
        told.append(f"{job.file_size:,} bytes")
    if job.reason is not None:
        told.append(job.reason)
    if job.is_kept:
        told.append("an example of the documents, which no runner takes")
    if removed is not None:
        told.append(f"files removed: {removed:,}")
    print("  ".join(told), flush=True)
