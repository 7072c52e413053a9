"""The file of an order is the same, byte for byte, from every database that can give it."""

import csv
import gzip
import io
import re
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from jsonapi_sieve import Field, types
from jsonapi_sieve.cdr.exporting import Exporter, Selection
from jsonapi_sieve.cdr.exporting.copying import copy_csv
from jsonapi_sieve.cdr.exporting.did import EVERY_KIND
from jsonapi_sieve.cdr.exporting.kinds import COLUMNS, NEWEST_FIRST, TimeFormat
from jsonapi_sieve.cdr.exporting.streaming import stream_csv
from jsonapi_sieve.cdr.models import Cdr
from tests.cdr.exporting.databases import (
    ACCOUNT,
    CUSTOMER,
    TEXTS,
    UNTIL,
    export,
    fill,
    hostile_calls,
    opened,
    order,
    order_month,
    sqlite,
)
from tests.servers.postgresql import embedded

NAME = Field(types.Text(), name="src_name_in", nullable=True)
START = Field(types.Timestamp(digits=3), name="time_start")
ALL = START.gteq(UNTIL - timedelta(days=40_000))


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sa.Engine, sa.Engine]]:
    """SQLite, and PostgreSQL whose sessions live in a zone far from UTC."""
    settings = {"options": "-c timezone=Pacific/Chatham"}
    with sqlite(tmp_path_factory.mktemp("sqlite")) as lite, embedded() as url, opened(url) as postgres:
        fill(postgres)
        odd = sa.create_engine(url, poolclass=sa.NullPool, connect_args=settings)
        yield lite, odd
        odd.dispose()


def lines(engine: sa.Engine, selection: Selection, *, copied: bool = False, guard: bool = False) -> bytes:
    with engine.connect() as connection:
        return b"".join(piece for piece, _ in (copy_csv if copied else stream_csv)(connection, selection, guard=guard))


def three(engines: tuple[sa.Engine, sa.Engine], selection: Selection, *, guard: bool = False) -> list[bytes]:
    """Write the lines from SQLite, from PostgreSQL by COPY, and from PostgreSQL as from any other."""
    lite, postgres = engines
    return [
        lines(lite, selection, guard=guard),
        lines(postgres, selection, copied=True, guard=guard),
        lines(postgres, selection, guard=guard),
    ]


@pytest.mark.parametrize("form", ["with_timezone", "without_timezone", "round_to_seconds"])
@pytest.mark.parametrize(
    "zone", [None, "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Monrovia"]
)
def test_every_row_and_every_zone(engines: tuple[sa.Engine, sa.Engine], form: TimeFormat, zone: str | None) -> None:
    written, copied, streamed = three(engines, Selection(ALL, NEWEST_FIRST, COLUMNS, form, zone))
    assert written.count(b"\n") > 300
    assert copied == written
    assert streamed == written


EDGES = ("0001-01-01T00:00:00.120Z", "2040-07-01T12:00:00Z", "9999-12-31T23:59:59.999Z")
SHOWN = {
    "Europe/Berlin": (
        "0001-01-01 00:53:28.12+00:53:28",
        "2040-07-01 14:00:00+02",
        "10000-01-01 00:59:59.999+01",
    ),
    "America/New_York": (
        "0001-12-31 19:03:58.12-04:56:02 BC",
        "2040-07-01 08:00:00-04",
        "9999-12-31 18:59:59.999-05",
    ),
}


@pytest.mark.parametrize("form", ["with_timezone", "without_timezone", "round_to_seconds"])
@pytest.mark.parametrize("zone", SHOWN)
def test_the_ends_of_time(engines: tuple[sa.Engine, sa.Engine], form: TimeFormat, zone: str) -> None:
    call, *_ = hostile_calls()
    names = "time_start", "time_connect", "time_end"
    at = dict(zip(names, map(datetime.fromisoformat, EDGES), strict=True))
    selection = Selection(NAME.eq("of all times"), NEWEST_FIRST, COLUMNS[:3], form, zone)
    written = []
    for engine, written_by in zip(engines, (stream_csv, copy_csv), strict=True):
        with engine.connect() as connection:  # which is rolled back
            connection.execute(sa.insert(Cdr), [call | at | {"id": 2_000, "src_name_in": "of all times"}])
            written.append(b"".join(piece for piece, _ in written_by(connection, selection, guard=False)))
    assert written[0] == written[1]
    if form == "with_timezone":
        assert written[0].decode() == ",".join(f'"{time}"' for time in SHOWN[zone]) + "\n"


