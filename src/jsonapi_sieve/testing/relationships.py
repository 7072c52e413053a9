"""Relationship objects, resource linkage and resource identifier objects (JSON:API 1.1, "Relationships")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from jsonapi_sieve.operand import shown
from jsonapi_sieve.testing.links import PAGING, check_links, check_paging
from jsonapi_sieve.testing.members import Shape, check_meta, has_extension, name_fault
from jsonapi_sieve.testing.pointers import Finding, Place
from jsonapi_sieve.testing.rules import Kind

__all__ = ["check_identification", "check_linkage", "check_relationship"]

_RELATIONSHIP: Final = Shape("A relationship object", ("links", "data", "meta"))
_LINKS: Final = Shape("The links of a relationship", ("self", "related", *PAGING))
_IDENTIFIER: Final = Shape("A resource identifier object", ("type", "id", "lid", "meta"))

# Clients say by the data what a relationship shall be.
_NEEDS_DATA: Final[Mapping[Kind, str]] = MappingProxyType({"create": "CRE-03", "update": "UPD-03"})


def check_relationship(value: object, at: Place, kind: Kind) -> Iterator[Finding]:
    """Check a member of `relationships`."""
    if not isinstance(value, dict):
        yield at.breaks("DOC-16", f"This relationship is {shown(value)}, and has to be an object.")
        return
    yield from _RELATIONSHIP.check(value, at)
    yield from check_links(value, at, _LINKS)
    yield from check_paging(value, at)
    yield from check_meta(value, at)
    if "data" in value:
        yield from check_linkage(value["data"], at / "data", kind)
    elif kind in _NEEDS_DATA:
        yield at.breaks(_NEEDS_DATA[kind], "A relationship in a request needs data.")
    elif not ("meta" in value or has_extension(value) or _leads_somewhere(value.get("links"))):
        yield at.breaks("DOC-16", "This relationship has neither data nor meta nor a link self or related.")


def _leads_somewhere(links: object) -> bool:
    # What is no object has been told already.
    return links is not None and (
        not isinstance(links, dict) or "self" in links or "related" in links or has_extension(links)
    )


def check_linkage(data: object, at: Place, kind: Kind) -> Iterator[Finding]:
    """Check the `data` of a relationship."""
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from _check_identifier(item, at / index, kind)
    elif data is not None:
        yield from _check_identifier(data, at, kind)


def _check_identifier(value: object, at: Place, kind: Kind) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield at.breaks("DOC-17", f"This is {shown(value)}, and has to be a resource identifier object.")
        return
    yield from _IDENTIFIER.check(value, at)
    yield from check_identification(value, at)
    yield from check_meta(value, at)
    if "type" not in value:
        yield at.breaks("DOC-21", "A resource identifier object needs a type.")
    if "id" not in value and (kind == "response" or "lid" not in value):
        yield at.breaks("DOC-21", "A resource identifier object needs an id, or in a request a lid.")


def check_identification(value: dict[str, Any], at: Place) -> Iterator[Finding]:
    """Check the form of the members that identify a resource, those that are there."""
    for name in ("type", "id", "lid"):
        if not isinstance(value.get(name, ""), str):
            yield (at / name).breaks("DOC-10", f"The {name} is {shown(value[name])}, and has to be text.")
    type = value.get("type")
    if isinstance(type, str) and (fault := name_fault(type)):
        yield (at / "type").breaks("DOC-12", f"This type is not spelled as a member name: {fault[1]}")
