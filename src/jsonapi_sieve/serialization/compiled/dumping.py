"""Resource objects from rows of all kinds: by generated code, and by the schema's own where that has to do it."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

from jsonapi_sieve.serialization.compiled.reading import way_of
from jsonapi_sieve.serialization.compiled.source import encoder

__all__ = ["Encoders"]


class Encoders:
    """The generated code of one schema's instance, for each way of reading rows.

    What it cannot do for a row the instance does for that row. Errors that rows raise there are not the first ones
    that the instance would raise for all of them.
    """

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self._encoder = lru_cache(maxsize=32)(partial(encoder, schema))

    def encode_all(self, rows: list[Any]) -> list[Any]:
        """Give the resource objects of rows."""
        if _are_alike(rows):
            try:
                return list(map(self._encoder(way_of(rows[0])), rows))
            except Exception:  # noqa: BLE001, S110  (some row is not as most are, and rows may raise anything)
                pass
        return list(map(self.encode, rows))

    def encode(self, row: Any) -> Any:
        """Give the resource object of a row."""
        try:
            return self._encoder(way_of(row))(row)
        except Exception:  # noqa: BLE001  (a row may raise anything)
            return self._schema.format_item(self._schema._serialize(row, many=False))  # noqa: SLF001


def _are_alike(rows: list[Any]) -> bool:
    """Tell whether rows are all read in one way; those of SQLAlchemy are one class, whatever their columns."""
    if len(set(map(type, rows))) != 1:
        return False
    return not isinstance(way_of(rows[0]), tuple) or len({row._fields for row in rows}) == 1
