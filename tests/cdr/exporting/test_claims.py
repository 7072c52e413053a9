"""How orders are found: the oldest of all kinds, by an index of what is to be done, whatever there is besides."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from jsonapi_sieve.cdr.exporting import CDR_EXPORTS, Exporter
from jsonapi_sieve.cdr.exporting.claims import Claims
from jsonapi_sieve.cdr.exporting.did import EVERY_KIND
from jsonapi_sieve.cdr.jobs import Job
from tests.cdr.exporting.databases import order, order_month, sqlite


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    with sqlite(tmp_path) as engine:
        yield engine


def test_the_oldest_order_is_found_by_its_index(engine: sa.Engine) -> None:
    sent: list[tuple[str, Any]] = []

    def since(claims: Claims) -> object:
        with engine.connect() as connection:
            return claims.since(connection, datetime.now(UTC))

    sa.event.listen(engine, "before_cursor_execute", lambda *told: sent.append((told[2], told[3])))
    for kind in EVERY_KIND:
        claims = Claims(engine, kind, timedelta(minutes=1))
        for look in (since, Claims.take):
            assert look(claims) is None
            sql, values = sent[-1]
            with engine.connect() as connection:
                plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
            table = kind.model.__table__.name  # type: ignore[attr-defined]  # each model has one
            assert any(f"{table}_to_do" in step.split() for step in plan)


def test_orders_of_one_kind_do_not_keep_those_of_another_waiting(engine: sa.Engine, tmp_path: Path) -> None:
    ordered = [order(engine, 1), order_month(engine, 2), order(engine, 3), order_month(engine, 4)]
    exporters = [Exporter(engine, tmp_path / "files", kinds=EVERY_KIND) for _ in ordered]
    jobs = [exporter.run_one() for exporter in exporters]  # each runs one, as what a scheduler starts does
    assert [job and job.id for job in jobs] == ordered


def test_a_kind_whose_last_order_another_runner_takes_is_passed_over(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Claims.take

    def taken(claims: Claims) -> Job | None:
        job = take(claims)
        return None if isinstance(job, CDR_EXPORTS.model) else job

    order(engine, 1)
    id_ = order_month(engine, 2)
    monkeypatch.setattr(Claims, "take", taken)
    job = Exporter(engine, tmp_path / "files", kinds=EVERY_KIND).run_one()
    assert job is not None
    assert (job.id, job.status) == (id_, "Completed")
