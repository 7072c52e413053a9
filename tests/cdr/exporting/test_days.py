from __future__ import annotations

import re
from contextlib import nullcontext
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from jsonapi_sieve.cdr.exporting import Exporter
from jsonapi_sieve.cdr.exporting.days import write_days
from jsonapi_sieve.cdr.exporting.reasons import DoesNotFit
from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.cdr.models import Cdr
from tests.cdr.exporting.databases import hostile_calls, order, sqlite


@pytest.fixture(scope="module")
def database() -> sa.Engine:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    generate(engine, count=300, until=datetime(2026, 2, 1, tzinfo=UTC))
    return engine


def days_in(folder: Path) -> dict[str, int]:
    return {path.parent.name: path.stat().st_mtime_ns for path in sorted(folder.glob("*/cdrs.parquet"))}


def test_a_folder_holds_the_rows_of_the_table_by_day(database: sa.Engine, tmp_path: Path) -> None:
    told: list[int] = []
    assert write_days(database, tmp_path, progress=told.append) == sum(told) == 300
    table = Cdr.__table__
    with database.connect() as connection:
        rows = connection.execute(sa.select(table).order_by(table.c.time_start, table.c.id)).mappings().all()
    files = [pq.ParquetFile(path).read() for path in sorted(tmp_path.glob("*/cdrs.parquet"))]
    assert [row for file in files for row in file.to_pylist()] == [dict(row) for row in rows]
    for name, file in zip(days_in(tmp_path), files, strict=True):
        assert {f"day={moment:%Y-%m-%d}" for moment in file["time_start"].to_pylist() if moment} == {name}


def test_the_last_millisecond_of_a_day_and_the_first_of_the_next_are_parted(tmp_path: Path) -> None:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    generate(engine, count=5, until=datetime(2026, 2, 1, tzinfo=UTC))
    moments = {
        1: datetime(2026, 1, 1, 23, 59, 59, 999_000, UTC),
        2: datetime(2026, 1, 2, tzinfo=UTC),
        3: datetime.min.replace(tzinfo=UTC),
        4: datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC),
    }
    with engine.begin() as connection:
        for number, moment in moments.items():
            connection.execute(sa.update(Cdr).where(Cdr.id == number).values(time_start=moment))
    assert write_days(engine, tmp_path) == 5
    engine.dispose()
    held = {path.parent.name: pq.ParquetFile(path).read(["id"]) for path in tmp_path.glob("*/cdrs.parquet")}
    days = {number: name for name, file in held.items() for number in file["id"].to_pylist()}
    del days[8]  # the documented call
    assert days == {1: "day=2026-01-01", 2: "day=2026-01-02", 3: "day=0001-01-01", 4: "day=9999-12-31"}


@pytest.mark.parametrize(("digits", "fits"), [(26, True), (27, False), (28, False)])
def test_a_number_that_no_decimal_of_parquet_holds_is_told_of(tmp_path: Path, digits: int, fits: bool) -> None:
    """Columns have 40 digits, Parquet's decimals as Spark reads them 38."""
    with sqlite(tmp_path) as engine:
        fee = Decimal("9" * digits + "." + "9" * 12)
        with engine.begin() as connection:
            call, *_ = hostile_calls()
            connection.execute(sa.insert(Cdr), [call | {"id": 2_000, "destination_fee": fee}])
        reason = "a value of destination_fee does not fit decimal128(38, 12), the type that it has in Parquet"
        with nullcontext() if fits else pytest.raises(DoesNotFit, match=re.escape(reason)):
            write_days(engine, tmp_path / "days")
        order(engine)
        (job,) = Exporter(engine, tmp_path / "files", format="parquet").run_all()
        assert job.status == ("Completed" if fits else "Failed")
        assert job.reason == (None if fits else f"{reason}; CSV holds any")


def test_only_days_from_one_on_are_written_anew(database: sa.Engine, tmp_path: Path) -> None:
    write_days(database, tmp_path)
    before = days_in(tmp_path)
    assert 0 < write_days(database, tmp_path, since=date(2026, 1, 31)) < 300
    after = days_in(tmp_path)
    assert [name for name in before if before[name] != after[name]] == ["day=2026-01-31"]
    assert not list(tmp_path.glob("*/.*"))
