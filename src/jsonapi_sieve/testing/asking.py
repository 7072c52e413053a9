"""What a client asked for: the inclusion and the fields in a request's URL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias
from urllib.parse import parse_qsl

__all__ = ["Asked", "Paths", "asked"]

Paths: TypeAlias = dict[str, "Paths"]
"""Relationship names, and below each those that follow it in a path."""


class Asked(NamedTuple):
    """The relationship paths of `include`, None when it was not sent, and the fields of each type in `fields`."""

    include: Paths | None
    fields: Mapping[str, frozenset[str]]


def asked(url: str) -> Asked:
    """Read the query of a URL; what is wrong in it is for the server to refuse.

    >>> asked("/articles?include=comments.author,tags&fields[people]=name,age").include
    {'comments': {'author': {}}, 'tags': {}}
    """
    query = url.partition("#")[0].partition("?")[2]
    pairs = parse_qsl(query, keep_blank_values=True)
    includes = [value for name, value in pairs if name == "include"]
    fields: dict[str, frozenset[str]] = {}
    for name, value in pairs:
        if name.startswith("fields["):
            # Which of several a server takes is for it to say.
            type_ = name.removeprefix("fields[").removesuffix("]")
            fields[type_] = fields.get(type_, frozenset()).union(value.split(","))
    return Asked(_tree(includes) if includes else None, fields)


def _tree(includes: Iterable[str]) -> Paths:
    tree: Paths = {}
    for path in ",".join(includes).split(","):
        branch = tree
        for name in path.split("."):
            branch = branch.setdefault(name, {})
    return tree
