"""The table of the measured cases: its filters, its SQLAlchemy model, and the engines that select from it."""

from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from jsonapi_sieve import AllOf, AnyOf, Field, FilterSet, Predicate, types
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime, compile_select
from jsonapi_sieve.operators import offered_by
from tests.ransack.corpus import ROWS

__all__ = ["CallFilters", "CamelWireFilters", "Engines", "LooseCallFilters", "WireFilters"]

A = TypeVar("A")


def opened(type: types.ValueType[Any, A], *, nullable: bool = True) -> Field[A]:
    """Declare a field with every operator that its type can have."""
    operators = [operator.name for operator in offered_by(type.name)]
    return Field(type, nullable=nullable, operators=operators)


class CallFilters(FilterSet):
    """Everything that can be opened is open."""

    id = opened(types.Integer(64), nullable=False)
    uuid = opened(types.Uuid())
    time_start = opened(types.Timestamp(), nullable=False)
    time_end = opened(types.Timestamp())
    duration = opened(types.Integer(32))
    success = opened(types.Boolean())
    customer_price = opened(types.Decimal(scale=20))
    destination_fee = opened(types.Decimal(scale=20))
    pdd = opened(types.Float())
    lega_disconnect_code = opened(types.Integer(32))
    routing_attempt = opened(types.Integer(16))
    src_prefix_in = opened(types.Text())
    dst_prefix_in = opened(types.Text())
    src_name_in = opened(types.Text())
    status = opened(types.Text(), nullable=False)
    auth_orig_ip = opened(types.Address())

    src_prefix_in_or_src_name_in = AnyOf("src_prefix_in", "src_name_in", operators=("start",))
    src_prefix_in_or_dst_prefix_in = AnyOf("src_prefix_in", "dst_prefix_in", operators=("null",))
    dst_prefix_in_or_src_prefix_in = AnyOf("dst_prefix_in", "src_prefix_in", operators=("cont",))
    src_prefix_in_and_dst_prefix_in = AllOf("src_prefix_in", "dst_prefix_in", operators=("end",))
    src_prefix_in_and_src_name_in_and_dst_prefix_in = AllOf(
        "src_prefix_in", "src_name_in", "dst_prefix_in", operators=("cont_any",)
    )
    src_name_in_and_src_prefix_in_and_dst_prefix_in = AllOf(
        "src_name_in", "src_prefix_in", "dst_prefix_in", operators=("cont", "matches")
    )


class LooseCallFilters(CallFilters):
    """The same with more spellings of timestamps."""

    time_start = opened(types.Timestamp(loose=True), nullable=False)
    time_end = opened(types.Timestamp(loose=True))


class WireFilters(FilterSet):
    """The declaration behind the query strings: the default operators of each type."""

    id = Field(types.Integer(64))
    uuid = Field(types.Uuid(), nullable=True)
    time_start = Field(types.Timestamp())
    time_end = Field(types.Timestamp(), nullable=True)
    duration = Field(types.Integer(32), nullable=True)
    success = Field(types.Boolean(), nullable=True)
    customer_price = Field(types.Decimal(scale=20), nullable=True)
    destination_fee = Field(types.Decimal(scale=20), nullable=True)
    pdd = Field(types.Float(), nullable=True)
    lega_disconnect_code = Field(types.Integer(32), nullable=True)
    routing_attempt = Field(types.Integer(16), nullable=True)
    src_prefix_in = Field(types.Text(), nullable=True)
    dst_prefix_in = Field(types.Text(), nullable=True)
    src_name_in = Field(types.Text(), nullable=True)
    status = Field(types.Enum("Pending", "Processing", "Completed", "Failed", "Deleted"))
    auth_orig_ip = Field(types.Address(), nullable=True)


class CamelWireFilters(WireFilters, camel=True):
    """The same with camel case turned on."""


class Base(DeclarativeBase):
    pass


class Call(Base):
    """A row of the table."""

    __tablename__ = "calls"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    uuid: Mapped[UUID | None] = mapped_column(sa.Uuid)
    time_start: Mapped[datetime] = mapped_column(UtcDateTime(6))
    time_end: Mapped[datetime | None] = mapped_column(UtcDateTime(6))
    duration: Mapped[int | None] = mapped_column(sa.Integer)
    success: Mapped[bool | None] = mapped_column(sa.Boolean)
    customer_price: Mapped[Decimal | None] = mapped_column(ExactDecimal(20))
    destination_fee: Mapped[Decimal | None] = mapped_column(ExactDecimal(20))
    pdd: Mapped[float | None] = mapped_column(sa.Double)
    lega_disconnect_code: Mapped[int | None] = mapped_column(sa.Integer)
    routing_attempt: Mapped[int | None] = mapped_column(sa.SmallInteger)
    src_prefix_in: Mapped[str | None] = mapped_column(sa.Text)
    dst_prefix_in: Mapped[str | None] = mapped_column(sa.Text)
    src_name_in: Mapped[str | None] = mapped_column(sa.Text)
    status: Mapped[str] = mapped_column(sa.Text)
    auth_orig_ip: Mapped[str | None] = mapped_column(sa.Text)


class Engines:
    """Selects ids by a predicate, with each engine."""

    def __init__(self, session: Session) -> None:
        Base.metadata.create_all(session.connection())
        session.execute(sa.insert(Call), list(ROWS))
        self._session = session

    def select(self, predicate: Predicate) -> dict[str, list[int]]:
        """Give the ids by the name of the engine."""
        statement, values = compile_select(predicate, Call)
        return {
            "Python": [row["id"] for row in compile_python(predicate).select(list(ROWS))],
            "SQLite": sorted(call.id for call in self._session.scalars(statement, values)),
        }
