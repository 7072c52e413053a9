"""An index as lines of JSON: its filters in their stored form, each with its key, and a sum that tells of damage."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, Final

from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.index.filter_index import FilterIndex
from jsonapi_sieve.predicate import And, Predicate

__all__ = ["DamagedIndex", "load_index", "save_index"]

_FORMAT: Final = "jsonapi-sieve filters"
_VERSION: Final = 1


class DamagedIndex(ValueError):
    """Lines are not those that `save_index` gave; the message says which, and what is wrong."""


def save_index(index: FilterIndex[Any], filters: FilterSet) -> Iterator[str]:
    r"""Give the lines of an index, each with its end, for a text file in UTF-8. Keys are text or whole numbers.

    >>> from jsonapi_sieve import Field, FilterSet, types
    >>> class CallFilters(FilterSet):
    ...     duration = Field(types.Integer(32), nullable=True)
    >>> lines = list(save_index(FilterIndex({"long": CallFilters.duration.gt(60)}), CallFilters()))
    >>> lines[1]
    '{"key": "long", "filters": {"duration_gt": 60}}\n'
    >>> load_index(lines, CallFilters()).match({"duration": 61})
    ['long']

    Raises:
        NotRenderable: for a filter that no stored form of the declaration gives.
        TypeError: for a key of another type.
    """
    digest = sha256()
    for line in _lines(index.items(), filters):
        digest.update(line.encode())
        yield line
    yield _line({"sha256": digest.hexdigest()})


def _lines(items: list[tuple[Any, Predicate]], filters: FilterSet) -> Iterator[str]:
    yield _line({"format": _FORMAT, "version": _VERSION, "count": len(items)})
    for key, predicate in items:
        if not isinstance(key, (str, int)):
            raise TypeError(f"the key {key!r} cannot be saved; keys are text or whole numbers")
        # The stored form is that of an And, of one member if there is but one.
        whole = predicate if isinstance(predicate, And) else And(predicate)
        yield _line({"key": key, "filters": filters.dump(whole)})


def _line(document: dict[str, Any]) -> str:
    return json.dumps(document) + "\n"


def load_index(lines: Iterable[str], filters: FilterSet) -> FilterIndex[Any]:
    """Make an index again of the lines that `save_index` gave.

    Raises:
        DamagedIndex: when a line is missing, was changed, or does not fit the declaration.
    """
    *held, last = [*lines] or [""]
    header, *documents = map(_read, range(1, len(held) + 1), held) if held else [_read(1, last)]
    if header.get("format") != _FORMAT:
        raise DamagedIndex("line 1: this is no saved index of filters")
    if header.get("version") != _VERSION:
        raise DamagedIndex(f"line 1: its version is {header.get('version')!r}; this library reads version {_VERSION}")
    if len(documents) != header.get("count"):
        raise DamagedIndex(f"{header.get('count')!r} filters were saved, and {len(documents)} are left")
    if _read(len(held) + 1, last).get("sha256") != _sum(held):
        raise DamagedIndex("the filters are not as they were saved: the sum in the last line is of others")
    index: FilterIndex[Any] = FilterIndex()
    for number, document in enumerate(documents, 2):
        try:
            index.add(document["key"], filters.load(document["filters"]))
        except QueryErrors as error:
            raise DamagedIndex(f"line {number}: the filter does not fit the declaration: {error}") from error
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedIndex(f"line {number}: no filter with a key of its own: {error}") from error
    return index


def _sum(lines: Iterable[str]) -> str:
    # What is no text in UTF-8 has a sum too, which is of nothing that was saved.
    return sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def _read(number: int, line: str) -> dict[str, Any]:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DamagedIndex(f"line {number}: this is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise DamagedIndex(f"line {number}: this is no JSON object")
    return document
