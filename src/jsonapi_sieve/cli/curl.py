"""Lines for a shell that ask a running service for what its documents show."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.example import EXAMPLE_ID
from jsonapi_sieve.cdr.models import Account, Cdr, CdrExport
from jsonapi_sieve.cdr.parties import EXAMPLE_ACCOUNT_ID
from jsonapi_sieve.cdr.schemas import ROOT
from jsonapi_sieve.cdr.statuses import CAPITALIZED
from jsonapi_sieve.negotiation import MEDIA_TYPE

__all__ = ["Sample", "curl_lines", "first_customer", "sample_of"]

_FILTERS: Final[Mapping[str, object]] = {
    "time_start_gteq": "2019-01-01 00:00:00",
    "time_start_lt": "2019-01-02 00:00:00",
    "success_eq": True,
    "duration_eq": 60,
    "duration_gteq": 0,
    "duration_lteq": 100,
    "src_prefix_routing_eq": "123",
    "dst_prefix_routing_eq": "456",
}
_QUERY: Final = "filter[duration-gteq]=60&sort=-customer-price&page[size]=2"


class Sample(NamedTuple):
    """What there is of a customer to ask for; None where the database has none."""

    account_id: str | None
    cdr_id: int | None
    export_id: str | None


def first_customer(engine: Engine) -> int | None:
    """Give the customer with the least number; None where there are no accounts."""
    with Session(engine) as session:
        return session.scalar(select(Account.customer_id).order_by(Account.customer_id).limit(1))


def sample_of(engine: Engine, customer: int) -> Sample:
    """Find an account and a call of a customer, by preference those that the API's documentation shows."""
    with Session(engine) as session:
        account = session.scalar(
            select(Account.id)
            .where(Account.customer_id == customer)
            .order_by(Account.id != EXAMPLE_ACCOUNT_ID, Account.name)
            .limit(1)
        )
        cdr = session.scalar(
            select(Cdr.id).where(Cdr.customer_id == customer).order_by(Cdr.id != EXAMPLE_ID, Cdr.id).limit(1)
        )
        return Sample(account, cdr, session.scalar(_likeliest_file(customer)))


def _likeliest_file(customer: int) -> Select[str]:
    """Select an export that has a file, or else the one that is the next to get one."""
    has_file = (CdrExport.status == CAPITALIZED.completed) & CdrExport.file_digest.is_not(None)
    waits = (CdrExport.status == CAPITALIZED.pending) & ~CdrExport.is_kept
    of_customer = select(CdrExport.id).where(CdrExport.customer_id == customer, has_file | waits)
    return of_customer.order_by(CdrExport.file_digest.is_(None), CdrExport.created_at, CdrExport.id).limit(1)


def curl_lines(base: str, token: str | None, key: str | None, sample: Sample) -> Iterator[str]:
    """Write a line for each of the documented requests that the database has something for, and for a query and a file.

    Where the token and the key are None the requests go without.
    """
    customer = ("Authorization", token)
    yield _line(f"{base}{ROOT}/cdr-exports", customer)
    if sample.account_id is not None:
        account = {"data": {"type": "accounts", "id": sample.account_id}}
        resource = {
            "type": "cdr-exports",
            "attributes": {"filters": _FILTERS},
            "relationships": {"account": account},
        }
        yield _line(f"{base}{ROOT}/cdr-exports", customer, _posted(resource))
    yield _line(f"{base}/v3/cdr_exports", ("Api-Key", key))
    if sample.cdr_id is not None:
        yield _line(f"{base}{ROOT}/cdrs/{sample.cdr_id}", customer)
        yield _line(f"{base}{ROOT}/cdrs?{_QUERY}", customer)
    month = {"from": f"{datetime.now(UTC) - timedelta(days=30):%Y-%m-%d}", "to": f"{datetime.now(UTC):%Y-%m-%d}"}
    calls = {"type": "exports", "attributes": {"export_type": "cdr_in", "filters": month}}
    yield _line(f"{base}/v3/exports", ("Api-Key", key), _posted(calls))
    if sample.export_id is not None:
        yield _line(f"{base}{ROOT}/cdr-exports/{sample.export_id}/download", customer, options="-f -o calls.csv.gz")


def _posted(resource: Mapping[str, object]) -> str:
    return json.dumps({"data": resource}, separators=(",", ":"))


def _line(url: str, credentials: tuple[str, str | None], body: str | None = None, *, options: str = "-i") -> str:
    """Write a line whose URL takes any query: quotes keep `&` from the shell, and -g keeps brackets from curl."""
    words = ["-H", f"Accept: {MEDIA_TYPE}"]
    header, credential = credentials
    if credential is not None:
        words += ["-H", f"{header}: {credential}"]
    if body is not None:
        words += ["-H", f"Content-Type: {MEDIA_TYPE}", "-d", body]
    return f"curl -g {options} '{url}' {shlex.join(words)}"
