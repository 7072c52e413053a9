"""One customer in two worlds: in one somebody else has rows too, in the other these are deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

import httpx
from sqlalchemy import Engine, delete, insert, inspect
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.dataset import Dataset
from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.cdr.models import Account, Cdr, CdrExport, DidCdrExport, DidExport
from jsonapi_sieve.cdr.parties import CUSTOMERS, Row
from jsonapi_sieve.cdr.statuses import LOWER_CASE
from jsonapi_sieve.declaration import Parameter
from jsonapi_sieve.operators import Arity
from jsonapi_sieve.service import Endpoint, customer_api, did_api, open_engine
from tests.service.running import Service, service_of

__all__ = [
    "COLLECTIONS",
    "CUSTOMER",
    "OTHER",
    "UNTIL",
    "Collection",
    "Worlds",
    "both",
    "same_but_for",
    "text_for",
    "written",
]

CUSTOMER, OTHER = CUSTOMERS
COUNT = 300
# Listings show the last 24 hours; no row comes to be older than that while tests run.
UNTIL = datetime(2100, 1, 1, tzinfo=UTC)
HOST = "example.org"

Answer = tuple[int, dict[str, str], str]


@cache
def rows() -> dict[type[Any], list[Row]]:
    """Give the rows of all tables as they are in the world of both."""
    data = Dataset(count=COUNT, until=UNTIL)
    return {
        Account: data.accounts(),
        Cdr: list(data.cdrs()),
        CdrExport: data.cdr_exports(),
        DidCdrExport: data.did_cdr_exports(),
        DidExport: [row for customer in CUSTOMERS for row in did_exports(customer)],
    }


def did_exports(customer: int) -> list[Row]:
    """Make orders of the newer form, of which no data is generated."""
    times = {"from": "2026-01-01T00:00:00.000Z", "to": "2026-02-01T00:00:00.000Z"}
    return [
        {
            "id": str(UUID(int=customer << 64 | number)),
            "customer_id": customer,
            "status": LOWER_CASE[number % 5],
            "created_at": UNTIL - timedelta(days=customer, minutes=number),
            "updated_at": UNTIL,
            "export_type": "cdr_in" if number % 2 else "cdr_out",
            "filters": times,
            "external_reference_id": f"reference-{customer}-{number}" if number % 3 else None,
            "file_id": str(UUID(int=customer << 96 | number)),
        }
        for number in range(10)
    ]


def values(model: type[Any], name: str, customer: int) -> list[Any]:
    """Give the values that a customer's rows have of an attribute, each once, in order."""
    found = {row[name] for row in rows()[model] if row["customer_id"] == customer}
    return sorted(found - {None})


class Collection(NamedTuple):
    """A collection of rows that belong to customers."""

    path: str
    endpoint: Endpoint

    def values(self, name: str, customer: int) -> list[Any]:
        """Give the values that a customer's rows have of an attribute, each once, in order."""
        return values(self.endpoint.model, name, customer)

    def values_of(self, parameter: Parameter, customer: int) -> list[Any]:
        """Give the values of the attribute that a parameter tests, of rows that its relationships lead to."""
        model = self.endpoint.model
        for hop in parameter.path:
            model = inspect(model).relationships[hop.relationship.name].mapper.class_
        return values(model, parameter.field.name, customer)

    def ids(self, customer: int) -> list[str]:
        """Give the identifiers of a customer's rows that have as many characters as the one that nothing has."""
        return [text for text in map(str, self.values("id", customer)) if len(text) == len(self.no_id)]

    @property
    def no_id(self) -> str:
        """An identifier that nothing has."""
        return "999" if self.endpoint.model is Cdr else "00000000-0000-4000-8000-000000000000"

    def addresses(self, identifier: str) -> list[str]:
        """Give all addresses of a row."""
        own = f"{self.path}/{identifier}"
        members = self.endpoint.resource.schema.relationships
        return [own, *(f"{own}/{between}{member}" for member in members for between in ("", "relationships/"))]


COLLECTIONS = [
    Collection(f"{api.path}/{endpoint.resource.type}", endpoint)
    for api in (customer_api(), did_api())
    for endpoint in api.endpoints
    if endpoint.customer is not None
]


def text_for(parameter: Parameter, values: list[Any]) -> str:
    """Write some of an attribute's values for a parameter, or pieces of texts, as who guesses would."""
    operator = parameter.operator
    if operator.base.name in {"cont", "start", "end"}:
        values = [value[start : start + 3] for value in values for start in (0, 1, -3) if value[start : start + 3]]
    some = [values[0], values[len(values) // 2], values[-1]]
    value = some if operator.arity is Arity.LIST else some[parameter.position % 3]
    return parameter.operand.render(parameter.operand.accept(value))


def written(*parameters: tuple[str, str]) -> str:
    """Write a query string."""
    return "&".join(f"{quote(key)}={quote(value)}" for key, value in parameters)


class Worlds(NamedTuple):
    """Services of the two worlds."""

    crowded: Service
    deserted: Service

    def same(self, path: str) -> httpx.Response:
        """Ask in both worlds; assert that all of the answer is the same, byte for byte."""
        ours, theirs = (self.ask(service, path) for service in self)
        assert told(ours) == told(theirs)
        assert ours.content == theirs.content
        assert ours.status_code < 500
        return ours

    @staticmethod
    def ask(
        service: Service, path: str, customer: int = CUSTOMER, method: str = "GET", body: bytes = b""
    ) -> httpx.Response:
        """Send a request of a customer to the name that both worlds have."""
        headers = {**service.headers(path, customer), "Host": HOST}
        if body:
            headers["Content-Type"] = headers["Accept"]
        return service.client.request(method, service.url + path, content=body, headers=headers)


def told(response: httpx.Response) -> Answer:
    """Give all that an answer says but when."""
    return response.status_code, {**response.headers, "date": ""}, response.text


def same_but_for(one: httpx.Response, other: httpx.Response, first: str, second: str) -> bool:
    """Tell whether two answers say the same, one of an identifier and the other of another; so their tags differ."""
    answers = [
        (status, {**headers, "etag": ""}, text.replace(first, second))
        for status, headers, text in (told(one), told(other))
    ]
    return answers[0] == answers[1]


@contextmanager
def both(folder: Path) -> Iterator[Worlds]:
    """Serve both worlds."""
    with service(folder / "crowded") as crowded, service(folder / "deserted") as deserted:
        with Session(deserted.engine) as session, session.begin():
            for collection in COLLECTIONS:
                model = collection.endpoint.model
                session.execute(delete(model).where(model.customer_id == OTHER))
        yield Worlds(crowded, deserted)


@contextmanager
def service(folder: Path) -> Iterator[Service]:
    folder.mkdir()
    engine: Engine = open_engine(f"sqlite:///{folder / 'cdr.sqlite'}")
    generate(engine, count=COUNT, until=UNTIL)
    with Session(engine) as session, session.begin():
        session.execute(insert(DidExport), rows()[DidExport])
    with service_of(engine, hosts={HOST}) as running:
        yield running
    engine.dispose()
