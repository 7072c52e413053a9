"""The page docs/conformance.md, made of what is known of the rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TypeAlias

from jsonapi_sieve.testing import RULES
from tests.conformance.checklist import IN_SCOPE, LEVELS, OUT_OF_SCOPE, UNSEEN
from tests.conformance.faults import FAULTS
from tests.conformance.implemented import IMPLEMENTED

Tests: TypeAlias = Mapping[str, Mapping[str, Collection[str]]]
"""The names of the tests that prove a rule, by rule and by file."""

_HEAD: Final = """\
# Conformance

Every rule of [JSON:API 1.1](https://jsonapi.org/format/1.1/), of its recommendations and of the profile for cursor
pagination that concerns a server which reads and creates resources: {scope} rules. Each has a test that fails where it
is broken. For {seen} of them `tests/conformance` has a server with one planted fault, and the kit,
`jsonapi_sieve.testing.conformance`, is shown to report that rule of that server; the others cannot be seen from
outside. Servers without a fault pass.

This page is made by `scripts/conformance_table.py --write`. A level in italics is none of the specification's: it
leaves the matter open, and the library has decided. `test_faults` stands for the planted fault.
"""

_SECTIONS: Final = {
    "CN": "Content negotiation",
    "DOC": "Documents",
    "LNK": "Links",
    "MEM": "Member names",
    "QRY": "Query parameters",
    "FET": "Fetching",
    "INC": "Inclusion of related resources",
    "FLD": "Sparse fieldsets",
    "SRT": "Sorting",
    "PAG": "Pagination",
    "FIL": "Filtering",
    "ERR": "Errors",
    "CRE": "Creating",
    "UPD": "Updating",
    "REL": "Updating relationships",
    "DEL": "Deleting",
    "REC": "Recommendations",
    "CUR": "Cursor pagination",
}


def page_of(tests: Tests) -> str:
    """Make the page.

    Raises:
        ValueError: for a rule that does not exist, and for one that no test proves or nothing implements.
    """
    unknown, unproved = tests.keys() - LEVELS.keys(), set(IN_SCOPE) - tests.keys()
    if unknown or unproved or set(IN_SCOPE) - IMPLEMENTED.keys():
        homeless = set(IN_SCOPE) - IMPLEMENTED.keys()
        raise ValueError(f"no rules: {sorted(unknown)}; no tests: {sorted(unproved)}; no code: {sorted(homeless)}")
    return "\n".join([_HEAD.format(scope=len(IN_SCOPE), seen=len(FAULTS)), *_sections(tests), *_outside(), ""])


def _sections(tests: Tests) -> Iterator[str]:
    for section, rules in groupby(IN_SCOPE, lambda rule: rule.partition("-")[0]):
        yield f"## {_SECTIONS[section]}\n"
        yield "| rule | level | what is right | implemented by | proved by | planted fault |"
        yield "|---|---|---|---|---|---|"
        for rule in rules:
            code = "<br>".join(f"`{_name(part)}`" for part in IMPLEMENTED[rule])
            proofs = "<br>".join(
                f"[{Path(at).stem}](../{at}): {_list(names)}" for at, names in sorted(tests[rule].items())
            )
            yield f"| `{rule}` | {_level(rule)} | {_text(rule)} | {code} | {proofs} | {_fault(rule)} |"
        yield ""


def _outside() -> Iterator[str]:
    yield "## Not in scope\n"
    yield "| rule | level | what is right | why not |"
    yield "|---|---|---|---|"
    for rule, why in OUT_OF_SCOPE.items():
        yield f"| `{rule}` | {_level(rule)} | {_text(rule)} | {why} |"


def _level(rule: str) -> str:
    level = LEVELS[rule]
    return f"*{level}*" if level == "our own" else level


def _text(rule: str) -> str:
    if rule not in RULES:
        return "Names of a profile can have aliases."
    return f"{RULES[rule].text} [↗]({RULES[rule].url})"


def _name(part: Callable[..., Any]) -> str:
    return f"{part.__module__.removeprefix('jsonapi_sieve.')}.{part.__qualname__}"


def _list(names: Collection[str]) -> str:
    return ", ".join(f"`{name.removeprefix('test_')}`" for name in sorted(names))


def _fault(rule: str) -> str:
    return "caught" if rule in FAULTS else f"none: {UNSEEN[rule]}"
