"""Encoding by msgspec: the attributes of a resource are a struct, made of columns without a line of Python for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import msgspec

from jsonapi_sieve.document import to_json
from jsonapi_sieve.serialization.encoding.library import Column, Library, WriteResources

__all__ = ["Msgspec"]


class Msgspec(Library):
    """See `Library`."""

    def __init__(self) -> None:
        self._encode = msgspec.json.Encoder().encode

    def embed(self, value: object) -> msgspec.Raw:
        return msgspec.Raw(to_json(value))

    def encode_moments(self, column: Sequence[datetime | None]) -> bytes:
        return self._encode(column)

    def decode_texts(self, encoded: bytes) -> list[str | None]:
        return cast("list[str | None]", msgspec.json.decode(encoded))

    def resources(self, members: tuple[str, ...], last: str | None) -> WriteResources:
        attributes = _struct(members)
        resource = _struct(("id", *(["attributes"] if members else []), *([last] if last else [])))
        raw, encode = msgspec.Raw, self._encode

        def write(heads: Sequence[str], columns: Sequence[Column], tails: Sequence[str]) -> bytes:
            parts: list[Any] = [map(raw, heads)]
            if members:
                parts.append(map(attributes, *columns))
            if last:
                parts.append(map(raw, tails))
            return encode(list(map(resource, *parts)))[1:-1]

        return write


def _struct(members: tuple[str, ...]) -> type[msgspec.Struct]:
    names = {f"member_{number}": member for number, member in enumerate(members)}
    # Nothing in them leads back to them, so the collector of garbage need not look.
    return msgspec.defstruct("Members", [(name, Any) for name in names], rename=names, gc=False)
