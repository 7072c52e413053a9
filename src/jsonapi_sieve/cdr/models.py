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
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, synonym

from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime
from jsonapi_sieve.cdr.jobs import Job, UuidText
from jsonapi_sieve.cdr.statuses import CAPITALIZED, LOWER_CASE, Statuses

__all__ = ["Account", "Base", "Cdr", "CdrExport", "DidCdrExport", "DidExport", "TransportProtocol"]

# SQLite numbers rows by itself only under a primary key of exactly the type INTEGER.
_BIG_KEY = BigInteger().with_variant(Integer(), "sqlite")


def _account_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["customer_id", "account_id"], ["accounts.customer_id", "accounts.id"])


def _waiting(table: str, statuses: Statuses) -> tuple[Index, Index]:
    """Make the indexes of what is to be worked on, however much is done: the oldest of all, and each customer's."""
    condition = text(f"status IN ('{statuses.pending}', '{statuses.processing}')")
    where: dict[str, Any] = {"sqlite_where": condition, "postgresql_where": condition}
    return (
        Index(f"{table}_to_do", "created_at", "id", **where),
        Index(f"{table}_to_do_of_customer", "customer_id", **where),
    )


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
        # Behind the key stands what the explorer counts: to read that from the rows takes three times as long.
        Index(
            "cdrs_of_customer_by_time",
            *("customer_id", "time_start", "id", "duration", "success", "customer_price"),
        ),
        Index("cdrs_of_account_by_time", "account_id", "time_start", "id"),
    )


class CdrExport(Job, Base):
    """An order for a file of CDRs: `filters` is the stored form of a predicate over CDRs; the file is named by `id`.

    `time_format` says how times are written there ("with_timezone", "without_timezone", "round_to_seconds"), and
    `time_zone_name` in which zone, as the IANA database names it; UTC without it.
    """

    __tablename__ = "cdr_exports"

    filters: Mapped[dict[str, Any]]
    account_id: Mapped[UuidText]
    time_format: Mapped[str] = mapped_column(default="with_timezone")
    time_zone_name: Mapped[str | None]

    file_id: Mapped[UuidText] = synonym("id")
    account: Mapped[Account] = relationship(foreign_keys="CdrExport.account_id", lazy="raise")

    __table_args__: Any = (
        _account_key(),
        Index("cdr_exports_by_creation", "created_at", "id"),
        Index("cdr_exports_of_customer_by_creation", "customer_id", "created_at", "id"),
        Index("cdr_exports_of_account_by_creation", "account_id", "created_at", "id"),
        *_waiting("cdr_exports", CAPITALIZED),
    )


class DidCdrExport(Job, Base):
    """An order for a file of one month's calls to a customer's own numbers (DIDs), of the API's version 3.

    `year` and `month` are digits, `did_number` the one number that is asked for. `file_id` names the file: it is given
    when the work begins, or before, and kept.
    """

    __tablename__ = "did_cdr_exports"

    year: Mapped[str]
    month: Mapped[str]
    did_number: Mapped[str | None]
    file_id: Mapped[UuidText | None]

    __table_args__: Any = (
        Index("did_cdr_exports_of_customer_by_creation", "customer_id", "created_at", "id"),
        *_waiting("did_cdr_exports", CAPITALIZED),
    )


class DidExport(Job, Base):
    """An order for a file of the calls to (`cdr_in`) or from (`cdr_out`) a customer's own numbers, in the newer form.

    `filters` is what the client sent, normalised. `file_id` is as that of `DidCdrExport`.
    """

    __tablename__ = "did_exports"

    export_type: Mapped[str]
    filters: Mapped[dict[str, Any]]
    external_reference_id: Mapped[str | None]
    callback_url: Mapped[str | None]
    callback_method: Mapped[str | None]
    file_id: Mapped[UuidText | None]

    __table_args__: Any = (
        Index("did_exports_of_customer_by_creation", "customer_id", "created_at", "id"),
        *_waiting("did_exports", LOWER_CASE),
    )
