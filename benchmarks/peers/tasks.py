"""The tasks: what is given, the limit that somebody wrote by hand for it, and the result that everyone has to give.

Rows, tables and texts are the same for every library. What a library writes in a syntax or a spelling of its own is
brought into one form before it is compared, and is never timed in that form.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.parse import QUERY, STATUSES, limit_query
from benchmarks.rows import FIRST, CallFilters, calls
from jsonapi_sieve.backends.sqlalchemy import UtcDateTime

__all__ = ["CallFilters"]


@dataclass(frozen=True, slots=True)
class Task:
    """What the table calls a task, the limit, and the result in the form in which results are compared."""

    title: str
    limit: Callable[[], object]
    expected: object


PARSED = limit_query(QUERY)


def parse() -> Task:
    """Read and validate four filters of a query string."""
    return Task("parse 4 filters", lambda: limit_query(QUERY), PARSED)


class Base(DeclarativeBase):
    """What the tables share."""


class Export(Base):
    """An order for a file."""

    __tablename__ = "exports"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(sa.Text)
    rows_count: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime(3))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime(3))
    account_id: Mapped[str] = mapped_column(sa.Text, index=True)


class Number(Base):
    """A row that is looked for by its number."""

    __tablename__ = "numbers"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(index=True)


EXPORTS = Base.metadata.tables["exports"]
NUMBERS = Base.metadata.tables["numbers"]
OWNER = PARSED[3][2]


def exports() -> sa.Connection:
    """Make a database of 1,000 exports, 100 of them of the account that is asked for."""
    connection = _database()
    chance = random.Random(1)
    rows = [
        {
            "id": number,
            "status": chance.choice(STATUSES),
            "rows_count": chance.randrange(100),
            "created_at": FIRST + timedelta(hours=number),
            "updated_at": FIRST + timedelta(hours=number + 1),
            "account_id": OWNER if number % 10 == 0 else f"account {number % 10}",
        }
        for number in range(1000)
    ]
    connection.execute(EXPORTS.insert(), rows)
    return connection


def _database() -> sa.Connection:
    connection = sa.create_engine("sqlite://").connect()
    Base.metadata.create_all(connection)
    return connection


def sql() -> Task:
    """Read four filters of a query string and fetch their rows, by a statement that is written once."""
    connection = exports()
    columns = EXPORTS.c
    statement = (
        sa.text(
            f"SELECT {', '.join(columns.keys())} FROM exports"  # noqa: S608  # own names only
            " WHERE status IN (SELECT value FROM json_each(:status)) AND rows_count >= :rows_count"
            " AND created_at >= :created_at AND account_id = :account_id"
        )
        .bindparams(sa.bindparam("created_at", type_=columns.created_at.type))
        .columns(*columns)
    )

    def limit() -> list[Any]:
        values = {name: value for name, _, value in limit_query(QUERY)}
        values["status"] = json.dumps(values["status"])
        return list(connection.execute(statement, values))

    return Task("from a query to rows of SQLite", limit, sorted_rows(limit()))


def sorted_rows(rows: Any) -> list[tuple[Any, ...]]:
    """Bring rows into one order, for none is asked for."""
    return sorted(map(tuple, rows))


LEAST, BEFORE, ACCOUNT, WANTED = Decimal("2.5"), FIRST + timedelta(days=3), 17, ("Pending", "Completed")


def rows() -> list[dict[str, Any]]:
    """Make dictionaries, with NULLs."""
    return calls(20_000)


def select() -> Task:
    """Select from a list of dictionaries by four conditions."""
    given = rows()
    wanted = frozenset(WANTED)

    def limit() -> list[dict[str, Any]]:
        return [
            row
            for row in given
            if (account := row["account_id"]) is not None
            and account != ACCOUNT
            and (price := row["customer_price"]) is not None
            and price >= LEAST
            and row["status"] in wanted
            and row["time_start"] < BEFORE
        ]

    return Task("select from 20,000 rows", limit, limit())


MOMENTS = ("time_start", "time_connect", "time_end")
AMOUNTS = (
    "destination_initial_rate",
    "destination_next_rate",
    "destination_fee",
    "customer_price",
)
WHOLE = (
    "duration",
    "destination_initial_interval",
    "destination_next_interval",
    "customer_duration",
    "lega_disconnect_code",
    "auth_orig_transport_protocol_id",
    "auth_orig_port",
)
BOOLEANS = ("success", "rec")
TEXTS = (
    "src_name_in",
    "src_prefix_in",
    "from_domain",
    "dst_prefix_in",
    "to_domain",
    "ruri_domain",
    "diversion_in",
    "local_tag",
    "lega_disconnect_reason",
    "auth_orig_ip",
    "src_prefix_routing",
    "dst_prefix_routing",
    "destination_prefix",
    "orig_call_id",
    "lega_user_agent",
)
ROOT = "/api/rest/customer/v1"


def cdrs() -> list[SimpleNamespace]:
    """Make 1,000 calls of 31 attributes, as objects."""
    return [_cdr(number) for number in range(1000)]


def _cdr(number: int) -> SimpleNamespace:
    row: dict[str, Any] = {"id": number}
    for index, name in enumerate((*MOMENTS, *AMOUNTS, *WHOLE, *BOOLEANS, *TEXTS)):
        value = (number * 31 + index) * 7919
        if name in MOMENTS:
            row[name] = FIRST + timedelta(milliseconds=value)
        elif name in AMOUNTS:
            row[name] = Decimal(value % 100_000 * 10 + 1).scaleb(-6)  # no zero at the end, and no exponent
        elif name in WHOLE:
            row[name] = value % 1000
        elif name in BOOLEANS:
            row[name] = value % 2 == 0
        else:
            row[name] = f"10.0.{index}.{value % 256}" if name == "auth_orig_ip" else f"text {value}"
    row["account_id"] = f"account {number % 7}"
    return SimpleNamespace(**row)


def dashed(name: str) -> str:
    """Spell a name as members are spelled."""
    return name.replace("_", "-")


def document(rows: list[SimpleNamespace]) -> dict[str, Any]:
    """Make the finished document of calls by hand."""
    return {"data": [_resource(row) for row in rows]}


def _resource(row: SimpleNamespace) -> dict[str, Any]:
    own = f"{ROOT}/cdrs/{row.id}"
    attributes = {
        dashed(name): _written(value) for name, value in vars(row).items() if name not in ("id", "account_id")
    }
    relationships = {
        name: {"links": {"self": f"{own}/relationships/{name}", "related": f"{own}/{name}"}}
        for name in ("auth-orig-transport-protocol", "account")
    }
    return {
        "id": str(row.id),
        "type": "cdrs",
        "attributes": attributes,
        "relationships": relationships,
        "links": {"self": own},
    }


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(value) if isinstance(value, Decimal) else value


def serialize() -> Task:
    """Write the document of 1,000 calls; the limit encodes the finished one."""
    finished = document(cdrs())
    return Task("1,000 documents of 31 attributes", lambda: orjson.dumps(finished), resources(orjson.dumps(finished)))


def resources(body: bytes | str) -> list[object]:
    """Give the resources of a document; moments in one spelling."""
    found: list[Any] = json.loads(body)["data"]
    for resource in found:
        attributes = resource["attributes"]
        for name in map(dashed, MOMENTS):
            attributes[name] = datetime.fromisoformat(attributes[name])
    return found


ORDER = {
    "time_start_gteq": "2019-01-01 00:00:00",
    "time_start_lt": "2019-01-02 00:00:00",
    "success_eq": True,
    "duration_eq": 60,
    "duration_gteq": 0,
    "duration_lteq": 100,
    "src_prefix_routing_eq": "123",
    "dst_prefix_routing_eq": "456",
}
BILLED = "aa3432e2-a26e-11ef-a008-0242ac120003"
BODY = json.dumps(
    {
        "data": {
            "type": "cdr-exports",
            "attributes": {"filters": ORDER},
            "relationships": {"account": {"data": {"type": "accounts", "id": BILLED}}},
        }
    }
).encode()


def load() -> Task:
    """Read and validate the body of a POST; the limit decodes its JSON."""
    return Task("load a POST", lambda: orjson.loads(BODY), order(BILLED, ORDER))


def order(account: object, filters: dict[str, Any]) -> object:
    """Give what a POST orders, moments in one form."""
    return str(account), {
        name: _moment(value) if name.startswith("time_") else value for name, value in filters.items()
    }


def _moment(value: str | datetime) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


LIST = 10_000
LONG_LIST = random.Random(1).sample(range(200_000), LIST)
LONG_QUERY = "filter%5Bnumber-in%5D=" + ",".join(map(str, LONG_LIST))


def numbers() -> sa.Connection:
    """Make a database of 100,000 numbers."""
    connection = _database()
    connection.execute(NUMBERS.insert(), [{"id": number, "number": number * 2} for number in range(100_000)])
    return connection


def lists() -> Task:
    """Fetch the rows of 10,000 numbers that a query names."""
    connection = numbers()
    statement = sa.text(
        "SELECT id, number FROM numbers WHERE number IN (SELECT value FROM json_each(:numbers))"
    ).columns(*NUMBERS.c)
    is_number = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII).fullmatch

    def limit() -> list[Any]:
        texts = LONG_QUERY.partition("=")[2].split(",")
        if not all(map(is_number, texts)):
            raise ValueError
        return list(connection.execute(statement, {"numbers": json.dumps(list(map(int, texts)))}))

    return Task("a list of 10,000 values, to rows", limit, sorted_rows(limit()))
