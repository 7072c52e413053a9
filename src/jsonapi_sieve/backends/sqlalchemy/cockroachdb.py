"""The rules of CockroachDB (22.2 or newer): those of PostgreSQL, but for what it does otherwise by its documents.

No server of it can be had for tests, so only what is sent is tested.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase
from typing import Any, ClassVar

from sqlalchemy.types import TypeEngine

from jsonapi_sieve.backends.sqlalchemy.postgresql import PostgreSQLRules

__all__ = ["CockroachDBRules"]


class CockroachDBRules(PostgreSQLRules):
    """CockroachDB reads statements as PostgreSQL does, and sorts text by code point unless a column says otherwise."""

    engine: ClassVar[str] = "cockroachdb"

    def item_type(self, item: TypeEngine[Any], column: TypeEngine[Any]) -> TypeEngine[Any]:
        # An INTEGER has 64 bits.
        return item

    def ascii_lower(self, text: str) -> str:
        # Its lower() knows all letters.
        return f"translate({text} COLLATE \"C\", '{ascii_uppercase}', '{ascii_lowercase}')"

    def starts_with(self, text: str, prefix: str) -> str:
        return f"left({text}, length({prefix})) = {prefix}"
