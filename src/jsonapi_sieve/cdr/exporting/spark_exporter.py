"""A runner of exports whose rows come from Spark."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from jsonapi_sieve.cdr.exporting.exporter import Exporter
from jsonapi_sieve.cdr.exporting.files import writing
from jsonapi_sieve.cdr.exporting.kinds import Selection
from jsonapi_sieve.cdr.exporting.leases import Lease
from jsonapi_sieve.cdr.exporting.spark import SETTINGS, columns_of_file, lines_of, write_parts
from jsonapi_sieve.cdr.exporting.streaming import header_of
from jsonapi_sieve.cdr.jobs import Job

__all__ = ["SparkExporter"]

_PIECE: Final = 1 << 20  # bytes
_PATTERN: Final = re.compile(r"[\\{}\[\]*?]")


class SparkExporter(Exporter):
    """Writes files as `Exporter` does, with rows that a session of Spark reads from a folder of Parquet (`write_days`).

    The orders are those of the database of `engine`, and other runners may work on them at the same time. `data` is the
    folder, or the address of one that Spark reads. The folder of files has to be one that all machines of the cluster
    share, for Spark writes parts there.

    Those of a CSV file are put together, so that its content is what one machine writes, unless `parts` asks to leave
    them; those of Parquet are left. Parts that are left lie in a folder, which has the name of the file and `.parts`.
    By their names they are in order, and those of a CSV file, the header first, make up its content.

    The session is set to what the work needs, see `SETTINGS`.
    """

    def __init__(
        self, engine: Engine, folder: Path, session: Any, data: str | Path, *, parts: bool = False, **options: Any
    ) -> None:
        super().__init__(engine, folder, **options)
        for name, value in SETTINGS.items():
            session.conf.set(name, value)
        self._session = session
        self._data: str = data if isinstance(data, str) else _address_of(data)
        self._schema: Any = None
        self._in_parts: bool = parts or self._format == "parquet"

    def path_of(self, job: Job) -> Path:
        path = super().path_of(job)
        return path.with_name(f"{path.name}.parts") if self._in_parts else path

    def _write(
        self, selection: Selection, part: Path, packed: bool, lease: Lease, tell: Callable[[int], object]
    ) -> tuple[int, int, str]:
        folder = part if self._in_parts else part.with_name(f"{part.name}s")
        try:
            rows = self._write_parts(selection, folder, packed, lease)
            for checksum in folder.glob(".*.crc"):
                checksum.unlink()
            size, digest = _read(folder, lease) if self._in_parts else _join(folder, part, lease)
        finally:
            if not self._in_parts:
                shutil.rmtree(folder, ignore_errors=True)
        tell(rows)
        return rows, size, digest

    def _write_parts(self, selection: Selection, folder: Path, packed: bool, lease: Lease) -> int:
        cdrs = self._calls()
        if self._format == "parquet":
            rows = columns_of_file(selection, cdrs)
            return write_parts(rows, folder, lambda writer, path: writer.parquet(path), lease.check)
        lines = lines_of(selection, cdrs, guard=self._guard)
        packing = "gzip" if packed else "none"
        count = write_parts(lines, folder, lambda writer, path: writer.text(path, compression=packing), lease.check)
        header = header_of(selection)
        # By this name it comes before those of the parts.
        name = "header.csv.gz" if packed else "header.csv"
        folder.joinpath(name).write_bytes(gzip.compress(header, mtime=0) if packed else header)
        return count

    def _calls(self) -> Any:
        """Give the frame of calls, with the days that there are now, in the types that there were at first."""
        reader = self._session.read if self._schema is None else self._session.read.schema(self._schema)
        cdrs = reader.parquet(self._data)
        self._schema = cdrs.schema
        return cdrs


def _address_of(folder: Path) -> str:
    """Give the address of a folder as Spark reads one: what would be a pattern in its name is none."""
    return "file://" + _PATTERN.sub(r"\\\g<0>", str(folder.absolute()))


def _pieces(folder: Path, lease: Lease) -> Iterator[bytes]:
    """Give the bytes of all parts, one after the other."""
    for path in sorted(folder.glob("[!._]*")):
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                lease.check()
                yield piece


def _join(folder: Path, path: Path, lease: Lease) -> tuple[int, str]:
    """Put parts together, packed ones too, for gzip takes what follows an end for a further part of the content."""
    with writing(path, packed=False) as (file, told):
        file.writelines(_pieces(folder, lease))
    return told.size, told.digest


def _read(folder: Path, lease: Lease) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for piece in _pieces(folder, lease):
        size += len(piece)
        digest.update(piece)
    return size, digest.hexdigest()
