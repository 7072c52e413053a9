"""What the source must not hold, and no linter knows."""

from __future__ import annotations

import re
from pathlib import Path

import jsonapi_sieve

_SOURCE = Path(jsonapi_sieve.__file__).parent


def test_no_pattern_is_possessive() -> None:
    """Python 3.11.0 to 3.11.2 forget groups behind possessive quantifiers: an optional exponent then matches "0E"."""
    possessive = re.compile(r"[\])\w][*+?]\+|\{\{?\d+(?:,\d*)?\}\}?\+")
    found = [path.name for path in _SOURCE.rglob("*.py") if possessive.search(path.read_text())]
    assert found == []
    assert possessive.search('"[0-9]++x"')
    assert possessive.search('"[0-9]{1,3}+)"')
