"""Pagination of any kind (JSON:API 1.1, "Pagination")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from jsonapi_sieve.testing.conformance.addresses import encoded, query_of
from jsonapi_sieve.testing.conformance.answer import Answer
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.subject import Subject
from jsonapi_sieve.testing.links import PAGING

__all__ = ["PAGES"]

_BAD_NUMBERS: Final = ("0", "-1", "abc", "1e3", "1.5", "", "\N{FULLWIDTH DIGIT ONE}", " 1", "+1")
_BAD: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "numbered": tuple((name, text) for name in ("page[number]", "page[size]") for text in _BAD_NUMBERS),
        "offset": (
            *(("page[offset]", text) for text in _BAD_NUMBERS if text != "0"),
            *(("page[limit]", text) for text in _BAD_NUMBERS if text != "0"),
        ),
        "cursor": (),
    }
)
_BEYOND: Final = MappingProxyType({"numbered": "page[number]", "offset": "page[offset]"})
_FAR: Final = "100000"


def _page(subject: Subject, size: int = 1, **more: str) -> Answer:
    """Ask for the first page of a size, in the order of the first field to sort by.

    Raises:
        Skipped: where it is not known how the collection is paged.
    """
    subject.require(subject.pages, "How the collection is paged is not known.")
    sort = subject.sort[:1]
    return subject.get(subject.sized(size, **({"sort": sort[0]} if sort else {}), **more))


@checks("PAG-02", provokes=("PAG-01",))
def links_have_their_names(subject: Subject) -> Iterator[Finding]:
    """Look at the links of a page for those that page under another name."""
    answer = _page(subject)
    links = answer.member("links")
    others = (
        dict(links).keys() - {"self", "related", "describedby"} if answer.found and isinstance(links, dict) else set()
    )
    paging = [name for name in others if any(key.startswith("page") for key, _ in query_of(answer.link(name)))]
    subject.require(paging, "No page has a link to another.")
    for name in sorted(set(paging).difference(PAGING)):
        yield answer.breaks("PAG-02", f"A paging link is named {name!r}.")


@checks("PAG-03")
def ends_have_no_links(subject: Subject) -> Iterator[Finding]:
    """Look at the first page for `prev`, and at the last for `next`."""
    first = _page(subject)
    subject.require(first.found, "The first page is not found.")
    links = first.member("links")
    subject.require(isinstance(links, dict) and links.keys() & set(PAGING), "No page has a link.")
    if first.link("prev") is not None:
        yield first.breaks("PAG-03", "The first page has a link to one before it.")
    last = subject.follow(first, "last")
    if last is not None and last.link("next") is not None:
        yield last.breaks("PAG-03", "The last page has a link to one behind it.")


@checks("PAG-04")
def pages_follow_each_other(subject: Subject) -> Iterator[Finding]:
    """Go on and back, and compare two pages with one of twice their size; a server may have a least and a greatest."""
    one = _page(subject, 1)
    other = subject.follow(one, "next")
    if not one.ids or other is None:
        subject.skip("There is no second page.")
    if not set(one.ids).isdisjoint(other.ids):
        yield other.breaks("PAG-04", "The page repeats a resource of the one before it.")
    back = subject.follow(other, "prev")
    if back is not None and back.ids != one.ids:
        yield back.breaks("PAG-04", "The page before the second is not the first.")
    first = subject.follow(other, "first")
    if first is not None and first.ids[: len(one.ids)] != one.ids:
        yield first.breaks("PAG-04", "The link first of the second page leads to another.")
    both = _page(subject, 2 * len(one.ids))
    subject.require(len(both.ids) > len(one.ids), "No page has the resources of two others.")
    if (one.ids + other.ids)[: len(both.ids)] != both.ids:
        yield other.breaks("PAG-04", f"The page does not follow in the order of {both.request}.")


def _other(url: str | None) -> Counter[tuple[str, str]]:
    """Count the parameters of an address that do not page."""
    return Counter((name, value) for name, value in query_of(url) if not name.startswith("page["))


def _linked(subject: Subject) -> tuple[Answer, dict[str, Counter[tuple[str, str]]]]:
    """Ask with as many parameters as are known; gives the answer, and by the names of its links those that do not page.

    Raises:
        Skipped: where there are no links.
    """
    more = {name: value for query in subject.collection.filters[:1] for name, value in query_of(f"?{query}")}
    if subject.include:
        more["include"] = subject.include[0]
    answer = _page(subject, 1, **more)
    links = {name: link for name in PAGING if (link := answer.link(name)) is not None}
    subject.require(links, "No page has a link.")
    return answer, {name: _other(link) for name, link in links.items()}


@checks("PAG-05")
def links_page_by_their_family(subject: Subject) -> Iterator[Finding]:
    """Look for parameters of links that were not asked with."""
    answer, links = _linked(subject)
    for name, kept in links.items():
        for key, _ in kept - _other(answer.url):
            yield answer.breaks("PAG-05", f"The link {name} pages by {key!r}, which is not of the family page.")


@checks("PAG-06")
def links_keep_the_query(subject: Subject) -> Iterator[Finding]:
    """Look for parameters that were asked with in the links."""
    answer, links = _linked(subject)
    asked = _other(answer.url)
    subject.require(asked, "No parameter is known but those that page.")
    for name, kept in links.items():
        if asked - kept:
            lost = ", ".join(sorted(key for key, _ in asked - kept))
            yield answer.breaks("PAG-06", f"The link {name} loses {lost}.")


@checks("PAG-07")
def impossible_pages_are_refused(subject: Subject) -> Iterator[Finding]:
    """Ask for pages that cannot be."""
    subject.require(subject.pages, "How the collection is paged is not known.")
    for name, text in (*_BAD[subject.pages or "cursor"], ("page[made-up]", "1")):
        yield from subject.having(**{name: text}).expect("PAG-07", 400, to=f"{name}={text}")


@checks("PAG-08")
def nothing_is_one_empty_page(subject: Subject) -> Iterator[Finding]:
    """Ask for a page of what is empty, and follow its links."""
    subject.require(subject.collection.empty and subject.pages, "The description has no query that finds nothing.")
    answer = subject.get(f"{subject.collection.empty}&{subject.sized(1)}")
    yield from answer.expect("PAG-08", 200, to="a query that finds nothing")
    for name in PAGING:
        page = subject.follow(answer, name)
        if page is not None and (not page.found or page.data):
            yield page.breaks("PAG-08", f"The link {name} of an empty page leads to no empty page.")
        elif page is not None and name in ("prev", "next"):
            yield answer.breaks("PAG-08", f"An empty page has the link {name}.")


@checks("PAG-09")
def nothing_is_beyond_the_last(subject: Subject) -> Iterator[Finding]:
    """Ask for a page far behind the last."""
    name = _BEYOND.get(subject.pages or "")
    subject.require(name, "Pages are not counted.")
    answer = subject.get(f"{subject.sized(1)}&{encoded({str(name): _FAR})}")
    yield from answer.expect("PAG-09", 200, 400, 404, to="a page beyond the last")
    if answer.found and answer.data != []:
        yield answer.breaks("PAG-09", "A page beyond the last has data.")
    if answer.link("next") is not None:
        yield answer.breaks("PAG-09", "A page beyond the last has a next.")
    before = subject.follow(answer, "prev")
    if before is not None and not before.data and subject.first.data:
        yield before.breaks("PAG-09", "The page before one beyond the last has no data.")


PAGES: Final[tuple[Check, ...]] = (
    links_have_their_names,
    ends_have_no_links,
    pages_follow_each_other,
    links_page_by_their_family,
    links_keep_the_query,
    impossible_pages_are_refused,
    nothing_is_one_empty_page,
    nothing_is_beyond_the_last,
)
