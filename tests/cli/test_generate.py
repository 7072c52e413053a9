"""The command `generate`: the same rows in each format, which `filter` reads again, and in a database."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from jsonapi_sieve.backends.narwhals import check
from jsonapi_sieve.cdr.dataset import Dataset
from jsonapi_sieve.cdr.filters import RelatedCdrFilters
from jsonapi_sieve.cdr.models import Account, Cdr
from jsonapi_sieve.cli import main
from jsonapi_sieve.cli.generate import GENERATED

SMALL = ("--count", "40", "--seed", "3", "--until", "2026-02-01")
DATA = Dataset(count=40, seed=3, until=datetime(2026, 2, 1, tzinfo=UTC))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("form", ["jsonl", "csv.gz", "parquet"])
def test_the_same_arguments_give_the_same_file(form: str, here: Path) -> None:
    for name, words in [("a", SMALL), ("b", SMALL), ("c", (*SMALL, "--seed", "4"))]:
        assert main(["generate", f"{name}.{form}", *words]) == 0
    first, second, other = ((here / f"{name}.{form}").read_bytes() for name in "abc")
    assert first == second != other


def test_what_gives_the_same_rows_again_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = {"count": 40, "seed": 3, "until": "2026-02-01T00:00:00.000Z"}
    for words in (["a.csv"], ["--database-url", "sqlite:///a.sqlite"]):
        assert main(["generate", *words, *SMALL, "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == told
    assert main(["generate", "-", "--format", "csv", *SMALL, "--json"]) == 0
    printed, error = capsys.readouterr()
    assert printed == (here / "a.csv").read_text()
    assert json.loads(error) == told


@pytest.mark.parametrize("resource", GENERATED)
def test_all_formats_have_the_same_rows(resource: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts = set()
    count_of_calls = ("--count", "40") if resource == "cdrs" else ()
    for form in ("jsonl", "csv", "parquet"):
        assert main(["generate", f"a.{form}", *count_of_calls, "--resource", resource]) == 0
        assert main(["filter", f"a.{form}", "", "--resource", resource, "--count"]) == 0
        counts.add(int(capsys.readouterr().out))
    (count,) = counts
    columns = pq.read_table(here / "a.parquet")
    rows = [json.loads(line) for line in (here / "a.jsonl").read_text().splitlines()]
    header, *_ = (here / "a.csv").read_text().splitlines()
    assert len(rows) == columns.num_rows == count > 0
    assert header.split(",") == list(rows[0])
    assert sorted(columns.column_names) == sorted(rows[0])


def test_parquet_has_the_columns_that_frames_need(here: Path) -> None:
    assert main(["generate", "a.parquet", *SMALL]) == 0
    read = pq.read_table(here / "a.parquet")
    check(RelatedCdrFilters(), read)
    assert read.schema.field("customer_price").type == pa.decimal128(38, 12)
    assert read["id"].to_pylist() == [row["id"] for row in DATA.cdrs()]
    assert read["time_start"].to_pylist() == [row["time_start"] for row in DATA.cdrs()]
    assert read["customer_price"].to_pylist() == [row["customer_price"] for row in DATA.cdrs()]


def test_rows_go_to_stdout_if_that_is_wished(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["generate", "-", "--format", "csv", "--resource", "transport-protocols"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"id,name\n1,UDP\n")


def test_what_a_csv_file_needs_in_quotes_is_quoted(here: Path) -> None:
    assert main(["generate", "a.csv.gz", "--resource", "cdr-exports", "--until", "2026-02-01"]) == 0
    text = gzip.decompress((here / "a.csv.gz").read_bytes()).decode()
    assert '"{""time_start_gteq"": ""20' in text


def test_an_empty_database_is_filled(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{here / 'a.sqlite'}"
    assert main(["generate", "--database-url", url, *SMALL]) == 0
    engine = create_engine(url)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Cdr)) == 40
        assert set(session.scalars(select(Cdr.time_start))) == {row["time_start"] for row in DATA.cdrs()}
        assert session.scalar(select(func.count()).select_from(Account)) == len(DATA.accounts())
    engine.dispose()
    assert main(["generate", "--database-url", url, *SMALL]) == 2
    assert capsys.readouterr().err == "jsonapi-sieve generate: error: the database has its rows already\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a.txt"], "a.txt: the name does not tell the format"),
        (["-", "--format", "parquet"], "a Parquet file is not written to stdout"),
        (["no/a.csv"], "no/a.csv cannot be written: No such file or directory"),
        (["a.csv", "--count", "0"], "count must be at least 1"),
        (["a.csv", "--until", "0001-01-01"], ""),
        (["a.csv", "--resource", "accounts", "--count", "2"], "--count is for calls; the number of accounts is always"),
        (["--database-url", "sqlite:///a", "--format", "csv"], "--resource and --format are for a file"),
        (["--database-url", "nothing://"], "the database cannot be used: "),
    ],
)
def test_what_cannot_be_done_is_refused(
    words: list[str], message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["generate", *words]) == 2
    assert capsys.readouterr().err.startswith(f"jsonapi-sieve generate: error: {message}")
    assert not list(here.iterdir())


def test_a_time_has_to_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["generate", "a.csv", "--until", "tomorrow"])
    assert "argument --until: 'tomorrow' is not a date and time such as" in capsys.readouterr().err
