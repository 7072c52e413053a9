"""Files that appear when they are whole, and never half-written."""

from __future__ import annotations

import gzip
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from jsonapi_sieve.cli.refused import using

__all__ = ["open_output"]


@contextmanager
def open_output(name: str | None) -> Iterator[BinaryIO]:
    """Open a file to write; None and `-` are stdout. A name that ends in `.gz` is that of a compressed file.

    The file is written beside its place and moved there at the end. When anything goes wrong before, nothing is left
    of it, and a file that was there stays; one that is written over leaves its permissions. What is no ordinary file,
    such as a pipe, is written to as it is.

    Raises:
        Refused: when it cannot be written.
    """
    with using("stdout" if name is None else name, "written"):
        if name is None or name == "-":
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
            return
        path = Path(name).resolve()
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
            new = Path(folder) / path.name
            with new.open("wb") as file, _packed(file, path) as packed:
                yield packed
            if path.exists():
                shutil.copymode(path, new)
            new.replace(path)


@contextmanager
def _packed(file: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    if path.suffix != ".gz":
        yield file
        return
    # Without a name and a time, so that the same rows give the same file.
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
        yield cast("BinaryIO", packed)
