"""The encoder of one schema's resource objects, compiled once for what they show."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from types import NoneType
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from marshmallow.utils import missing

from jsonapi_sieve.document import to_json
from jsonapi_sieve.links import resolve
from jsonapi_sieve.query import EVERYWHERE, Reach
from jsonapi_sieve.serialization.compiled.scalars import passing
from jsonapi_sieve.serialization.encoding.columns import WriteColumn
from jsonapi_sieve.serialization.encoding.library import Column, WriteResources, Written
from jsonapi_sieve.serialization.encoding.rows import columns_of
from jsonapi_sieve.serialization.encoding.templates import Slot, Template
from jsonapi_sieve.serialization.resource_objects import reached

__all__ = ["CURSOR", "ID", "SELF", "Linkage", "ResourceEncoder", "Source"]

ID: Final = Slot("id")
SELF: Final = Slot("self", "id")
CURSOR: Final = Slot("cursor")

_SCALARS: Final = frozenset({int, str, uuid.UUID})
"""Classes of what stands in links and identifiers: equal values of one of them have one text."""

_TEXT: Final = frozenset({NoneType, str})

_is_unreserved = re.compile("[A-Za-z0-9._~-]*").fullmatch


class Source(NamedTuple):
    """The attribute of rows that a field shows, and how its values are written."""

    name: str
    field: Any
    write: WriteColumn


class Linkage(NamedTuple):
    """What a relationship shows as its data: what it is, and the values that it is read from."""

    field: Any
    read: str | Callable[[Sequence[object]], Sequence[object]]


class ResourceEncoder:
    """Writes the resource objects of rows as JSON, with commas between them.

    Where a row holds what has to be looked at more closely, it raises an error of any kind; the schema itself then says
    what is shown, or what is wrong.
    """

    def __init__(
        self,
        identifier: Source,
        attributes: tuple[Source, ...],
        linkages: Mapping[Slot, Linkage],
        *,
        link: Template | None,
        head: Template,
        tail: Template,
        write: WriteResources,
    ) -> None:
        self._identifier = identifier
        self._attributes = attributes
        self._linkages = linkages
        self._link = link
        self._head = head
        self._tail = tail
        self._write = write
        paths = [slot.name for slot in (*head.slots, *tail.slots) if slot.kind == "path"]
        held = [linkage.read for linkage in linkages.values() if isinstance(linkage.read, str)]
        shown = [source.name for source in attributes]
        self._names = tuple(dict.fromkeys([identifier.name, *shown, *paths, *held]))
        self._shows_as_it_is = passing(identifier.field) == _TEXT

    def encode(
        self, rows: Sequence[object], url: str, cursors: Sequence[str] = (), reach: Mapping[str, Reach] = EVERYWHERE
    ) -> Written:
        """Write the resource objects of rows, at least one; `cursors` are theirs, if they are shown.

        What `reach` has a relationship for is linked only if the client sees it.
        """
        columns = dict(zip(self._names, columns_of(rows, self._names), strict=True))
        texts = self._texts(rows, columns, cursors, reach)
        return self._write(
            self._head.fill(texts, _origin(url), len(rows)),
            [source.write(columns[source.name]) for source in self._attributes],
            self._tail.fill(texts, _origin(url), len(rows)),
        )

    def identifiers(self, rows: Sequence[object]) -> list[str]:
        """Give the identifiers of rows, at least one."""
        [column] = columns_of(rows, (self._identifier.name,))
        return self._identified(column)

    def self_link(self, row: object, url: str) -> str | None:
        """Give the link of a row's resource to itself; None where there is none."""
        if self._link is None:
            return None
        [text] = self._link.fill({SELF: _escaped(self.identifiers([row]))}, _origin(url), 1)
        return str(json.loads(f'"{text}"'))

    def _identified(self, column: Column) -> list[str]:
        if self._shows_as_it_is and _SCALARS.issuperset(map(type, column)):
            return list(map(str, column))
        written = self._identifier.write(column)
        if not {int, str}.issuperset(map(type, written)):
            raise LookupError("a row has no identifier, or one that is no text")
        return list(map(str, written))

    def _texts(
        self,
        rows: Sequence[object],
        columns: Mapping[str, Column],
        cursors: Sequence[str],
        reach: Mapping[str, Reach],
    ) -> dict[Slot, Sequence[str]]:
        """Write what stands in the places of both templates."""
        name = self._identifier.name
        identifiers = self._identified(columns[name])
        escaped = _escaped(identifiers)
        texts: dict[Slot, Sequence[str]] = {SELF: escaped, CURSOR: list(map(to_json, cursors))}
        texts[ID] = identifiers if escaped is identifiers else [to_json(each)[1:-1] for each in identifiers]
        for slot in (*self._head.slots, *self._tail.slots):
            if slot in texts:
                continue
            if slot.kind == "path":
                same = slot.name == name and self._shows_as_it_is
                texts[slot] = _path(columns[slot.name], escaped if same else None)
            else:
                field, read = self._linkages[slot]
                values = columns[read] if isinstance(read, str) else read(rows)
                texts[slot] = _linkage(field, values, reach.get(slot.name))
        return texts


def _origin(url: str) -> str:
    return to_json(resolve(url, "/")[:-1])[1:-1]


def _path(column: Column, escaped: list[str] | None) -> list[str]:
    """Write values for a link; `escaped` are the texts that scalars among them are known to have."""
    if not any({kind}.issuperset(map(type, column)) for kind in _SCALARS):
        raise LookupError("what stands in a link is None, or of another class than before")
    return _escaped(list(map(str, column))) if escaped is None else escaped


def _escaped(texts: list[str]) -> list[str]:
    if _is_unreserved("".join(texts)):
        return texts
    return [quote(text, safe="", errors="replace") for text in texts]


def _linkage(field: Any, values: Sequence[object], reach: Reach | None) -> list[str]:
    """Write what a relationship leads to, once for each distinct value where these are scalars."""

    def linked(value: object) -> Any:
        if value is missing:
            raise LookupError("a row holds what stands for no value")
        return ([] if field.many else None) if value is None else field.get_resource_linkage(value)

    def write(values: Collection[object]) -> list[str]:
        return list(map(to_json, reached(map(linked, values), reach)))

    if field.many or not (_SCALARS | {NoneType}).issuperset(map(type, values)):
        return write(values)
    distinct = set(values)
    written = dict(zip(distinct, write(distinct), strict=True))
    return list(map(written.__getitem__, values))
