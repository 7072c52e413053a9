"""Engines are chosen by their names and groups."""

from __future__ import annotations

import pytest

from tests.engines.catalogue import ENGINES, HEAVY, LIGHT, chosen


def test_groups_and_names() -> None:
    assert chosen("light") == tuple(LIGHT)
    assert chosen("sqlite,light") == ("sqlite", *(name for name in LIGHT if name != "sqlite"))
    assert chosen("heavy") == tuple(HEAVY)
    assert set(chosen("all")) == set(chosen("light,heavy")) == set(ENGINES)


def test_names_that_are_none() -> None:
    with pytest.raises(ValueError, match="'SQLite' is no engine; there are light, heavy, all, python, sqlite"):
        chosen("SQLite")


def test_names_in_the_table_of_results_differ() -> None:
    assert len({engine.name for engine in ENGINES.values()}) == len(ENGINES)
