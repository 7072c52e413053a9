"""What clients ask of a file before they want it (RFC 9110, 13, "Conditional Requests")."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from jsonapi_sieve import ErrorObject, QueryErrors
from jsonapi_sieve.conditional import is_current

__all__ = ["is_not_modified"]


def is_not_modified(headers: Mapping[str, str], tag: str, modified: str) -> bool:
    """Whether a client has the file of a strong tag that was last modified then; headers are by names in lower case.

    The order is that of section 13.2.2: a tag counts before a time. A time that cannot be read says nothing.

    >>> at = "Sun, 22 Nov 2026 22:50:49 GMT"
    >>> [is_not_modified({name: at}, '"a"', at) for name in ("if-modified-since", "if-unmodified-since")]
    [True, False]

    Raises:
        QueryErrors: with status 412 where the client wants another file, by `If-Match` or `If-Unmodified-Since`.
    """
    if (wanted := headers.get("if-match")) is not None:
        if not _is_wanted(wanted, tag):
            raise _failed("If-Match")
    elif _is_later(modified, headers.get("if-unmodified-since")):
        raise _failed("If-Unmodified-Since")
    if (known := headers.get("if-none-match")) is not None:
        return is_current(known, tag)
    changed, since = _moment(modified), _moment(headers.get("if-modified-since"))
    return changed is not None and since is not None and changed <= since


def _is_wanted(if_match: str, tag: str) -> bool:
    """Compare strongly (13.1.1); no comma is in a tag of files, so that none of those of others is taken for it."""
    return any(item.strip(" \t") in ("*", tag) for item in if_match.split(","))


def _is_later(modified: str, than: str | None) -> bool:
    changed, moment = _moment(modified), _moment(than)
    return changed is not None and moment is not None and changed > moment


def _moment(date: str | None) -> datetime | None:
    try:
        moment = None if date is None else parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    return None if moment is None else moment.replace(tzinfo=moment.tzinfo or UTC)


_STATUS: Final = HTTPStatus.PRECONDITION_FAILED.value


def _failed(header: str) -> QueryErrors:
    detail = "The file is another one than the one that is asked for."
    return QueryErrors([ErrorObject("precondition-failed", "Precondition failed", detail, header, "header", _STATUS)])
