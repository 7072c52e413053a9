"""A runner's connections to its database, which may take their time."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import URL, Engine, NullPool, create_engine, event, make_url

__all__ = ["open_engine"]

_PATIENCE: Final = 30  # seconds that a writer waits for another


def open_engine(url: str | URL) -> Engine:
    """Open a database for runners: no statement ends because of the time it takes.

    An SQLite file gets a write-ahead log, so that claims are renewed while rows are read.
    """
    location = make_url(url)
    if location.get_backend_name() != "sqlite":
        return create_engine(location, poolclass=NullPool, hide_parameters=True)
    engine = create_engine(location, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _keep_log)
    return engine


def _keep_log(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
