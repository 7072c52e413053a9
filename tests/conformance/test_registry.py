"""No rule is forgotten: each has a place in the code and a proof, and the kit knows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from jsonapi_sieve.testing import RULES
from jsonapi_sieve.testing.conformance import Report
from tests.conformance.checklist import IN_SCOPE, LEVELS, OUT_OF_SCOPE, SHOWN_BY_FAULTS_ALONE, UNSEEN
from tests.conformance.faults import FAULTS
from tests.conformance.faults.further import FURTHER
from tests.conformance.implemented import IMPLEMENTED

TESTS = Path(__file__).parent.parent

# What a server may leave out, but has to write in one form; and what follows from other rules, or from what words mean.
FORMS = {"DOC-08", "DOC-24", "DOC-26", "ERR-11", "CUR-17"}
IMPLIED = {"FLD-06", "ERR-08", "CUR-03"}


def _marks() -> Iterator[str]:
    """Give the rules that tests name as those that they prove."""
    for path in TESTS.glob("**/test_*.py"):
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if "mark.rule(" in text else ():
            match node:
                case ast.Call(func=ast.Attribute(attr="rule"), args=rules):
                    yield from (str(rule.value) for rule in rules if isinstance(rule, ast.Constant))


def test_each_rule_is_seen_from_outside_or_has_a_reason_why_not() -> None:
    assert sorted([*FAULTS, *UNSEEN]) == sorted(IN_SCOPE)
    assert {name.split()[0] for name in FURTHER} <= FAULTS.keys()
    assert OUT_OF_SCOPE.keys() < LEVELS.keys()


def test_tests_name_rules_that_there_are_and_all_that_requests_cannot_show() -> None:
    marked = set(_marks())
    assert marked <= LEVELS.keys()
    assert UNSEEN.keys() <= marked


def test_each_rule_is_kept_somewhere() -> None:
    assert IMPLEMENTED.keys() == set(IN_SCOPE)


def test_the_kit_knows_each_rule_but_for_what_was_removed() -> None:
    assert RULES.keys() == LEVELS.keys() - {"CUR-19"}


def test_the_kit_recommends_what_the_specification_does_not_demand() -> None:
    musts = {rule for rule, level in LEVELS.items() if level == "must"}
    assert {rule for rule in RULES if not RULES[rule].recommended} == musts | FORMS | IMPLIED


def test_the_kit_looks_at_each_rule_that_can_be_seen(healthy: Report) -> None:
    assert FAULTS.keys() - healthy.checked == SHOWN_BY_FAULTS_ALONE
