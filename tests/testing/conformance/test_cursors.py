"""What the checks of pages by cursors tell of a small API that is right, and of the same with one thing wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest

from jsonapi_sieve.testing.conformance import check
from tests.testing.conformance.apps import Reply, Respond, asgi, refusal, reply
from tests.testing.conformance.shelf import CURSORS, Edit, Shelf, bent, told


def unnamed(method: str, target: str, document: Any) -> None:
    """Do not say what an error comes from."""
    for error in document.get("errors", ()):
        error.pop("source", None)


def untyped(method: str, target: str, document: Any) -> None:
    for error in document.get("errors", ()):
        error.pop("links", None)


def unmeasured(method: str, target: str, document: Any) -> None:
    for error in document.get("errors", ()):
        error.pop("meta", None)


def shifted(method: str, target: str, document: Any) -> None:
    """Begin a range too late."""
    if "after" in target and "before" in target:
        document["data"] = [{"type": "books", "id": "4"}]


def with_prev(method: str, target: str, document: Any) -> None:
    if target == "/books?page%5Bsize%5D=1":
        document["links"]["prev"] = target


def without_next(method: str, target: str, document: Any) -> None:
    if target == "/books?page%5Bsize%5D=1":
        document["links"]["next"] = None


def with_empty_pages(method: str, target: str, document: Any) -> None:
    if "after" in target:
        document["data"] = []


def with_estimates(method: str, target: str, document: Any) -> None:
    if "meta" in document:
        document["meta"]["page"]["estimatedTotal"] = {"bestGuess": "many"}


def refusing_sixty(method: str, target: str, document: Any) -> Reply | None:
    return refusal(400, "page[size]") if target.endswith("=60") else None


@pytest.mark.parametrize(
    ("rule", "edit", "message"),
    [
        ("CUR-02", unnamed, "The error does not have sort as its source."),
        ("CUR-02", untyped, "No error has the type unsupported-sort of the profile."),
        ("CUR-04", unnamed, "No error has page[size] as its source."),
        ("CUR-05", untyped, "No error has the type max-size-exceeded of the profile."),
        ("CUR-05", unmeasured, "No error has page.maxSize in its meta."),
        ("CUR-13", shifted, "A range that is cut does not begin right behind its cursor."),
        ("CUR-15", with_prev, "The first page has a link to one before it."),
        ("CUR-15", without_next, "There is a second page, and no link to it."),
        ("CUR-15", with_empty_pages, "A link leads to a page that is empty."),
        ("CUR-17", with_estimates, "estimatedTotal is no object with a whole number as bestGuess."),
    ],
)
def test_what_is_wrong_with_cursors_is_told(rule: str, edit: Edit, message: str) -> None:
    assert message in told(bent(Shelf(cursors=True), edit), rule, CURSORS)


def giving(count: int, most: int) -> Respond:
    """Page so many books by cursors, and give pages of that size where larger ones are asked for."""
    shelf = Shelf(count, cursors=True)

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        size = re.search("size%5D=([0-9]+)", target)
        cut = min(int(size[1]), most) if size else most
        return shelf(method, target if size is None else target.replace(size[0], f"size%5D={cut}"), headers, document)

    return respond


def test_a_size_that_is_cut_in_silence_is_told() -> None:
    assert "The size of 1000 is cut in silence." in told(giving(5, 2), "CUR-05", CURSORS)


def test_a_server_that_takes_all_sizes_is_right() -> None:
    report = check(asgi(giving(5, 99)), CURSORS, only=["CUR-05"])
    assert report.skipped == {"CUR-05": "The server takes all sizes."}


def test_a_server_with_many_items_is_not_asked_for_all_of_them() -> None:
    asked: list[str] = []
    next_page = "/books?page%5Bafter%5D=1"

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        asked.append(target)
        size = int((re.search("size%5D=([0-9]+)", target) or ["", "1"])[1])
        rows = [{"type": "books", "id": str(number)} for number in range(size)]
        return reply({"data": rows, "links": {"prev": None, "next": next_page}})

    report = check(asgi(respond), CURSORS, only=["CUR-05"])
    assert report.skipped == {"CUR-05": "The server gives pages of 10000 items, and is asked for no more."}
    assert "1000000000" not in "".join(asked)


def refusing_more_than(most: int, shelf: Shelf, *, losing: str = "") -> Respond:
    """Refuse large pages, and leave a book out behind a cursor on pages of two."""

    def edit(method: str, target: str, document: Any) -> Reply | None:
        size = re.search("size%5D=([0-9]+)", target)
        if size and int(size[1]) > most:
            return refusal(400, "page[size]")
        if losing and "size%5D=2" in target and f"=c{losing}" in target:
            document["data"] = document["data"][1:]
        return None

    return bent(shelf, edit)


@pytest.mark.parametrize("most", [2, 3, 4, 8, 99])
def test_an_item_that_is_lost_between_pages_is_told_whatever_the_largest_page_is(most: int) -> None:
    lost = refusing_more_than(most, Shelf(9, cursors=True), losing="5")
    assert "The pages of the default order lose or move an item." in told(lost, "CUR-01", CURSORS)
    report = check(asgi(refusing_more_than(most, Shelf(9, cursors=True))), CURSORS, only=["CUR-01"])
    assert report.checked == {"CUR-01"}
    assert report.broken == frozenset()


def test_long_walks_are_compared_as_far_as_they_go() -> None:
    report = check(asgi(refusing_more_than(2, Shelf(150, cursors=True))), CURSORS, only=["CUR-01"])
    assert report.checked == {"CUR-01"}
    assert report.broken == frozenset()


def without_page(method: str, target: str, document: Any) -> None:
    document.pop("meta", None)
    for book in document.get("data") or ():
        if isinstance(book, dict):
            book.pop("meta", None)


NO_SIZES = "No items are on pages of several sizes, which could be compared."


@pytest.mark.parametrize(
    ("respond", "rules"),
    [
        (Shelf(0, cursors=True), {"CUR-01": NO_SIZES}),
        (refusing_more_than(0, Shelf(cursors=True)), {"CUR-01": NO_SIZES, "CUR-07": "No page with an item is found."}),
        (bent(Shelf(cursors=True), without_page), {"CUR-17": "No page shows a total.", "CUR-18": "No meta has page."}),
    ],
)
def test_what_no_page_shows_is_not_kept(respond: Respond, rules: dict[str, str]) -> None:
    assert check(asgi(respond), CURSORS, only=list(rules)).skipped == rules


def test_page_in_meta_is_not_null() -> None:
    def nothing(method: str, target: str, document: Any) -> None:
        document.setdefault("meta", {})["page"] = None

    assert "page in a meta is no object." in told(bent(Shelf(cursors=True), nothing), "CUR-18", CURSORS)


def test_the_last_page_is_not_judged_where_it_is_not_found() -> None:
    assert told(bent(Shelf(cursors=True), refusing_sixty), "CUR-15", CURSORS) == ""


def test_a_cursor_that_is_passed_over_is_told() -> None:
    shelf = Shelf(cursors=True)

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        path, _, query = target.partition("?")
        kept = "&".join(pair for pair in query.split("&") if "before" not in pair)
        return shelf(method, f"{path}?{kept}", headers, document)

    assert "GET /books?page%5Bsize%5D=1&page%5Bbefore%5D=c2: The page does not end" in told(respond, "CUR-10", CURSORS)
