"""The SQLite file of the demonstration: filled once, used again as long as it holds the wanted data."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Column, Engine, MetaData, Table, Text, create_engine, event, insert, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool
from tqdm import tqdm

from jsonapi_sieve.cdr.dataset import Dataset
from jsonapi_sieve.cdr.generate import fill

__all__ = ["ForeignFile", "open_database"]

# Says what the file was filled with. A file without it was not made here, and is not touched.
_MARK: Final = Table("demo_mark", MetaData(), Column("made_from", Text, primary_key=True))


class ForeignFile(Exception):
    """A file stands where the demonstration's should, and is something else."""


def open_database(path: Path, data: Dataset) -> tuple[Engine, bool]:
    """Open the file that holds the data, and tell whether it had to be filled for that.

    Raises:
        ForeignFile: when the file was not made by the demonstration; it is left as it is.
        OSError: when the file cannot be written.
    """
    wanted = _made_from(data)
    stale = not path.exists() or _mark_in(path) != wanted
    if stale:
        _fill(path, data, wanted)
    return _engine(path), stale


def _engine(path: Path) -> Engine:
    return create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)


def _made_from(data: Dataset) -> str:
    """Describe the data. A sample of it tells data of the same name apart that another version made."""
    sample = Dataset(count=100, seed=data.seed, until=data.until)
    rows = repr([sample.accounts(), sample.cdr_exports(), list(sample.cdrs())])
    digest = hashlib.sha256(rows.encode()).hexdigest()[:16]
    return f"count {data.count}, seed {data.seed}, until {data.until.isoformat()}, sample {digest}"


def _mark_in(path: Path) -> str | None:
    try:
        with _engine(path).connect() as connection:
            return connection.scalar(select(_MARK.c.made_from))
    except DatabaseError:
        raise ForeignFile(
            f"{path} was not made by this demonstration, so it is left alone; name another file"
        ) from None


def _fill(path: Path, data: Dataset, made_from: str) -> None:
    """Fill a new file and put it in place when it is whole, so that an interrupted run leaves nothing half-filled."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".demo-") as folder:
        new = Path(folder) / path.name
        engine = _engine(new)
        event.listen(engine, "connect", _write_without_safety)
        bar = tqdm(total=data.count, desc="Generating calls", unit=" calls", unit_scale=True, ncols=100)
        with bar, engine.begin() as connection:
            fill(connection, data, bar.update)
            _MARK.create(connection)
            connection.execute(insert(_MARK).values(made_from=made_from))
        engine.dispose()
        new.replace(path)


def _write_without_safety(connection: object, _record: object) -> None:
    """Let SQLite neither keep a journal nor wait for the disk: a file that is not whole is thrown away."""
    for pragma in ("journal_mode = OFF", "synchronous = OFF"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  # SQLAlchemy types it as any driver's
