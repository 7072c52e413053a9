"""Parsing: four filters and the rest of a listing, against dictionaries of hand-written strict converters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast
from urllib.parse import unquote_plus

from benchmarks.contest import Contest
from jsonapi_sieve import And, Comparison, Field, FilterSet, Sort, types
from jsonapi_sieve.fieldsets import Fieldsets
from jsonapi_sieve.includes import Includes
from jsonapi_sieve.paging import NumberedPage, NumberedPages
from jsonapi_sieve.query import Query, QueryParser

STATUSES = ("Pending", "Processing", "Completed", "Failed", "Deleted")

QUERY = (
    "filter%5Bstatus-in%5D=Pending,Completed&filter%5Brows-count-gteq%5D=10"
    "&filter%5Bcreated-at-gteq%5D=2024-07-17T17:02:04.519Z"
    "&filter%5Baccount-id-eq%5D=4ada331e-445e-11ef-b3ec-0242ac120003"
    "&page%5Bnumber%5D=2&page%5Bsize%5D=50&sort=-created-at"
)


class CdrExportFilters(FilterSet):
    """The filters of the first domain's exports."""

    id = Field(types.Uuid(), operators=(), bare="in")
    status = Field(types.Enum(*STATUSES))
    rows_count = Field(types.Integer(32), nullable=True)
    created_at = Field(types.Timestamp(digits=3))
    updated_at = Field(types.Timestamp(digits=3))
    account_id = Field(types.Uuid())


Converter: TypeAlias = Callable[[str], Any]

_integer = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII).fullmatch
_timestamp = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?",
    re.ASCII,
).fullmatch
_HEX = "[0-9A-Fa-f]"
_uuid = re.compile(f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}").fullmatch
_statuses = frozenset(STATUSES)


def _to_integer(text: str) -> int:
    if not _integer(text):
        raise ValueError(text)
    return int(text)


