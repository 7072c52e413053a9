"""Runs both sides of each contest once, on few rows, so that no benchmark breaks unseen."""

from __future__ import annotations

import gc
import sys

import pytest
from benchmarks.__main__ import STAGES, told_stages
from benchmarks.contest import compare
from benchmarks.peers.running import ROOT, TASKS

# Those that need a server, or whose rows are a million because fewer would tell nothing.
LONG = {"exports", "frames", "index", "lists", "pages"}


@pytest.mark.parametrize("stage", sorted(STAGES.keys() - LONG))
def test_the_sides_of_every_contest_agree(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    contests = STAGES[stage]
    module = sys.modules[contests.__module__]
    if hasattr(module, "COUNT"):
        monkeypatch.setattr(module, "COUNT", 300)
    monkeypatch.setattr(gc, "collect", int)  # before each timing, of which nothing is asked here
    found = 0
    for contest in contests():
        compare(contest)
        assert contest.stage == stage
        found += 1
    assert found


def test_every_stage_is_told_on_a_line() -> None:
    _, *lines = told_stages().splitlines()
    assert [line.split()[0] for line in lines] == list(STAGES)
    assert [line for line in lines if line.endswith("None") or len(line) > 130] == []


def test_every_library_has_an_adapter() -> None:
    adapters = {adapter for task in TASKS.values() for adapter in task}
    files = {path.stem for path in (ROOT / "benchmarks" / "peers").glob("*.py")}
    assert files - adapters == {"__init__", "__main__", "adapter", "figure", "running", "tasks"}
