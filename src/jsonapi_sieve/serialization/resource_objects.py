"""Resource objects as documents show them: their members in order, their links absolute."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from jsonapi_sieve.document import Identifier, Link, Linkage
from jsonapi_sieve.links import resolve
from jsonapi_sieve.query import Reach

__all__ = ["absolute", "add_linkage", "arranged", "limit_linkage", "reached"]

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


def limit_linkage(resources: Iterable[Mapping[str, Any]], member: str, reach: Reach) -> None:
    """Take from resource objects what one of their relationships leads to that the client does not see."""
    relationships = [resource.get("relationships", {}).get(member, {}) for resource in resources]
    linked = [relationship for relationship in relationships if "data" in relationship]
    for relationship, linkage in zip(linked, reached([each["data"] for each in linked], reach), strict=True):
        relationship["data"] = linkage


def reached(linkages: Iterable[Linkage], reach: Reach | None) -> Iterable[Linkage]:
    """Give linkages without the resources that the client does not see; None lets it see all.

    >>> seven, eight = ({"type": "tags", "id": identifier} for identifier in "78")
    >>> list(reached([[seven, eight], eight, None], lambda identifiers: identifiers & {"7"}))
    [[{'type': 'tags', 'id': '7'}], None, None]
    """
    if reach is None:
        return linkages
    linkages = list(linkages)
    named = frozenset(each["id"] for linkage in linkages for each in _identified(linkage))
    seen = reach(named) if named else ()
    return [
        [each for each in linkage if each["id"] in seen]
        if isinstance(linkage, list)
        else next((each for each in _identified(linkage) if each["id"] in seen), None)
        for linkage in linkages
    ]


def _identified(linkage: Linkage) -> list[Identifier]:
    return linkage if isinstance(linkage, list) else [] if linkage is None else [linkage]


def _ordered(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Bring the members of a resource object into the order of the specification's examples."""
    names = dict.fromkeys((*_ORDER, *resource))
    return {name: resource[name] for name in names if name in resource}
