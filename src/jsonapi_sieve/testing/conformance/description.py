"""What a kit is told of an API, beyond what it finds out by asking."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from jsonapi_sieve.testing.conformance.addresses import query_of

__all__ = ["Collection", "Description", "Paging"]

Paging: TypeAlias = Literal["numbered", "offset", "cursor"]
"""What the parameters of `page` are: `number` and `size`, `offset` and `limit`, or `after`, `before` and `size`."""


@dataclass(frozen=True)
class Collection:
    """One collection of an API; all but its path may be left out, and what is left out is not checked.

    `path` is below the description's base. Each of `filters` is a query string that finds some of the resources and not
    all, and `empty` one that finds none. `sort` names fields to sort by, `include` paths to include, `to_one` and
    `to_many` relationships. `pages` says how it is paged. `create` is the body of a POST that succeeds each time it is
    sent: in its texts, `{unique}` stands for a text that no other request has. Without it, nothing but GET and HEAD is
    sent to the collection.

    >>> Collection("/articles", sort=("title",), include=("author",)).path
    '/articles'

    Raises:
        ValueError: for a filter that is no query string.
    """

    path: str
    type: str = ""
    filters: tuple[str, ...] = ()
    empty: str = ""
    sort: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    to_one: tuple[str, ...] = ()
    to_many: tuple[str, ...] = ()
    pages: Paging | None = None
    create: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for query in self.filters:
            if not query_of(f"?{query}"):
                raise ValueError(f"{query!r} is no filter, which is a query string such as filter[title]=Sieve.")


@dataclass(frozen=True)
class Description:
    """An API as its tester describes it.

    `base` is the path that all collections are below, `headers` go with every request, and `profiles` are those that
    the API applies when a client asks for them. With `create` False nothing is sent but GET and HEAD. Without
    collections, the target itself is the address of one.

    >>> Description((Collection("/articles"),), headers={"Authorization": "Bearer ..."}).create
    True
    """

    collections: tuple[Collection, ...] = ()
    base: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()
    create: bool = True

    @classmethod
    def load(cls, path: str | Path) -> Description:
        """Read a description from a TOML file, whose keys have the names of the members here.

        Raises:
            ValueError: for what is no such file.
        """
        try:
            table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ValueError(f"{path} is no description: {error}") from error
        return cls.from_dict(table)

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Description:
        """Make a description of the mappings, lists and texts that a file holds.

        >>> Description.from_dict({"collections": [{"path": "/articles", "sort": ["title"]}]}).collections
        (Collection(path='/articles', type='', filters=(), empty='', sort=('title',), ...),)

        Raises:
            ValueError: for a key that there is not, or a value of another kind.
        """
        entries = table.get("collections", [])
        if not isinstance(entries, list):
            raise ValueError("collections is a list of tables, [[collections]] each.")  # noqa: TRY004  (a fault of a file)
        collections = tuple(Collection(**_members(Collection, entry, "a collection")) for entry in entries)
        return cls(**{**_members(cls, table, "a description"), "collections": collections})


def _members(kind: type[Any], table: object, what: str) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise ValueError(f"{what} is a table.")  # noqa: TRY004  (a fault of a file)
    known = {member.name: member.type for member in fields(kind)}
    for name, value in table.items():
        if name not in known:
            raise ValueError(f"{what} has no {name!r}, only {', '.join(known)}.")
        if not _is(value, known[name]):
            raise ValueError(f"{name} is {value!r}, and has to be {_KINDS[known[name]]}.")
    if kind is Collection and "path" not in table:
        raise ValueError("a collection needs a path.")
    return {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}


_KINDS: Mapping[Any, str] = {
    "str": "a text",
    "bool": "true or false",
    "tuple[str, ...]": "a list of texts",
    "tuple[Collection, ...]": "a list of tables",
    "Mapping[str, str]": "a table of texts",
    "Mapping[str, Any]": "a table of JSON values, in which dates and times are texts",
    "Paging | None": f"one of {', '.join(get_args(Paging))}",
}


def _is_json(value: object) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def _is(value: object, kind: Any) -> bool:
    match kind:
        case "str":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
        case "tuple[str, ...]":
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        case "Mapping[str, str]":
            return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
        case "Mapping[str, Any]":
            return isinstance(value, dict) and _is_json(value)
        case "Paging | None":
            return value in get_args(Paging)
        case _:
            return True
