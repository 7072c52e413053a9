"""Why an export failed, in a sentence for an operator, without what customers' rows hold."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any, Final

from sqlalchemy.exc import DBAPIError

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.cdr.exporting.zones import UnknownZone

__all__ = ["DoesNotFit", "GivenUp", "is_known", "reason_of"]


class GivenUp(Exception):
    """As many runners as may have taken an order, and none ended it; it is made with their number."""

    def __str__(self) -> str:
        (count,) = self.args
        return f"given up: {count} runners took it and none ended it (killed, out of memory, or without the database)"


class DoesNotFit(Exception):
    """A value is none of the type that its column has in a file."""


_LONGEST: Final = 500
_KNOWN: Final = (QueryErrors, GivenUp, DoesNotFit, UnknownZone, OSError, DBAPIError, ModuleNotFoundError)


def is_known(error: Exception) -> bool:
    """Tell whether the reason of an error says all that is to be said of it."""
    return isinstance(error, _KNOWN)


def reason_of(error: Exception, folder: Path) -> str:
    """Say what went wrong, and where files cannot be written.

    >>> reason_of(OSError(errno.ENOSPC, "No space left on device"), Path("/exports"))
    'the file cannot be written: No space left on device (ENOSPC), in /exports'
    >>> reason_of(ZeroDivisionError(), Path("/exports"))
    'an unexpected ZeroDivisionError; the log of the runner tells more'
    """
    match error:
        case QueryErrors():
            reason = "the filters cannot be read: " + " ".join(fault.detail for fault in error.errors)
        case GivenUp() | DoesNotFit() | UnknownZone():
            reason = str(error)
        case OSError():
            code = errno.errorcode.get(error.errno or 0, type(error).__name__)
            reason = f"the file cannot be written: {error.strerror or 'the system refuses'} ({code})"
            # What is no text is none that a database takes.
            reason += f", in {os.fsencode(folder.absolute()).decode(errors='replace')}"
        case DBAPIError():
            reason = f"the database cannot give the rows: {_of_driver(error.orig)}"
        case ModuleNotFoundError():
            reason = f'{error}; a runner that writes Parquet needs pip install "jsonapi-sieve[files]"'
        case _:
            reason = _of_driver(error)
    return reason[:_LONGEST]


def _of_driver(error: Any) -> str:
    """Name what a driver raises by its kind, for its words may hold values."""
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    if code is None:
        return f"an unexpected {type(error).__name__}; the log of the runner tells more"
    return f"{type(error).__name__} ({code})"
