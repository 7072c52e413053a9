"""The service answers from PostgreSQL as from SQLite, byte for byte; a statement that takes too long ends there too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.service import database, open_engine
from tests.patience import PATIENCE
from tests.servers.postgresql import embedded
from tests.service.exporting import EXPORTS, Exporting, exporting, rows_of
from tests.service.running import MEDIA_TYPE, ROOT, Service, errors_of, service_of
from tests.service.test_creation import order

UNTIL = datetime(2026, 11, 1, tzinfo=UTC)
ALL = "filter[time-start-gt]=2000-01-01"
HEADERS = {"Host": "example.org"}
LISTINGS = [
    f"{ROOT}/cdrs?{ALL}",
    f"{ROOT}/cdrs?{ALL}&sort=-customer-price,src-name-in&page[size]=1000",
    f"{ROOT}/cdrs?{ALL}&filter[src-name-in-cont]=na&sort=src-name-in",
    f"{ROOT}/cdrs?{ALL}&filter[dst-prefix-in-start]=4&filter[success-eq]=true&include=account",
    f"{ROOT}/cdrs?{ALL}&filter[customer-price-gteq]=0.0001&filter[duration-lt]=60&page[number]=2",
    f"{ROOT}/cdrs/8",
    f"{ROOT}/accounts?sort=-balance",
    f"{ROOT}/cdr-exports?filter[status-in]=Completed,Failed&filter[created-at-lt]={UNTIL:%Y-%m-%d}&sort=-rows-count",
    "/v3/cdr_exports",
]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with embedded() as started:
        yield started


@pytest.fixture(scope="module")
def services(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Service]]:
    """Two services of the same data: one on SQLite, one on PostgreSQL."""
    folder: Path = tmp_path_factory.mktemp("sqlite")
    lite, postgres = open_engine(f"sqlite:///{folder / 'cdr.sqlite'}"), open_engine(url)
    for engine in (lite, postgres):
        generate(engine, count=2_000, until=UNTIL)
    hosts = {"example.org", "127.0.0.1"}
    with service_of(lite, hosts=hosts) as first, service_of(postgres, hosts=hosts) as second:
        yield first, second
    dispose(lite, postgres)


def dispose(*engines: Engine) -> None:
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("path", LISTINGS)
def test_the_same_bytes(services: tuple[Service, Service], path: str) -> None:
    expected, answer = (service.get(path, headers=HEADERS) for service in services)
    assert expected.status_code == 200, expected.text
    assert answer.content == expected.content


def test_an_export_is_created_and_found(services: tuple[Service, Service]) -> None:
    _, service = services
    created = service.post(f"{ROOT}/cdr-exports", order(), headers={"Content-Type": MEDIA_TYPE})
    assert created.status_code == 201, created.text
    assert service.get(f"{ROOT}/cdr-exports/{created.json()['data']['id']}").json() == created.json()


def files_of(running: Exporting) -> list[bytes]:
    """Order one export of each kind, and fetch its file; those of version 3 are not of the customer who lists above."""
    service = running.service
    months: dict[str, Any] = {"filters": {"year": "2026", "month": "10"}}
    times: dict[str, Any] = {"filters": {"from": "2026-10-01", "to": "2026-11-01"}, "export_type": "cdr_out"}
    urls = [
        f"{EXPORTS}/{running.completed(EXPORTS, {'filters': {'duration_gteq': 60}})['id']}/download",
        *(
            running.completed(path, asked, 2)["attributes"]["url"].removeprefix(service.url)
            for path, asked in {"/v3/cdr_exports": months, "/v3/exports": times}.items()
        ),
    ]
    answers = [service.get(url, customer) for url, customer in zip(urls, (1, 2, 2), strict=True)]
    assert [answer.status_code for answer in answers] == [200] * 3
    return [answer.content for answer in answers]


def test_files_are_the_same(services: tuple[Service, Service], tmp_path: Path) -> None:
    found = []
    for number, service in enumerate(services):
        with exporting(service.engine, tmp_path / str(number)) as running:
            found.append(files_of(running))
    assert found[0] == found[1]
    assert all(len(rows_of(file)) > 10 for file in found[0])


def test_a_statement_that_takes_too_long_ends(
    services: tuple[Service, Service], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_LONGEST", 1)
    monkeypatch.setattr(database, "_PATIENCE", PATIENCE)
    engine = open_engine(url)
    with service_of(engine) as service, services[1].engine.connect() as other:
        other.execute(text("LOCK TABLE cdrs"))
        (error,) = errors_of(service.get(f"{ROOT}/cdrs?{ALL}"), 503)
        assert error["code"] == "statement-timeout"
    engine.dispose()
