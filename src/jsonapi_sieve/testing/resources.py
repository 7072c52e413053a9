"""Resource objects (JSON:API 1.1, "Resource Objects")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from jsonapi_sieve.operand import shown
from jsonapi_sieve.testing.links import check_links
from jsonapi_sieve.testing.members import Shape, check_meta, check_name, check_names_within, is_foreign
from jsonapi_sieve.testing.pointers import Finding, Place
from jsonapi_sieve.testing.relationships import check_identification, check_relationship
from jsonapi_sieve.testing.rules import Kind

__all__ = ["check_resource", "field_names", "fields_of"]

_RESOURCE: Final = Shape("A resource object", ("type", "id", "lid", "attributes", "relationships", "links", "meta"))
_LINKS: Final = Shape("The links of a resource", ("self",))


def fields_of(resource: dict[str, Any], container: str) -> Iterator[tuple[str, Any]]:
    """Give the names and values of the `attributes` or `relationships`, without those outside the specification."""
    fields = resource.get(container)
    if isinstance(fields, dict):
        yield from ((name, value) for name, value in fields.items() if not is_foreign(name))


def field_names(resource: dict[str, Any]) -> list[str]:
    """Give the names of the attributes and of the relationships."""
    return [name for container in ("attributes", "relationships") for name, _ in fields_of(resource, container)]


def check_resource(value: dict[str, Any], at: Place, kind: Kind) -> Iterator[Finding]:
    """Check a resource object."""
    yield from _RESOURCE.check(value, at)
    if "type" not in value:
        yield at.breaks("DOC-09", "A resource object needs a type.")
    if "id" not in value and kind != "create":
        yield at.breaks("DOC-09", "A resource object needs an id.")
    yield from check_identification(value, at)
    yield from _check_fields(value, at)
    for name, relationship in fields_of(value, "relationships"):
        yield from check_relationship(relationship, at / "relationships" / name, kind)
    yield from check_links(value, at, _LINKS)
    yield from check_meta(value, at)


def _check_fields(value: dict[str, Any], at: Place) -> Iterator[Finding]:
    attributes = dict(fields_of(value, "attributes"))
    for container in ("attributes", "relationships"):
        inside = at / container
        fields = value.get(container, {})
        if not isinstance(fields, dict):
            yield inside.breaks("DOC-14", f"{container} is {shown(fields)}, and has to be an object.")
            continue
        for name in fields:
            yield from check_name(name, inside / name)
            if name in ("type", "id"):
                yield (inside / name).breaks("DOC-13", f"No field can be named {name}.")
            elif container == "relationships" and name in attributes:
                yield (inside / name).breaks("DOC-13", f"{shown(name)} names an attribute and a relationship.")
    for name, attribute in attributes.items():
        yield from check_names_within(attribute, at / "attributes" / name)
