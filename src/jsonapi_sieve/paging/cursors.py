"""Cursors: a place in a sorted collection as signed text that clients send back.

A cursor holds the sort values of a row, and what all pages of one walk have in common. It is signed, not encrypted:
whoever has it can read the values, nobody can change them. It never says what a client may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID

from jsonapi_sieve.errors import CompileError, NotRenderable
from jsonapi_sieve.sorting import Position

__all__ = ["LONGEST", "BadCursor", "Cursor", "Signer", "Walk"]

LONGEST: Final = 32_768
"""Characters of the longest cursor that is read or made, the budget of a parameter's value."""


class Walk(NamedTuple):
    """What all pages of one walk through a collection have in common.

    `type` is that of the resources, `sort` the keys of their total order, `filters` a digest of what the client
    filters by, and `moment` the one that defaults of filters are counted from.
    """

    type: str
    sort: str
    filters: str
    moment: datetime


class Cursor(NamedTuple):
    """A place in the collection of a walk."""

    walk: Walk
    position: Position


class BadCursor(ValueError):
    """A text is no cursor that was made with the secret."""


class Signer:
    """Writes and reads cursors. Of several secrets, the last one signs and all are read (itsdangerous, "Key Rotation").

    >>> signer = Signer("secret")
    >>> walk = Walk("cdrs", "-duration,-id", "", datetime(2024, 7, 17, tzinfo=UTC))
    >>> signer.read(signer.write(Cursor(walk, (60, 8)))) == Cursor(walk, (60, 8))
    True
    """

    __slots__ = ("_serializer",)

    def __init__(self, secrets: str | bytes | Sequence[str] | Sequence[bytes]) -> None:
        from itsdangerous import URLSafeSerializer  # noqa: PLC0415  (only cursors need it)

        self._serializer: Any = URLSafeSerializer(
            secrets,
            salt="jsonapi-sieve.cursor",
            signer_kwargs={"key_derivation": "hmac", "digest_method": sha256},
        )

    def write(self, cursor: Cursor) -> str:
        """Write a cursor.

        Raises:
            CompileError: for a value that no cursor can hold.
            NotRenderable: for values so long that the cursor would not be read.
        """
        walk = cursor.walk
        moment = (walk.moment - _EPOCH) // _MICROSECOND
        written: str = self._serializer.dumps(
            [walk.type, walk.sort, walk.filters, moment, [_dumped(value) for value in cursor.position]]
        )
        if len(written) > LONGEST:
            raise NotRenderable(f"a cursor of {len(written)} characters would not be read; at most {LONGEST} are")
        return written

    def read(self, text: str) -> Cursor:
        """Read a cursor.

        Raises:
            BadCursor: for any text that `write` did not give with one of the secrets.
        """
        from itsdangerous import BadData  # noqa: PLC0415

        if len(text) > LONGEST or not text.isascii():
            raise BadCursor
        try:
            type_, sort, filters, moment, values = self._serializer.loads(text)
        except BadData:
            raise BadCursor from None
        return Cursor(
            Walk(type_, sort, filters, _EPOCH + moment * _MICROSECOND), tuple(_loaded(value) for value in values)
        )


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def _dumped(value: object) -> object:
    """Write a value as JSON: what JSON does not have is an object that names its type."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return {"decimal": str(value)}
        case UUID():
            return {"uuid": value.hex}
        case datetime():
            return {"datetime": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case _:
            raise CompileError(f"a cursor cannot hold {type(value).__name__}: sort by another attribute")


def _loaded(value: Any) -> object:
    match value:
        case {"decimal": text}:
            return Decimal(text)
        case {"uuid": text}:
            return UUID(text)
        case {"datetime": text}:
            return datetime.fromisoformat(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case _:
            return value
