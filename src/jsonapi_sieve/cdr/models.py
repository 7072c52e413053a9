"""The tables of the domain, as typed SQLAlchemy models.

Only what the domain always knows is NOT NULL: a call that failed early has no price, no destination, and no time of
connection. Identifiers are text in Python, native UUIDs where the database has them. Every table of what belongs to
customers has a `customer_id`, so that one column keeps each to its own rows, and refers to accounts by it too, so that
none leads to an account of somebody else. Relationships are loaded only when a statement says so; an access that would
send a query of its own raises.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, BigInteger, ForeignKey, ForeignKeyConstraint, Index, Integer, SmallInteger, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime

__all__ = ["Account", "Base", "Cdr", "CdrExport", "DidCdrExport", "TransportProtocol"]

# SQLite numbers rows by itself only under a primary key of exactly the type INTEGER.
_BIG_KEY = BigInteger().with_variant(Integer(), "sqlite")

UuidText = Annotated[str, "a UUID as lower-case text"]


def _account_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["customer_id", "account_id"], ["accounts.customer_id", "accounts.id"])


class Base(DeclarativeBase):
    """The domain's metadata: `Base.metadata.create_all(engine)` makes the tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        UuidText: Uuid(as_uuid=False),
        Decimal: ExactDecimal(scale=12),
        datetime: UtcDateTime(digits=3),
        dict[str, Any]: JSON(),
    }


class TransportProtocol(Base):
    """What SIP messages travel by: UDP, TCP, TLS."""

    __tablename__ = "transport_protocols"

    id: Mapped[int] = mapped_column(SmallInteger(), primary_key=True)
    name: Mapped[str]


class Account(Base):
    """What a customer's calls are billed to. Amounts are in `currency`, `destination_rate_limit` in that per minute."""

    __tablename__ = "accounts"

    id: Mapped[UuidText] = mapped_column(primary_key=True)
    customer_id: Mapped[int]
    name: Mapped[str]
    balance: Mapped[Decimal]
    min_balance: Mapped[Decimal]
    max_balance: Mapped[Decimal]
    balance_low_threshold: Mapped[Decimal | None]
    balance_high_threshold: Mapped[Decimal | None]
    destination_rate_limit: Mapped[Decimal | None]
    max_call_duration: Mapped[int | None]
    external_id: Mapped[int | None] = mapped_column(BigInteger())
    origination_capacity: Mapped[int | None]
    termination_capacity: Mapped[int | None]
    total_capacity: Mapped[int | None]
    currency: Mapped[str]

    cdrs: Mapped[list[Cdr]] = relationship(back_populates="account", foreign_keys="Cdr.account_id", lazy="raise")

    __table_args__: Any = (Index("accounts_of_customer", "customer_id", "id", unique=True),)


class Cdr(Base):
    """One call, as it came in from the customer (leg A) and as it was billed to the customer's account.

    Durations and intervals are in seconds, rates in the account's currency per minute.
    """

    __tablename__ = "cdrs"

    id: Mapped[int] = mapped_column(_BIG_KEY, primary_key=True)
    time_start: Mapped[datetime]
    time_connect: Mapped[datetime | None]
    time_end: Mapped[datetime | None]
    duration: Mapped[int | None]
    success: Mapped[bool | None]
    destination_initial_interval: Mapped[int | None]
    destination_initial_rate: Mapped[Decimal | None]
    destination_next_interval: Mapped[int | None]
    destination_next_rate: Mapped[Decimal | None]
    destination_fee: Mapped[Decimal | None]
    customer_price: Mapped[Decimal | None]
    customer_duration: Mapped[int | None]
    src_name_in: Mapped[str | None]
    src_prefix_in: Mapped[str | None]
    from_domain: Mapped[str | None]
    dst_prefix_in: Mapped[str | None]
    to_domain: Mapped[str | None]
    ruri_domain: Mapped[str | None]
    diversion_in: Mapped[str | None]
    local_tag: Mapped[str | None]
    lega_disconnect_code: Mapped[int | None]
    lega_disconnect_reason: Mapped[str | None]
    auth_orig_transport_protocol_id: Mapped[int | None] = mapped_column(
        SmallInteger(), ForeignKey("transport_protocols.id")
    )
    auth_orig_ip: Mapped[str | None]
    auth_orig_port: Mapped[int | None]
    src_prefix_routing: Mapped[str | None]
    dst_prefix_routing: Mapped[str | None]
    destination_prefix: Mapped[str | None]
    orig_call_id: Mapped[str | None]
    lega_user_agent: Mapped[str | None]
    rec: Mapped[bool]

    # Not shown, but filtered by.
    destination_reverse_billing: Mapped[bool | None]
    customer_acc_vat: Mapped[Decimal | None]
    customer_price_no_vat: Mapped[Decimal | None]
    pai_in: Mapped[str | None]
    ppi_in: Mapped[str | None]
    privacy_in: Mapped[str | None]
    rpid_in: Mapped[str | None]
    rpid_privacy_in: Mapped[str | None]

    customer_id: Mapped[int]
    account_id: Mapped[UuidText]

    account: Mapped[Account] = relationship(back_populates="cdrs", foreign_keys="Cdr.account_id", lazy="raise")
    auth_orig_transport_protocol: Mapped[TransportProtocol | None] = relationship(lazy="raise")

    # Each ends with the primary key, as every order does, so that a page is read from the index alone.
    __table_args__: Any = (
        _account_key(),
        Index("cdrs_by_time", "time_start", "id"),
        Index("cdrs_of_customer_by_time", "customer_id", "time_start", "id"),
        Index("cdrs_of_account_by_time", "account_id", "time_start", "id"),
    )


class CdrExport(Base):
    """An order for a file of CDRs: `filters` is the stored form of a predicate over CDRs."""

    __tablename__ = "cdr_exports"

    id: Mapped[UuidText] = mapped_column(primary_key=True)
    filters: Mapped[dict[str, Any]]
    status: Mapped[str]
    rows_count: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    customer_id: Mapped[int]
    account_id: Mapped[UuidText]

    account: Mapped[Account] = relationship(foreign_keys="CdrExport.account_id", lazy="raise")

    __table_args__: Any = (
        _account_key(),
        Index("cdr_exports_by_creation", "created_at", "id"),
        Index("cdr_exports_of_customer_by_creation", "customer_id", "created_at", "id"),
        Index("cdr_exports_of_account_by_creation", "account_id", "created_at", "id"),
    )


class DidCdrExport(Base):
    """An order for a file of one month's calls to a customer's own numbers (DIDs), of the API's version 3.

    `year` and `month` are digits; `file_id` names the file once it is written.
    """

    __tablename__ = "did_cdr_exports"

    id: Mapped[UuidText] = mapped_column(primary_key=True)
    customer_id: Mapped[int]
    year: Mapped[str]
    month: Mapped[str]
    status: Mapped[str]
    created_at: Mapped[datetime]
    file_id: Mapped[UuidText | None]

    __table_args__: Any = (Index("did_cdr_exports_of_customer_by_creation", "customer_id", "created_at", "id"),)
