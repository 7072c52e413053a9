"""The code that reads the bodies of POSTs, written for one resource type; `posted` makes what it calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from jsonapi_sieve.declaration import Visible
from jsonapi_sieve.limits import Limits

__all__ = ["Attribute", "Known", "LoadSent", "Relation", "reader_source"]

LoadSent: TypeAlias = Callable[[Any, Visible | None], Any]
"""Loads a value for who may see what is visible; raises whatever it likes for one that may be wrong."""


class Attribute(NamedTuple):
    """An attribute that clients may send: its member in documents, the name of its value, and what loads that."""

    member: str
    name: str
    quick: LoadSent | None
    load: LoadSent
    absent: Callable[[], Any] | None


class Relation(NamedTuple):
    """A relationship that clients may send: its member in documents, its name, and what checks its linkage."""

    member: str
    name: str
    identify: Callable[[Any], str | list[str]]
    many: bool
    is_required: bool


class Known(NamedTuple):
    """All that clients may send."""

    attributes: list[Attribute]
    relations: list[Relation]


def reader_source(type_: str, known: Known, limits: Limits) -> str:
    """Write the code that reads a body; the related resources are asked for last, when all else is good."""
    attributes, relations = known
    loading = [line for place, each in enumerate(attributes) for line in _loading_lines(place, each)]
    linking = [line for place, each in enumerate(relations) for line in _linking_lines(place, each)]
    finding = [line for place, each in enumerate(relations) for line in _finding_lines(place, each)]
    placing = ["values = placed(values)"] if any("." in each.name for each in attributes) else []
    lines = [
        "document = decode(body)",
        "data = document['data']",
        "sent, linked = data.get('attributes', none), data.get('relationships', none)",
        "members = 1 + (sent is not none) + (linked is not none)",
        f"if len(document) != 1 or len(data) != members or data['type'] != {_literal(type_)}:",
        "    return None",
        "if type(sent) is not dict or type(linked) is not dict:",
        "    return None",
        "if visible is not None and not are_visible((*sent, *linked), visible):",
        "    return None",
        "values = {}",
        "unread = len(sent) + len(linked)",
        *loading,
        *linking,
        "if unread:",
        "    return None",
        *placing,
    ]
    return "\n".join(
        [
            "def read(body, related, visible):",
            f"    if len(body) > {limits.body}:",
            "        return None",
            "    try:",
            *(f"        {line}" for line in lines),
            "    except Exception:  # the careful way meets it again, and says what is wrong",
            "        return None",
            *(f"    {line}" for line in finding),
            "    return values",
        ]
    )


def _literal(text: str) -> str:
    """Write a text as code; members of enumerations, which are text too, have a `repr` of their own."""
    return str.__repr__(text)


def _loading_lines(place: int, attribute: Attribute) -> list[str]:
    member, name = _literal(attribute.member), _literal(attribute.name)
    value = f"load_{place}(sent[{member}], visible)"
    if attribute.quick is not None:
        value = f"{value} if (value := quick_{place}(sent[{member}], visible)) is None else value"
    lines = [f"if {member} in sent:", f"    values[{name}] = {value}", "    unread -= 1"]
    if attribute.absent is not None:
        lines += [f"elif (value := absent_{place}()) is not missing:", f"    values[{name}] = value"]
    return lines


def _linking_lines(place: int, relation: Relation) -> list[str]:
    member = _literal(relation.member)
    absent = "return None" if relation.is_required else f"linkage_{place} = None"
    return [
        f"find_{place} = related[{_literal(relation.name)}]",
        f"if {member} in linked:",
        f"    relationship = linked[{member}]",
        f"    linkage_{place} = identify_{place}(relationship['data'])",
        "    if len(relationship) != 1:",
        "        return None",
        "    unread -= 1",
        "else:",
        f"    {absent}",
    ]


def _finding_lines(place: int, relation: Relation) -> list[str]:
    found = f"find_all(find_{place}, linkage_{place})" if relation.many else f"find_{place}(linkage_{place})"
    return [
        f"if linkage_{place} is not None:",
        f"    values[{_literal(relation.name)}] = found = {found}",
        "    if found is None:",
        "        return None",
    ]
