"""The explorer of the customer API, on a small generated database, asked without a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine

from jsonapi_sieve.answers import Answer
from jsonapi_sieve.explorer import Explorer, Links
from jsonapi_sieve.integrations import Request
from jsonapi_sieve.service import customer_api, explorer_of
from tests.service.running import TOKENS, new_database

ORIGIN = "http://localhost:8000"


@dataclass(frozen=True)
class Looking:
    """An explorer, and what sends requests of customers to it."""

    explorer: Explorer[int]
    links: Links[int]
    engine: Engine

    def ask(self, path: str, query: str = "", *, customer: int | None = 1, method: str = "GET", **sent: Any) -> Answer:
        """Send a request; `sent` may have headers and a body."""
        own = {} if customer is None else {"authorization": TOKENS.issue("customer-v1", customer)}
        headers = {**own, **sent.get("headers", {})}
        url = f"{ORIGIN}{path}{'?' if query else ''}{query}"
        return self.explorer.answer(Request(method, url, headers, sent.get("body", b"")), path)

    def get(self, path: str, query: str = "", *, customer: int = 1) -> Any:
        """Ask for something about the calls; gives the JSON of the answer."""
        answer = self.ask(f"/explorer/{path}", query, customer=customer)
        assert answer.status == 200, answer.body
        assert answer.headers["Cache-Control"] == "no-store"
        return json.loads(answer.body)


@pytest.fixture(scope="session")
def looking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looking]:
    engine, links = new_database(tmp_path_factory.mktemp("explored")), Links[int]()
    yield Looking(explorer_of(customer_api(), engine, TOKENS, links), links, engine)
    engine.dispose()