def _to_timestamp(text: str) -> datetime:
    if not _timestamp(text):
        raise ValueError(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not UTC:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment


def _to_uuid(text: str) -> str:
    if not _uuid(text):
        raise ValueError(text)
    return text.lower()


def _to_status(text: str) -> str:
    if text not in _statuses:
        raise ValueError(text)
    return text


def _list_of(convert: Converter) -> Converter:
    """Convert each item; those that repeat count once."""
    return lambda text: tuple(dict.fromkeys(map(convert, text.split(","))))


CONVERTERS: dict[str, Converter] = {
    "rows-count": _to_integer,
    "status": _to_status,
    "created-at": _to_timestamp,
    "updated-at": _to_timestamp,
    "account-id": _to_uuid,
}
OPERATORS = ("eq", "not-eq", "gt", "gteq", "lt", "lteq", "in", "not-in")

Entry: TypeAlias = tuple[str, str, Converter]


def _entries() -> Iterator[tuple[str, Entry]]:
    for attribute, convert in CONVERTERS.items():
        for operator in OPERATORS:
            converter = _list_of(convert) if operator in ("in", "not-in") else convert
            entry = (attribute.replace("-", "_"), operator.replace("-", "_"), converter)
            yield f"filter[{attribute}-{operator}]", entry
            yield f"filter%5B{attribute}-{operator}%5D", entry


TABLE = dict(_entries())
Parsed: TypeAlias = list[tuple[str, str, Any]]


def limit_pairs(pairs: list[tuple[str, str]]) -> Parsed:
    """Look each key up and convert its value: what no parser can do without."""
    find = TABLE.get
    return [(entry[0], entry[1], entry[2](text)) for key, text in pairs if (entry := find(key)) is not None]


def limit_query(query: str) -> Parsed:
    """Do the same from the raw query string, decoding only what is encoded."""
    found = []
    find = TABLE.get
    for part in query.split("&"):
        key, _, text = part.partition("=")
        entry = find(key)
        if entry is not None:
            if "%" in text or "+" in text:
                text = unquote_plus(text)
            found.append((entry[0], entry[1], entry[2](text)))
    return found


FIELDS = ("status", "rows-count", "created-at", "updated-at", "account")
LISTING = f"{QUERY}&include=account&fields%5Bcdr-exports%5D=status,rows-count,created-at,account"

_number = re.compile("[0-9]{1,9}").fullmatch
_sorts = frozenset(("created-at", "updated-at", "status", "rows-count"))
_paths = frozenset(("account", "account.customer"))
_fields = frozenset(FIELDS)


def _to_number(text: str) -> int:
    if not _number(text) or not 1 <= (number := int(text)) <= 1000:
        raise ValueError(text)
    return number


def _to_order(text: str) -> tuple[tuple[str, bool], ...]:
    order: dict[str, bool] = {}
    for item in text.split(","):
        name = item.removeprefix("-")
        if name not in _sorts or name in order:
            raise ValueError(text)
        order[name] = item is not name
    return tuple((name.replace("-", "_"), descending) for name, descending in order.items())


def _to_paths(text: str) -> tuple[str, ...]:
    paths = frozenset(text.split(","))
    if not paths <= _paths:
        raise ValueError(text)
    return tuple(paths)


def _to_fields(text: str) -> frozenset[str]:
    names = text.split(",")
    fields = frozenset(names)
    if not fields <= _fields or len(fields) < len(names):
        raise ValueError(text)
    return fields


OTHERS: dict[str, tuple[str, Converter]] = {
    "sort": ("sort", _to_order),
    "page%5Bnumber%5D": ("number", _to_number),
    "page%5Bsize%5D": ("size", _to_number),
    "include": ("include", _to_paths),
    "fields%5Bcdr-exports%5D": ("fields", _to_fields),
}
Listed: TypeAlias = tuple[Parsed, dict[str, Any]]


def limit_listing(query: str) -> Listed:
    """Read all families of a query; what is unknown or repeated is an error."""
    filters: dict[tuple[str, str], Any] = {}
    others: dict[str, Any] = {}
    for part in query.split("&"):
        key, _, text = part.partition("=")
        if "%" in text or "+" in text:
            text = unquote_plus(text)
        entry = TABLE.get(key)
        if entry is None:
            name, convert = OTHERS[key]
            if name in others:
                raise ValueError(key)
            others[name] = convert(text)
        else:
            attribute, operator, converter = entry
            if (attribute, operator) in filters:
                raise ValueError(key)
            filters[attribute, operator] = converter(text)
    return [(*names, value) for names, value in filters.items()], others


def _listed(query: Query) -> Listed:
    others = {
        **cast("NumberedPage", query.page)._asdict(),
        "sort": tuple(tuple(key) for key in query.order),
        "include": query.include,
        "fields": query.fields["cdr-exports"],
    }
    return _shown(query.predicate), others


def _shown(predicate: And) -> Parsed:
    nodes = [node for node in predicate.members if isinstance(node, Comparison)]
    return [(node.field.name, node.operator.name, node.value) for node in nodes]


def contests() -> Iterator[Contest]:
    """Give the contests of this stage; the query names its filters in canonical order, so the results compare."""
    filters = CdrExportFilters()
    pairs = [
        (key.replace("%5B", "[").replace("%5D", "]"), text)
        for key, _, text in (part.partition("=") for part in QUERY.split("&"))
    ]
    yield Contest(
        "parse",
        "4 filters among 7 decoded pairs",
        lambda: limit_pairs(pairs),
        lambda: filters.parse(pairs),
        1.2,
        shown=_shown,
    )
    yield Contest(
        "parse",
        "the same from the raw query",
        lambda: limit_query(QUERY),
        lambda: filters.parse(QUERY),
        1.6,
        shown=_shown,
    )
    listing = QueryParser(
        filters=filters,
        sort=Sort("created_at", "updated_at", "status", "rows_count", default="created_at"),
        pages=NumberedPages(),
        includes=Includes({"account": "account", "account.customer": "account.customer"}),
        fieldsets=Fieldsets({"cdr-exports": {name: name.replace("-", "_") for name in FIELDS}}),
    )
    yield Contest(
        "parse",
        "a whole listing: 4 filters, sort, page, include, fields",
        lambda: limit_listing(LISTING),
        lambda: listing.parse(LISTING),
        2.0,
        shown=_listed,
    )
