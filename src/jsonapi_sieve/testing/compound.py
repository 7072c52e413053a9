"""How the resources of a document hang together: linkage, repetition, and what was asked for.

JSON:API 1.1, "Compound Documents", "Inclusion of Related Resources" and "Sparse Fieldsets".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from jsonapi_sieve.operand import shown
from jsonapi_sieve.testing.asking import Asked, Paths
from jsonapi_sieve.testing.pointers import ROOT, Finding, Place
from jsonapi_sieve.testing.resources import fields_of

__all__ = ["check_compound"]

_Key: TypeAlias = tuple[str, str, str]
_Object: TypeAlias = dict[str, Any]
_FULL = frozenset({"attributes", "relationships", "links"})


def check_compound(document: _Object, asked: Asked) -> Iterator[Finding]:
    """Check what concerns several resources of a document, or one and the request."""
    graph = _Graph(document)
    yield from _check_repetition(graph)
    yield from _check_local_ids(graph)
    yield from _check_fields(graph, asked)
    if "data" in document:
        yield from _check_linkage(graph, asked)
        if asked.include is not None and "included" not in document:
            yield ROOT.breaks("INC-02", "The request has include, so the response needs included, though it be empty.")


class _Graph:
    """The resources of a document and what links them, as far as they have the form for it."""

    def __init__(self, document: _Object) -> None:
        self.primary = list(_objects(document.get("data"), ROOT / "data"))
        self.included = list(_objects(document.get("included"), ROOT / "included"))
        self.roots = {key for value, _ in self.primary if (key := _key(value))}
        # Objects that only identify may be identifier objects, the data of a relationship.
        self.is_linkage = not any(_FULL & value.keys() for value, _ in self.primary)
        self._linked: dict[_Key | None, dict[str, set[_Key]]] = {}
        for resource, at in self.resources():
            links = self._linked.setdefault(_key(resource), {})
            for name, identifier, _ in _identifiers(resource, at):
                if key := _key(identifier):
                    links.setdefault(name, set()).add(key)

    def resources(self) -> Iterator[tuple[_Object, Place]]:
        """Give every object of the primary data and of the included, with its place."""
        yield from self.primary
        yield from self.included

    def reached(self) -> set[_Key]:
        """Give all that a chain of relationships leads to, and the primary data."""
        found = set(self.roots)
        waiting = list(found)
        while waiting:
            for keys in self._linked.get(waiting.pop(), {}).values():
                waiting.extend(keys - found)
                found |= keys
        return found

    def along(self, paths: Paths) -> set[_Key]:
        """Give what these paths lead to, and the primary data.

        Paths at the address of a relationship begin with its own name, and what that leads to is the primary data.
        """
        found: set[_Key] = set()
        waiting = [(self.roots, paths)]
        if self.is_linkage:
            waiting += [(self.roots, below) for below in paths.values()]
        while waiting:
            keys, branch = waiting.pop()
            found |= keys
            for name, below in branch.items():
                sets = (self._linked.get(key, {}).get(name, set()) for key in keys)
                waiting.append((set[_Key]().union(*sets), below))
        return found


def _objects(value: object, at: Place) -> Iterator[tuple[_Object, Place]]:
    if isinstance(value, dict):
        yield value, at
    elif isinstance(value, list):
        yield from ((item, at / index) for index, item in enumerate(value) if isinstance(item, dict))


def _identifiers(resource: _Object, at: Place) -> Iterator[tuple[str, _Object, Place]]:
    """Give the resource identifier objects in the relationships of a resource, each with its relationship's name."""
    for name, relationship in fields_of(resource, "relationships"):
        if isinstance(relationship, dict):
            inside = at / "relationships" / name / "data"
            for identifier, place in _objects(relationship.get("data"), inside):
                yield name, identifier, place


def _key(value: _Object) -> _Key | None:
    """Give what identifies a resource in the document: its type with its id or, without one, with its lid."""
    match value:
        case {"type": str(type), "id": str(name)}:
            return type, "id", name
        case {"type": str(type), "lid": str(name)} if "id" not in value:
            return type, "lid", name
        case _:
            return None


def _check_repetition(graph: _Graph) -> Iterator[Finding]:
    primary = [] if graph.is_linkage else graph.primary
    seen: set[_Key] = set()
    for resource, at in (*primary, *graph.included):
        if key := _key(resource):
            if key in seen:
                yield at.breaks("DOC-23", f"There is another resource object of {_named(key)}.")
            seen.add(key)


def _check_local_ids(graph: _Graph) -> Iterator[Finding]:
    known: dict[tuple[str, str], str] = {}
    for resource, at in graph.resources():
        identifiers = ((identifier, place) for _, identifier, place in _identifiers(resource, at))
        for value, place in ((resource, at), *identifiers):
            match value:
                case {"type": str(type), "id": str(name), "lid": str(lid)}:
                    if known.setdefault((type, name), lid) != lid:
                        yield (place / "lid").breaks("DOC-11", "This resource has another lid elsewhere.")


def _check_fields(graph: _Graph, asked: Asked) -> Iterator[Finding]:
    for resource, at in graph.resources():
        type = resource.get("type")
        wanted = asked.fields.get(type) if isinstance(type, str) else None
        if wanted is not None:
            for container in ("attributes", "relationships"):
                for name, _ in fields_of(resource, container):
                    if name not in wanted:
                        place = at / container / name
                        yield place.breaks("FLD-03", f"The request asks for other fields of {shown(type)}.")


def _check_linkage(graph: _Graph, asked: Asked) -> Iterator[Finding]:
    reached = graph.reached()
    # The links may be among the fields that the client did not ask for.
    if any(type in asked.fields for type, _, _ in reached):
        return
    wanted = reached if asked.include is None else graph.along(asked.include)
    for resource, at in graph.included:
        key = _key(resource)
        if key and key not in reached:
            yield at.breaks("DOC-22", f"No chain of relationships leads from the data to {_named(key)}.")
        elif key and key not in wanted:
            yield at.breaks("INC-03", f"No path of include leads to {_named(key)}.")


def _named(key: _Key) -> str:
    type, member, value = key
    return f"type {shown(type)} and {member} {shown(value)}"
