"""Encoding by msgspec: the attributes of a resource are a struct, made of columns without a line of Python for each."""

from __future__ import annotations

import decimal
from collections.abc import Sequence
from typing import Annotated, Any, Final, cast

import msgspec

from jsonapi_sieve.document import to_json
from jsonapi_sieve.serialization.encoding.library import Column, Library, Moments, WriteResources, Written

_INTEGERS: Final = list[Annotated[int, msgspec.Meta(gt=-(10**18), lt=10**18)] | None]
"""Members of enumerations, and what else is an int, are made plain ones."""

__all__ = ["Msgspec"]


class Msgspec(Library):
    """See `Library`."""

    def __init__(self) -> None:
        encoder = msgspec.json.Encoder()
        self._encode_into = encoder.encode_into
        self.moments: Moments | None = Moments(encoder.encode, msgspec.json.Decoder(list[str | None]).decode)

    def embed(self, value: object) -> msgspec.Raw:
        return msgspec.Raw(to_json(value))

    def integers(self, column: Column) -> Column | None:
        try:
            return msgspec.convert(column, _INTEGERS)
        except msgspec.ValidationError:
            return None

    def decimal_texts(self, column: Sequence[decimal.Decimal | None]) -> Sequence[str | None]:
        return cast("list[str | None]", msgspec.to_builtins(column))

    def resources(self, members: tuple[str, ...], last: str | None) -> WriteResources:
        attributes = _struct(members)
        resource = _struct(("id", *(["attributes"] if members else []), *([last] if last else [])))
        raw, encode_into = msgspec.Raw, self._encode_into

        def write(heads: Sequence[str], columns: Sequence[Column], tails: Sequence[str]) -> Written:
            parts: list[Any] = [map(raw, heads)]
            if members:
                parts.append(map(attributes, *columns))
            if last:
                parts.append(map(raw, tails))
            resources, written = list(map(resource, *parts)), bytearray()
            encode_into(resources, written)
            del written[0], written[-1]  # the brackets, without a copy of all that is between them
            return written

        return write


def _struct(members: tuple[str, ...]) -> type[msgspec.Struct]:
    names = {f"member_{number}": member for number, member in enumerate(members)}
    # Nothing in them leads back to them, so the collector of garbage need not look.
    return msgspec.defstruct("Members", [(name, Any) for name in names], rename=names, gc=False)
