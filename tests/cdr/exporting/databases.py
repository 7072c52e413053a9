"""Databases with few calls of all kinds: what has to be quoted, what is NULL, times around a change of the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.dataset import Dataset
from jsonapi_sieve.cdr.exporting import open_engine
from jsonapi_sieve.cdr.models import Account, Base, Cdr, CdrExport, DidCdrExport, TransportProtocol

UNTIL = datetime(2026, 3, 29, 4, tzinfo=UTC)
"""Three hours after clocks went forward in Europe."""

CUSTOMER = 1
ACCOUNT = "aa3432e2-a26e-11ef-a008-0242ac120003"

TEXTS = (
    'a "quote"', "two\nlines", "two\r\nlines", ",", "", " ", "'", "\\", "\\.", "\\N", "%s %(x)s", ":name",
    "é ß 日本 🙂", "=1+1", "+49", "-1", "@sum", "\t=1", "\r=1", "'=1", "NULL", "$1", "\u2028", "\ufeff", "\x01",
    "; DROP TABLE cdrs; --",
)  # fmt: skip
NUMBERS = tuple(map(Decimal, ("0", "-0.5", "2.0", "10.50", "1E+3", "1E-12", "1234567890123456789012345.000000000001")))


def hostile_calls() -> list[dict[str, Any]]:
    """Make calls of the first customer that hold what is hard to write."""
    plain, *_ = Dataset(count=1, until=UNTIL).cdrs()
    clock = datetime(2026, 3, 29, 0, 59, 59, 999_000, tzinfo=UTC)
    rows = []
    for number in range(max(len(TEXTS), 40)):
        text = TEXTS[number % len(TEXTS)]
        amount = NUMBERS[number % len(NUMBERS)]
        rows.append(
            plain
            | {
                "id": 1_000 + number,
                "time_start": clock + timedelta(milliseconds=number // 2),
                "time_connect": None
                if number % 3
                else clock + timedelta(hours=-number * 797, milliseconds=-number * 10),
                "time_end": datetime(1900 + number, 6, 1, 12, 30, 15, 120_000, tzinfo=UTC),
                "success": (True, False, None)[number % 3],
                "duration": (None, 0, 2**31 - 1, -5)[number % 4],
                "src_name_in": text,
                "src_prefix_routing": text,
                "lega_user_agent": text if number % 2 else None,
                "destination_fee": amount,
                "customer_price": -amount,
            }
        )
    return rows


def fill(engine: Engine, calls: int = 300) -> None:
    """Make the tables, with accounts, generated calls and hostile ones, but no orders."""
    data = Dataset(count=calls, until=UNTIL)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        connection.execute(insert(TransportProtocol), data.transport_protocols())
        connection.execute(insert(Account), data.accounts())
        connection.execute(insert(Cdr), list(data.cdrs()))
        connection.execute(insert(Cdr), hostile_calls())


def endless(engine: Engine) -> None:
    """Let every query for calls last for ever."""
    forever = {
        "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0)",
        "postgresql": "pg_sleep(36000)",
    }[engine.dialect.name]
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE cdrs RENAME TO calls")
        connection.exec_driver_sql(f"CREATE VIEW cdrs AS SELECT calls.* FROM calls, {forever} AS forever")  # noqa: S608


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def sqlite(folder: Path) -> Iterator[Engine]:
    with opened(f"sqlite:///{folder / 'cdr.sqlite'}") as engine:
        fill(engine)
        yield engine


def order(engine: Engine, number: int = 1, **values: Any) -> str:
    """Order an export of all calls of an account, unless `values` say otherwise; gives its identifier."""
    filters = {"time_start_gteq": "2000-01-01T00:00:00.000Z"}
    return _ordered(engine, CdrExport, number, {"filters": filters, "account_id": ACCOUNT, **values})


def order_month(engine: Engine, number: int = 1) -> str:
    """Order an export of a month of version 3; gives its identifier."""
    return _ordered(engine, DidCdrExport, number, {"year": "2026", "month": "3"})


def _ordered(engine: Engine, model: type[Any], number: int, values: dict[str, Any]) -> str:
    id_ = f"00000000-0000-4000-8000-{number:012}"
    moment = UNTIL + timedelta(seconds=number)
    row = {"id": id_, "customer_id": CUSTOMER, "status": "Pending", "created_at": moment, "updated_at": moment}
    with Session(engine) as session, session.begin():
        session.execute(insert(model), [row | values])
    return id_


def export(engine: Engine, id_: str) -> CdrExport:
    """Give an order as it is now."""
    with Session(engine) as session:
        return session.get_one(CdrExport, id_)
