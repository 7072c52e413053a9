"""Filtering (JSON:API 1.1, "Filtering", and its recommendations)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, islice, zip_longest
from typing import Final, TypeAlias

from jsonapi_sieve.testing.conformance.addresses import query_of
from jsonapi_sieve.testing.conformance.answer import Answer
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.subject import Subject

__all__ = ["FILTERING"]

_MOST_PAIRS: Final = 5
_MOST_PAGES: Final = 10

_Ids: TypeAlias = list[tuple[str, str]]


def _filters(subject: Subject) -> tuple[str, ...]:
    subject.require(subject.collection.filters, "The description has no filter.")
    return subject.collection.filters


def _pages(subject: Subject, first: Answer) -> Iterator[_Ids | None]:
    """Give what is on each page, and None where it is not known whether there is another."""
    for page in subject.walk(first, _MOST_PAGES):
        yield page.ids
    if not subject.is_last(page):
        yield None


def _selects(subject: Subject, answer: Answer) -> bool | None:
    """Whether a filter makes a difference on some page; None where that is not known."""
    pages: Iterator[tuple[_Ids | None, _Ids | None]]
    pages = zip_longest(_pages(subject, answer), _pages(subject, subject.first), fillvalue=[])
    for one, other in pages:
        if one is None or other is None:
            return None
        if one != other:
            return True
    return False


def _applied(subject: Subject, rule: str, queries: Iterable[str], to: str) -> Iterator[Finding]:
    """Ask with filters, each of which finds some resources and not all.

    Raises:
        Skipped: where the collection is empty, or where it is of none known whether it makes a difference.
    """
    told: set[bool | None] = set()
    for query in queries:
        answer = subject.get(query)
        yield from answer.expect(rule, 200, to=to)
        if answer.found and subject.listed:
            told.add(selects := _selects(subject, answer))
            if selects is False:
                yield answer.breaks(rule, "The filter changes nothing.")
    subject.require(told != {None}, "The pages that were looked at do not tell whether a filter changes anything.")


@checks("FIL-01")
def filters_select(subject: Subject) -> Iterator[Finding]:
    """Ask with each filter, and look at its name."""
    for query in _filters(subject):
        others = [name for name, _ in query_of(f"?{query}") if not name.startswith("filter")]
        if others:
            yield subject.get(query).breaks("FIL-01", f"{others[0]!r} is not of the family filter.")
    yield from _applied(subject, "FIL-01", _filters(subject), "a filter of the description")


def _is_whole(subject: Subject, answer: Answer) -> bool:
    """Whether all that a filter finds is on its page; where nothing tells of pages, it is if others are longer."""
    return subject.is_last(answer) and (subject.pages is not None or len(answer.ids) < len(subject.first.ids))


@checks("FIL-02")
def filters_are_combined(subject: Subject) -> Iterator[Finding]:
    """Ask with two filters at once."""
    pairs = list(islice(combinations(_filters(subject), 2), _MOST_PAIRS))
    subject.require(pairs, "The description has one filter.")
    told = False
    for one, other in pairs:
        both = subject.get(f"{one}&{other}")
        yield from both.expect("FIL-02", 200, to="two filters")
        for each in (subject.get(one), subject.get(other)):
            is_whole = _is_whole(subject, each)
            told |= is_whole or not both.found
            if is_whole and not set(both.ids) <= set(each.ids):
                yield both.breaks("FIL-02", f"It finds what {each.request} does not find.")
    subject.require(told, "What a filter alone finds is not on one page.")


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
    yield from _applied(subject, "FIL-04", paths, "a filter of related resources")


@checks("REC-03")
def relationships_are_filtered_by(subject: Subject) -> Iterator[Finding]:
    """Ask with the filters that are named as relationships are."""
    names = {f"filter[{name}]" for name in (*subject.to_one, *subject.to_many)}
    queries = [query for query in _filters(subject) if any(name in names for name, _ in query_of(f"?{query}"))]
    subject.require(queries, "The description has no filter that is named as a relationship.")
    yield from _applied(subject, "REC-03", queries, "a filter of a relationship")


FILTERING: Final[tuple[Check, ...]] = (
    filters_select,
    filters_are_combined,
    unknown_filters_are_refused,
    paths_are_filtered_by,
    relationships_are_filtered_by,
)
