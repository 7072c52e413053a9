"""The resource objects of a document, as JSON: those of its data, and those that are included with them.

Encoders have the first word. Where there is none for a schema, or one meets what it does not know, the schema has the
last: what it dumps is arranged and encoded, and what it raises is raised.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Final, NamedTuple

from jsonapi_sieve.document import to_json
from jsonapi_sieve.query import EVERYWHERE, Reach
from jsonapi_sieve.serialization.encoding.compiling import Shape, compile_resources
from jsonapi_sieve.serialization.encoding.included import Inclusion
from jsonapi_sieve.serialization.encoding.library import Library, Written
from jsonapi_sieve.serialization.encoding.resources import ResourceEncoder
from jsonapi_sieve.serialization.resource_objects import limit_linkage
from jsonapi_sieve.serialization.schemas import ResourceSchema

__all__ = ["Shown"]

_CHUNK: Final = 512
"""How many resources are written at once. From some hundreds on, more are no quicker."""


class Shown(NamedTuple):
    """What a document shows of rows: resources of a schema, with these members by type, and links from this URL.

    `reach` tells of their relationships, by name, which related resources the client sees.
    """

    schema: ResourceSchema
    url: str
    fields: Mapping[str, Collection[str]]
    library: Library
    reach: Mapping[str, Reach] = EVERYWHERE

    def chunks(self, rows: Iterable[object], *, streamed: bool) -> Iterator[list[object]]:
        """Give rows in lists that can be written one after the other.

        All are in one where the schema may look at them together, unless they are `streamed`.
        """
        size = _CHUNK if streamed or self._encoder(cursors=False) else None
        rows = iter(rows)
        while chunk := list(islice(rows, size)):
            yield chunk

    def data(self, rows: Sequence[object], cursors: Sequence[str] = ()) -> Written:
        """Write the resource objects of rows, with commas between them; `cursors` are theirs, if they are shown."""
        asking = _Asking(self.reach)
        try:
            encoder = self._encoder(cursors=bool(cursors))
            if encoder is not None and rows:
                return encoder.encode(rows, self.url, cursors, asking.reach)
        except Exception as fault:  # whatever it is, the schema raises it again or knows better
            if fault is asking.fault:
                raise
        return _joined(self._dumped(rows, cursors))

    def compound(
        self, rows: Sequence[object], paths: Collection[str], cursors: Sequence[str] = ()
    ) -> tuple[bytes, bytes]:
        """Write the resource objects of rows, and those that paths of relationships lead to from them."""
        asking = _Asking(self.reach)
        try:
            inclusion = Inclusion(self.url, self.fields, self.library)
            return inclusion.written(self.schema, rows, paths, cursors, asking.reach)
        except Exception as fault:
            if fault is asking.fault:
                raise
        data = self._dumped(rows, cursors)
        included = self.schema.include(data, rows, paths, url=self.url, fields=self.fields, reach=self.reach)
        return _joined(data), _joined(included)

    def self_link(self, row: object) -> str | None:
        """Give the link of a row's resource to itself; None where the schema makes none."""
        try:
            encoder = compile_resources(self.schema.schema, Shape(frozenset()), self.library)
            if encoder is not None:
                return encoder.self_link(row, self.url)
        except Exception:  # noqa: BLE001, S110
            pass
        return self.schema.self_link(row, url=self.url)

    def _encoder(self, *, cursors: bool) -> ResourceEncoder | None:
        members = self.fields.get(self.schema.type)
        shape = Shape(None if members is None else frozenset(members), (), cursors)
        return compile_resources(self.schema.schema, shape, self.library)

    def _dumped(self, rows: Sequence[object], cursors: Sequence[str]) -> list[dict[str, object]]:
        data = self.schema.dump(rows, url=self.url, members=self.fields.get(self.schema.type))
        for member, relation in self.schema.relationships.items():
            if relation.name in self.reach:
                limit_linkage(data, member, self.reach[relation.name])
        for resource, cursor in zip(data, cursors, strict=False):
            meta = resource.get("meta")
            resource["meta"] = {**(meta if isinstance(meta, dict) else {}), "page": {"cursor": cursor}}
        return data


class _Asking:
    """Asks which related resources the client sees, and knows the fault of that, which no schema knows better."""

    __slots__ = ("fault", "reach")

    def __init__(self, reach: Mapping[str, Reach]) -> None:
        self.fault: Exception | None = None
        self.reach: Mapping[str, Reach] = {name: partial(self._ask, each) for name, each in reach.items()}

    def _ask(self, reach: Reach, identifiers: frozenset[str]) -> Collection[str]:
        try:
            return reach(identifiers)
        except Exception as fault:
            self.fault = fault
            raise


def _joined(resources: Iterable[Mapping[str, object]]) -> bytes:
    return ",".join(map(to_json, resources)).encode()
