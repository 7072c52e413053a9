"""The service's connections to its database: one for each thread that answers requests."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from math import inf
from time import monotonic
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

__all__ = ["SERVED", "THREADS", "open_engine"]

SERVED: Final = ("sqlite", "postgresql")
"""The databases that the service runs on, as SQLAlchemy names them."""

THREADS: Final = 8
"""How many requests work at once; others wait their turn."""

_PATIENCE: Final = 3  # seconds that a writer waits for another, in one of the threads that all share

_LONGEST: Final = 10.0  # seconds that a statement may take, in one of those threads

_STEPS: Final = 100_000  # of SQLite's machine between two looks at the clock, some milliseconds


def open_engine(url: str | URL) -> Engine:
    """Open a database with a pool of as many connections as there are threads.

    A statement ends with an OperationalError after ten seconds, or after three that it waits for another's lock. An
    SQLite file keeps a write-ahead log, so that reading goes on while somebody writes, and foreign keys hold. What is
    said of a statement that fails, to a log, holds none of its values: they are customers' data.

    Raises:
        ValueError: for an SQLite database that may be in memory, which each connection would have for itself; for a
            database that is not among those `SERVED`.
    """
    location = make_url(url)
    if (backend := location.get_backend_name()) not in SERVED:
        raise ValueError(f"the service runs on {' and '.join(SERVED)}, not on {backend!r}")
    pooled = partial(create_engine, location, pool_size=THREADS, max_overflow=0, hide_parameters=True)
    if backend == "postgresql":
        engine = pooled(pool_pre_ping=True)
        event.listen(engine, "connect", _limit)
        return engine
    if location.database in (None, "", ":memory:") or "uri" in location.query:
        raise ValueError("an SQLite database in memory is one of each connection; name a file, by its path")
    engine = pooled(connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "before_cursor_execute", _set_deadline)
    return engine


def _set_deadline(connection: Connection, *_: object) -> None:
    connection.info["deadline"] = monotonic() + _LONGEST


def _prepare(connection: Any, record: Any) -> None:
    connection.set_progress_handler(lambda: monotonic() > record.info.get("deadline", inf), _STEPS)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _limit(connection: Any, _: object) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(f"SET statement_timeout = {_milliseconds(_LONGEST)}")
        cursor.execute(f"SET lock_timeout = {_milliseconds(_PATIENCE)}")
    connection.commit()


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
