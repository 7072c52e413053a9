"""The folder of files: each appears when it is whole, under the name of its order."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

from jsonapi_sieve import types

__all__ = ["UUID", "Digested", "Folder", "Part", "prepare", "put", "remove", "writing"]

UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
"""How the name of an order is spelled, as a regular expression."""

_PART: Final = re.compile(rf"\.({UUID})\.([0-9a-f]{{32}})\.parts?", re.ASCII)
_FINAL: Final = re.compile(rf"({UUID})\.(?:csv|csv\.gz|parquet)(?:\.parts)?", re.ASCII)
_UUIDS: Final = types.Uuid()
_LEVEL: Final = 6  # that of the program gzip
_FOLDER, _FILE = 0o750, 0o640  # customers' data: for the runner and its group


class Part(NamedTuple):
    """A file that is being written, or was when its runner died: its name, its order's and its claim."""

    path: Path
    file_id: str
    claim: str


class Folder:
    """Names the files of one folder. Both names of an order have to be UUIDs, and so can lead nowhere else."""

    def __init__(self, path: Path) -> None:
        self.path: Path = path

    def final(self, file_id: str, ending: str) -> Path:
        """Name the file of an order.

        Raises:
            ValueError: for what is no UUID.
        """
        return self.path / f"{_UUIDS.parse(file_id)}{ending}"

    def part(self, file_id: str, claim: str) -> Path:
        """Name the file that the holder of a claim writes; listings do not show it."""
        return self.path / f".{_UUIDS.parse(file_id)}.{claim}.part"

    def parts(self, file_id: str | None = None) -> Iterator[Part]:
        """Yield the files that are being written, of one order or of all."""
        for path in self._list():
            found = _PART.fullmatch(path.name)
            if found is not None and file_id in (None, found[1]):
                yield Part(path, found[1], found[2])

    def finals(self) -> Iterator[tuple[Path, str]]:
        """Yield the files that are whole, each with the name of its order."""
        for path in self._list():
            found = _FINAL.fullmatch(path.name)
            if found is not None:
                yield path, found[1]

    def remove(self, file_id: str) -> int:
        """Remove the file of an order, in every format; gives how many there were."""
        endings = [f"{ending}{parts}" for ending in (".csv.gz", ".csv", ".parquet") for parts in ("", ".parts")]
        return sum(remove(self.final(file_id, ending)) for ending in endings)

    def _list(self) -> list[Path]:
        return sorted(self.path.iterdir()) if self.path.is_dir() else []


def prepare(path: Path) -> None:
    """Make a folder for files unless it is there, and see that it takes a file, which is removed at once.

    Raises:
        OSError: when it does not.
    """
    _make(path)
    with tempfile.TemporaryFile(buffering=0, prefix=".", dir=path) as file:
        file.write(b"\n")  # a full disk takes an empty file


def remove(path: Path) -> bool:
    """Remove a file, or a folder of parts that stands for one; tells whether it was there.

    Of a link, what it leads to is left.
    """
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
        return True
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def put(part: Path, final: Path) -> None:
    """Put what is whole in place of what an earlier runner, which died then, may have put there; the disk knows it."""
    if part.is_dir():
        remove(final)
    part.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Digested(io.RawIOBase):
    """A file that knows how many bytes were written to it, and their SHA-256."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self._hash = hashlib.sha256()
        self.size: int = 0

    @property
    def digest(self) -> str:
        """The digest of what was written so far, in hexadecimal."""
        return self._hash.hexdigest()

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.size

    def write(self, data: object) -> int:
        piece = memoryview(cast("bytes", data))
        self._file.write(piece)
        self._hash.update(piece)
        self.size += piece.nbytes
        return piece.nbytes


@contextmanager
def writing(path: Path, *, packed: bool) -> Iterator[tuple[BinaryIO, Digested]]:
    """Open a new file, packed by gzip if that is wished, with what tells of its bytes; all are on the disk at the end.

    A packed file has neither a name nor a time in it: the same content is the same bytes.
    """
    _make(path.parent)
    with open(path, "wb", opener=_opener) as file:
        told = Digested(file)
        if packed:
            with gzip.GzipFile("", "wb", _LEVEL, cast("BinaryIO", told), mtime=0) as packing:
                yield cast("BinaryIO", packing), told
        else:
            yield cast("BinaryIO", told), told
        file.flush()
        os.fsync(file.fileno())


def _make(folder: Path) -> None:
    try:
        folder.mkdir(_FOLDER, parents=True, exist_ok=True)
    except FileExistsError:  # which says that a file is there, and not that it is the wrong thing
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from None


def _opener(name: str, flags: int) -> int:
    return os.open(name, flags, _FILE)
