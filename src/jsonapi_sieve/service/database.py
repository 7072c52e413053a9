"""The service's connections to its database: one for each thread that answers requests."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, event, make_url

__all__ = ["THREADS", "open_engine"]

THREADS: Final = 8
"""How many requests work at once; others wait their turn."""

_PATIENCE: Final = 30  # seconds that a writer waits for another


def open_engine(url: str | URL) -> Engine:
    """Open a database with a pool of as many connections as there are threads.

    An SQLite file keeps a write-ahead log, so that reading goes on while somebody writes, and foreign keys hold.

    Raises:
        ValueError: for an SQLite database in memory, which each connection would have for itself.
    """
    location = make_url(url)
    if location.get_backend_name() != "sqlite":
        return create_engine(location, pool_size=THREADS, max_overflow=0, pool_pre_ping=True)
    if location.database in (None, "", ":memory:"):
        raise ValueError("an SQLite database in memory is one of each connection; name a file")
    engine = create_engine(location, pool_size=THREADS, max_overflow=0, connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
