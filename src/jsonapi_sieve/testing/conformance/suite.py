"""The tests of an API, one for each rule.

Import `test_conformance` into a test file, or run this module by `pytest --pyargs`. The fixtures are those of
`jsonapi_sieve_pytest`.
"""

from __future__ import annotations

import pytest

from jsonapi_sieve.testing.conformance.report import Report
from jsonapi_sieve.testing.conformance.sections import UNSEEN
from jsonapi_sieve.testing.rules import RULES

__all__ = ["test_conformance"]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in UNSEEN])
def test_conformance(rule: str, conformance_report: Report, conformance_recommended: bool) -> None:
    """The API keeps a rule; what was not checked is skipped, as is what is only recommended unless it counts.

    Where the check was cut short, what it did not come to fails.
    """
    told = [f"{rule}: {RULES[rule].text} {RULES[rule].url}"]
    told += [f"{finding.request}: {finding.message}" for finding in conformance_report.of(rule)]
    if rule not in conformance_report.checked:
        reason = conformance_report.skipped.get(rule, "The report does not look at it.")
        if reason == conformance_report.stopped:
            pytest.fail(f"{rule}: {reason}", pytrace=False)
        pytest.skip(reason)
    if rule in conformance_report.broken:
        if RULES[rule].recommended and not conformance_recommended:
            pytest.skip("\n".join(told))
        pytest.fail("\n".join(told), pytrace=False)
