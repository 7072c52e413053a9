"""What the source must not hold, and no linter knows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import jsonapi_sieve

_SOURCE = Path(jsonapi_sieve.__file__).parent
_CURES = Path(__file__).parents[1] / "scripts" / "cures.toml"


def test_no_pattern_is_possessive() -> None:
    """Python 3.11.0 to 3.11.2 forget groups behind possessive quantifiers: an optional exponent then matches "0E"."""
    possessive = re.compile(r"[\])\w][*+?]\+|\{\{?\d+(?:,\d*)?\}\}?\+")
    found = [path.name for path in _SOURCE.rglob("*.py") if possessive.search(path.read_text())]
    assert found == []
    assert possessive.search('"[0-9]++x"')
    assert possessive.search('"[0-9]{1,3}+)"')


def test_each_cure_stands_where_it_would_be_taken_out() -> None:
    cures = tomllib.loads(_CURES.read_text(encoding="utf-8"))["cure"]
    lost = [cure["name"] for cure in cures if (_SOURCE / cure["file"]).read_text().count(cure["cured"]) != 1]
    assert (len(cures) >= 70, lost) == (True, [])
