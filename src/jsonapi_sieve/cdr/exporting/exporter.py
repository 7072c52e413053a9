"""Takes orders up and works on them: any number of runners, and each order ends once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any, BinaryIO, Final, Literal, TypeAlias

from sqlalchemy import Connection, Engine

from jsonapi_sieve.cdr.exporting.claims import Claims, moment_of
from jsonapi_sieve.cdr.exporting.copying import can_copy, copy_csv
from jsonapi_sieve.cdr.exporting.files import Folder, put, remove, writing
from jsonapi_sieve.cdr.exporting.kinds import CDR_EXPORTS, Kind, Selection
from jsonapi_sieve.cdr.exporting.leases import Lease, LostClaim, Stopped
from jsonapi_sieve.cdr.exporting.orders import Deleted, Orders
from jsonapi_sieve.cdr.exporting.reasons import GivenUp, is_known, reason_of
from jsonapi_sieve.cdr.exporting.streaming import header_of, stream_csv
from jsonapi_sieve.cdr.exporting.tidying import Cleaned, clean
from jsonapi_sieve.cdr.jobs import Job

__all__ = ["Exporter", "Format", "Progress"]

Format: TypeAlias = Literal["csv", "parquet"]
Progress: TypeAlias = Callable[[Job], AbstractContextManager[Callable[[int], object]]]
"""Is entered while a job is worked on, and gives what is told how many rows more are written."""

_LOG: Final = logging.getLogger(__name__)
_LEASE: Final = timedelta(minutes=1)
_ATTEMPTS: Final = 5


class Exporter:
    """A runner of exports: writes the files of orders into a folder.

    `engine` should have no time limits (`open_engine` opens one); a claim that is not renewed ends after `lease`, when
    the runner is taken for dead and its job for anybody's. A job that `attempts` runners have left so fails, for it may
    be what kills them. `guard` puts an apostrophe before texts of a CSV file that spreadsheets would take for formulas.
    Files of the format Parquet need PyArrow. `rows_from` is where the calls are, if that is another database than that
    of the orders, such as ClickHouse.

    >>> from tempfile import TemporaryDirectory
    >>> from jsonapi_sieve.cdr.generate import generate
    >>> from jsonapi_sieve.cdr.exporting import open_engine
    >>> with TemporaryDirectory() as folder:
    ...     engine = open_engine(f"sqlite:///{folder}/cdr.sqlite")
    ...     generate(engine, count=100)
    ...     exporter = Exporter(engine, Path(folder, "files"))
    ...     job = exporter.run_one()
    ...     job.status, exporter.path_of(job).name == f"{job.id}.csv.gz", exporter.path_of(job).exists()
    ...     engine.dispose()
    ('Completed', True, True)
    """

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        *,
        kinds: Sequence[Kind] = (CDR_EXPORTS,),
        format: Format = "csv",  # noqa: A002  (what it is called everywhere)
        guard: bool = False,
        lease: timedelta = _LEASE,
        attempts: int = _ATTEMPTS,
        rows_from: Engine | None = None,
    ) -> None:
        self._engine = engine
        self._source: Engine = engine if rows_from is None else rows_from
        self._kinds = tuple(kinds)
        self._folder = Folder(folder)
        self._format = format
        self._guard = guard
        self._lease = lease
        self._attempts = attempts
        self._stop = Event()
        self._orders = Orders(engine, self._kinds, self._folder)

    def run_one(self, progress: Progress | None = None) -> Job | None:
        """Take an order that waits up, and work on it to its end; None where none waits.

        That is the oldest of all kinds, so that none waits for as long as others are ordered. What goes wrong with an
        order is told by its `reason`. A job that was lost to another runner, or deleted meanwhile, is given as it is
        then. When the process is interrupted, or `stop` is called, the order is given back, and waits for another
        runner.

        Raises:
            SQLAlchemyError: when the database does not let claim a job or end one.
        """
        for kind, claims in self._waiting():
            job = None if self._stop.is_set() else claims.take()
            if job is not None:
                with suppress(Stopped):
                    self._work(kind, claims, job, progress or _untold)
                return self._orders.find(job.id)
        return None

    def run_all(self, progress: Progress | None = None) -> Iterator[Job]:
        """Work until no order waits, and yield each when it has ended."""
        while (job := self.run_one(progress)) is not None:
            yield job

    def start(self) -> None:
        """Let a runner that was stopped take orders up again."""
        self._stop.clear()

    def stop(self) -> None:
        """Let a runner in another thread give its order back and take none up until it is started again.

        The order waits again at once, also when the runner waits for a query, which ends where the driver can end it.
        """
        self._stop.set()

    def jobs(self, status: str | None = None) -> Iterator[Job]:
        """Yield the orders of all kinds, the oldest first; or those of one status."""
        return self._orders.listed(status)

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self._folder.path

    def kind_of(self, job: Job) -> Kind:
        """Give the kind of an order."""
        return self._orders.kind_of(job)

    def path_of(self, job: Job) -> Path:
        """Name the file of an order, whether there is one or not.

        Raises:
            ValueError: when it has no name yet.
        """
        kind = self._orders.kind_of(job)
        return self._folder.final(_file_id(job), kind.ending if self._format == "csv" else ".parquet")

    def retry(self, id_: str) -> Job:
        """Let an order that failed wait again.

        Raises:
            LookupError: when there is no such order.
            WrongStatus: when it did not fail.
        """
        return self._orders.retry(id_)

    def retry_failed(self, kind: str | None = None) -> list[Job]:
        """Let all orders that failed wait again, or those of one kind; gives them, the oldest first.

        Raises:
            LookupError: when the runner has no such kind.
        """
        return self._orders.retry_failed(kind)

    def delete(self, id_: str) -> Deleted:
        """Remove the file of an order and remember that it is deleted; one that is being worked on ends.

        What is given tells how many files were removed: a file that is not in the folder stays where it is.

        Raises:
            LookupError: when there is no such order.
        """
        return self._orders.delete(id_)

    def clean(self, older_than: timedelta | None = None) -> Cleaned:
        """Remove what dead runners and deleted orders left, and delete what was completed longer ago than that."""
        return clean(self._engine, self._orders, self._folder, older_than)

    def _waiting(self) -> list[tuple[Kind, Claims]]:
        """Give the kinds of which orders wait, that of the oldest first; another runner may be quicker."""
        found = [(kind, Claims(self._engine, kind, self._lease)) for kind in self._kinds]
        with self._engine.connect() as connection:
            now = moment_of(connection)
            waiting = [(since, each) for each in found if (since := each[1].since(connection, now)) is not None]
        return [each for _, each in sorted(waiting, key=lambda told: told[0])]

    def _work(self, kind: Kind, claims: Claims, job: Job, progress: Progress) -> None:
        file_id = _file_id(job)
        part = self._folder.part(file_id, str(job.claimed_by))
        try:
            for left in self._folder.parts(file_id):  # by runners whose claim has ended
                remove(left.path)
            if job.attempts > self._attempts:
                raise GivenUp(self._attempts)  # noqa: TRY301
            with Lease(claims, job, self._lease, self._stop) as lease, progress(job) as tell:
                rows, size, digest = self._write(kind.select(job), part, kind.ending.endswith(".gz"), lease, tell)
                with self._engine.begin() as connection:
                    # Until the end of the transaction nobody else takes the job, so that the file is this one's.
                    if not claims.complete(connection, job, rows=rows, size=size, digest=digest):
                        raise LostClaim  # noqa: TRY301
                    self._put(part, job)
        except LostClaim:
            _remove(part)
        except Exception as error:
            _remove(part)
            if isinstance(error, Stopped):
                claims.give_back(job)
                raise
            if not is_known(error):
                _LOG.error("export %s failed", job.id, exc_info=error)
            self._fail(claims, job, reason_of(error, self.folder))
        except BaseException:
            _remove(part)
            claims.give_back(job)
            raise

    def _put(self, part: Path, job: Job) -> None:
        try:
            put(part, self.path_of(job))
        except FileNotFoundError:  # the claim had ended for a while, and the part was tidied up
            raise LostClaim from None

    def _fail(self, claims: Claims, job: Job, reason: str) -> None:
        with self._engine.begin() as connection:
            if claims.fail(connection, job, reason):
                _remove(self.path_of(job))

    def _write(
        self, selection: Selection, part: Path, packed: bool, lease: Lease, tell: Callable[[int], object]
    ) -> tuple[int, int, str]:
        """Write the rows of an order to a file; returns their number, and the file's size and digest."""
        count = 0
        with (
            writing(part, packed=packed and self._format == "csv") as (file, told),
            self._source.connect() as source,
            lease.reading(source),
        ):
            for piece, rows in self._pieces(source, selection, file):
                lease.check()
                file.write(piece)
                count += rows
                tell(rows)
            lease.check()
        return count, told.size, told.digest

    def _pieces(self, source: Connection, selection: Selection, file: BinaryIO) -> Iterator[tuple[bytes, int]]:
        """Yield what is to be written, each piece with its number of rows; Parquet's writer writes by itself."""
        if self._format == "parquet":
            from jsonapi_sieve.cdr.exporting.parquet import stream_parquet  # noqa: PLC0415  (it needs PyArrow)

            yield from stream_parquet(source, selection, file)
            return
        yield header_of(selection), 0
        lines = copy_csv if can_copy(source.dialect) else stream_csv
        yield from lines(source, selection, guard=self._guard)


def _untold(_job: Job) -> AbstractContextManager[Callable[[int], object]]:
    return nullcontext(lambda _: None)


def _file_id(job: Any) -> str:
    return str(job.file_id)


def _remove(path: Path) -> None:
    with suppress(OSError):
        remove(path)
