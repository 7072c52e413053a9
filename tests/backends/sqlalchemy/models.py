"""One mapped class with a column of each kind, its fields, and rows for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from jsonapi_sieve import types
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime
from jsonapi_sieve.field import Field


@dataclass
class Filters:
    """A declaration, as `check` takes one."""

    fields: list[Field[Any]]

    def declarations(self) -> list[Field[Any]]:
        return self.fields


class Base(DeclarativeBase):
    pass


class Status(Enum):
    Pending = 1
    Completed = 2
    Failed = 3


class Call(Base):
    __tablename__ = "calls"

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    success: Mapped[bool | None]
    small: Mapped[int | None] = mapped_column(sa.SmallInteger)
    duration: Mapped[int | None]
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    price: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    rough: Mapped[Decimal | None] = mapped_column(sa.Numeric(10, 2, asdecimal=False))
    quality: Mapped[float | None] = mapped_column(sa.Double)
    source: Mapped[str | None]
    nickname: Mapped[str | None] = mapped_column(sa.String(collation="NOCASE"))
    padded: Mapped[str | None] = mapped_column(sa.Text(collation="RTRIM"))
    status: Mapped[str | None]
    state: Mapped[Status | None]
    account: Mapped[UUID | None]
    token: Mapped[str | None] = mapped_column(sa.Uuid(as_uuid=False))
    trace: Mapped[str | None] = mapped_column(sa.String(36))
    address: Mapped[str | None]
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime(digits=3))
    seen_at: Mapped[datetime | None] = mapped_column(sa.DateTime)
    day: Mapped[date | None]


_STATES = types.Enum("Pending", "Completed", "Failed")
_TYPES: dict[str, types.ValueType[Any, Any]] = {
    "id": types.Integer(32),
    "success": types.Boolean(),
    "small": types.Integer(16),
    "duration": types.Integer(64),
    "size": types.Integer(64),
    "price": types.Decimal(scale=2),
    "rough": types.Decimal(exact=False),
    "quality": types.Float(),
    "source": types.Text(),
    "nickname": types.Text(),
    "padded": types.Text(),
    "status": _STATES,
    "state": _STATES,
    "account": types.Uuid(),
    "token": types.Uuid(),
    "trace": types.Uuid(),
    "address": types.Address(),
    "started_at": types.Timestamp(),
    "ended_at": types.Timestamp(),
    "seen_at": types.Timestamp(zone="UTC"),
    "day": types.Date(),
}
FIELDS: Final[Mapping[str, Field[Any]]] = {
    name: Field(type_, name=name, nullable=name != "id") for name, type_ in _TYPES.items()
}

TEXTS = (
    "",
    "a",
    "A",
    "ab",
    "aB",
    "ba",
    "aba",
    "a ",
    "%",
    "a%b",
    "a_b",
    "\\",
    "\\%",
    "'; DROP TABLE calls; --",
    'a"b',
    "10",
    "010",
    "é",
    "É",
    "e\u0301",
    "\u017f",
    "İ",
    "ﬀ",
    "\uffff",
    "😀",
    "😀a",
    "\U0010ffff",
    "\U0010ffff\U0010ffff",
    "line\nbreak",
    "null",
    "[1]",
)
_UUIDS = (
    "00000000-0000-4000-8000-000000000000",
    "4ada0a5e-1f3c-4b0c-9a55-0123456789ab",
    "f" * 8 + "-ffff-4fff-bfff-" + "f" * 12,
)
_MOMENTS = tuple(
    datetime.fromisoformat(text).replace(tzinfo=UTC)
    for text in (
        "0001-01-01",
        "2018-12-31T23:59:59.999",
        "2019-01-01",
        "2019-01-01T00:00:00.001",
        "9999-12-31T23:59:59.999",
    )
)

VALUES: Final[Mapping[str, tuple[Any, ...]]] = {
    "success": (True, False),
    "small": (-(2**15), -1, 0, 1, 2**15 - 1),
    "duration": (-(2**31), -1, 0, 1, 2**31 - 1),
    "size": (-(2**63), -(2**53) - 1, 0, 2**53 + 1, 2**63 - 1),
    "price": tuple(map(Decimal, ("-" + "9" * 38 + ".99", "-1.01", "-0.5", "0", "0.1", "2", "9" * 38 + ".99"))),
    "rough": tuple(map(Decimal, ("-1.5", "0.1", "0.3", "2"))),
    "quality": (-1e39, -0.1, 0.0, 1e-39, 0.1, 0.30000000000000004, 1.2345678901234567e38),
    "source": TEXTS,
    "nickname": TEXTS,
    "padded": TEXTS,
    "status": ("Pending", "Completed", "Failed"),
    "state": ("Pending", "Completed", "Failed"),
    "account": _UUIDS,
    "token": _UUIDS,
    "trace": _UUIDS,
    "address": ("10.0.0.1", "10.0.0.0/8", "::1", "::ffff:1.2.3.4"),
    "started_at": (*_MOMENTS, datetime(2019, 1, 1, 0, 0, 0, 1, UTC), datetime(2019, 1, 1, 0, 0, 0, 1001, UTC)),
    "ended_at": _MOMENTS,
    "seen_at": _MOMENTS,
    "day": (date(1, 1, 1), date(2018, 12, 31), date(2019, 1, 1), date(9999, 12, 31)),
}
"""The values, as constants, that rows hold."""


def constants_of_rows() -> list[dict[str, Any]]:
    """Give rows as constants: each value of each column stands in one, and one holds NULL throughout."""
    count = max(map(len, VALUES.values()))
    rows = [{name: values[index % len(values)] for name, values in VALUES.items()} for index in range(count)]
    return [{"id": index, **row} for index, row in enumerate([*rows, dict.fromkeys(VALUES)])]


def stored(row: Mapping[str, Any]) -> Call:
    """Make an object of a row of constants."""
    values = dict(row)
    for name in ("rough", "account", "seen_at", "state"):
        if values[name] is not None:
            values[name] = _NATIVE[name](values[name])
    return Call(**values)


_NATIVE: Final[Mapping[str, Any]] = {
    "rough": float,
    "account": UUID,
    "seen_at": lambda moment: moment.replace(tzinfo=None),
    "state": Status.__getitem__,
}
