"""Encoding by the standard library, which is what the others are measured against."""

from __future__ import annotations

from collections.abc import Sequence

from jsonapi_sieve.document import to_json
from jsonapi_sieve.serialization.encoding.library import Column, Library, WriteResources

__all__ = ["Standard"]


class Standard(Library):
    """See `Library`."""

    def embed(self, value: object) -> object:
        return value

    def resources(self, members: tuple[str, ...], last: str | None) -> WriteResources:
        def write(heads: Sequence[str], columns: Sequence[Column], tails: Sequence[str]) -> bytes:
            written = [f'{{"id":{head}' for head in heads]
            if members:
                attributes = [dict(zip(members, values, strict=True)) for values in zip(*columns, strict=True)]
                written = [
                    f'{head},"attributes":{to_json(each)}' for head, each in zip(written, attributes, strict=True)
                ]
            if last:
                written = [f'{head},"{last}":{tail}' for head, tail in zip(written, tails, strict=True)]
            return "},".join([*written, ""])[:-1].encode()

        return write
