"""What a kit spends on a server, so that no answer and no server keeps it busy for ever."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Exhausted", "Limits"]


class Limits(NamedTuple):
    """Seconds for one answer and for all, bytes of one answer, requests in all, and failures in a row."""

    seconds: float = 20.0
    total_seconds: float = 900.0
    bytes: int = 16 * 1024 * 1024
    requests: int = 5_000
    failures: int = 5


class Exhausted(Exception):
    """A limit is reached, and nothing more is asked."""
