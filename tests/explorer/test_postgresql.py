"""The explorer counts on PostgreSQL as on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.explorer import Links
from jsonapi_sieve.service import customer_api, explorer_of, open_engine
from tests.explorer.conftest import Looking
from tests.servers.postgresql import embedded
from tests.service.running import TOKENS

pytestmark = pytest.mark.heavy

EVER = "filter[time-start-gteq]=2020-01-01"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Looking, Looking]]:
    folder: Path = tmp_path_factory.mktemp("explored")
    with embedded() as url:
        first, second = open_engine(f"sqlite:///{folder / 'cdr.sqlite'}"), open_engine(url)
        for engine in (first, second):
            generate(engine, count=2_000, until=datetime(2026, 11, 1, tzinfo=UTC))
        links = Links[int]()
        lite, postgres = (
            Looking(explorer_of(customer_api(), engine, TOKENS, links), links, engine) for engine in (first, second)
        )
        yield lite, postgres
        first.dispose()
        second.dispose()


@pytest.mark.parametrize("query", [EVER, f"{EVER}&filter[duration-gteq]=60", f"{EVER}&filter[account.name-cont]=north"])
def test_counts_and_rows_are_the_same(both: tuple[Looking, Looking], query: str) -> None:
    for part in ("counts", "rows", "rows-by-cursor"):
        lite, postgres = ({**each.get(f"resources/cdrs/{part}", query), "times": None} for each in both)
        if part == "rows-by-cursor":  # each has a secret of its own
            lite, postgres = ({"data": each["document"]["data"]} for each in (lite, postgres))
        assert lite == postgres


def test_the_engine_is_named(both: tuple[Looking, Looking]) -> None:
    assert [each.get("declaration")["engine"] for each in both] == ["sqlite", "postgresql"]
