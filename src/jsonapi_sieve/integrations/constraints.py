"""What the constraints of a database refuse of a new row, as faults of the request; nothing of the database is told."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import IntegrityError

from jsonapi_sieve.errors import ErrorObject, QueryErrors

__all__ = ["refused"]

# By SQLSTATE (PostgreSQL), the names of SQLite's result codes, and the numbers of MariaDB's errors.
_FOREIGN_KEYS: Final = frozenset({"23503", "SQLITE_CONSTRAINT_FOREIGNKEY", 1216, 1452})
_NULLS: Final = frozenset({"23502", "SQLITE_CONSTRAINT_NOTNULL", 1048, 1364})


def refused(error: IntegrityError) -> QueryErrors | None:
    """Give the fault of a request that a constraint refuses; None where the application left a column out.

    What a foreign key leads to does not exist (404), and all else is a conflict (409) with the rules of the server
    (JSON:API 1.1, "Creating Resources"), also where a driver does not tell which constraint it was.

    >>> refused(IntegrityError("INSERT ...", {}, Exception("UNIQUE constraint failed"))).errors[0].detail
    'The new resource conflicts with one that exists, or with a rule that all have to keep.'
    """
    told = _told(error.orig)
    if told in _NULLS:
        return None
    if told in _FOREIGN_KEYS:
        detail = "The new resource refers to one that does not exist."
        return QueryErrors([ErrorObject("related-not-found", "Related not found", detail, "/data", "pointer", 404)])
    detail = "The new resource conflicts with one that exists, or with a rule that all have to keep."
    return QueryErrors([ErrorObject("conflict", "Conflict", detail, "/data", "pointer", 409)])


def _told(fault: BaseException | None) -> object:
    """Give what a driver calls the fault."""
    match fault:
        # Where there is a number, the SQLSTATE is that of all constraints.
        case BaseException(args=(int(number), *_)):
            return number
        case object(sqlstate=str(code)) | object(pgcode=str(code)) | object(sqlite_errorname=str(code)):
            return code
        case _:
            return None
