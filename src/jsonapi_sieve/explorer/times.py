"""How long each part of an answer took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

__all__ = ["Times"]


class Times(dict[str, float]):
    """Milliseconds by the name of a part.

    >>> times = Times()
    >>> with times.of("parse"):
    ...     pass
    >>> list(times), times["parse"] >= 0
    (['parse'], True)
    """

    @contextmanager
    def of(self, part: str) -> Iterator[None]:
        """Time a part."""
        start = perf_counter()
        try:
            yield
        finally:
            self[part] = round((perf_counter() - start) * 1000, 3)
