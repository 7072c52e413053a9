"""What a report tells, to people and to programs."""

from __future__ import annotations

import json
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from jsonapi_sieve.testing import RULES
from jsonapi_sieve.testing.conformance import Collection, Description, Finding, Limits, Report, check, sections
from jsonapi_sieve.testing.conformance.checking import Check
from jsonapi_sieve.testing.conformance.sections import CHECKS, UNSEEN
from tests.testing.conformance.apps import Reply, asgi, books, refusal

MUST = Finding("FET-03", "GET /books/9", "The answer is 200, and has to be 404.")
SHOULD = Finding("REC-04", "GET /books", "The top level has no self.")


def test_what_is_recommended_counts_if_it_shall() -> None:
    advised = Report((SHOULD,), frozenset({"REC-04"}))
    assert advised.passes()
    assert not advised.passes(recommended=True)
    assert not Report((MUST,), frozenset({"FET-03"})).passes()
    assert Report((MUST, SHOULD)).broken == {"FET-03", "REC-04"}


def test_nothing_passes_of_which_nothing_was_checked() -> None:
    assert not Report().passes()
    assert not check(asgi(books), only=["CRE-05"]).passes()


@pytest.mark.parametrize("only", [["CN", "DOC"], ["CRE-05"], ["FET-01"], []])
def test_no_server_passes_whose_collection_is_not_found(only: list[str]) -> None:
    def fail(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        raise RuntimeError

    report = check(asgi(fail), Description((Collection("/books"),)), only=only)
    assert "FET-01" in report.broken
    assert not report.passes()


def test_nothing_passes_that_was_cut_short() -> None:
    stopped = "The 5 requests that may be sent are used up."
    report = Report(checked=frozenset({"FET-01"}), stopped=stopped)
    assert not report.complete
    assert not report.passes()
    assert not report.fails(recommended=True)
    assert str(report).endswith(f"1 is kept. The check was cut short: {stopped}")
    assert json.loads(report.to_json())["stopped"] == stopped


def test_a_rule_is_not_kept_where_one_collection_could_not_be_asked() -> None:
    two = Description((Collection("/books"), Collection("/books?sort=id")))
    whole = check(asgi(books), two, only=["CN-13"])
    assert whole.complete
    assert whole.checked == {"CN-13"}
    cut = check(asgi(books), two, only=["CN-13"], limits=Limits(requests=whole.requests - 1))
    assert cut.stopped == f"The {whole.requests - 1} requests that may be sent are used up."
    assert cut.skipped == {"CN-13": cut.stopped}
    assert cut.broken == frozenset()


def test_every_reason_is_told_once() -> None:
    three = Description((Collection("/books"), Collection("/books?sort=id"), Collection("/films", create={"data": {}})))

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        return refusal(404) if target.startswith("/films") else books(method, target, headers, document)

    report = check(asgi(respond), three, only=["CRE-05"])
    body = "The description has no body that creates a resource."
    assert report.skipped == {"CRE-05": f"{body} The collection is not found."}


def test_the_table_has_what_is_recommended_apart() -> None:
    report = Report((MUST, SHOULD), frozenset({"FET-01", "FET-03", "REC-04"}), {"CN-05": "Nothing may be sent."})
    assert str(report).splitlines() == [
        f"CN-05  skipped  {RULES['CN-05'].text} (Nothing may be sent.)",
        f"FET-01  kept     {RULES['FET-01'].text}",
        f"FET-03  BROKEN   {RULES['FET-03'].text}",
        f"{'':17}GET /books/9: The answer is 200, and has to be 404.",
        f"{'':17}{RULES['FET-03'].url}",
        "Only recommended:",
        f"REC-04  BROKEN   {RULES['REC-04'].text}",
        f"{'':17}GET /books: The top level has no self.",
        f"{'':17}{RULES['REC-04'].url}",
        "1 rule is broken and 1 recommended rule is not kept; 1 is kept, 1 skipped.",
    ]


@pytest.mark.parametrize(
    ("rules", "summary"),
    [
        ([], "0 rules are broken; 0 are kept."),
        (["REC-04"], "1 recommended rule is not kept; 0 are kept."),
        (["REC-04", "REC-01"], "2 recommended rules are not kept; 0 are kept."),
        (["FET-01", "FET-03"], "2 rules are broken; 0 are kept."),
    ],
)
def test_what_is_only_recommended_is_not_counted_as_broken(rules: list[str], summary: str) -> None:
    report = Report(tuple(Finding(rule, "GET /books", "Oops.") for rule in rules), frozenset(rules))
    assert str(report).splitlines()[-1] == summary


def test_the_report_is_json() -> None:
    told = json.loads(Report((MUST,), frozenset({"FET-03"}), {"CN-05": "Nothing."}, 3).to_json())
    assert told == {
        "findings": [
            {
                "rule": "FET-03",
                "request": "GET /books/9",
                "message": "The answer is 200, and has to be 404.",
                "text": RULES["FET-03"].text,
                "url": RULES["FET-03"].url,
                "recommended": False,
            }
        ],
        "checked": ["FET-03"],
        "skipped": {"CN-05": "Nothing."},
        "requests": 3,
        "complete": True,
        "stopped": "",
        "answered": True,
    }


def test_every_rule_is_checked_or_skipped() -> None:
    report = check(asgi(books))
    assert report.checked | report.skipped.keys() == RULES.keys()
    assert not report.checked & report.skipped.keys()
    assert report.broken <= report.checked


def test_every_check_is_of_known_rules() -> None:
    assert {rule for each in CHECKS for rule in each.rules} <= RULES.keys() - UNSEEN.keys()
    assert UNSEEN.keys() <= RULES.keys()
    assert all(each.run.__doc__ for each in CHECKS)


def test_every_check_is_made() -> None:
    modules = [import_module(f"{sections.__name__}.{found.name}") for found in iter_modules(sections.__path__)]
    written = [value for module in modules for value in vars(module).values() if isinstance(value, Check)]
    assert sorted(written, key=id) == sorted(CHECKS, key=id)


def test_some_rules_alone_are_looked_at() -> None:
    told: list[str] = []
    report = check(asgi(books), only=["FET-03", "SRT"], progress=told.append)
    wanted = {"FET-03", *(rule for rule in RULES if rule.startswith("SRT"))}
    assert report.checked | report.skipped.keys() == wanted
    assert told[:2] == ["http://localhost: FET-01", "http://localhost: FET-03"]
    with pytest.raises(ValueError, match="'FET-99' is no rule and no section of them"):
        check(asgi(books), only=["FET-99"])


def test_some_rules_are_not_looked_at() -> None:
    report = check(asgi(books), only=["REC"], except_=["REC-04", "SRT"])
    assert report.checked | report.skipped.keys() == {rule for rule in RULES if rule.startswith("REC")} - {"REC-04"}
    assert "REC-04" not in str(report)
    with pytest.raises(ValueError, match="'REC-99' is no rule and no section of them"):
        check(asgi(books), except_=["REC-99"])


def test_a_few_places_of_many_are_told() -> None:
    report = check(asgi(books))
    assert max(len(report.of(rule)) for rule in report.broken) == 5
