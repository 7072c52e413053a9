"""Encoding by orjson: resources are dictionaries, with fragments for what is JSON already."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import orjson

from jsonapi_sieve.document import to_json
from jsonapi_sieve.serialization.encoding.library import Column, Library, Moments, WriteResources

__all__ = ["Orjson"]


class Orjson(Library):
    """See `Library`."""

    moments: Moments | None = Moments(partial(orjson.dumps, option=orjson.OPT_UTC_Z), orjson.loads)

    def embed(self, value: object) -> orjson.Fragment:
        return orjson.Fragment(to_json(value))

    def resources(self, members: tuple[str, ...], last: str | None) -> WriteResources:
        fragment = orjson.Fragment

        def write(heads: Sequence[str], columns: Sequence[Column], tails: Sequence[str]) -> bytes:
            written: list[dict[str, object]] = [{"id": fragment(head)} for head in heads]
            if members:
                for resource, values in zip(written, zip(*columns, strict=True), strict=True):
                    resource["attributes"] = dict(zip(members, values, strict=True))
            if last:
                for resource, tail in zip(written, tails, strict=True):
                    resource[last] = fragment(tail)
            return orjson.dumps(written)[1:-1]

        return write