def test_the_guard(engines: tuple[sa.Engine, sa.Engine]) -> None:
    written, copied, streamed = three(engines, Selection(ALL, NEWEST_FIRST, COLUMNS), guard=True)
    assert copied == streamed == written
    cells = {cell for row in csv.reader(io.StringIO(written.decode(), newline="")) for cell in row}
    assert {"'=1+1", "'+49", "'-1", "'@sum", "'\t=1", "'\r=1", "'=1", "", " "} <= cells
    assert not any(re.match(r"[=+@\t\r]|-(?![0-9.]+\Z)", cell) for cell in cells)


@pytest.mark.parametrize("text", TEXTS)
def test_a_value_of_a_filter_is_a_value(engines: tuple[sa.Engine, sa.Engine], text: str) -> None:
    for predicate in (NAME.eq(text), NAME.in_([text, "'"]), NAME.cont(text) if text else NAME.eq(text)):
        written, copied, streamed = three(engines, Selection(predicate, NEWEST_FIRST, COLUMNS[5:7]))
        assert written
        assert copied == streamed == written


def test_the_whole_file_is_the_same_and_is_what_the_order_says(
    engines: tuple[sa.Engine, sa.Engine], tmp_path: Path
) -> None:
    files = []
    for number, engine in enumerate(engines):
        exporter = Exporter(engine, tmp_path / str(number))
        id_ = order(engine, time_zone_name="Europe/Berlin", time_format="round_to_seconds")
        (job,) = exporter.run_all()
        assert (job.status, job.reason, job.claimed_by, job.claimed_until) == ("Completed", None, None, None)
        files.append(exporter.path_of(job).read_bytes())
        assert export(engine, id_).file_size == len(files[-1])
        read = list(csv.reader(io.StringIO(gzip.decompress(files[-1]).decode(), newline="")))
        header, *rows = read
        assert header[:5] == ["Time Start", "Time Connect", "Time End", "Success", "Duration"]
        assert len(rows) == job.rows_count == owned(engine)
    assert files[0] == files[1]


def test_a_name_of_no_order_is_one_on_postgresql_too(engines: tuple[sa.Engine, sa.Engine], tmp_path: Path) -> None:
    exporter = Exporter(engines[1], tmp_path)
    (tmp_path / f"{'-' * 36}.csv").touch()
    assert exporter.clean() == (0, 0, 0, 0)
    for id_ in ("nothing", "-" * 36):
        with pytest.raises(LookupError, match="there is no export"):
            exporter.retry(id_)


def test_orders_of_all_kinds_are_listed_and_tried_again(engines: tuple[sa.Engine, sa.Engine], tmp_path: Path) -> None:
    for engine in engines:
        only = sa.create_engine(engine.url, pool_size=1, max_overflow=0, pool_timeout=0.1)
        exporter = Exporter(only, tmp_path, kinds=EVERY_KIND)
        made = [order(engine, 12, status="Failed"), order_month(engine, 11), order(engine, 10, status="Failed")]
        assert [job.id for job in exporter.jobs() if job.id in made] == sorted(made)
        assert [job.id for job in exporter.retry_failed()] == [made[2], made[0]]
        assert {exporter.delete(id_).job.attempts for id_ in made} == {0}
        only.dispose()


def test_a_copy_that_is_broken_off_gives_its_order_back(engines: tuple[sa.Engine, sa.Engine], tmp_path: Path) -> None:
    def tell(rows: int) -> None:
        if rows:
            stopped.stop()

    _, postgres = engines
    stopped = Exporter(postgres, tmp_path)
    id_ = order(postgres, 2)
    for job, status in ((stopped.run_one(lambda _: nullcontext(tell)), "Pending"), (stopped.run_one(), None)):
        assert (job and job.status) == status
    assert list(tmp_path.iterdir()) == []
    (job,) = Exporter(postgres, tmp_path).run_all()
    assert (job.id, job.status) == (id_, "Completed")


def test_a_fault_of_postgresql_is_told_by_its_code(engines: tuple[sa.Engine, sa.Engine], tmp_path: Path) -> None:
    _, postgres = engines
    order(postgres, 3)
    with postgres.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE cdrs RENAME COLUMN duration TO hidden")
    try:
        (job,) = Exporter(postgres, tmp_path).run_all()
    finally:
        with postgres.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE cdrs RENAME COLUMN hidden TO duration")
    assert (job.status, job.reason) == ("Failed", "the database cannot give the rows: UndefinedColumn (42703)")


def owned(engine: sa.Engine) -> Any:
    counted = sa.select(sa.func.count()).where(Cdr.customer_id == CUSTOMER, Cdr.account_id == ACCOUNT)
    with engine.connect() as connection:
        return connection.scalar(counted)
