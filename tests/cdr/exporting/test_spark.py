"""What runners on Spark write, and what they leave when they are stopped or killed."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from jsonapi_sieve.cdr.exporting import Exporter
from jsonapi_sieve.cdr.exporting.days import write_days
from jsonapi_sieve.cdr.exporting.did import EVERY_KIND
from jsonapi_sieve.cdr.models import Cdr, CdrExport, DidCdrExport
from tests.cdr.exporting.databases import CUSTOMER, UNTIL, hostile_calls, order, sqlite
from tests.cdr.exporting.spark import spark_environment

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("exports: Spark")]

DID_ID = "00000000-0000-4000-8000-00000000d1d0"
ZONES = ("Europe/Berlin", "America/St_Johns", None, "Nowhere/At_All", "ROC")
"""Java has no Republic of China."""

ENDS = {
    "time_connect": datetime(1, 1, 1, 0, 0, 0, 120_000, UTC),
    "time_end": datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC),
}
PATIENCE = 900  # seconds, after which something hangs


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    with sqlite(tmp_path_factory.mktemp("spark")) as engine:
        for number, zone in enumerate(ZONES):
            order(engine, number, time_zone_name=zone)
        call, *_ = hostile_calls()
        with engine.begin() as connection:
            connection.execute(sa.insert(Cdr), [call | ENDS | {"id": 2_000}])
            values = {"id": DID_ID, "file_id": DID_ID, "customer_id": CUSTOMER, "year": "2026", "month": "03"}
            times = {"created_at": UNTIL, "updated_at": UNTIL}
            connection.execute(sa.insert(DidCdrExport).values(**values, **times, status="Pending"))
        yield engine


@pytest.fixture(scope="module")
def calls(database: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("calls") / "of 2026 [1] {2} #%20*"  # a pattern, if it were one
    write_days(database, folder)
    return folder


@pytest.fixture(scope="module")
def written(database: sa.Engine, calls: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Spark wrote, and what one machine does."""
    folder = tmp_path_factory.mktemp("files")
    script = [sys.executable, "-m", "tests.cdr.exporting.work_on_spark", str(database.url), str(calls), str(folder)]
    with spark_environment(folder / "settings") as environment:
        ran = subprocess.run(script, check=True, timeout=PATIENCE, env=environment, stdout=subprocess.PIPE)  # noqa: S603
    told = {way: jobs for line in ran.stdout.splitlines() for way, jobs in json.loads(line).items()}
    for way, options in {"one": {"guard": True}, "one-parquet": {"format": "parquet"}}.items():
        with database.begin() as connection:
            for model in (CdrExport, DidCdrExport):
                connection.execute(sa.update(model).values(status="Pending"))
        exporter = Exporter(database, folder / way, kinds=EVERY_KIND, **options)  # type: ignore[arg-type]
        told[way] = {job.id: [job.status, job.rows_count, str(exporter.path_of(job))] for job in exporter.run_all()}
    return told


def whole(told: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {id_: job for id_, job in told.items() if job[0] == "Completed"}


def unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def test_files_of_every_kind_are_those_of_one_machine(written: dict[str, Any]) -> None:
    guarded, one = written["guarded"], written["one"]
    assert len(whole(guarded)) == len(whole(one)) - 1 == 4
    for id_, (_, rows, size, digest, _, path) in whole(guarded).items():
        content = Path(path).read_bytes()
        assert unpacked(Path(path)) == unpacked(Path(one[id_][2]))
        assert (len(content), hashlib.sha256(content).hexdigest()) == (size, digest)
        assert rows == one[id_][1] > 40
    assert Path(guarded[DID_ID][5]).name == f"{DID_ID}.csv"
    assert len(list(Path(guarded[DID_ID][5]).parent.iterdir())) == 4


def test_an_order_that_cannot_be_filled_fails_with_the_reason(written: dict[str, Any]) -> None:
    failed = [job[4] for job in written["guarded"].values() if job[0] == "Failed"]
    nowhere, taiwan = sorted(failed, key=len)
    assert nowhere == "there is no time zone 'Nowhere/At_All'"
    assert taiwan.startswith("the Java that Spark runs on has no time zone 'ROC'; bring its zones up to date")


def test_parts_one_after_the_other_are_the_content(written: dict[str, Any]) -> None:
    for id_, (_, _, size, digest, _, path) in whole(written["parts"]).items():
        folder = Path(path)
        assert folder.name in (f"{id_}.csv.gz.parts", f"{id_}.csv.parts")
        parts = sorted(folder.glob("[!_]*"))
        assert parts[0].name.startswith("header.csv")
        assert all(part.name.startswith("part-") for part in parts[1:])
        content = b"".join(part.read_bytes() for part in parts)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (size, digest)
        text = gzip.decompress(content) if ".gz." in path else content
        # Without the guard, texts are as they are.
        assert text.count(b"\n") == unpacked(Path(written["one"][id_][2])).count(b"\n")
    assert any(len(list(Path(job[5]).glob("part-*"))) > 1 for job in whole(written["parts"]).values())


def test_parquet_holds_the_same_rows_in_the_same_types(written: dict[str, Any]) -> None:
    one = whole(written["one-parquet"])
    for id_, (_, rows, _, _, _, path) in whole(written["parquet"]).items():
        parts = [pq.ParquetFile(part).read() for part in sorted(Path(path).glob("*.parquet"))]
        table, expected = pa.concat_tables(parts), pq.ParquetFile(one[id_][2]).read()
        assert table.num_rows == rows
        assert table.schema.equals(expected.schema)
        assert table.equals(expected)


def test_a_runner_that_is_stopped_gives_its_order_back(written: dict[str, Any]) -> None:
    ((status, rows, *_, path),) = written["stopped"].values()
    assert (status, rows) == ("Pending", None)
    assert not list(Path(path).parent.iterdir())


def test_a_runner_that_is_killed_leaves_no_half_file(calls: Path, tmp_path: Path) -> None:
    files = tmp_path / "files"
    with sqlite(tmp_path) as engine, spark_environment(tmp_path / "settings") as environment:
        id_ = order(engine)
        command = [sys.executable, "-m", "jsonapi_sieve.cli", "export", "run", "--spark", "local[2]"]
        command += ["--data", str(calls), "--database-url", str(engine.url), "--folder", str(files)]
        runner = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)  # noqa: S603
        begun = time.monotonic()
        while not list(files.glob(f".{id_}.*")):
            assert runner.poll() is None
            assert time.monotonic() < begun + PATIENCE
            time.sleep(0.01)
        runner.send_signal(signal.SIGKILL)
        runner.wait()
        assert not list(files.glob("[!.]*"))
        with engine.begin() as connection:
            connection.execute(sa.update(CdrExport).values(claimed_until=UNTIL))
        exporter = Exporter(engine, files)
        (job,) = exporter.run_all()
        rows = csv.reader(io.StringIO(unpacked(exporter.path_of(job)).decode(), newline=""))
        assert (job.status, job.rows_count) == ("Completed", len(list(rows)) - 1)
        # Spark, which has the same output, ends a moment after who started it, and may still have written.
        runner.communicate(timeout=PATIENCE)
        exporter.clean()
        assert [path.name for path in files.iterdir()] == [f"{id_}.csv.gz"]
