"""Filters through relationships on PostgreSQL: columns of its own types, and the indexes that serve EXISTS."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from jsonapi_sieve import Field, FilterSet, Predicate, ToMany, ToOne, types
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime, check, compile_page, compile_select
from tests.engines.postgresql import PostgreSQL

ROWS = 20_000
ACCOUNTS = 2_000


class Status(enum.Enum):
    OPEN = "open"
    CLOSED = "closed"


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    key: Mapped[uuid.UUID]
    status: Mapped[Status]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime())
    balance: Mapped[Decimal] = mapped_column(ExactDecimal(2))
    calls: Mapped[list[Call]] = relationship(back_populates="account")


class Call(Base):
    __tablename__ = "calls"

    id: Mapped[int] = mapped_column(primary_key=True)
    duration: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    account: Mapped[Account | None] = relationship(back_populates="calls")


class NearCall(FilterSet):
    duration = Field(types.Integer(32))


class AccountFilters(FilterSet):
    name = Field(types.Text())
    key = Field(types.Uuid())
    status = Field(types.Enum("open", "closed"))
    opened_at = Field(types.Timestamp())
    balance = Field(types.Decimal(scale=2))
    calls = ToMany(NearCall)


class CallFilters(FilterSet):
    id = Field(types.Integer(32))
    account = ToOne(AccountFilters)


A, C = AccountFilters, CallFilters


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with PostgreSQL().open() as opened, Session(opened.connection) as session:
        Base.metadata.create_all(opened.connection)
        session.execute(
            sa.insert(Account),
            [
                {
                    "id": number,
                    "name": f"{number:04}",
                    "key": uuid.UUID(int=number),
                    "status": Status.OPEN if number % 2 else Status.CLOSED,
                    "opened_at": datetime.fromtimestamp(number, UTC),
                    "balance": Decimal(number) / 100,
                }
                for number in range(1, ACCOUNTS + 1)
            ],
        )
        session.execute(
            sa.insert(Call),
            [
                {"id": number, "duration": number, "account_id": number % ACCOUNTS or None}
                for number in range(1, ROWS + 1)
            ],
        )
        session.execute(sa.text("ANALYZE"))
        session.commit()
        yield session


def test_columns_of_its_own_types_are_compared_behind_a_hop(session: Session) -> None:
    check(CallFilters(), Call, session.get_bind().dialect)
    every_call_of_7 = [7 + ACCOUNTS * turn for turn in range(ROWS // ACCOUNTS)]
    for predicate in (
        A.key.eq(str(uuid.UUID(int=7))),
        A.key.in_([str(uuid.UUID(int=7)), str(uuid.UUID(int=0))]),
        A.opened_at.in_([datetime.fromtimestamp(7, UTC)]),
        A.balance.eq(Decimal("0.07")),
        A.status.eq("open") & A.balance.gt(Decimal("0.05")) & A.balance.lt(Decimal("0.09")),
        A.status.not_in(["closed"]) & A.name.eq("0007"),
        A.calls.any(NearCall.duration.eq(7)),
        A.calls.any(NearCall.duration.in_([7, 2007])),
    ):
        statement, values = compile_select(C.account.any(predicate), Call)
        assert sorted(call.id for call in session.scalars(statement, values)) == every_call_of_7, predicate


def plan(session: Session, statement: sa.Select[Any], values: dict[str, object]) -> str:
    connection, sent = session.connection(), []

    def note(_: Any, __: Any, sql: str, parameters: Any, *___: Any) -> None:
        sent.append((sql, parameters))

    sa.event.listen(connection, "before_cursor_execute", note)
    session.execute(statement, values).all()
    sa.event.remove(connection, "before_cursor_execute", note)
    sql, parameters = sent[0]
    return "\n".join(connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {sql}", parameters).scalars())


@pytest.mark.parametrize(
    ("predicate", "target", "indexes"),
    [
        (C.account.any(A.name.eq("0007")), Call, ["ix_calls_account_id", "ix_accounts_name"]),
        (
            A.calls.any(NearCall.duration.gt(0)) & A.name.eq("0007"),
            Account,
            ["ix_calls_account_id", "ix_accounts_name"],
        ),
        (A.calls.none(NearCall.duration.gt(0)) & A.name.eq("0007"), Account, ["ix_calls_account_id"]),
        (A.calls.all(NearCall.duration.gt(0)) & A.name.eq("0007"), Account, ["ix_calls_account_id"]),
    ],
    ids=repr,
)
def test_indexes_of_keys_serve(session: Session, predicate: Predicate, target: type[Any], indexes: list[str]) -> None:
    steps = plan(session, *compile_select(predicate, target))
    assert all(index in steps for index in indexes), steps
    assert "Seq Scan" not in steps


def test_a_page_reads_no_more_related_rows_than_it_needs(session: Session) -> None:
    statement, values = compile_page(C.account.any(A.status.eq("open")), Call, (), limit=10, offset=0)
    steps = plan(session, statement, values)
    assert steps.startswith("Limit")
    assert "Index Scan using calls_pkey on calls" in steps
