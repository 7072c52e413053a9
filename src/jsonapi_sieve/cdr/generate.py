"""Fills the domain's tables with realistic data."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import Connection, Engine, insert
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.dataset import Dataset, last_full_hour
from jsonapi_sieve.cdr.models import Account, Base, Cdr, CdrExport, DidCdrExport, TransportProtocol

__all__ = ["fill", "generate"]

_BATCH: Final = 5_000


def generate(
    target: Engine | Session,
    *,
    count: int = 100_000,
    seed: int = 1,
    until: datetime | None = None,
    progress: Callable[[int], object] | None = None,
) -> None:
    """Make the tables where they are missing, and fill them.

    An engine's data is committed at the end, all of it or nothing; a session is left to be committed. `until` is the
    full hour before now by default. `progress` is told, after each batch, how many CDRs it held.

    >>> from sqlalchemy import create_engine, func, select
    >>> engine = create_engine("sqlite://")
    >>> generate(engine, count=1000)
    >>> with Session(engine) as session:
    ...     session.scalar(select(func.count()).select_from(Cdr)), session.get_one(Cdr, 8).src_name_in
    (1000, 'Src name In')
    >>> engine.dispose()

    Raises:
        ValueError: for a count below 1, or an `until` without a time zone.
    """
    data = Dataset(count=count, seed=seed, until=last_full_hour() if until is None else until)
    with target.begin() if isinstance(target, Engine) else nullcontext(target.connection()) as connection:
        fill(connection, data, progress)


def fill(connection: Connection, data: Dataset, progress: Callable[[int], object] | None = None) -> None:
    """Make the tables where they are missing, and fill them with a dataset in the connection's transaction."""
    Base.metadata.create_all(connection)
    connection.execute(insert(TransportProtocol), data.transport_protocols())
    connection.execute(insert(Account), data.accounts())
    connection.execute(insert(CdrExport), data.cdr_exports())
    connection.execute(insert(DidCdrExport), data.did_cdr_exports())
    cdrs = data.cdrs()
    while batch := list(islice(cdrs, _BATCH)):
        connection.execute(insert(Cdr), batch)
        if progress is not None:
            progress(len(batch))
