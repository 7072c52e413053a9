"""A runner's connections to its database, which may take their time, but not when the runner is to end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url

__all__ = ["cancel_of", "open_engine"]

_PATIENCE: Final = 30  # seconds that a writer waits for another
_CANCELLING: Final = 5  # seconds that a server is asked for to end a query


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


def cancel_of(connection: Connection) -> Callable[[], None] | None:
    """Give what ends the query of a connection from another thread; None where its driver cannot.

    A server that cannot be reached for that ends the query when it sees that nobody is there.
    """
    driver: Any = connection.connection.driver_connection
    match connection.dialect.driver:
        case "pysqlite":
            cancel = driver.interrupt
        case "psycopg":
            # Since psycopg 3.2; a server that is gone shall not keep who wants to end.
            safe = getattr(driver, "cancel_safe", None)
            cancel = driver.cancel if safe is None else partial(safe, timeout=_CANCELLING)
        case _:
            return None

    def end() -> None:
        with suppress(connection.dialect.loaded_dbapi.Error):
            cancel()

    return end
