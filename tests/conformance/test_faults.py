"""A server without a fault passes; of each server with one, the kit tells which rule it breaks."""

from __future__ import annotations

from typing import Final

import pytest

from jsonapi_sieve.testing.conformance import Report, check
from jsonapi_sieve.testing.document_rules import DOCUMENT_RULES
from tests.conformance.app import create_app
from tests.conformance.checklist import IN_SCOPE, LEVELS, OUT_OF_SCOPE, UNSEEN
from tests.conformance.description import part_for
from tests.conformance.exchange import Broken
from tests.conformance.faults import FAULTS

# All answers are judged by these, and these checks bring enough of them.
_JUDGED: Final = frozenset({*DOCUMENT_RULES, "CN-01", "CN-02", "CN-03"})
_ASKING: Final = (
    "FET-01",
    "FET-02",
    "FET-04",
    "INC-02",
    "CRE-02",
    "CRE-10",
    "QRY-07",
    "CN-04",
    "CN-07",
    "PAG-04",
    "ERR-09",
)


def test_a_server_without_a_fault_passes(healthy: Report) -> None:
    assert healthy.passes(recommended=True), str(healthy)


@pytest.mark.parametrize("rule", [pytest.param(rule, marks=pytest.mark.rule(rule)) for rule in FAULTS])
def test_a_fault_is_found(rule: str) -> None:
    asked = (rule, *_ASKING) if rule in _JUDGED else (rule,)
    report = check(Broken(create_app(), FAULTS[rule]), part_for(rule), only=asked)
    assert rule in report.broken, str(report)


def test_each_rule_is_seen_from_outside_or_has_a_reason_why_not() -> None:
    assert sorted([*FAULTS, *UNSEEN]) == sorted(IN_SCOPE)
    assert set(OUT_OF_SCOPE) < set(LEVELS)


def test_the_kit_looks_at_each_rule_that_can_be_seen(healthy: Report) -> None:
    assert FAULTS.keys() - healthy.checked == set()
