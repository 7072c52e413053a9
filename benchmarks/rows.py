"""The rows that the contests run on: CDR-like, with NULLs, the same at every run."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from jsonapi_sieve import Field, FilterSet, ToMany, types

STATUSES = ("Pending", "Processing", "Completed", "Failed", "Deleted")
FIRST = datetime(2024, 7, 17, tzinfo=UTC)


class CallFilters(FilterSet):
    """The attributes of the rows."""

    id = Field(types.Integer(64))
    status = Field(types.Enum(*STATUSES))
    customer_price = Field(types.Decimal(scale=12), nullable=True)
    time_start = Field(types.Timestamp(digits=3))
    account_id = Field(types.Integer(32), nullable=True)
    src_name_in = Field(types.Text(), nullable=True)


class AccountFilters(FilterSet):
    """The attributes of rows that are related to several calls."""

    id = Field(types.Integer(64))
    calls = ToMany(CallFilters)


class NamedCall(NamedTuple):
    """A call as a tuple."""

    id: int
    status: str
    customer_price: Decimal | None
    time_start: datetime
    account_id: int | None
    src_name_in: str | None


@dataclass(slots=True)
class SlottedCall:
    """A call as an object without a dictionary."""

    id: int
    status: str
    customer_price: Decimal | None
    time_start: datetime
    account_id: int | None
    src_name_in: str | None


class Base(DeclarativeBase):
    """What the mapped class belongs to."""


class MappedCall(Base):
    """A call as an instance of SQLAlchemy's."""

    __tablename__ = "calls"

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]
    customer_price: Mapped[Decimal | None]
    time_start: Mapped[datetime]
    account_id: Mapped[int | None]
    src_name_in: Mapped[str | None]


def calls(count: int) -> list[dict[str, Any]]:
    """Make rows as dictionaries."""
    chance = random.Random(1)
    return [
        {
            "id": number,
            "status": chance.choice(STATUSES),
            "customer_price": Decimal(chance.randrange(100_000)).scaleb(-4) if chance.random() > 0.1 else None,
            "time_start": FIRST + timedelta(milliseconds=chance.randrange(30 * 86_400_000)),
            "account_id": chance.randrange(1000) if chance.random() > 0.05 else None,
            "src_name_in": f"Name {chance.randrange(1000)}" if chance.random() > 0.2 else None,
        }
        for number in range(count)
    ]


def as_rows(held: Iterable[dict[str, Any]]) -> list[Row[Any]]:
    """Give calls as rows of SQLAlchemy's, without a database."""
    columns = NamedCall._fields
    tuples = (tuple([row[name] for name in columns]) for row in held)
    rows: Iterable[Row[Any]] = IteratorResult(SimpleResultMetaData(columns), tuples)
    return list(rows)


def accounts(count: int) -> list[dict[str, Any]]:
    """Make rows that are each related to three calls."""
    related = calls(3 * count)
    return [{"id": number, "calls": related[3 * number : 3 * number + 3]} for number in range(count)]
