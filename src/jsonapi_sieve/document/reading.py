"""Reading the document that a client sends to create or change a resource: its JSON, then its shape.

The rules of the shape are those of JSON:API 1.1, "Resource Objects" and "Creating Resources". What the resource's
type, attributes and relationships may be is asked later, of its schema. Members that the specification does not know,
those whose names begin with `@`, and those of extensions are ignored, as it asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias, TypedDict

from jsonapi_sieve.document.body import parse_body
from jsonapi_sieve.document.places import ROOT, Faults, Place
from jsonapi_sieve.errors import ErrorObject
from jsonapi_sieve.limits import Limits
from jsonapi_sieve.operand import shown

__all__ = ["Identifier", "Linkage", "NewResource", "read_resource"]


class Identifier(TypedDict):
    """A resource identifier object: which resource is meant."""

    type: str
    id: str


Linkage: TypeAlias = Identifier | list[Identifier] | None
"""What a relationship leads to: one resource or none, or several."""


_Members: TypeAlias = Mapping[str, object]


class NewResource(NamedTuple):
    """A resource object as a client sent it, its members by their names in the document.

    `attributes` are JSON values; `relationships` lead from a name to the linkage, an identifier object, a list of them
    or None. `empty` names those of the two that the document has without a member that is read.
    """

    type: str
    id: str | None
    attributes: dict[str, object]
    relationships: dict[str, Linkage]
    empty: frozenset[str] = frozenset()


def read_resource(body: bytes, limits: Limits) -> NewResource:
    """Read a body whose primary data is one resource object.

    >>> body = b'{"data": {"type": "calls", "relationships": {"account": {"data": {"type": "accounts", "id": "7"}}}}}'
    >>> read_resource(body, Limits())
    NewResource(type='calls', id=None, attributes={}, relationships={'account': {'type': 'accounts', 'id': '7'}}, ...)

    Raises:
        QueryErrors: with status 413 for a body over its budget, else 400, with all faults of the JSON or, where there
            is none, all of the shape.
    """
    document = parse_body(body, limits)
    return _Reading(limits).document(document)


class _Reading:
    """Reads a parsed document to its end, whatever is wrong with it, and raises all its faults together."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._faults = Faults()

    def document(self, document: object) -> NewResource:
        resource = NewResource("", None, {}, {})
        match document:
            case {"data": dict() as data}:
                resource = self._resource(data, ROOT.member("data"))
            case {"data": data}:
                self._invalid(data, "resource object", ROOT.member("data"))
            case dict():
                self._missing("data", ROOT)
            case _:
                self._invalid(document, "object", ROOT)
        self._faults.raise_any()
        return resource

    def _resource(self, data: _Members, place: Place) -> NewResource:
        type_ = self._text(data, "type", place)
        id_ = self._text(data, "id", place) if "id" in data else None
        self._check_local_id(data, place)
        attributes = self._members(data, "attributes", place)
        relationships = self._members(data, "relationships", place)
        inside = place.member("relationships")
        linkages = {name: self._linkage(value, inside.member(name)) for name, value in relationships.items()}
        read = {"attributes": attributes, "relationships": relationships}
        empty = frozenset(name for name, members in read.items() if name in data and not members)
        return NewResource(type_, id_, attributes, linkages, empty)

    def _members(self, data: _Members, name: str, place: Place) -> dict[str, object]:
        members = data.get(name, {})
        if isinstance(members, dict):
            return {member: value for member, value in members.items() if not _is_foreign(member)}
        self._invalid(members, "object", place.member(name))
        return {}

    def _text(self, members: _Members, name: str, place: Place) -> str:
        text = members.get(name)
        if isinstance(text, str):
            return text
        if name in members:
            self._invalid(text, "text", place.member(name))
        else:
            self._missing(name, place)
        return ""

    def _check_local_id(self, members: _Members, place: Place) -> None:
        """Check the form of what names a new resource within its document; nothing here leads to one by it."""
        if "lid" in members:
            self._text(members, "lid", place)

    def _linkage(self, relationship: object, place: Place) -> Linkage:
        within = place.member("data")
        match relationship:
            case {"data": None}:
                pass
            case {"data": list() as items}:
                return self._identifiers(items, within)
            case {"data": identifier}:
                return self._identifier(identifier, within)
            case dict():
                self._missing("data", place)
            case _:
                self._invalid(relationship, "relationship object", place)
        return None

    def _identifiers(self, items: list[object], place: Place) -> list[Identifier]:
        most = self._limits.list_items
        if len(items) > most:
            detail = f"{len(items)} resources are linked; at most {most} are read."
            self._faults.add(self._limits.exceeded("list_items", detail, place.pointer, source="pointer"))
            return []
        return [self._identifier(item, place.member(index)) for index, item in enumerate(items)]

    def _identifier(self, value: object, place: Place) -> Identifier:
        if isinstance(value, dict):
            self._check_local_id(value, place)
            return {"type": self._text(value, "type", place), "id": self._text(value, "id", place)}
        self._invalid(value, "resource identifier object", place)
        return {"type": "", "id": ""}

    def _invalid(self, value: object, expected: str, place: Place) -> None:
        self._add("invalid-document", "Invalid document", f"{shown(value)} is no {expected}.", place)

    def _missing(self, name: str, place: Place) -> None:
        self._add("missing-member", "Missing member", f"The member {shown(name)} is missing.", place)

    def _add(self, code: str, title: str, detail: str, place: Place) -> None:
        self._faults.add(ErrorObject(code, title, detail, place.pointer, "pointer"))


def _is_foreign(name: str) -> bool:
    """Whether a member is none of the resource's fields: an @-member, or one of an extension."""
    return name.startswith("@") or ":" in name
