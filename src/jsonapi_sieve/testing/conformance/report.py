"""What a check of an API has shown, rule by rule."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from jsonapi_sieve.testing.rules import RULES

__all__ = ["Finding", "Report", "printable"]


_MOST: Final = 1_000


def printable(text: str) -> str:
    r"""Make a text fit to be printed, whatever a server has put into it; it is cut where it is long.

    >>> print(printable("a\x1b[31m\ud800"))
    a\x1b[31m\ud800
    """
    short = text if len(text) <= _MOST else text[:_MOST] + "…"
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in short)


class Finding(NamedTuple):
    """A rule that an answer breaks; `request` says what was asked, `message` what is wrong."""

    rule: str
    request: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule} at {self.request}: {self.message}"


@dataclass(frozen=True)
class Report:
    """The outcome: what is broken, what was looked at, and what could not be, each by the names of rules.

    `stopped` says why no more could be asked, where the check was cut short. `answered` is False where no request was
    answered, so that what is broken tells nothing of the rules.

    >>> finding = Finding("FET-03", "GET /cdrs/0", "The answer is 200, and has to be 404.")
    >>> print(Report((finding,), frozenset({"FET-01", "FET-03"})))
    FET-01  kept     A collection answers with 200 and an array.
    FET-03  BROKEN   A resource that does not exist answers with 404.
                     GET /cdrs/0: The answer is 200, and has to be 404.
                     https://jsonapi.org/format/1.1/#fetching-resources-responses-404
    1 rule is broken; 1 is kept.
    """

    findings: tuple[Finding, ...] = ()
    checked: frozenset[str] = frozenset()
    skipped: Mapping[str, str] = field(default_factory=dict)
    requests: int = 0
    stopped: str = ""
    answered: bool = True

    @property
    def complete(self) -> bool:
        """Whether everything was asked that there was to ask; what has cut a check short is in `stopped`."""
        return not self.stopped

    @property
    def broken(self) -> frozenset[str]:
        """The rules that have findings, the recommended ones too."""
        return frozenset(finding.rule for finding in self.findings)

    def of(self, rule: str) -> tuple[Finding, ...]:
        """Give the findings of one rule."""
        return tuple(finding for finding in self.findings if finding.rule == rule)

    def fails(self, *, recommended: bool = False) -> bool:
        """Whether a rule is broken; those that are only recommended count if they shall."""
        return any(recommended or not RULES[rule].recommended for rule in self.broken)

    def passes(self, *, recommended: bool = False) -> bool:
        """Whether something was checked, to the end, and no rule is broken; see `fails`.

        >>> Report(skipped={"CRE-05": "Nothing but GET and HEAD may be sent."}).passes()
        False
        >>> Report(checked=frozenset({"FET-01"}), stopped="The 5 requests that may be sent are used up.").passes()
        False
        """
        return bool(self.checked) and self.complete and not self.fails(recommended=recommended)

    def to_dict(self) -> dict[str, object]:
        """Give the report as JSON values."""
        return {
            "findings": [{**finding._asdict(), **_about(finding.rule)} for finding in self.findings],
            "checked": sorted(self.checked),
            "skipped": dict(sorted(self.skipped.items())),
            "requests": self.requests,
            "complete": self.complete,
            "stopped": self.stopped,
            "answered": self.answered,
        }

    def to_json(self) -> str:
        """Give the report as a JSON text."""
        return json.dumps(self.to_dict(), indent=2)

    def __str__(self) -> str:
        musts = [rule for rule in RULES if not RULES[rule].recommended]
        shoulds = [rule for rule in RULES if RULES[rule].recommended]
        lines = list(self._lines(musts))
        if advised := list(self._lines(shoulds)):
            lines += ["Only recommended:", *advised]
        return "\n".join([*lines, self._summary()])

    def _lines(self, rules: list[str]) -> Iterator[str]:
        for rule in rules:
            text = RULES[rule].text
            if findings := self.of(rule):
                yield f"{rule}  BROKEN   {text}"
                yield from (f"{'':17}{finding.request}: {finding.message}" for finding in findings)
                yield f"{'':17}{RULES[rule].url}"
            elif rule in self.checked:
                yield f"{rule}  kept     {text}"
            elif rule in self.skipped:
                yield f"{rule}  skipped  {text} ({self.skipped[rule]})"

    def _summary(self) -> str:
        kept = len(self.checked - self.broken)
        advised = sum(RULES[rule].recommended for rule in self.broken)
        broken = len(self.broken) - advised
        faults = [f"{broken} {'rule is' if broken == 1 else 'rules are'} broken"] if broken or not advised else []
        if advised:
            faults.append(f"{advised} recommended {'rule is' if advised == 1 else 'rules are'} not kept")
        told = f"{' and '.join(faults)}; {kept} {'is' if kept == 1 else 'are'} kept"
        counted = f"{told}, {len(self.skipped)} skipped." if self.skipped else f"{told}."
        return counted if self.complete else f"{counted} The check was cut short: {self.stopped}"


def _about(rule: str) -> dict[str, object]:
    return {"text": RULES[rule].text, "url": RULES[rule].url, "recommended": RULES[rule].recommended}
