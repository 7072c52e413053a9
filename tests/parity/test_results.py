"""Differences are found, told, counted and kept; the table in the documents is held to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.catalogue import ENGINES
from tests.parity import report, results
from tests.parity.results import COUNTED, Result, _difference, _gathered, kept, table_of


def answered(question: str) -> list[int]:
    return {"same": [1, 2], "fewer": [1], "more": [1, 2, 3], "turned": [2, 1]}[question]


def test_differences() -> None:
    found = [line for asked in ("same", "fewer", "more", "turned") for line in _difference(asked, [1, 2], answered)]
    assert found == [
        "'fewer': missing [2], unexpected []",
        "'more': missing [], unexpected [3]",
        "'turned': in the order [2, 1] instead of [1, 2]",
    ]


def test_errors_are_differences() -> None:
    assert list(_difference("unknown", [], answered)) == ["'unknown': KeyError: 'unknown'"]


def test_long_questions_are_cut() -> None:
    (line,) = _difference(["a" * 10_000], [1], lambda _: [])
    assert line.endswith("aaa...: missing [1], unexpected []")
    assert len(line) < 3_000


@pytest.fixture
def of_all_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Result]:
    """Keep a result of every engine, in a directory of the test's own, and make a document to hold to them."""
    monkeypatch.setattr(results, "DIRECTORY", tmp_path / "parity")
    monkeypatch.setattr(report, "DOCUMENT", tmp_path / "engines.md")
    (tmp_path / "engines.md").write_text(f"before\n{report.START}{report.END}\nafter\n")
    made = _gathered([name, "1.0", counted, 7, [0, 3], 0] for name in ENGINES for counted in COUNTED)
    for name, result in made.items():
        results._keep(name, result)
    return made


def test_results_are_kept(of_all_engines: dict[str, Result]) -> None:
    assert kept() == of_all_engines


def test_table() -> None:
    assert table_of(
        {"sqlite": Result("3.40", {"core cases": 484, "predicates": 20_000, "orders": 100}, {1, 2}, 1)}
    ) == [
        "| engine | version | core cases | predicates | orders | pairs of field and operator | differences |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
        "| SQLite | 3.40 | 484 | 20,000 | 100 | 2 | 1 |",
    ]


def test_the_document_is_held_to_the_results(
    of_all_engines: dict[str, Result], capsys: pytest.CaptureFixture[str]
) -> None:
    assert report.main(["--check"]) == 1
    assert report.main(["--write"]) == report.main(["--check"]) == 0
    assert report.DOCUMENT.read_text() == "\n".join(
        ["before", "<!-- parity -->", *table_of(of_all_engines), "<!-- end of parity -->", "after", ""]
    )
    capsys.readouterr()
    assert report.main([]) == 0
    assert capsys.readouterr().out.splitlines() == table_of(of_all_engines)


def test_versions_may_differ_and_nothing_else(of_all_engines: dict[str, Result]) -> None:
    report.main(["--write"])
    of_all_engines["sqlite"].version = "2.0"
    results._keep("sqlite", of_all_engines["sqlite"])
    assert report.main(["--check"]) == 0
    of_all_engines["sqlite"].differences = 1
    results._keep("sqlite", of_all_engines["sqlite"])
    assert report.main(["--check"]) == 1


def test_every_engine_is_asked_for(of_all_engines: dict[str, Result], capsys: pytest.CaptureFixture[str]) -> None:
    (results.DIRECTORY / "sqlite.json").unlink()
    assert report.main(["--check"]) == 1
    assert "no results of SQLite" in capsys.readouterr().err


def test_a_document_without_a_place_for_the_table(
    of_all_engines: dict[str, Result], capsys: pytest.CaptureFixture[str]
) -> None:
    report.DOCUMENT.write_text("nothing")
    assert report.main(["--write"]) == 1
    assert "has no place for the table" in capsys.readouterr().err
