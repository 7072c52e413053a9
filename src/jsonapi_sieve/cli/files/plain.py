"""Rows of Python values as lines of JSON and CSV, spelled so that `filter` reads the same values again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from jsonapi_sieve import types
from jsonapi_sieve.csv_record import quote_item

__all__ = ["csv_lines", "json_lines"]

_MOMENTS = types.Timestamp(digits=3)
_DECIMALS = types.Decimal()


def json_lines(rows: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    r"""Write rows as JSON lines; decimals are text, for a JSON number is read as a float by most.

    >>> b"".join(json_lines([{"price": Decimal("1.50"), "name": None}]))
    b'{"price":"1.5","name":null}\n'
    """
    for row in rows:
        values = {name: _plain(value) for name, value in row.items()}
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def csv_lines(rows: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    r"""Write rows as CSV below a header of the first one's names; NULL is nothing, the empty text a pair of quotes.

    >>> b"".join(csv_lines([{"id": 1, "name": None}, {"id": 2, "name": "a,b"}]))
    b'id,name\n1,\n2,"a,b"\n'
    """
    names: list[str] = []
    for row in rows:
        if not names:
            names = list(row)
            yield _record(names)
        yield _record(_text(row[name]) for name in names)


def _record(items: Iterable[str | None]) -> bytes:
    return ",".join("" if item is None else _quoted(item) for item in items).encode() + b"\n"


def _quoted(item: str) -> str:
    if "\n" in item or "\r" in item:  # they end a record, which in a query they do not
        return '"' + item.replace('"', '""') + '"'
    return quote_item(item)


def _text(value: object) -> str | None:
    value = _plain(value)
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _plain(value: object) -> Any:
    match value:
        case datetime():
            return _MOMENTS.render(value)
        case Decimal():
            return _DECIMALS.render(value)
        case _:
            return value
