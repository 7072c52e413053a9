"""What is wrong with an order for an export, in the words of the API that the documents are those of.

Only the sentence is another one: codes, titles, statuses, places and what is allowed stay those of the library.
"""

from __future__ import annotations

import re
from typing import Final

from marshmallow import fields

from jsonapi_sieve import ErrorObject, QueryErrors
from jsonapi_sieve.operand import shown

__all__ = ["reworded"]

_plain = re.compile("[A-Za-z0-9_-]{1,64}", re.ASCII).fullmatch
_quoted = re.compile("'([A-Za-z0-9_-]{1,64})'.*", re.ASCII | re.DOTALL).fullmatch

_ACCOUNT: Final = "/data/relationships/account"
_FORMAT: Final = "/data/attributes/time-format"
_ZONE: Final = "/data/attributes/time-zone-name"
_NULL: Final = fields.Field.default_error_messages["null"]


def reworded(errors: QueryErrors) -> QueryErrors:
    """Give the faults of an order as the upstream API words them.

    >>> fault = ErrorObject(
    ...     "missing-filter",
    ...     "Missing filter",
    ...     "time_start_lt is needed.",
    ...     "/data/attributes/filters",
    ...     "pointer",
    ...     422,
    ...     {"allowed": ["time_start_lt"]},
    ... )
    >>> reworded(QueryErrors([fault])).errors[0].detail
    'filters - requires time_start_lt'
    """
    return QueryErrors(map(_reworded, errors.errors), headers=errors.headers, profiles=errors.profiles)


def _reworded(error: ErrorObject) -> ErrorObject:
    detail = _detail(error)
    return error if detail is None else error._replace(detail=detail)


def _detail(error: ErrorObject) -> str | None:
    """Give the sentence for a fault that the upstream API has words for."""
    match error:
        case ErrorObject(code="missing-filter", meta={"allowed": [str(name)]}):
            return f"filters - requires {name}"
        case ErrorObject(code="unknown-filter", at=str(at)):
            return f"filters - {_name(at)} not allowed"
        case ErrorObject(code="required-member") if member := _quoted(error.detail):
            return f"{member[1]} - can't be blank"
        case ErrorObject(code="read-only-member" | "unknown-member", at=str(at)):
            return f"{_name(at)} is not allowed."
        case ErrorObject(code="related-not-found", at=at) if at == _ACCOUNT:
            return "account - is invalid"
        case ErrorObject(detail=detail, at=str(at)) if detail == _NULL:
            return f"{_name(at.removesuffix('/data'))} - can't be blank"
        case ErrorObject(code="invalid-attribute", at=at, meta={"allowed": list(formats)}) if at == _FORMAT:
            return f"time-format - is not included in the list: {', '.join(map(str, formats))}"
        case ErrorObject(code="invalid-attribute", at=at) if at == _ZONE:
            return "time-zone-name - is not included in the list"
        case _:
            return None


def _name(pointer: str) -> str:
    """Give the last name of a pointer, in quotes where it is none that an API would have."""
    name = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    return name if _plain(name) else shown(name)
