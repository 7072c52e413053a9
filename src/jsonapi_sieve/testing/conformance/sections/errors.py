"""Errors of several problems (JSON:API 1.1, "Errors"); single error objects are judged in every answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jsonapi_sieve.testing.conformance.answer import Answer
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.subject import Subject

__all__ = ["ERRORS"]

_SEVERAL: Final = "madeup=1&sort=made-up&filter[made-up]=1"


@checks("ERR-09")
def several_problems_have_one_status(subject: Subject) -> Iterator[Finding]:
    """Ask with several problems, each of which is refused with 400."""
    yield from subject.get(_SEVERAL).expect("ERR-09", 400, to="a request with several problems")


@checks("ERR-10")
def errors_are_stable(subject: Subject) -> Iterator[Finding]:
    """Ask the same twice, and compare what the errors are and where they come from."""
    one, other = (subject.get(_SEVERAL) for _ in range(2))
    subject.require(len(one.errors) > 1, "No refusal has several errors.")
    if _kinds(one) != _kinds(other):
        yield other.breaks("ERR-10", "The same request gets its errors in another order.")


def _kinds(answer: Answer) -> list[tuple[object, ...]]:
    """Give of each error what is the same whenever it occurs."""
    return [tuple(error.get(name) for name in ("status", "code", "title", "source")) for error in answer.errors]


@checks("ERR-05")
def titles_are_those_of_codes(subject: Subject) -> Iterator[Finding]:
    """Make one mistake in two ways, and compare the titles that a code has."""
    answers = [subject.having(sort=text) for text in ("made-up", "made-up-too")]
    coded = [(answer, error) for answer in answers for error in answer.errors if isinstance(error.get("code"), str)]
    titles: dict[str, object] = {}
    for answer, error in coded:
        if titles.setdefault(error["code"], error.get("title")) != error.get("title"):
            yield answer.breaks("ERR-05", f"Errors of the code {error['code']!r} have several titles.")
    subject.require(len(coded) > len(titles), "No code stands in several errors.")


ERRORS: Final[tuple[Check, ...]] = (several_problems_have_one_status, errors_are_stable, titles_are_those_of_codes)
