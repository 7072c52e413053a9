"""What marshmallow says of a document: each of its messages, and the place that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from marshmallow.exceptions import SCHEMA

from jsonapi_sieve.document.places import ROOT, Place

__all__ = ["Path", "deepest", "messages_of"]

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


def deepest(document: object, path: Sequence[str | int]) -> Place:
    """Give the place that a path leads to in a document, or the nearest one around it that is there.

    >>> deepest({"data": {"attributes": {"tags": ["a"]}}}, ["data", "attributes", "tags", 7, "name"]).pointer
    '/data/attributes/tags'
    """
    place = ROOT
    for token in path:
        match document:
            case dict() if token in document:
                document = document[token]
            case list() if isinstance(token, int) and token < len(document):
                document = document[token]
            case _:
                return place
        place = place.member(token)
    return place
