"""Filtering (JSON:API 1.1, "Filtering", and its recommendations)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from typing import Final

from jsonapi_sieve.testing.conformance.addresses import query_of
from jsonapi_sieve.testing.conformance.answer import Answer
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.subject import Subject

__all__ = ["FILTERING"]

_MOST_PAIRS: Final = 5


def _filters(subject: Subject) -> tuple[str, ...]:
    subject.require(subject.collection.filters, "The description has no filter.")
    return subject.collection.filters


def _is_whole(answer: Answer) -> bool:
    """Whether an answer has all that was asked for, and not a first page of it."""
    return answer.found and answer.link("next") is None


@checks("FIL-01")
def filters_select(subject: Subject) -> Iterator[Finding]:
    """Ask with each filter, which finds some resources and not all."""
    for query in _filters(subject):
        answer = subject.get(query)
        others = [name for name, _ in query_of(f"?{query}") if not name.startswith("filter")]
        if others:
            yield answer.breaks("FIL-01", f"{others[0]!r} is not of the family filter.")
        if answer.found and subject.listed and answer.ids == subject.first.ids:
            yield answer.breaks("FIL-01", "The filter changes nothing.")


@checks("FIL-02")
def filters_are_combined(subject: Subject) -> Iterator[Finding]:
    """Ask with two filters at once."""
    pairs = list(islice(combinations(_filters(subject), 2), _MOST_PAIRS))
    subject.require(pairs, "The description has one filter.")
    for one, other in pairs:
        both = subject.get(f"{one}&{other}")
        yield from both.expect("FIL-02", 200, to="two filters")
        for each in (subject.get(one), subject.get(other)):
            if _is_whole(each) and not set(both.ids) <= set(each.ids):
                yield both.breaks("FIL-02", f"It finds what {each.request} does not find.")


@checks("FIL-03")
def unknown_filters_are_refused(subject: Subject) -> Iterator[Finding]:
    """Ask with filters that there are not."""
    for name in ("filter[made-up]", "filter[made-up][made-up]", "filter[made-up.name]"):
        yield from subject.having(**{name: "1"}).expect("FIL-03", 400, to=f"a parameter {name}")


@checks("FIL-04")
def paths_are_filtered_by(subject: Subject) -> Iterator[Finding]:
    """Ask with the filters of related resources."""
    paths = [query for query in _filters(subject) if any("." in name for name, _ in query_of(f"?{query}"))]
    subject.require(paths, "The description has no filter of related resources.")
    for query in paths:
        yield from subject.get(query).expect("FIL-04", 200, to="a filter of related resources")


@checks("REC-03")
def relationships_are_filtered_by(subject: Subject) -> Iterator[Finding]:
    """Ask with the filters that are named as relationships are."""
    names = {f"filter[{name}]" for name in (*subject.to_one, *subject.to_many)}
    queries = [query for query in _filters(subject) if any(name in names for name, _ in query_of(f"?{query}"))]
    subject.require(queries, "The description has no filter that is named as a relationship.")
    for query in queries:
        yield from subject.get(query).expect("REC-03", 200, to="a filter of a relationship")


FILTERING: Final[tuple[Check, ...]] = (
    filters_select,
    filters_are_combined,
    unknown_filters_are_refused,
    paths_are_filtered_by,
    relationships_are_filtered_by,
)
