"""The file of an order holds exactly the calls that the listing with the same filter gives, on every engine."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from jsonapi_sieve.cdr.exporting import Exporter
from jsonapi_sieve.cdr.models import CdrExport
from tests.cdr.exporting.databases import ACCOUNT, fill, opened, order
from tests.cdr.exporting.generated_filters import stored_filters
from tests.cdr.exporting.spark import MASTER, spark_environment
from tests.servers.postgresql import embedded
from tests.service.running import ROOT, Service, service_of

# What is heavy to make is made once: all of these belong on one process.
pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("exports: same ids")]

FILTERS = 200
CALLS = 900
ZONES = (None, "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe")
FORMS = ("with_timezone", "without_timezone", "round_to_seconds")

Orders = dict[str, dict[str, Any]]
"""The stored filters of each order, by its identifier."""


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, sa.Engine]]:
    """SQLite and PostgreSQL with the same calls, each of which has a tag of its own."""
    file = tmp_path_factory.mktemp("same-ids") / "cdr.sqlite"
    with opened(f"sqlite:///{file}") as lite, embedded() as url, opened(url) as postgres:
        for engine in (lite, postgres):
            fill(engine, CALLS)
            with engine.begin() as connection:
                connection.exec_driver_sql("UPDATE cdrs SET local_tag = 'tag-' || id")
        yield {"sqlite": lite, "postgresql": postgres}


@pytest.fixture(scope="module")
def orders(engines: dict[str, sa.Engine]) -> Orders:
    made: Orders = {}
    for number, filters in enumerate(stored_filters(engines["sqlite"], FILTERS)):
        spelled = {"time_zone_name": ZONES[number % 4], "time_format": FORMS[number % 3]}
        for engine in engines.values():
            made[order(engine, number, filters=filters, **spelled)] = filters
    return made


@pytest.fixture(scope="module")
def files(engines: dict[str, sa.Engine], orders: Orders, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of files that one machine writes."""
    folders = {name: tmp_path_factory.mktemp(name) for name in engines}
    for name, engine in engines.items():
        assert len(list(Exporter(engine, folders[name]).run_all())) == len(orders)
    return folders


@pytest.fixture(scope="module")
def listings(engines: dict[str, sa.Engine], orders: Orders) -> dict[str, list[int]]:
    """The identifiers that all pages of the listing show, which both engines agree on."""
    found: dict[str, dict[str, list[int]]] = {}
    for name, engine in engines.items():
        with service_of(engine) as service:
            found[name] = {id_: listed(service, filters) for id_, filters in orders.items()}
    assert found["sqlite"] == found["postgresql"]
    return found["sqlite"]


def listed(service: Service, filters: Mapping[str, Any]) -> list[int]:
    """Ask for all pages of the listing of an account's calls, in the order of files."""
    given = {"account_id_eq": ACCOUNT, **filters}
    if "time_start_gteq" not in filters:
        given["time_start_gt"] = "0001-01-01"  # else only the last day is shown
    query = "&".join(f"filter[{name}]={quote(item(value), safe='')}" for name, value in given.items())
    address = f"{ROOT}/cdrs?{query}&sort=-time-start&fields[cdrs]=local-tag&page[size]=250"
    ids: list[int] = []
    number = 0
    while True:
        number += 1
        response = service.get(f"{address}&page[number]={number}")
        assert response.status_code == 200, response.text
        document = response.json()
        ids += [int(resource["id"]) for resource in document["data"]]
        if "next" not in document["links"]:
            return ids


def item(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else str(value)


def ids_in(folder: Path, id_: str) -> list[int]:
    content = gzip.decompress((folder / f"{id_}.csv.gz").read_bytes()).decode()
    return [int(row["Local Tag"][4:]) for row in csv.DictReader(io.StringIO(content, newline=""))]


def counts(engine: sa.Engine) -> dict[str, int | None]:
    with engine.connect() as connection:
        found = connection.execute(sa.select(CdrExport.id, CdrExport.rows_count).where(CdrExport.status == "Completed"))
        return {row.id: row.rows_count for row in found}


def export(*arguments: str, environment: dict[str, str] | None = None) -> None:
    command = [sys.executable, "-m", "jsonapi_sieve.cli", "export", *arguments]
    subprocess.run(command, check=True, timeout=1_800, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_one_machine(
    name: str, engines: dict[str, sa.Engine], files: dict[str, Path], listings: dict[str, list[int]]
) -> None:
    assert {id_: ids_in(files[name], id_) for id_ in listings} == listings
    assert counts(engines[name]) == {id_: len(ids) for id_, ids in listings.items()}
    assert sum(map(bool, listings.values())) > FILTERS / 3  # most filters find something, or this would prove little


def test_a_cluster(
    engines: dict[str, sa.Engine], files: dict[str, Path], listings: dict[str, list[int]], tmp_path: Path
) -> None:
    engine = engines["sqlite"]
    with engine.begin() as connection:
        connection.execute(sa.update(CdrExport).values(status="Pending", rows_count=None, file_digest=None))
    calls, written = tmp_path / "calls", tmp_path / "files"
    database = ["--database-url", str(engine.url)]
    export("lay-out", str(calls), *database)
    with spark_environment(tmp_path / "spark") as environment:
        spark = ["--spark", MASTER, "--data", str(calls)]
        export("run", *spark, "--folder", str(written), *database, environment=environment)
    assert {id_: ids_in(written, id_) for id_ in listings} == listings
    assert counts(engine) == {id_: len(ids) for id_, ids in listings.items()}
    for id_ in listings:
        one, cluster = (
            gzip.decompress((folder / f"{id_}.csv.gz").read_bytes()) for folder in (files["sqlite"], written)
        )
        assert one == cluster
    assert len(list(written.iterdir())) == len(listings)
