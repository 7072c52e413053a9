"""From a schema, and what is shown of its resources, to the encoder of these."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from itertools import chain
from typing import Any, NamedTuple

from marshmallow_jsonapi.fields import BaseRelationship

from jsonapi_sieve.document import to_json
from jsonapi_sieve.serialization.encoding.columns import column_writer
from jsonapi_sieve.serialization.encoding.library import Library
from jsonapi_sieve.serialization.encoding.plain import is_known, is_plain
from jsonapi_sieve.serialization.encoding.resources import CURSOR, ID, SELF, Linkage, ResourceEncoder, Source
from jsonapi_sieve.serialization.encoding.templates import Part, Slot, Template, link_parts
from jsonapi_sieve.serialization.relations import held
from jsonapi_sieve.serialization.stock import SchemaClass, fresh, member_of

__all__ = ["Shape", "compile_resources"]


class Shape(NamedTuple):
    """What resource objects show: these members or all, linkage of relationships of these names, and a cursor each."""

    members: frozenset[str] | None = None
    linked: tuple[str, ...] = ()
    cursors: bool = False


class _Unknown(Exception):
    """Only the schema itself can tell what it shows."""


@lru_cache(maxsize=256)
def compile_resources(schema: SchemaClass, shape: Shape, library: Library) -> ResourceEncoder | None:
    """Compile the encoder of a schema's resource objects; None where only the schema itself can tell what they are."""
    fields = _fields_of(schema, library)
    try:
        return None if fields is None else _Compiler(fields, shape).compile()
    except Exception:  # noqa: BLE001  (the schema itself raises it again, or knows better)
        return None


class _Fields:
    """The fields of a plain schema's instance, each looked at once, whichever of them clients ask for."""

    def __init__(self, instance: Any, library: Library) -> None:
        self.instance = instance
        self.library = library
        self._sources: dict[str, Source] = {}

    def source(self, name: str) -> Source:
        """Give how a field is read and written."""
        source = self._sources.get(name)
        if source is None:
            field = self.instance.fields[name]
            write = column_writer(field, self.library) if is_known(field) else None
            if write is None:
                raise _Unknown(name)
            source = self._sources[name] = Source(field.attribute or name, field, write)
        return source


@lru_cache(maxsize=256)
def _fields_of(schema: SchemaClass, library: Library) -> _Fields | None:
    instance = fresh(schema)
    if not is_plain(instance):
        return None
    try:
        instance.wrap_response([], many=True)  # a link of all documents may be one that cannot be made
    except Exception:  # noqa: BLE001  (as above)
        return None
    return _Fields(instance, library)


class _Compiler:
    def __init__(self, fields: _Fields, shape: Shape) -> None:
        self._fields = fields
        self._instance = fields.instance
        self._shape = shape
        self._linkages: dict[Slot, Linkage] = {}

    def compile(self) -> ResourceEncoder:
        instance = self._instance
        attributes: dict[str, Source] = {}
        relationships: dict[str, list[list[Part]]] = {}
        for name, field in instance.dump_fields.items():
            member = member_of(instance, name)
            if name == "id" or not (self._shape.members is None or member in self._shape.members):
                continue
            if not isinstance(field, BaseRelationship):
                attributes[member] = self._fields.source(name)
            elif parts := self._relationship(field):
                relationships[member] = parts
        # One that shows nothing else comes last.
        for name in self._shape.linked:
            relationships.setdefault(member_of(instance, name), [self._linkage(name)])
        link = self._self_link()
        last, tail = self._tail(relationships)
        return ResourceEncoder(
            self._fields.source("id"),
            tuple(attributes.values()),
            self._linkages,
            link=Template(link) if link else None,
            head=Template(self._head(link)),
            tail=Template(tail),
            write=self._fields.library.resources(tuple(attributes), last),
        )

    def _self_link(self) -> list[Part]:
        options = self._instance.opts
        if not options.self_url:
            return []
        parts = _link(options.self_url, options.self_url_kwargs or {}, SELF.kind)
        # It is made of what is shown, by the names of members.
        if any(isinstance(part, Slot) and part != SELF for part in parts) or member_of(self._instance, "id") != "id":
            raise _Unknown("self_url")
        return parts

    def _head(self, link: list[Part]) -> list[Part]:
        links: list[Part] = [',"links":{"self":"', *link, '"}'] if link else []
        return ['"', ID, f'","type":{to_json(self._instance.opts.type_)}', *links]

    def _tail(self, relationships: Mapping[str, list[list[Part]]]) -> tuple[str | None, list[Part]]:
        """Give the name of the last member of a resource object, and what follows it."""
        cursor: list[Part] = ['{"page":{"cursor":', CURSOR, "}}"] if self._shape.cursors else []
        if not relationships:
            return ("meta" if cursor else None), cursor
        objects = [[f"{to_json(member)}:{{", *_joined(parts), "}"] for member, parts in relationships.items()]
        return "relationships", ["{", *_joined(objects), "}", *([',"meta":', *cursor] if cursor else [])]

    def _relationship(self, field: Any) -> list[list[Part]]:
        """Give the members of a relationship, those that it has by itself, and with them the linkage that is added."""
        links: list[list[Part]] = []
        for name, url, values in (
            ("self", field.self_url, field.self_url_kwargs),
            ("related", field.related_url, field.related_url_kwargs),
        ):
            if url and values:
                links.append([f'"{name}":"', *_link(url, values, "path"), '"'])
        members: list[list[Part]] = [['"links":{', *_joined(links), "}"]] if links else []
        if field.name in self._shape.linked and (members or field.include_resource_linkage):
            members.append(self._linkage(field.name))
        elif field.include_resource_linkage:
            slot = Slot("data", field.name)
            self._linkages[slot] = Linkage(field, field.attribute or field.name)
            members.append(['"data":', slot])
        return members

    def _linkage(self, name: str) -> list[Part]:
        """Give the linkage that is added for what is included."""
        field = self._instance.fields[name]
        slot = Slot("data", name)
        self._linkages[slot] = Linkage(field, partial(held, self._instance, field.attribute or name))
        return ['"data":', slot]


def _link(template: str, values: Mapping[str, Any], kind: str) -> list[Part]:
    parts = link_parts(template, values, kind)
    if parts is None:
        raise _Unknown(template)
    return parts


def _joined(members: list[list[Part]]) -> list[Part]:
    """Write commas between the members of a JSON object."""
    return [*chain(*([*member, ","] for member in members[:-1])), *members[-1]]
