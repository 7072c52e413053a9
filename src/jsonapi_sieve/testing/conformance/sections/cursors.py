"""Pages by cursors (the profile "Cursor Pagination")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from jsonapi_sieve.testing.conformance.addresses import encoded, query_of
from jsonapi_sieve.testing.conformance.answer import Answer, link_of
from jsonapi_sieve.testing.conformance.checking import Check, checks
from jsonapi_sieve.testing.conformance.report import Finding
from jsonapi_sieve.testing.conformance.subject import Subject
from jsonapi_sieve.testing.server_rules import CURSOR_PROFILE

__all__ = ["CURSORS"]

_MOST_PAGES: Final = 60
_STEP: Final = 2
_MOST_ASKED: Final = 10_000
_LARGE: Final = (1_000, _MOST_ASKED, 1_000_000_000)
_REFUSED: Final = 400
_OPAQUE: Final = 16
_NOT_TOLD: Final = "The collection is not known to be paged by the profile for cursors."


def _page(subject: Subject, size: int = 1, **more: str) -> Answer:
    """Ask for a page by cursors.

    Raises:
        Skipped: where the collection is not paged so.
    """
    subject.require(subject.pages == "cursor", _NOT_TOLD)
    return subject.having(**{"page[size]": str(size), **more})


def _meta(holder: Any) -> Any:
    """Give the member of the profile in the meta of an object; None where there is none."""
    meta = holder.get("meta") if isinstance(holder, dict) else None
    return meta.get("page") if isinstance(meta, dict) else None


def _cursor(answer: Answer, link: str, name: str) -> str | None:
    """Give the cursor in a link, or None."""
    return dict(query_of(answer.link(link))).get(name)


def _types(answer: Answer) -> list[str | None]:
    return [link_of(error, "type") for error in answer.errors]


def _three(subject: Subject) -> tuple[Answer, Answer]:
    """Give a page of three items, and the first of its own.

    Raises:
        Skipped: where there are no three.
    """
    three, one = _page(subject, 3), _page(subject, 1)
    subject.require(len(three.ids) == 3 and len(one.ids) == 1, "There are no three items to page.")  # noqa: PLR2004
    return three, one


def _walked(subject: Subject, first: Answer) -> tuple[list[tuple[str, str]], Answer]:
    """Give the items of a page and of those behind it, many pages at most, and the last of these."""
    seen: list[tuple[str, str]] = []
    for page in subject.walk(first, _MOST_PAGES):
        seen += page.ids
    return seen, page


def _sizes(most: int) -> Iterator[int]:
    """Give sizes of pages other than two, the largest first, for there may be a maximum."""
    while most > _STEP:
        yield most
        most //= 2
    yield 1


@checks("CUR-01")
def no_item_is_lost(subject: Subject) -> Iterator[Finding]:
    """Walk all pages in several orders, in steps of two and in others, and compare what was met."""
    compared = False
    for more in ({}, *({"sort": field} for field in subject.sort[:2])):
        order = more.get("sort", "the default order")
        seen, last = _walked(subject, _page(subject, _STEP, **more))
        if len(set(seen)) < len(seen):
            yield last.breaks("CUR-01", f"The pages of {order} repeat an item.")
        starts = (_page(subject, size, **more) for size in _sizes(len(seen)))
        start = next((page for page in starts if page.found), None) if seen else None
        if start is not None:
            compared = True
            others, end = _walked(subject, start)
            is_whole = last.link("next") is None and end.link("next") is None
            if others != seen if is_whole else any(one != other for one, other in zip(others, seen, strict=False)):
                yield last.breaks("CUR-01", f"The pages of {order} lose or move an item.")
    subject.require(compared, "No items are on pages of several sizes, which could be compared.")


@checks("CUR-02")
def sorts_are_refused_as_such(subject: Subject) -> Iterator[Finding]:
    """Sort by two fields in mixed directions; where each alone is paged by, a refusal is that of the profile."""
    fields = [field for field in subject.sort if _page(subject, 1, sort=field).found]
    subject.require(len(fields) > 1, "No two fields to sort by are known.")
    answer = _page(subject, 1, sort=f"{fields[0]},-{fields[1]}")
    subject.require(not answer.found, "No sort is refused.")
    yield from answer.expect("CUR-02", 400, to="a sort that is not supported")
    if f"{CURSOR_PROFILE}unsupported-sort" not in _types(answer):
        yield answer.breaks("CUR-02", "No error has the type unsupported-sort of the profile.")
    if "sort" not in answer.parameters:
        yield answer.breaks("CUR-02", "The error does not have sort as its source.")


@checks("CUR-04")
def sizes_are_positive(subject: Subject) -> Iterator[Finding]:
    """Ask for sizes that are none, and for one with zeros before it."""
    _page(subject)
    for text in ("0", "-1", "1.0", "", "\N{ARABIC-INDIC DIGIT THREE}", "+5", "abc", "1e3"):
        answer = subject.having(**{"page[size]": text})
        yield from _refusal(answer, "CUR-04", "page[size]")
    padded = subject.having(**{"page[size]": "001"})
    yield from padded.expect("CUR-04", 200, to="a size of 001, which is 1")


def _refusal(answer: Answer, rule: str, parameter: str) -> Iterator[Finding]:
    yield from answer.expect(rule, 400, to=f"a bad {parameter}")
    if answer.status == _REFUSED and parameter not in answer.parameters:
        yield answer.breaks(rule, f"No error has {parameter} as its source.")


@checks("CUR-05")
def large_sizes_are_refused_as_such(subject: Subject) -> Iterator[Finding]:
    """Ask for sizes that may be above the maximum, and for the largest only where so many items are not there."""
    for size in _LARGE:
        answer = _page(subject, size)
        if not answer.found:
            yield from _too_large(answer)
            return
        if answer.link("next") is not None:
            if len(answer.ids) < size:
                yield answer.breaks("CUR-05", f"The size of {size} is cut in silence.")
                return
            subject.require(size < _MOST_ASKED, f"The server gives pages of {size} items, and is asked for no more.")
    subject.skip("The server takes all sizes.")


def _too_large(answer: Answer) -> Iterator[Finding]:
    yield from _refusal(answer, "CUR-05", "page[size]")
    if f"{CURSOR_PROFILE}max-size-exceeded" not in _types(answer):
        yield answer.breaks("CUR-05", "No error has the type max-size-exceeded of the profile.")
    most = [page.get("maxSize") for error in answer.errors if isinstance(page := _meta(error), dict)]
    if not any(isinstance(size, int) for size in most):
        yield answer.breaks("CUR-05", "No error has page.maxSize in its meta.")


@checks("CUR-07")
def pages_have_their_size(subject: Subject) -> Iterator[Finding]:
    """Ask for pages of several sizes; one that has a next is full."""
    pages = [(size, page) for size in (1, 2, 3) if (page := _page(subject, size)).found]
    for size, page in pages:
        count = len(page.ids)
        if count > size:
            yield page.breaks("CUR-07", f"The page has {count} items, and its size is {size}.")
        elif count < size and page.link("next") is not None:
            yield page.breaks("CUR-07", f"The page has {count} items, and there are more.")
    subject.require(any(page.ids for _, page in pages), "No page with an item is found.")


@checks("CUR-11")
def pages_begin_at_the_beginning(subject: Subject) -> Iterator[Finding]:
    """Ask without a cursor for pages of several sizes, and go back to one from the next."""
    first, *others = (_page(subject, 2), _page(subject, 1), subject.get())
    subject.require(first.ids, "The collection shows no resource.")
    for page in others:
        if page.found and page.ids[:1] != first.ids[:1]:
            yield page.breaks("CUR-11", "A page without a cursor does not begin with the first item.")
    following = subject.follow(first, "next")
    back = None if following is None else subject.follow(following, "prev")
    if back is not None and back.ids != first.ids:
        yield first.breaks("CUR-11", f"{back.request} goes back to other items.")


def _halves(cursor: str) -> tuple[str, ...]:
    """Give half of a cursor that is long enough to be no plain value, half of which would be a cursor again."""
    return (cursor[: len(cursor) // 2],) if len(cursor) >= _OPAQUE else ()


@checks("CUR-08")
def no_cursor_is_refused(subject: Subject) -> Iterator[Finding]:
    """Ask behind and before what is no cursor, and what is half of one.

    A server may take any text for a cursor, of which the profile says nothing but that no item is on both its sides.
    """
    _page(subject)
    cursor = _cursor(_page(subject), "next", "page[after]") or ""
    told = False
    for text in ("", "made-up", "\N{GREEK SMALL LETTER ALPHA}", *_halves(cursor)):
        sides = {name: subject.having(**{name: text}) for name in ("page[after]", "page[before]")}
        both = set[tuple[str, str]].intersection(*(set(answer.ids) for answer in sides.values()))
        for name, answer in sides.items():
            told |= bool(both) or not answer.found
            if both or not answer.found:
                yield from _refusal(answer, "CUR-08", name)
    subject.require(told, "The server takes every text for a cursor.")


@checks("CUR-09")
def after_begins_behind(subject: Subject) -> Iterator[Finding]:
    """Go on from the first item."""
    three, one = _three(subject)
    cursor = _cursor(one, "next", "page[after]")
    subject.require(cursor, "No link has a cursor.")
    answer = _page(subject, 2, **{"page[after]": str(cursor)})
    if answer.ids != three.ids[1:]:
        yield answer.breaks("CUR-09", "The page does not begin right behind its cursor.")


@checks("CUR-10")
def before_ends_in_front(subject: Subject) -> Iterator[Finding]:
    """Go back from the third item, also by one, which is not the first page."""
    three, one = _three(subject)
    second = subject.follow(one, "next")
    third = None if second is None else subject.follow(second, "next")
    cursor = None if third is None else _cursor(third, "prev", "page[before]")
    subject.require(cursor, "No link has a cursor.")
    for size in (1, 2):
        answer = _page(subject, size, **{"page[before]": str(cursor)})
        if answer.ids != three.ids[2 - size : 2]:
            yield answer.breaks("CUR-10", "The page does not end right before its cursor, in the usual order.")


def _range(subject: Subject) -> Answer:
    """Ask for what is between the first item and the end of the third, by one.

    Raises:
        Skipped: where no such cursors are known.
    """
    _, one = _three(subject)
    after = _cursor(one, "next", "page[after]")
    page = one
    for _ in range(3):
        page = subject.follow(page, "next") or page
    before = _cursor(page, "prev", "page[before]")
    subject.require(after and before and page.ids != one.ids, "No link has a cursor.")
    return _page(subject, 1, **{"page[after]": str(after), "page[before]": str(before)})


@checks("CUR-12")
def ranges_are_paged_or_refused(subject: Subject) -> Iterator[Finding]:
    """Ask for a range."""
    answer = _range(subject)
    yield from answer.expect("CUR-12", 200, 400, to="a range")
    if answer.status == _REFUSED and f"{CURSOR_PROFILE}range-pagination-not-supported" not in _types(answer):
        yield answer.breaks("CUR-12", "No error has the type range-pagination-not-supported of the profile.")


@checks("CUR-13")
def ranges_that_are_cut_are_marked(subject: Subject) -> Iterator[Finding]:
    """Ask for a range that has more items than the page."""
    three, _ = _three(subject)
    subject.require(len(_page(subject, 4).ids) > 3, "There are no four items to page.")  # noqa: PLR2004
    answer = _range(subject)
    subject.require(answer.found, "Ranges are not supported.")
    if answer.ids != three.ids[1:2]:
        yield answer.breaks("CUR-13", "A range that is cut does not begin right behind its cursor.")
    page = _meta(answer.document)
    if not isinstance(page, dict) or page.get("rangeTruncated") is not True:
        yield answer.breaks("CUR-13", "A range that is cut has no page.rangeTruncated in its meta.")


@checks("CUR-14", "CUR-15")
def ends_are_null(subject: Subject) -> Iterator[Finding]:
    """Look at the links of the first page, of one behind it, and of one that has everything."""
    first = _page(subject)
    subject.require(first.found, "The first page is not found.")
    second = subject.follow(first, "next")
    pages = [first] if second is None else [first, second]
    for page in pages:
        links = page.member("links")
        missing = {"prev", "next"} - (links.keys() if isinstance(links, dict) else set())
        for name in sorted(missing):
            yield page.breaks("CUR-14", f"The page has no link {name}, not even null.")
    if first.link("prev") is not None:
        yield first.breaks("CUR-15", "The first page has a link to one before it.")
    if second is None and len(_page(subject, 2).ids) > 1:
        yield first.breaks("CUR-15", "There is a second page, and no link to it.")
    for page in pages[1:]:
        if not page.data:
            yield page.breaks("CUR-15", "A link leads to a page that is empty.")
    last = _last(subject, first)
    if last is not None and last.link("next") is not None:
        yield last.breaks("CUR-15", "The last page has a link to one behind it.")


def _last(subject: Subject, first: Answer) -> Answer | None:
    """Give the page that has exactly the rest of the items, if they are few."""
    whole = _page(subject, _MOST_PAGES)
    if not whole.found or len(whole.ids) in {0, _MOST_PAGES}:
        return None
    return _page(subject, len(whole.ids)) if first.ids else None


@checks("CUR-16")
def item_cursors_fall_on_items(subject: Subject) -> Iterator[Finding]:
    """Go on from the cursor that the first item shows."""
    three, _ = _three(subject)
    page = _meta(three.resources[0])
    cursor = page.get("cursor") if isinstance(page, dict) else None
    subject.require(isinstance(cursor, str), "No item shows its cursor.")
    answer = _page(subject, 2, **{"page[after]": str(cursor)})
    if answer.ids != three.ids[1:]:
        yield answer.breaks("CUR-16", "The page behind the cursor of an item does not begin with the next item.")


@checks("CUR-17")
def totals_are_numbers(subject: Subject) -> Iterator[Finding]:
    """Look for totals in the meta of a page."""
    answer = _page(subject)
    page = _meta(answer.document)
    totals = page if isinstance(page, dict) else {}
    subject.require(totals.keys() & {"total", "estimatedTotal"}, "No page shows a total.")
    if type(totals.get("total", 0)) is not int:
        yield answer.breaks("CUR-17", "total is no whole number.")
    estimated = totals.get("estimatedTotal", {})
    if not isinstance(estimated, dict) or type(estimated.get("bestGuess", 0)) is not int:
        yield answer.breaks("CUR-17", "estimatedTotal is no object with a whole number as bestGuess.")


@checks("CUR-18")
def page_is_an_object(subject: Subject) -> Iterator[Finding]:
    """Look at the meta of a page and of its items."""
    answer = _page(subject)
    metas = [holder.get("meta") for holder in (answer.document, *answer.resources) if isinstance(holder, dict)]
    pages = [meta["page"] for meta in metas if isinstance(meta, dict) and "page" in meta]
    subject.require(pages, "No meta has page.")
    if not all(isinstance(page, dict) for page in pages):
        yield answer.breaks("CUR-18", "page in a meta is no object.")


@checks("CUR-20")
def cursors_belong_to_their_sort(subject: Subject) -> Iterator[Finding]:
    """Use a cursor of one order in another."""
    sorts = subject.sort
    subject.require(sorts, "No field to sort by is known.")
    cursor = _cursor(_page(subject, 1, sort=sorts[0]), "next", "page[after]")
    subject.require(cursor, "No link has a cursor.")
    answer = subject.get(encoded({"sort": f"-{sorts[0]}", "page[after]": str(cursor)}))
    yield from answer.expect("CUR-20", 400, to="a cursor of another sort")


CURSORS: Final[tuple[Check, ...]] = (
    no_item_is_lost,
    sorts_are_refused_as_such,
    sizes_are_positive,
    large_sizes_are_refused_as_such,
    pages_have_their_size,
    pages_begin_at_the_beginning,
    no_cursor_is_refused,
    after_begins_behind,
    before_ends_in_front,
    ranges_are_paged_or_refused,
    ranges_that_are_cut_are_marked,
    ends_are_null,
    item_cursors_fall_on_items,
    totals_are_numbers,
    page_is_an_object,
    cursors_belong_to_their_sort,
)
