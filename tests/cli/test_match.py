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
@pytest.mark.parametrize(
    ("rules", "passing"),
    [
        ("", "0 of 3 rows pass some of 0 filters, "),
        ('{"key": 1, "filters": {}}\n', "3 of 3 rows pass some of 1 filter, "),
    ],
)
def test_that_no_filter_passes_nothing_and_an_empty_one_everything(
    capsys: pytest.CaptureFixture[str], rules: str, passing: str
) -> None:
    Path("rules.jsonl").write_text(rules)
    assert main(["match", "rules.jsonl", "calls.jsonl", *FIELDS]) == 0
    output, told = capsys.readouterr()
    assert [json.loads(line)["keys"] for line in output.splitlines()] == [[1]] * int(passing[0])
    assert told.startswith(passing)


@pytest.mark.usefixtures("calls")
def test_a_saved_index(capsys: pytest.CaptureFixture[str]) -> None:
    filters = filters_of(["duration:integer", "name:text"])
    saved = FilterIndex({7: filters.load({"duration_eq": 60})})
    Path("saved.jsonl").write_text("".join(save_index(saved, filters)))
    assert main(["match", "saved.jsonl", "calls.jsonl", *FIELDS]) == 0
    assert json.loads(capsys.readouterr().out) == {"row": "line 2", "keys": [7]}


@pytest.mark.usefixtures("calls")
@pytest.mark.parametrize("saved", [False, True])
def test_that_defaults_are_left_out(capsys: pytest.CaptureFixture[str], saved: bool) -> None:
    Path("declared.py").write_text(
        "from jsonapi_sieve import Default, Field, FilterSet, types\n"
        "class Filters(FilterSet):\n"
        "    duration = Field(types.Integer())\n"
        "    rules = (Default('duration_gt', 90),)\n"
    )
    if saved:
        filters = filters_of(["duration:integer"])
        lines = list(save_index(FilterIndex({1: filters.load({"duration_lt": 99})}), filters))
    else:
        lines = ['{"key": 1, "filters": {"duration_lt": 99}}\n']
    Path("rules.jsonl").write_text("".join(lines))
    assert main(["match", "rules.jsonl", "calls.jsonl", "--resource", "declared:Filters", "--json"]) == 0
    output, told = capsys.readouterr()
    assert [json.loads(line)["row"] for line in output.splitlines()] == ["line 1", "line 2"]
    counts = json.loads(told)
    assert counts.pop("rate") > 0
    assert counts == {"read": 3, "passing": 2, "filters": 1}


@pytest.mark.usefixtures("calls")
def test_what_parts_lines_elsewhere_and_digits_beyond_those_of_a_float(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"name": "a\u2028\x85b", "price": "0.3"}, {"name": "format", "price": "0.2"}]
    Path("calls.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    rules = [
        '{"key": "format", "filters": {"name_eq": "a\u2028\x85b"}}\n',
        '{"key": "more", "filters": {"price_lt": 0.30000000000000000001, "price_gt": 0.29999999999999999999}}\n',
    ]
    Path("rules.jsonl").write_text("".join(rules), "utf-8")
    assert main(["match", "rules.jsonl", "calls.jsonl", "--field", "name:text", "--field", "price:decimal"]) == 0
    assert json.loads(capsys.readouterr().out) == {"row": "line 1", "keys": ["format", "more"]}


@pytest.mark.usefixtures("calls")
def test_filters_that_are_no_text(capsys: pytest.CaptureFixture[str]) -> None:
    Path("rules.jsonl").write_bytes(b"\xff\n")
    assert main(["match", "rules.jsonl", "calls.jsonl", *FIELDS]) == 2
    assert capsys.readouterr().err.startswith("jsonapi-sieve match: error: rules.jsonl is no text in UTF-8: ")


@pytest.mark.parametrize(
    ("rules", "rows", "code", "message"),
    [
        ("{}\n", "", 2, "rules.jsonl, line 1: no filter with a key"),
        ('{"key": 1, "filters": {"x": 1}}\n', "", 2, "rules.jsonl, line 1: /x: "),
        (
            '{"key": 1, "filters": {}}\n{"key": 1, "filters": {}}\n',
            "",
            2,
            "rules.jsonl, line 2: the key 1 has a filter",
        ),
        (
            '{"key": 1.5, "filters": {}}\n',
            "",
            2,
            "rules.jsonl, line 1: no filter with a key that is text or a whole number",
        ),
        (
            '{"key": 1, "filters": {"duration_gt": 1, "duration_gt": 2}}\n',
            "",
            2,
            "rules.jsonl, line 1: a member of an object is there more than once",
        ),
        (
            '{"key": 1, "filters": {}, "Filters": {"duration_gt": 1}, "z": 1}\n',
            "",
            2,
            "rules.jsonl, line 1: 'Filters' is neither the key nor the filters, and a line has nothing else",
        ),
        ("[]\n", "", 2, "rules.jsonl, line 1: no filter with a key"),
        ("[" * 100_000, "", 2, "rules.jsonl, line 1: maximum recursion depth exceeded"),
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
