"""What the service sends: documents with their headers, and error documents for whatever goes wrong.

Every answer is made here, those to faults that the framework finds included.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from jsonapi_sieve import ErrorObject, QueryErrors
from jsonapi_sieve.answers import Answer
from jsonapi_sieve.integrations.refusals import Refusals, errors_of

__all__ = ["HEADERS", "REFUSALS", "answer_to", "error_response", "response_of"]

HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Cache-Control": "max-age=0, private, must-revalidate",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
)
"""The headers of every answer, besides those that JSON:API asks for; the explorer's page has a policy of its own."""

REFUSALS: Final = Refusals(headers=HEADERS)
"""How the service refuses what no route sees."""

# uvicorn logs what an application raises, and ends its connection.
_LAST: Final[Mapping[str, str]] = MappingProxyType({"Connection": "close"})


def response_of(answer: Answer) -> Response:
    """Give an answer as Starlette sends it."""
    return Response(answer.body, answer.status, {**HEADERS, **answer.headers})


def error_response(errors: QueryErrors, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with the document of a request's faults."""
    return response_of(Answer.refusing(errors, headers=headers))


async def answer_to(_request: Request, fault: Exception) -> Response:
    """Answer to whatever an operation raises, and where the framework finds no route (404).

    What an exception of the database, or one that nobody foresaw, says is for the log only.
    """
    match fault:
        case QueryErrors():
            return error_response(fault)
        case HTTPException(status_code=404):
            return error_response(errors_of(HTTPStatus.NOT_FOUND))
        case HTTPException() | ClientDisconnect():
            return error_response(errors_of(HTTPStatus.BAD_REQUEST))
        case OperationalError() if _took_too_long(fault):
            detail = "The database takes too long to find this; ask for less."
            return _unavailable("statement-timeout", "Statement timeout", detail, _LAST)
        case OperationalError() | PoolTimeout() if _may_pass(fault):
            detail = "The database is busy or cannot be reached; ask again."
            return _unavailable("unavailable", "Service unavailable", detail, {"Retry-After": "1", **_LAST})
        case _:
            return error_response(errors_of(HTTPStatus.INTERNAL_SERVER_ERROR), _LAST)


_QUERY_CANCELED: Final = "57014"  # PostgreSQL's name for it (Appendix A, "Error Codes")


def _took_too_long(fault: OperationalError) -> bool:
    match fault.orig:
        case sqlite3.Error(sqlite_errorcode=sqlite3.SQLITE_INTERRUPT):
            return True
        case raised:
            return getattr(raised, "sqlstate", None) == _QUERY_CANCELED


def _may_pass(fault: Exception) -> bool:
    """Tell a fault of the moment from one of a statement, which SQLite's driver raises as the same exception."""
    match fault:
        case OperationalError(orig=sqlite3.Error(sqlite_errorcode=sqlite3.SQLITE_ERROR)):
            return False
        case _:
            return True


def _unavailable(code: str, title: str, detail: str, headers: Mapping[str, str]) -> Response:
    return error_response(QueryErrors([ErrorObject(code, title, detail, status=503)]), headers)
