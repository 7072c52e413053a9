"""The demonstration, run as users run it, on fewer calls."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jsonapi_sieve import And, QueryErrors, SortKey
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.cdr.demo import answer as answering
from jsonapi_sieve.cdr.demo import database
from jsonapi_sieve.cdr.demo.__main__ import main
from jsonapi_sieve.cdr.demo.question import read

NOW = datetime(2026, 3, 1, 7, tzinfo=UTC)
COUNT = 10_000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "deeper" / "demo.sqlite"


def run(path: Path, *arguments: str, count: int = COUNT) -> int:
    return main([*arguments, "--database", str(path), "--count", str(count), "--until", "2026-03-01T07:00"])


def test_the_tour_fills_the_file_and_fits_a_terminal_of_100_columns(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(path) == 0
    shown, progress = capsys.readouterr()
    assert "100%" in progress
    assert max(map(len, shown.splitlines())) <= 100
    for text in (
        "Predicate  And(",
        "SQL        SELECT cdrs.id",
        "Python     def matches(row",
        '"errors": [',
        "Try next",
    ):
        assert text in shown
    assert shown.count("the same, in the same order") == 5
    assert " 0 of 10,000 calls" not in shown


def test_the_file_is_used_again_as_long_as_it_holds_the_wanted_calls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "demo.sqlite"
    origins = []
    for count, seed in ((3, "1"), (3, "1"), (4, "1"), (4, "2")):
        assert run(path, "filter[id]=8", "--seed", seed, count=count) == 0
        origins.append("an earlier run" in capsys.readouterr().out)
    assert origins == [False, True, False, False]
    assert [file.name for file in tmp_path.iterdir()] == ["demo.sqlite"]


def test_a_query_is_shown_with_its_canonical_form_and_its_first_rows(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(path, "filter[id-in]=8,9,10&filter[time_start-gteq]=2026-01-01&sort=-id,-duration") == 0
    shown = capsys.readouterr().out
    assert "filter%5Bid%5D=8,9,10&filter%5Btime-start-gteq%5D=2026-01-01T00:00:00.000Z&" in shown
    rows = shown[shown.rindex("\nid ") :].splitlines()[3:]
    assert [row.split()[0] for row in rows] == ["10", "9", "8"]
    assert rows[2].split()[1:3] == ["2026-01-02T12:45:13.788Z", "30"]


def test_an_empty_query_is_for_the_last_24_hours(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(path, "") == 0
    shown = capsys.readouterr().out
    assert "(empty)" in shown
    assert "default(time_start >=" in shown


def test_nothing_found_shows_no_table(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(path, "filter[duration-lt]=0") == 0
    shown = capsys.readouterr().out
    assert "0 of 10,000 calls" in shown
    assert "time-start  " not in shown


def test_a_bad_query_is_refused_with_error_objects(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(path, "filter[duration-eq]=1.5&sort=price&page[size]=1") == 2
    shown = capsys.readouterr().err
    document = json.loads(shown[shown.index("{") :])
    assert [error["source"]["parameter"] for error in document["errors"]] == ["filter[duration-eq]", "page[size]"]
    assert {error["status"] for error in document["errors"]} == {"400"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--count", "0"], "count must be at least 1"),
        (["--until", "tomorrow"], "'tomorrow' is no time such as"),
        (["--until", "0001-01-01"], "out of range"),
        (["--seed", "x"], "invalid int"),
    ],
)
def test_bad_arguments_are_refused(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--database", str(tmp_path / "demo.sqlite"), *arguments])
    assert caught.value.code == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def text_file(path: Path) -> None:
    path.write_text("a diary, and no database at all" * 100)


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE diary (entry)")


@pytest.mark.parametrize("make", [text_file, other_database])
def test_a_file_of_somebody_else_is_left_alone(
    make: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "diary"
    assert callable(make)
    make(path)
    before = path.read_bytes()
    with pytest.raises(SystemExit) as caught:
        run(path)
    assert caught.value.code == 2
    assert "was not made by this demonstration" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_an_interrupted_run_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(database, "fill", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "demo.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_disagreement_of_the_engines_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(answering, "compile_python", lambda predicate: compile_python(~predicate))
    assert run(path, "filter[id]=8") == 1
    assert "OTHERS, by a fault" in capsys.readouterr().out


def test_sort_is_read_beside_the_filters() -> None:
    assert read("filter%5Bid%5D=8&sort=-duration,id", NOW).order == (SortKey("duration", True), SortKey("id"))
    assert read("", NOW).order == (SortKey("time_start", True),)
    assert isinstance(read("", NOW).predicate, And)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("filter[x-eq]=1&sort=x", ["unknown-filter", "unknown-sort-key"]),
        ("sort=id&sort=duration", ["repeated-parameter"]),
        ("include=account&fields[cdrs]=id", ["unknown-parameter", "unknown-parameter"]),
        ("filter[id]=%FF", ["invalid-encoding"]),
    ],
)
def test_every_fault_of_a_question_is_told(query: str, codes: list[str]) -> None:
    with pytest.raises(QueryErrors) as caught:
        read(query, NOW)
    assert [error.code for error in caught.value.errors] == codes
