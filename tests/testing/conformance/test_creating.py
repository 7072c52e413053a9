"""What the checks of new resources tell of a small API that is right, and of the same with one thing wrong."""

from __future__ import annotations

from typing import Any

import pytest

from jsonapi_sieve.testing.conformance import check
from tests.testing.conformance.apps import Reply, Respond, asgi, refusal, reply
from tests.testing.conformance.shelf import NUMBERED, Edit, Shelf, bent, told


def paged_by_two(shelf: Shelf) -> Respond:
    """Show two books a page where no size is asked for."""

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        path, _, query = target.partition("?")
        sized = target if "size" in query else f"{path}?{query}{'&' if query else ''}page%5Bsize%5D=2"
        return shelf(method, sized if method == "GET" and path == "/books" else target, headers, document)

    return respond


@pytest.mark.parametrize(
    ("count", "checked", "reason"),
    [
        (9, {"CRE-01"}, None),
        (118, {"CRE-01"}, None),
        (119, set(), "The resources are on more than 60 pages, and not counted."),
    ],
)
def test_what_is_on_many_pages_is_counted(count: int, checked: set[str], reason: str | None) -> None:
    report = check(asgi(paged_by_two(Shelf(count))), NUMBERED, only=["CRE-01"])
    assert report.broken == frozenset()
    assert report.checked == checked
    assert report.skipped.get("CRE-01") == reason


def always_five(method: str, target: str, document: Any) -> None:
    if isinstance(document.get("data"), list):
        document["data"] = document["data"][:5]


def taking_everything(method: str, target: str, document: Any) -> Reply | None:
    return reply({"meta": {}}, 201) if method == "POST" and "errors" in document else None


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (always_five, "What is created is not seen in the collection, or not on its pages."),
        (taking_everything, "A relationship to nothing is not refused."),
    ],
)
def test_what_tells_nothing_of_failures_is_not_kept(edit: Edit, reason: str) -> None:
    report = check(asgi(bent(Shelf(), edit)), NUMBERED, only=["CRE-01"])
    assert report.broken == frozenset()
    assert report.skipped == {"CRE-01": reason}


def test_what_is_absent_is_another_each_time() -> None:
    asked: list[str] = []

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        if method == "POST":
            asked.append(document["data"].get("id", ""))
        return Shelf()(method, target, headers, document)

    for _ in range(2):
        check(asgi(respond), NUMBERED, only=["CRE-04"])
    made_up = [id_ for id_ in asked if id_]
    assert len(made_up) == len(set(made_up)) == 2


def test_ids_of_a_form_of_their_own_are_not_made_up_for_new_resources() -> None:
    def rename(method: str, target: str, document: Any) -> None:
        for book in document.get("data") or ():
            if isinstance(book, dict):
                book["id"] = f"book-{book['id']}"

    report = check(asgi(bent(Shelf(), rename)), NUMBERED, only=["CRE-04"])
    assert report.skipped == {"CRE-04": "The ids are neither numbers nor UUIDs, and may have a form of their own."}


@pytest.mark.parametrize(("status", "broken"), [(422, set()), (400, {"CRE-04"})])
def test_numbers_may_be_ids_of_a_form_of_their_own(status: int, broken: set[str]) -> None:
    shelf = Shelf()

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        made_up = method == "POST" and document["data"].get("id", "").startswith("21")
        return refusal(status) if made_up else shelf(method, target, headers, document)

    report = check(asgi(respond), NUMBERED, only=["CRE-04"])
    assert report.broken == report.checked == broken
    assert broken or report.skipped == {"CRE-04": "An id that is made up is answered with 422, and may be no id here."}


def test_what_is_created_on_a_later_page_is_found() -> None:
    shelf = Shelf(9)
    paged = paged_by_two(shelf)

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        answer = paged(method, target, headers, document)
        if method == "POST" and answer[0] == 404:
            shelf.titles.append("y")
        return answer

    assert "The request is refused, and has created a resource." in told(respond, "CRE-01", NUMBERED)


@pytest.mark.parametrize(
    ("rule", "status", "edit"),
    [("CRE-05", 200, None), ("CRE-05", 201, []), ("CRE-05", 201, {"type": "people", "id": "1"})],
)
def test_an_answer_without_the_new_resource_is_told(rule: str, status: int, edit: Any) -> None:
    def change(method: str, target: str, document: Any) -> Reply | None:
        return reply({"data": edit}, status, location="/books/5") if method == "POST" else None

    assert told(bent(Shelf(), change), rule, NUMBERED)


@pytest.mark.parametrize("location", ["http://other.example/books/5", "http://["])
def test_a_location_elsewhere_is_not_followed(location: str) -> None:
    def change(method: str, target: str, document: Any) -> Reply | None:
        if method != "POST" or "errors" in document:
            return None
        del document["data"]["links"]
        return reply(document, 201, location=location)

    report = check(asgi(bent(Shelf(), change)), NUMBERED, only=["CRE-07"])
    assert report.checked == frozenset()
    assert report.skipped["CRE-07"] in {
        "The answer has no Location.",
        "Location leads to another origin, and the resource has no self to compare it with.",
    }


@pytest.mark.parametrize(("status", "reason"), [(202, "only accepted"), (200, None)])
def test_what_is_only_accepted_shows_nothing_that_is_created(status: int, reason: str | None) -> None:
    def change(method: str, target: str, document: Any) -> Reply | None:
        return reply({"meta": {}}, status) if method == "POST" else None

    report = check(asgi(bent(Shelf(), change)), NUMBERED, only=["CRE-05", "CRE-06", "CRE-07"])
    assert report.broken == ({"CRE-05"} if reason is None else set())
    assert report.checked == report.broken
    assert reason is None or reason in report.skipped["CRE-05"]
    assert report.skipped["CRE-06"] == "The description's body is not answered with 201."


@pytest.mark.parametrize(("link", "broken"), [("/books/5", False), ("/books", False), ("/books/0", True)])
def test_a_new_document_leads_to_itself_or_to_where_it_was_sent(link: str, broken: bool) -> None:
    def change(method: str, target: str, document: Any) -> None:
        if method == "POST":
            document["links"] = {"self": link}

    assert bool(told(bent(Shelf(), change), "DOC-07", NUMBERED)) is broken
