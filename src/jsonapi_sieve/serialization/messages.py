"""What marshmallow says of a document: each of its messages, and the path of what it is about."""

from __future__ import annotations

from collections.abc import Iterator

from marshmallow.exceptions import SCHEMA

from jsonapi_sieve.document.places import Path

__all__ = ["messages_of"]


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
