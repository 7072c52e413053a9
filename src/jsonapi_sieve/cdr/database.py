"""The domain's SQLite file: filled with generated data once, and from then on used as it is."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import (
    URL,
    Column,
    Engine,
    Integer,
    MetaData,
    NullPool,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError, NoResultFound
from sqlalchemy.schema import CreateTable
from tqdm import tqdm

from jsonapi_sieve.backends.sqlalchemy import UtcDateTime
from jsonapi_sieve.cdr.dataset import Dataset, last_full_hour
from jsonapi_sieve.cdr.generate import fill
from jsonapi_sieve.cdr.models import Base

__all__ = ["Database", "Filling", "ForeignFile", "OtherData", "open_database"]

# Says what a file was filled with, and with which tables. A file without it was not made here, and is not touched.
_FILLING: Final = Table(
    "jsonapi_sieve_filling",
    MetaData(),
    Column("count", Integer, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("until", UtcDateTime(digits=6), nullable=False),
    Column("tables", Text, nullable=False),
)


class ForeignFile(Exception):
    """A file stands where the database should, and is something else."""


class OtherData(Exception):
    """A database was made here, but not with the data or the tables that are wanted."""


@dataclass(frozen=True)
class Filling:
    """The generated data that a database began with; see `Dataset`."""

    count: int
    seed: int
    until: datetime

    def __str__(self) -> str:
        return f"{self.count:,} calls up to {self.until:%Y-%m-%d %H:%M} UTC (seed {self.seed})"


class Database(NamedTuple):
    """An open database, what it was filled with, and whether that was done just now."""

    engine: Engine
    filling: Filling
    is_new: bool


def open_database(
    path: Path,
    *,
    count: int | None = None,
    seed: int | None = None,
    until: datetime | None = None,
    refill: bool = False,
) -> Database:
    """Open the SQLite file of the domain; a file that is missing is filled first, with a progress bar on stderr.

    A file that was made here is used as it is, with all that was added to it since. `count`, `seed` and `until` say
    what to fill a file with (100,000 calls, seed 1, the last full hour by default); those that are given must be what
    a file that is there was filled with. `refill` fills it anew instead, and what was added to it is lost.

    >>> from datetime import UTC
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     database = open_database(Path(folder, "cdr.sqlite"), count=10, until=datetime(2026, 2, 1, tzinfo=UTC))
    ...     print(database.filling, open_database(Path(folder, "cdr.sqlite")).is_new, sep="; again: ")
    10 calls up to 2026-02-01 00:00 UTC (seed 1); again: False

    Raises:
        ForeignFile: when the file was not made here; it is left as it is, even with `refill`.
        OtherData: when the file holds other data than asked for, or tables of another version, and `refill` is not set.
        OSError: when the file cannot be written.
        ValueError: for data that cannot be generated; see `Dataset`.
        OverflowError: for an `until` so early that calls before it have no date.
    """
    if path.exists():
        filling, tables = _filling_of(path)
        if not refill:
            _check(path, filling, tables, {"count": count, "seed": seed, "until": until})
            return Database(_engine(path), filling, is_new=False)
    data = Dataset(
        count=100_000 if count is None else count,
        seed=1 if seed is None else seed,
        until=last_full_hour() if until is None else until,
    )
    filling = Filling(data.count, data.seed, data.until)
    _fill(path, data, filling)
    return Database(_engine(path), filling, is_new=True)


def _engine(path: Path) -> Engine:
    return create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)


def _filling_of(path: Path) -> tuple[Filling, str]:
    """Read what a file was filled with, and with which tables."""
    try:
        with _engine(path).connect() as connection:
            row = connection.execute(select(_FILLING)).mappings().one()
    except (DatabaseError, NoResultFound):
        raise ForeignFile(
            f"{path} was not made by serve, so it is left alone; name another file, or by --database-url a database of"
            f" your own, such as generate fills: sqlite:///{path}"
        ) from None
    return Filling(row["count"], row["seed"], row["until"]), row["tables"]


def _check(path: Path, filling: Filling, tables: str, wanted: dict[str, object]) -> None:
    held = asdict(filling)
    other = [name for name, value in wanted.items() if value not in (None, held[name])]
    if other:
        fault = f"holds {filling}, not the {' and '.join(other)} asked for"
    elif tables != _tables():
        fault = "has the tables of another version"
    else:
        return
    raise OtherData(f"{path} {fault}; --refill fills it anew and loses what was added to it, or name another file")


def _tables() -> str:
    """Describe the tables of this version, briefly."""
    dialect = sqlite.dialect()
    statements = [str(CreateTable(table).compile(dialect=dialect)) for table in Base.metadata.sorted_tables]
    return hashlib.sha256("".join(statements).encode()).hexdigest()[:16]


def _fill(path: Path, data: Dataset, filling: Filling) -> None:
    """Fill a new file and put it in place when it is whole, so that an interrupted run leaves nothing half-filled."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
        new = Path(folder) / path.name
        engine = _engine(new)
        event.listen(engine, "connect", _write_without_safety)
        bar = tqdm(total=data.count, desc="Generating calls", unit=" calls", unit_scale=True, ncols=100, disable=None)
        with bar, engine.begin() as connection:
            fill(connection, data, bar.update)
            _FILLING.create(connection)
            connection.execute(insert(_FILLING).values(**asdict(filling), tables=_tables()))
        _forget_log(path)
        new.replace(path)


def _forget_log(path: Path) -> None:
    """Remove the log of a file that is still open elsewhere: SQLite would take it for that of the file in its place."""
    for suffix in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _write_without_safety(connection: object, _record: object) -> None:
    """Let SQLite neither keep a journal nor wait for the disk: a file that is not whole is thrown away."""
    for pragma in ("journal_mode = OFF", "synchronous = OFF"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  # SQLAlchemy types it as any driver's
