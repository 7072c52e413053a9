"""What marshmallow says of a document: each of its messages, and the place that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from marshmallow.exceptions import SCHEMA

from jsonapi_sieve.document.places import ROOT, Place

__all__ = ["Path", "deepest", "messages_of", "path_of"]

_is_index = re.compile("0|[1-9][0-9]{0,17}").fullmatch

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead to a value, from the outside in."""


def messages_of(messages: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Give each message of a `ValidationError` with the path of what it is about.

    >>> list(messages_of({"tags": {0: ["Not a valid string."]}, "_schema": ["Too much."]}))
    [(('tags', 0), 'Not a valid string.'), ((), 'Too much.')]
    """
    match messages:
        case dict():
            for key, below in messages.items():
                yield from messages_of(below, path if key == SCHEMA else (*path, key))
        case list() | tuple():
            for message in messages:
                yield from messages_of(message, path)
        case _:
            yield path, messages


def path_of(pointer: str) -> Path:
    """Give the path that a JSON pointer is written for; indices stay text (RFC 6901).

    >>> path_of("/tags/0")
    ('tags', '0')
    """
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def deepest(document: object, path: Path) -> tuple[Place, Path]:
    """Give the place that a path leads to in a document, or the nearest one around it, and what of the path is left.

    >>> place, rest = deepest({"data": {"attributes": {"tags": ["a"]}}}, ("data", "attributes", "tags", 7, "name"))
    >>> place.pointer, rest
    ('/data/attributes/tags', (7, 'name'))
    """
    place = ROOT
    for index, token in enumerate(path):
        match document:
            case dict() if token in document:
                document = document[token]
            case list() if _is_index(str(token)) and int(token) < len(document):
                document = document[int(token)]
            case _:
                return place, path[index:]
        place = place.member(token)
    return place, ()
