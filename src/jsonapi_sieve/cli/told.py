"""The faults of a query, told for people: what is wrong, where in the query it stands, and what is allowed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final, TypeVar

from jsonapi_sieve.cli.refused import Refused
from jsonapi_sieve.decoding import Undecodable, decode
from jsonapi_sieve.errors import ErrorObject, QueryErrors

__all__ = ["printable", "read_query"]

T = TypeVar("T")

_WIDTH: Final = 100
_BEFORE: Final = 20
_CHOICES: Final = 8


def read_query(read: Callable[[str], T], query: str, *, as_json: bool = False) -> T:
    """Read a query, with or without its question mark; with `as_json` its faults go to stdout as JSON too.

    Raises:
        Refused: with all faults of the query.
    """
    query = query.removeprefix("?")
    try:
        return read(query)
    except QueryErrors as errors:
        if as_json:
            print(json.dumps({"errors": [error.to_dict() for error in errors.errors]}))
        count = len(errors.errors)
        faults = "a fault" if count == 1 else f"{count} faults"
        lines = [line for error in errors.errors for line in _lines(error, query)]
        raise Refused(f"the query has {faults}", tuple(lines)) from errors


def printable(text: str) -> str:
    r"""Make text fit to be printed, whatever a client or a file has put into it.

    >>> print(printable("a\x1b[31m"))
    a\x1b[31m
    """
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _lines(error: ErrorObject, query: str) -> Iterator[str]:
    at = f"{printable(error.at)}: " if error.at else ""
    yield f"{at}{printable(error.detail)} ({error.code})"
    place = _place(query, error.at)
    if place is not None:
        yield from _pointed(query, *place)
    allowed = error.meta.get("allowed")
    if isinstance(allowed, (list, tuple)) and allowed:
        more = f" and {len(allowed) - _CHOICES} more" if len(allowed) > _CHOICES else ""
        yield f"    allowed: {', '.join(map(str, allowed[:_CHOICES]))}{more}"
    elif error.meta.get("limit") is not None:
        yield f"    limit: {error.meta['limit']}"


def _place(query: str, at: str | None) -> tuple[int, int] | None:
    """Find the parameter that an error names in the query, as it was sent: where it begins, and its length."""
    start, found = 0, None
    for part in query.split("&"):
        with suppress(Undecodable):
            if part and decode(part.partition("=")[0]) == at:
                found = start, len(part)  # of one that is given twice, the last is the fault
        start += len(part) + 1
    return found


def _pointed(query: str, start: int, length: int) -> Iterator[str]:
    """Show a part of the query with carets below; a long query is cut around it."""
    begin = max(0, start - _BEFORE) if start + length > _WIDTH else 0
    before, part = printable(query[begin:start]), printable(query[start : start + length][: _WIDTH - _BEFORE])
    before = f"…{before}" if begin else before
    after = printable(query[start + length : begin + _WIDTH])
    yield f"    {before}{part}{after}{'…' if begin + _WIDTH < len(query) else ''}"
    yield f"    {' ' * len(before)}{'^' * len(part)}"
