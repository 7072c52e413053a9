"""The command `export` where rows come from elsewhere, as far as that needs no cluster."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from types import ModuleType

import pytest

from jsonapi_sieve.cli import main
from tests.cdr.exporting.databases import order, sqlite


@pytest.fixture
def url(tmp_path: Path) -> str:
    with sqlite(tmp_path) as engine:
        order(engine)
        return str(engine.url)


def run(*arguments: str) -> int:
    return main(["export", *arguments])


def test_calls_are_laid_out_by_day(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("lay-out", str(tmp_path / "calls"), "--database-url", url) == 0
    assert capsys.readouterr().out == "340 calls written\n"
    assert (tmp_path / "calls" / "day=2026-03-29" / "cdrs.parquet").exists()
    assert run("lay-out", str(tmp_path / "calls"), "--database-url", url, "--since", "2026-03-30", "--json") == 0
    assert capsys.readouterr().out == '{"rows": 0}\n'


def test_a_folder_that_cannot_be_written_is_told(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.joinpath("calls").touch()
    assert run("lay-out", str(tmp_path / "calls"), "--database-url", url) == 2
    assert "calls cannot be written: Not a directory" in capsys.readouterr().err


def test_rows_may_come_from_another_database(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.joinpath("orders").mkdir()
    with sqlite(tmp_path / "orders") as engine:
        order(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM cdrs")
        orders = str(engine.url)
    files = [tmp_path / name for name in ("one", "two")]
    assert run("run", "--database-url", url, "--folder", str(files[0])) == 0
    assert run("run", "--database-url", orders, "--rows-url", url, "--folder", str(files[1])) == 0
    one, two = [gzip.decompress(next(folder.iterdir()).read_bytes()) for folder in files]
    assert one == two
    assert one.count(b"\n") > 40


def test_a_spark_that_is_too_old_is_refused(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spark, sql = ModuleType("pyspark"), ModuleType("pyspark.sql")
    spark.__version__, sql.SparkSession = "3.5.6", None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pyspark", spark)
    monkeypatch.setitem(sys.modules, "pyspark.sql", sql)
    assert run("run", "--database-url", url, "--spark", "local[*]", "--data", str(tmp_path)) == 2
    assert "Spark 3.5.6 is too old; exports need Spark 4 or newer" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--spark", "local[*]"], "--spark needs --data"),
        (["--data", "calls"], "--data and --parts are for --spark"),
        (["--parts"], "--data and --parts are for --spark"),
        (["--spark", "local[*]", "--rows-url", "sqlite://"], "not allowed with argument --spark"),
    ],
)
def test_what_cannot_be_is_refused(
    url: str, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = run("run", "--database-url", url, *arguments)
    except SystemExit as ended:
        code = int(str(ended.code))
    assert code == 2
    assert told in capsys.readouterr().err
