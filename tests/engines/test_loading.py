"""Every engine takes rows of every type, gives them back as they were, and forgets them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from jsonapi_sieve import TRUE, SortKey, types
from jsonapi_sieve.testing.strategies.near import AnyType
from tests.engines.base import Opened
from tests.engines.table import table

EVERY_TYPE: dict[str, AnyType] = {
    "boolean": types.Boolean(),
    "small": types.Integer(16),
    "integer": types.Integer(32),
    "big": types.Integer(64),
    "decimal": types.Decimal(scale=12),
    "number": types.Float(),
    "text": types.Text(),
    "enum": types.Enum("Pending", "Completed"),
    "uuid": types.Uuid(),
    "address": types.Address(),
    "millisecond": types.Timestamp(digits=3),
    "microsecond": types.Timestamp(digits=6),
    "date": types.Date(),
}
ROW = (
    *(True, -32_768, 2**31 - 1, -(2**63), Decimal("1234567890123456789012345.123456789012"), 0.1, "\u00e9 ", "Pending"),
    *("9f0e4e3c-6c6f-4f3a-8f53-0d5c3f7b6a10", "10.0.0.0/8"),
    *(datetime(2024, 2, 29, 12, 0, 0, 1_000, UTC), datetime(2024, 2, 29, 12, 0, 0, 1, UTC), date(2024, 2, 29)),
)


def test_rows_of_every_type_and_rows_of_nothing(engine: Opened) -> None:
    rows = table("loading", EVERY_TYPE, [ROW, (None,) * len(ROW)])
    for _ in range(2):
        with engine.load(rows) as loaded:
            assert loaded.select(TRUE) == [1, 2]
            assert loaded.select(rows.field("big").eq(-(2**63))) == [1]
            assert loaded.arrange((SortKey("text", descending=True),)) == [2, 1]


def test_version(engine: Opened) -> None:
    assert engine.version[0].isdigit()
