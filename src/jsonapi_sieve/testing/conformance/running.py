"""Runs all checks against one target, and gathers what they tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import Final

from jsonapi_sieve.testing.conformance import description as described
from jsonapi_sieve.testing.conformance.answer import Answer
from jsonapi_sieve.testing.conformance.checking import Check
from jsonapi_sieve.testing.conformance.client import Client
from jsonapi_sieve.testing.conformance.description import Description
from jsonapi_sieve.testing.conformance.every_answer import EVERYWHERE, judge
from jsonapi_sieve.testing.conformance.evidence import EVIDENCE, looked_at
from jsonapi_sieve.testing.conformance.limits import Exhausted, Limits
from jsonapi_sieve.testing.conformance.report import Finding, Report
from jsonapi_sieve.testing.conformance.sections import CHECKS, UNSEEN
from jsonapi_sieve.testing.conformance.subject import Skipped, Subject
from jsonapi_sieve.testing.conformance.targets import Target, opened
from jsonapi_sieve.testing.rules import RULES

__all__ = ["check", "named"]

# What is broken everywhere is told of a few places.
_MOST: Final = 5
_FIRST: Final = "FET-01"


def check(
    target: Target,
    description: Description | None = None,
    *,
    only: Collection[str] = (),
    except_: Collection[str] = (),
    progress: Callable[[str], None] | None = None,
    limits: Limits | None = None,
) -> Report:
    """Check a server against the numbered rules, and give what was found.

    `target` is a base URL, an ASGI application or a WSGI application. `only` names the rules, or the sections of them,
    that are looked at, and `except_` those that are not; whether the collections are found (FET-01) always is.
    `progress` is told which check of which collection begins. Nothing that the server does is raised; when it stops
    answering, or a limit is reached, the rest is skipped. Nothing is written but by the POSTs that the description
    allows; PATCH, DELETE and changes of relationships go to addresses only where nothing is.

    Raises:
        ValueError: for a name in `only` or `except_` that no rule or section has.
    """
    told = description or Description()
    if not told.collections:
        told = Description((described.Collection(""),), told.base, told.headers, told.profiles, told.create)
    gathered = _Gathered((named(only) if only else frozenset(RULES)) - named(except_))
    spent = limits or Limits()
    with opened(target, spent) as (origin, send):
        client = Client(origin, send, told.headers, spent, gathered.watch)
        for collection in told.collections:
            gathered.run(Subject(client, told, collection), progress or _silent)
        return gathered.report(client.requests)


def _silent(_: str) -> None:
    """Tell nobody."""


def named(names: Collection[str]) -> frozenset[str]:
    """Give the rules that are named, each or by its section.

    >>> sorted(named(["FET-01", "DEL"]))
    ['DEL-01', 'FET-01']

    Raises:
        ValueError: for a name that no rule or section has.
    """
    for name in names:
        if not any(name in (rule, rule.partition("-")[0]) for rule in RULES):
            raise ValueError(f"{name!r} is no rule and no section of them.")
    return frozenset(rule for rule in RULES if rule in names or rule.partition("-")[0] in names)


class _Gathered:
    """What the checks have told so far."""

    def __init__(self, rules: frozenset[str]) -> None:
        self._rules = rules
        self._findings: dict[Finding, None] = {}
        self._told: Counter[str] = Counter()
        self._checked: set[str] = set()
        self._skipped: dict[str, dict[str, None]] = {}
        self._cut: set[str] = set()
        self._stopped = ""
        self._answered = False

    def watch(self, answer: Answer) -> None:
        """Judge an answer by itself."""
        self._answered |= bool(answer.status)
        self._checked |= looked_at(answer)
        self._add(judge(answer))

    def run(self, subject: Subject, progress: Callable[[str], None]) -> None:
        """Make all checks of one collection."""
        for each in CHECKS:
            # What every answer is held to is seen the better the more is asked.
            if _FIRST in each.rules or not self._rules.isdisjoint(EVERYWHERE.union(each.rules)):
                progress(f"{subject.collection.path or subject.url}: {', '.join(each.rules + each.provoked)}")
                self._make(each, subject)

    def _make(self, each: Check, subject: Subject) -> None:
        try:
            # Where not even the collection is found, every other finding would only say so again.
            if _FIRST not in each.rules:
                subject.require(subject.first.found, "The collection is not found.")
            self._add(each.run(subject))
        except Skipped as reason:
            self._skip(each, str(reason))
        except Exhausted as reason:
            self._stopped = str(reason)
            self._cut.update(each.rules)
            self._skip(each, self._stopped)
        else:
            self._checked.update(each.rules)

    def _skip(self, each: Check, reason: str) -> None:
        for rule in each.rules + each.provoked:
            self._skipped.setdefault(rule, {})[reason] = None

    def _reason(self, reasons: Collection[str]) -> str:
        """Join the reasons of several checks; where one of them was cut short, that alone is told."""
        return self._stopped if self._stopped in reasons else " ".join(reasons)

    def _add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if finding not in self._findings and self._told[finding.rule] < _MOST:
                self._findings[finding] = None
                self._told[finding.rule] += 1

    def report(self, requests: int) -> Report:
        """Give the outcome."""
        # Where a collection is not found, that is told whatever was asked for.
        rules = self._rules | ({_FIRST} & self._told.keys())
        # What one collection keeps is not kept where another could not be asked.
        checked = (self._checked - self._cut | self._told.keys()) & rules
        order = list(RULES)
        findings = sorted((each for each in self._findings if each.rule in rules), key=lambda f: order.index(f.rule))
        missed = {rule: f"No answer had {evidence.what}." for rule, evidence in EVIDENCE.items()}
        told = {rule: self._reason(reasons) for rule, reasons in self._skipped.items()}
        reasons = {**missed, **UNSEEN, **told}
        skipped = {rule: reasons[rule] for rule in order if rule in rules - checked}
        return Report(tuple(findings), frozenset(checked), skipped, requests, self._stopped, self._answered)
