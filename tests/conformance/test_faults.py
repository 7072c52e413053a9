"""A server without a fault passes; of each server with one, the kit tells which rule it breaks."""

from __future__ import annotations

import pytest

from jsonapi_sieve.testing.conformance import Description, Limits, Report, check
from tests.conformance.app import create_app
from tests.conformance.checklist import SHOWN_BY_FAULTS_ALONE
from tests.conformance.description import PARTS, part_for
from tests.conformance.exchange import Broken, Fault
from tests.conformance.faults import FAULTS
from tests.conformance.faults.further import FURTHER


def _report(fault: Fault, rule: str) -> Report:
    """Check a server that has a fault; most show it soon, and others have to be asked everything."""
    report = Report()
    for most in (40, 5_000):
        limits = Limits(requests=most)
        report = check(Broken(create_app(), fault), part_for(rule), only=[rule], limits=limits)
        if rule in report.broken:
            break
    return report


def test_a_server_without_a_fault_passes(healthy: Report) -> None:
    assert healthy.passes(recommended=True), str(healthy)


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_each_part_of_a_server_without_a_fault_passes(part: Description) -> None:
    rules = {rule for rule in FAULTS if part_for(rule) == part}
    report = check(create_app(), part, only=rules)
    assert report.findings == (), str(report)
    # Errors with links are those of pages by cursor.
    assert report.skipped.keys() <= SHOWN_BY_FAULTS_ALONE | {"ERR-11"}, str(report)


@pytest.mark.parametrize("rule", [pytest.param(rule, marks=pytest.mark.rule(rule)) for rule in FAULTS])
def test_a_fault_is_found(rule: str) -> None:
    report = _report(FAULTS[rule], rule)
    assert rule in report.broken, str(report)


@pytest.mark.parametrize("name", FURTHER)
def test_a_further_fault_is_found(name: str) -> None:
    rule = name.split(maxsplit=1)[0]
    report = _report(FURTHER[name], rule)
    assert rule in report.broken, str(report)
