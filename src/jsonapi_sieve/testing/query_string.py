"""Query strings for a test client, written as what they mean, right or wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from jsonapi_sieve.csv_record import join_record, quote_item

__all__ = ["query_string"]


def query_string(
    *,
    filter: Mapping[str, Any] | None = None,  # noqa: A002  (the name of the family)
    sort: str | Iterable[str] | None = None,
    include: str | Iterable[str] | None = None,
    fields: Mapping[str, Iterable[str]] | None = None,
    page: Mapping[str, Any] | None = None,
) -> str:
    """Write a query string; nothing is checked, so that a test can ask for what has to be refused.

    A filter is a value or a list of values; commas and quotes in them are protected. Mappings within are groups.

    >>> query_string(filter={"day-lt": date(2026, 1, 2)}, include=["account", "calls"])
    'filter%5Bday-lt%5D=2026-01-02&include=account,calls'
    >>> query_string(filter={"status-in": ["Pending", "a,b"]}, sort="-created-at", page={"size": 5})
    'filter%5Bstatus-in%5D=Pending,%22a,b%22&sort=-created-at&page%5Bsize%5D=5'
    >>> query_string(filter={"or": {"1": {"success-eq": True}, "2": {"number-cont": "%"}}}, fields={"calls": []})
    'filter%5Bor%5D%5B1%5D%5Bsuccess-eq%5D=true&filter%5Bor%5D%5B2%5D%5Bnumber-cont%5D=%25&fields%5Bcalls%5D='
    """
    pairs = [
        *_family("filter", filter),
        *([] if sort is None else [("sort", _names(sort))]),
        *([] if include is None else [("include", _names(include))]),
        *((f"fields[{type_}]", _names(names)) for type_, names in (fields or {}).items()),
        *_family("page", page),
    ]
    return urlencode(pairs, safe=",", quote_via=quote)


def _names(names: str | Iterable[str]) -> str:
    return names if isinstance(names, str) else ",".join(names)


def _family(name: str, members: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    for member, value in (members or {}).items():
        if isinstance(value, Mapping):
            yield from _family(f"{name}[{member}]", value)
        else:
            yield f"{name}[{member}]", _written(value)


def _written(value: Any) -> str:
    match value:
        case list() | tuple():
            return join_record(map(_text, value))
        case _:
            return quote_item(_text(value))


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case _:
            return str(value)
