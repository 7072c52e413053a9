"""The command `match`: the filters that each row of a file passes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jsonapi_sieve.cli import main
from jsonapi_sieve.cli.declared import filters_of
from jsonapi_sieve.index import FilterIndex, save_index

FIELDS = ["--field", "duration:integer", "--field", "name:text"]
RULES = [{"key": "long", "filters": {"duration_gt": 60}}, {"key": 2, "filters": {"name_cont": "north"}}]


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rows = [{"duration": 61, "name": "North"}, {"duration": 60, "name": None}, {"duration": 99, "name": "x"}]
    Path("calls.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    Path("rules.jsonl").write_text("".join(json.dumps(rule) + "\n" for rule in RULES))
    return tmp_path


@pytest.mark.usefixtures("calls")
def test_the_filters_of_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", "rules.jsonl", "calls.jsonl", *FIELDS]) == 0
    output, told = capsys.readouterr()
    assert [json.loads(line)["keys"] for line in output.splitlines()] == [[2, "long"], ["long"]]
    assert told.startswith("2 of 3 rows pass some of 2 filters, ")


@pytest.mark.usefixtures("calls")
def test_a_saved_index(capsys: pytest.CaptureFixture[str]) -> None:
    filters = filters_of(["duration:integer", "name:text"])
    saved = FilterIndex({7: filters.load({"duration_eq": 60})})
    Path("saved.jsonl").write_text("".join(save_index(saved, filters)))
    assert main(["match", "saved.jsonl", "calls.jsonl", *FIELDS]) == 0
    assert json.loads(capsys.readouterr().out) == {"row": "line 2", "keys": [7]}


@pytest.mark.parametrize(
    ("rules", "rows", "code", "message"),
    [
        ("{}\n", "", 2, "rules.jsonl, line 1: no filter with its key"),
        ('{"key": 1, "filters": {"x": 1}}\n', "", 2, "rules.jsonl, line 1: /x: "),
        (
            '{"key": 1, "filters": {}}\n{"key": 1, "filters": {}}\n',
            "",
            2,
            "rules.jsonl, line 2: the key 1 has a filter",
        ),
        ("nothing\n", "", 2, "rules.jsonl, line 1: Expecting value"),
        ('{"format": 1}\n', "", 2, "rules.jsonl: line 1: this is no saved index"),
        ('{"key": 1, "filters": {"duration_gt": 1}}\n', "{}\n", 1, "line 1: "),
        ('{"key": 1, "filters": {"duration_gt": 1}}\n', "nothing\n", 1, "line 1: "),
    ],
)
@pytest.mark.usefixtures("calls")
def test_what_is_refused(capsys: pytest.CaptureFixture[str], rules: str, rows: str, code: int, message: str) -> None:
    Path("rules.jsonl").write_text(rules)
    Path("calls.jsonl").write_text(rows)
    assert main(["match", "rules.jsonl", "calls.jsonl", *FIELDS]) == code
    assert capsys.readouterr().err.startswith(f"jsonapi-sieve match: error: {message}")
