"""What is removed from the folder of files: what is too old, and what dead runners left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import time
from typing import Final, NamedTuple

import sqlalchemy as sa

from jsonapi_sieve.cdr.exporting.claims import moment_of
from jsonapi_sieve.cdr.exporting.files import Folder, Part, remove
from jsonapi_sieve.cdr.exporting.orders import Orders

__all__ = ["Cleaned", "clean"]

_DAY: Final = 24 * 3600  # seconds, after which nobody is still writing a file


class Cleaned(NamedTuple):
    """How many orders were deleted for their age, how many files of theirs were removed, and how many of nobody.

    `missing` counts the orders of which a file was written that is not in the folder.
    """

    deleted: int
    files: int
    missing: int
    orphans: int


def clean(engine: sa.Engine, orders: Orders, folder: Folder, older_than: timedelta | None) -> Cleaned:
    """Delete what was completed longer ago than that, and remove files that no order has."""
    with engine.connect() as connection:
        now = moment_of(connection)
    old = [] if older_than is None else orders.completed_before(now - older_than)
    files = missing = 0
    for id_ in old:
        deleted = orders.delete(id_)
        files += deleted.files
        missing += deleted.is_missing
    orphans = 0
    for path in _orphans(orders, folder, now):  # each is removed at once, before its order can have become another
        orphans += remove(path)
    return Cleaned(len(old), files, missing, orphans)


def _orphans(orders: Orders, folder: Folder, now: datetime) -> Iterator[Path]:
    yield from (part.path for part in folder.parts() if _is_left(orders, part, now))
    yield from (path for path, file_id in folder.finals() if _is_deleted(orders, file_id))


def _is_left(orders: Orders, part: Part, now: datetime) -> bool:
    """Tell whether nobody writes a file any more. Of an order of another kind, that is known by its age only."""
    found = orders.by_file(part.file_id)
    if found is None:
        return _age(part.path) > _DAY
    _, job = found
    return job.claimed_by != part.claim or job.claimed_until is None or job.claimed_until < now


def _is_deleted(orders: Orders, file_id: str) -> bool:
    found = orders.by_file(file_id)
    return found is not None and found[1].status in (found[0].statuses.deleted, found[0].statuses.failed)


def _age(path: Path) -> float:
    try:
        return time() - path.stat().st_mtime
    except FileNotFoundError:  # its runner has just renamed it
        return 0
