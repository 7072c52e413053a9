"""A rule is kept only where an answer has shown it; and what an answer shows to be wrong is told."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from jsonapi_sieve.testing.conformance import Collection, Description, check
from tests.testing.conformance.apps import Reply, Respond, asgi, refusal, reply
from tests.testing.conformance.shelf import BOOKS, CURSORS, NUMBERED, PROFILE, Edit, Shelf, bent

PAGED = Description((replace(BOOKS, pages="numbered"),))
READ = Description((replace(CURSORS.collections[0], create={}),))


def paging_linkage(status: int) -> Edit:
    """Page the relationships of books, by a link to an address that answers with a status."""

    def change(method: str, target: str, document: Any) -> Reply | None:
        if target == "/linkage":
            return refusal(status)
        for book in document.get("data") or ():
            if isinstance(book, dict) and "relationships" in book:
                book["relationships"]["author"]["links"]["next"] = "/linkage"
                book["relationships"]["author"]["data"] = []
        return None

    return change


def refusing(status: int, *parts: str) -> Edit:
    def refuse(method: str, target: str, document: Any) -> Reply | None:
        return refusal(status) if any(part in target for part in parts) else None

    return refuse


def unlinked(method: str, target: str, document: Any) -> None:
    document.pop("links", None)


def led_away(method: str, target: str, document: Any) -> None:
    if "links" in document:
        document["links"] = {"self": f"https://books.example{target}"}


def without_people(method: str, target: str, document: Any) -> None:
    if "fields%5Bpeople" in target and "included" in document:
        document["included"] = []


@pytest.mark.parametrize(
    ("edit", "rule", "reason"),
    [
        (
            led_away,
            "DOC-07",
            "Its links lead to another origin (https://books.example). Nothing but GET and HEAD may be sent.",
        ),
        (paging_linkage(500), "DOC-19", "No page of a relationship is found."),
        (without_people, "FLD-06", "Nothing is included where its fields are chosen."),
        (unlinked, "PAG-03", "No page has a link."),
    ],
)
def test_what_no_answer_shows_is_not_kept(edit: Edit, rule: str, reason: str) -> None:
    report = check(asgi(bent(Shelf(), edit)), replace(PAGED, create=False), only=[rule])
    assert report.broken == frozenset()
    assert report.skipped == {rule: reason}


@pytest.mark.parametrize("edit", [refusing(404, "relationships/author"), refusing(403, "author?include")])
def test_relationships_that_do_not_answer_include_and_refuse_nothing(edit: Edit) -> None:
    report = check(asgi(bent(Shelf(), edit)), NUMBERED, only=["INC-01"])
    assert report.broken == report.checked == frozenset()


def test_no_page_of_nothing_is_as_long_as_its_size() -> None:
    report = check(asgi(Shelf(0, cursors=True)), READ, only=["CUR-07"])
    assert report.skipped == {"CUR-07": "No page with an item is found."}


def test_a_page_that_is_longer_than_its_size_is_told() -> None:
    def lengthen(method: str, target: str, document: Any) -> None:
        if target.endswith("size%5D=1"):
            document["data"] = document["data"] * 2

    (found,) = check(asgi(bent(Shelf(cursors=True), lengthen)), READ, only=["CUR-07"]).findings
    assert found.message == "The page has 2 items, and its size is 1."


def refusing_profiles(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
    return refusal(406) if "profile" in headers["accept"] else Shelf()(method, target, headers, document)


def test_a_profile_that_is_refused_is_not_applied() -> None:
    report = check(asgi(refusing_profiles), replace(NUMBERED, profiles=(PROFILE,)), only=["CN-04"])
    assert report.skipped == {"CN-04": "No request for a profile is answered with 200."}


def test_values_of_a_filter_that_is_refused_are_not_dropped() -> None:
    description = Description((Collection("/books", filters=("filter[title]=b",)),))
    report = check(asgi(bent(Shelf(), refusing(400, "fields", "filter"))), description, only=["QRY-10"])
    assert report.broken == report.checked == frozenset()


def test_spellings_of_fields_that_are_passed_over_tell_nothing() -> None:
    shelf = Shelf()

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        return shelf(method, target.partition("?")[0] if "fields" in target else target, headers, document)

    report = check(asgi(respond), NUMBERED, only=["QRY-01", "QRY-04"])
    assert report.skipped["QRY-04"] == "The collection does not choose fields, by which queries are told apart."
    assert report.broken == report.checked == frozenset()


def shuffled() -> Respond:
    """Tell of two problems, each time in the other order, and of one where one is asked for."""
    numbers = count()

    def shuffle(method: str, target: str, document: Any) -> Reply | None:
        names = ["sort", "madeup"] if next(numbers) % 2 else ["madeup", "sort"]
        errors = [{"status": "400", "source": {"parameter": name}} for name in names]
        return reply({"errors": errors}, 400) if target.startswith("/books?madeup=1&sort") else None

    return bent(Shelf(), shuffle)


def test_errors_without_codes_have_an_order_too() -> None:
    assert check(asgi(shuffled()), NUMBERED, only=["ERR-10"]).broken == {"ERR-10"}


def test_one_error_has_no_order() -> None:
    report = check(asgi(Shelf()), NUMBERED, only=["ERR-10"])
    assert report.skipped == {"ERR-10": "No refusal has several errors."}


@pytest.mark.parametrize(
    ("edit", "rule", "message"),
    [
        (paging_linkage(500), "LNK-04", "The answer to a link is 500, and has to be 200."),
        (
            refusing(500, "relationships/author?include"),
            "INC-01",
            "The answer to the include of a relationship is 500, and has to be 200 or 400.",
        ),
    ],
)
def test_what_is_wrong_with_relationships_is_told(edit: Edit, rule: str, message: str) -> None:
    (found,) = {each.message for each in check(asgi(bent(Shelf(), edit)), NUMBERED, only=[rule]).findings}
    assert found == message


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/books", {("FET-01", "The data of a collection is no array.")}),
        ("/books/0", {("FET-02", "The data of a single resource is no object.")}),
        ("/books/0/author", {("FET-02", "What is related has no data; where there is nothing, it is null.")}),
        ("/books/0/relationships/author", {("FET-04", "The linkage of a relationship is no primary data.")}),
    ],
)
def test_a_page_of_html_is_no_document(address: str, told: set[tuple[str, str]]) -> None:
    def show(method: str, target: str, document: Any) -> Reply | None:
        return (200, {"content-type": "text/html"}, b"<p>Books</p>") if target == address else None

    report = check(asgi(bent(Shelf(), show)), PAGED, only=["FET-01", "FET-02", "FET-04"])
    assert {(found.rule, found.message) for found in report.findings} == told


def test_a_page_that_comes_again_is_told_where_sizes_are_passed_over() -> None:
    def repeat(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        return reply({"data": [{"type": "books", "id": "1"}], "links": {"next": "/books?page%5Bnumber%5D=2"}})

    (found,) = check(asgi(repeat), PAGED, only=["PAG-04"]).of("PAG-04")
    assert found.message == "The page repeats a resource of the one before it."


def test_a_link_that_leads_not_to_the_first_page_is_told() -> None:
    def lead_on(method: str, target: str, document: Any) -> None:
        if "number%5D=2" in target:
            document["links"]["first"] = target

    (found,) = check(asgi(bent(Shelf(), lead_on)), PAGED, only=["PAG-04"]).findings
    assert found.message == "The link first of the second page leads to another."
