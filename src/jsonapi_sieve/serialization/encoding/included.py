"""Compound documents: which resources are in them, found before any is written, and then written run by run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from jsonapi_sieve.query import EVERYWHERE, Reach
from jsonapi_sieve.serialization.encoding.compiling import Shape, compile_resources
from jsonapi_sieve.serialization.encoding.library import Library
from jsonapi_sieve.serialization.encoding.resources import ResourceEncoder
from jsonapi_sieve.serialization.schemas import ResourceSchema, Tree, tree_of
from jsonapi_sieve.serialization.stock import fresh

__all__ = ["Inclusion"]


class _Resource:
    """A resource of the document: the row that is shown, and the relationships whose linkage is."""

    __slots__ = ("linked", "row", "schema")

    def __init__(self, schema: ResourceSchema, row: object) -> None:
        self.schema = schema
        self.row = row
        self.linked: tuple[str, ...] = ()


class Inclusion:
    """Gathers and writes the resources of one compound document, as `ResourceSchema.include` does."""

    def __init__(self, url: str, fields: Mapping[str, Collection[str]], library: Library) -> None:
        self._url = url
        self._fields = fields
        self._library = library
        self._known: dict[tuple[str, str], _Resource] = {}

    def written(
        self,
        schema: ResourceSchema,
        rows: Sequence[object],
        paths: Iterable[str],
        cursors: Sequence[str],
        reach: Mapping[str, Reach] = EVERYWHERE,
    ) -> tuple[bytes, bytes]:
        """Write the resource objects of rows, and those of what is included with them.

        Raises:
            Exception: of any kind, where only the schemas themselves can tell what they show.
        """
        primary = self._take(schema, rows)
        if len(primary) < len(rows):
            raise LookupError("two rows are one resource, of which only the first gets linkage")
        self._follow(schema, primary, tree_of(paths), reach)
        included = list(self._known.values())[len(primary) :]
        return self._write(primary, cursors, reach), self._write(included, (), EVERYWHERE)

    def _take(self, schema: ResourceSchema, rows: Sequence[object], reach: Reach | None = None) -> list[_Resource]:
        if not rows:
            return []
        taken = {}
        identifiers = self._encoder(schema).identifiers(rows)
        seen = set(identifiers) if reach is None else reach(frozenset(identifiers))
        for identifier, row in zip(identifiers, rows, strict=True):
            key = schema.type, identifier
            if identifier in seen:
                taken[key] = self._known.setdefault(key, _Resource(schema, row))
        return list(taken.values())

    def _follow(self, schema: ResourceSchema, shown: list[_Resource], tree: Tree, reach: Mapping[str, Reach]) -> None:
        instance = fresh(schema.schema) if tree else None
        for name, below in tree.items():
            relation, related = schema.related(name)
            if relation.member in self._fields.get(schema.type, schema.members):
                for resource in shown:
                    if name not in resource.linked:
                        resource.linked += (name,)
            rows = relation.related(instance, [resource.row for resource in shown])
            self._follow(related, self._take(related, rows, reach.get(name)), below, EVERYWHERE)

    def _write(self, resources: Sequence[_Resource], cursors: Sequence[str], reach: Mapping[str, Reach]) -> bytes:
        written, start = [], 0
        for (schema, linked), run in groupby(resources, lambda resource: (resource.schema, resource.linked)):
            rows = [resource.row for resource in run]
            own = cursors[start : start + len(rows)]
            written.append(self._encoder(schema, linked, cursors=bool(own)).encode(rows, self._url, own, reach))
            start += len(rows)
        return b",".join(written)

    def _encoder(
        self, schema: ResourceSchema, linked: tuple[str, ...] = (), *, cursors: bool = False
    ) -> ResourceEncoder:
        members = self._fields.get(schema.type)
        shape = Shape(None if members is None else frozenset(members), linked, cursors)
        encoder = compile_resources(schema.schema, shape, self._library)
        if encoder is None:
            raise LookupError(f"only {schema!r} can tell what it shows")
        return encoder
