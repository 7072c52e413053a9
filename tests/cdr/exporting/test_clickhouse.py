"""ClickHouse gives the rows of files as one machine does, in the types that it takes from calls that were laid out."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from jsonapi_sieve.cdr.exporting import Exporter
from jsonapi_sieve.cdr.exporting.days import write_days
from jsonapi_sieve.cdr.models import CdrExport
from tests.cdr.exporting.databases import order, sqlite
from tests.cdr.exporting.generated_filters import stored_filters

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("exports: ClickHouse")]

ORDERS = 40


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    with sqlite(tmp_path_factory.mktemp("clickhouse")) as engine:
        zones = None, "Europe/Berlin", "America/St_Johns"
        for number, filters in enumerate(stored_filters(engine, ORDERS, seed=2)):
            order(engine, number, filters=filters, time_zone_name=zones[number % 3])
        yield engine


@pytest.fixture(scope="module")
def clickhouse(database: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """ClickHouse with the calls of the database, which do not leave its range of times."""
    calls = tmp_path_factory.mktemp("calls")
    write_days(database, calls)
    engine = sa.create_engine("chdb:///:memory:", poolclass=sa.StaticPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE cdrs ENGINE = MergeTree PARTITION BY toYYYYMM(time_start)"  # noqa: S608
            f" ORDER BY (customer_id, time_start, id) AS SELECT * FROM file('{calls}/day=*/cdrs.parquet', Parquet)"
        )
        yield engine
    engine.dispose()


@pytest.mark.parametrize("guard", [False, True])
def test_the_same_files(database: sa.Engine, clickhouse: sa.Engine, tmp_path: Path, guard: bool) -> None:
    written: list[dict[str, tuple[int | None, bytes]]] = []
    for source in (database, clickhouse):
        with database.begin() as connection:
            connection.execute(sa.update(CdrExport).values(status="Pending"))
        exporter = Exporter(database, tmp_path / source.dialect.name, rows_from=source, guard=guard)
        jobs = list(exporter.run_all())
        assert {job.status for job in jobs} == {"Completed"}
        written.append({job.id: (job.rows_count, exporter.path_of(job).read_bytes()) for job in jobs})
    assert written[0] == written[1]
    assert len(written[0]) == ORDERS
    assert sum(gzip.decompress(content).count(b"\n") > 1 for _, content in written[0].values()) > ORDERS / 3
