"""A million CDRs as one JSON:API document, in pieces: `python -m benchmarks.memory [COUNT]`.

Prints how much the process grows while it gives them, and how long that takes against its pieces alone.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import sqlalchemy as sa

from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.cdr.models import Cdr
from jsonapi_sieve.cdr.resources import CDRS
from jsonapi_sieve.serialization.encoding.documents import Shown
from jsonapi_sieve.serialization.encoding.library import Written, best_library

UNTIL = datetime(2026, 2, 1, tzinfo=UTC)
URL = "https://example.org/api/rest/customer/v1/cdrs"
SAMPLE = 5_120


def main() -> None:
    """Stream the rows twice: first a few, for all that is made once, then all of them."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rows = _sample()
    _seconds(_stream(rows, SAMPLE))
    before = _resident()
    seconds, size, peak = _seconds(_stream(rows, count))
    print(f"{count:,} CDRs, {size / 1e9:.2f} GB in {seconds:.1f} s, {(peak - before) / 1e6:.1f} MB of growth")
    shown = Shown(CDRS.schema, URL, {}, best_library())
    chunks = list(shown.chunks(rows, streamed=True))
    alone, _, _ = _seconds(map(shown.data, islice(cycle(chunks), count // len(chunks[0]))))
    print(f"{seconds / alone:.2f} times the time of its pieces alone")


def _sample() -> list[sa.Row[tuple[Cdr]]]:
    engine = sa.create_engine("sqlite://")
    generate(engine, count=SAMPLE, until=UNTIL)
    with engine.connect() as connection:
        return list(connection.execute(sa.select(Cdr.__table__)).all())


def _stream(rows: list[sa.Row[tuple[Cdr]]], count: int) -> Iterator[bytes]:
    return CDRS.stream(islice(cycle(rows), count), CDRS.parse("page[size]=1"), url=URL)


def _seconds(pieces: Iterator[Written]) -> tuple[float, int, int]:
    """Return how long it takes to get all pieces, how many bytes they have, and the most memory held meanwhile."""
    start, size, peak = time.perf_counter(), 0, _resident()
    for number, piece in enumerate(pieces):
        size += len(piece)
        if number % 50 == 0:
            peak = max(peak, _resident())
    return time.perf_counter() - start, size, peak


def _resident() -> int:
    """Return the bytes of memory that the process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
