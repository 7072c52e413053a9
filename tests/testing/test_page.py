"""docs/testing.md tells all rules."""

from __future__ import annotations

import re
from pathlib import Path

from jsonapi_sieve.testing import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text()


def test_the_rules_are_told() -> None:
    told = re.findall(r"^\| `([A-Z]{2,3}-\d\d)` \| (.*) \| \[(.*)\]\((.*)\) \|$", PAGE, re.MULTILINE)
    assert told == [
        (name, rule.text + " Only recommended." * rule.recommended, rule.anchor, rule.url)
        for name, rule in RULES.items()
    ]
