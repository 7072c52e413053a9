"""Resource objects as documents show them: their members in order, their links absolute."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from jsonapi_sieve.document import Link
from jsonapi_sieve.links import resolve

__all__ = ["absolute", "add_linkage", "arranged"]

_ORDER: Final = ("id", "type", "links", "attributes", "relationships", "meta")


def arranged(resource: Mapping[str, Any], url: str, members: Collection[str] | None) -> dict[str, object]:
    """Make of what a schema's `dump` gives the resource object that is sent, with those attributes and relationships.

    >>> arranged({"type": "calls", "attributes": {"duration": 1}, "id": 8}, "/calls", None)
    {'id': '8', 'type': 'calls', 'attributes': {'duration': 1}}

    Raises:
        ValueError: for a resource without an identifier.
    """
    if resource.get("id") is None:
        raise ValueError(f"a row of the type {resource['type']!r} has no id, which every resource needs")
    found: dict[str, Any] = {**resource, "id": str(resource["id"])}
    for part in ("attributes", "relationships"):
        shown = {name: value for name, value in found.pop(part, {}).items() if members is None or name in members}
        if shown:
            found[part] = shown
    relationships: dict[str, dict[str, Any]] = found.get("relationships", {})
    for linked in (found, *relationships.values()):
        if "links" in linked:
            linked["links"] = absolute(linked["links"], url)
    return _ordered(found)


def absolute(links: Mapping[str, Any], url: str) -> dict[str, Any]:
    """Resolve links against a URL: texts, and where the `Link` objects among them lead.

    >>> absolute({"self": "/calls/8", "related": None}, "https://example.org/calls")
    {'self': 'https://example.org/calls/8', 'related': None}
    """
    return {name: _absolute(link, url) for name, link in links.items()}


def _absolute(link: Any, url: str) -> Any:
    match link:
        case str():
            return resolve(url, link)
        case Link():
            return replace(link, href=resolve(url, link.href))
        case _:
            return link


def add_linkage(resource: dict[str, Any], member: str, linkage: object) -> None:
    """Say in a resource object what one of its relationships leads to.

    >>> resource = {"id": "8", "type": "calls", "meta": {}}
    >>> add_linkage(resource, "account", None)
    >>> resource
    {'id': '8', 'type': 'calls', 'relationships': {'account': {'data': None}}, 'meta': {}}
    """
    relationships = resource.get("relationships", {})
    relationships[member] = {**relationships.get(member, {}), "data": linkage}
    members = _ordered({**resource, "relationships": relationships})
    resource.clear()
    resource.update(members)


def _ordered(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Bring the members of a resource object into the order of the specification's examples."""
    names = dict.fromkeys((*_ORDER, *resource))
    return {name: resource[name] for name in names if name in resource}
