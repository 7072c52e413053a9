"""How far a command is, on stderr: at a terminal, where tqdm is installed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["progress"]


@contextmanager
def progress(words: str, total: int | None, unit: str, *, quiet: bool = False) -> Iterator[Callable[[int], object]]:
    """Give what is told how much more is done; it shows that unless it shall be quiet."""
    if quiet or not sys.stderr.isatty():
        yield _ignore
        return
    try:
        from tqdm import tqdm  # noqa: PLC0415  (nothing depends on it)
    except ModuleNotFoundError:
        yield _ignore
        return
    with tqdm(total=total, desc=words, unit=unit, unit_scale=True, ncols=100) as bar:
        yield bar.update


def _ignore(_: int) -> None:
    pass
