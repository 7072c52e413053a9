"""What the checks tell of a small API that is right, and of the same with one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.testing.conformance import Collection, Description, check
from tests.testing.conformance.apps import Reply, Respond, asgi, refusal, reply
from tests.testing.conformance.shelf import BOOKS, CURSORS, NEW, NUMBERED, PROFILE, Edit, Shelf, bent, told

BARE = Description((Collection("/books"),))

# It has no eye for media types, its parser lets the last of two parameters win, and a cursor fits every sort.
NOT_KEPT = {"CN-05", "CN-06", "CN-07", "CN-08", "CN-11", "QRY-10", "CUR-20"}


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("description", [NUMBERED, CURSORS, BARE], ids=["numbered", "cursors", "bare"])
def test_what_is_right_is_not_blamed(count: int, description: Description) -> None:
    report = check(asgi(Shelf(count, cursors=description is CURSORS)), description)
    assert report.broken <= NOT_KEPT, str(report)


def with_other_links(method: str, target: str, document: Any) -> None:
    if target == "/books/0":
        document["data"]["relationships"]["author"]["links"]["related"] = "/people/1"


def with_many_authors(method: str, target: str, document: Any) -> None:
    if target.endswith("/author"):
        document["data"] = []


def without_data(method: str, target: str, document: Any) -> Reply | None:
    return reply({"meta": {}}) if target.endswith("/author") else None


def without_linkage(method: str, target: str, document: Any) -> Reply | None:
    return refusal(500) if target.endswith("/relationships/author") else None


def with_included(method: str, target: str, document: Any) -> None:
    if target.endswith("include="):
        document["included"] = [{"type": "people", "id": "1"}]


def with_a_next(method: str, target: str, document: Any) -> None:
    if "none" in target or "100000" in target:
        document["links"]["next"] = "/books?filter%5Btitle%5D=none"


def with_an_empty_prev(method: str, target: str, document: Any) -> None:
    if "100000" in target:
        document["links"]["prev"] = "/books?filter%5Btitle%5D=none"


def failing_at_escapes(method: str, target: str, document: Any) -> Reply | None:
    return refusal(500) if target.endswith("%FF") else None


def bare(document: Any) -> None:
    document["data"] = [{"type": "books", "id": "1"}]


def bare_page(document: Any) -> None:
    bare(document)
    document["links"] = {"next": "/books?page%5Bnumber%5D=2"}


@pytest.mark.parametrize(
    ("change", "rule", "reason"),
    [
        (bare, "DOC-15", "No resource shows both attributes and relationships."),
        (bare, "REC-01", "No resource shows a field."),
        (bare, "REC-06", "No attribute is a date with a time."),
        (bare_page, "PAG-06", "No parameter is known but those that page."),
        (bare, "CRE-11", "Nothing is refused with 409."),
    ],
)
def test_what_no_answer_shows_is_not_kept(change: Callable[[Any], None], rule: str, reason: str) -> None:
    def edit(method: str, target: str, document: Any) -> Reply | None:
        if "errors" in document:
            return refusal(422)
        if target.startswith("/books") and method == "GET":
            change(document)
        return None

    description = Description((Collection("/books", create=NEW),))
    assert check(asgi(bent(Shelf(), edit)), description, only=[rule]).skipped == {rule: reason}


def test_paging_links_are_looked_for() -> None:
    report = check(asgi(bent(Shelf(), unlinked)), Description((replace(BOOKS, pages="numbered"),)), only=["PAG-02"])
    assert report.skipped == {"PAG-02": "No page has a link to another."}

    def rename(method: str, target: str, document: Any) -> None:
        if "next" in document.get("links", {}):
            document["links"]["following"] = document["links"].pop("next")

    assert "A paging link is named 'following'." in told(bent(Shelf(), rename), "PAG-02", NUMBERED)


@pytest.mark.parametrize(
    ("rule", "edit", "message"),
    [
        ("DOC-18", with_other_links, "The related link of 'author' is http://localhost/people/1, and http://localhost"),
        ("FET-02", with_many_authors, "The data related by a to-one relationship is of the other kind."),
        ("FET-02", without_data, "What is related has no data; where there is nothing, it is null."),
        ("FET-04", with_many_authors, "The linkage of a to-one relationship is of the other kind."),
        ("FET-04", without_data, "The linkage of a relationship is no primary data."),
        ("FET-04", without_linkage, "The answer to the self link of a relationship is 500, and has to be 200."),
        ("INC-04", with_included, "An empty include includes something."),
        ("PAG-08", with_a_next, "An empty page has the link next."),
        ("PAG-09", with_a_next, "A page beyond the last has a next."),
        ("PAG-09", with_an_empty_prev, "The page before one beyond the last has no data."),
        ("QRY-01", failing_at_escapes, "The answer is 500; a bad escape is the client's fault."),
    ],
)
def test_what_is_wrong_is_told(rule: str, edit: Edit, message: str) -> None:
    description = Description((replace(BOOKS, pages="numbered"),))
    assert message in told(bent(Shelf(), edit), rule, description)


@pytest.mark.parametrize("rule", ["DOC-18", "DOC-20", "FET-02", "FET-04", "LNK-04"])
def test_what_is_not_for_the_client_is_not_judged(rule: str) -> None:
    def forbid(method: str, target: str, document: Any) -> Reply | None:
        return refusal(403) if "author" in target or target.startswith(("/books/0", "/books/1")) else None

    assert told(bent(Shelf(), forbid), rule, NUMBERED) == ""


def test_relationships_that_do_not_exist_may_be_kept_from_the_client() -> None:
    def forbid(method: str, target: str, document: Any) -> Reply | None:
        return refusal(403) if target.endswith("/relationships/made-up") else None

    report = check(asgi(bent(Shelf(), forbid)), NUMBERED, only=["FET-04"])
    assert report.checked == {"FET-04"}
    assert report.broken == frozenset()


def test_relationships_with_addresses_of_their_own_are_asked_no_further() -> None:
    def move(method: str, target: str, document: Any) -> Reply | None:
        if target == "/linkage":
            return reply({"data": None})
        if target == "/books":
            for book in document["data"]:
                book["relationships"]["author"]["links"]["self"] = "/linkage"
        return None

    assert told(bent(Shelf(), move), "FET-04", NUMBERED) == ""


def test_what_is_no_relationship_is_passed_over() -> None:
    def break_one(method: str, target: str, document: Any) -> None:
        if target == "/books":
            document["data"][0]["relationships"]["editor"] = 1

    report = check(asgi(bent(Shelf(), break_one)), NUMBERED, only=["DOC-16", "DOC-18"])
    assert report.broken == {"DOC-16"}


def test_a_profile_is_told_by_the_media_type_and_by_self() -> None:
    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        status, fields, body = Shelf()(method, target, headers, document)
        return status, {**fields, "content-type": f'{MEDIA_TYPE};profile="{PROFILE}"'}, body

    assert "self does not tell the media type" in told(respond, "DOC-07", NUMBERED)


def echoing(name: str) -> Respond:
    """Take for applied whatever the client names."""
    shelf = Shelf()

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        status, fields, body = shelf(method, target, headers, document)
        uri = "https://example.com/made-up"
        if uri in (str(document) if method == "POST" else headers["accept"]):
            fields = {**fields, "content-type": f'{MEDIA_TYPE};{name}="{uri}"'}
        return status, fields, body

    return respond


def test_unknown_profiles_are_not_to_be_echoed() -> None:
    description = replace(NUMBERED, profiles=(PROFILE,))
    assert told(echoing("profile"), "CN-09", description).count("names an unknown profile") == 1
    assert "The answer takes its profile from the body." in told(echoing("profile"), "CN-12", NUMBERED)
    assert "The answer takes its ext from the body." in told(echoing("ext"), "CN-12", NUMBERED)


def test_an_unknown_profile_is_not_to_be_refused() -> None:
    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        return refusal(406) if "profile" in headers["accept"] else Shelf()(method, target, headers, document)

    report = check(asgi(respond), NUMBERED, only=["CN-09", "CN-14"])
    assert report.broken == {"CN-09", "CN-14"}


def test_a_tag_that_is_another_each_time_is_of_a_document_that_changes() -> None:
    numbers = count()

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        status, fields, body = Shelf()(method, target, headers, document)
        return status, fields if method == "HEAD" else {**fields, "etag": f'"{next(numbers)}"'}, body

    assert told(respond, "FET-05", NUMBERED) == ""


def test_not_modified_is_sent_without_a_body() -> None:
    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        status, fields, body = Shelf()(method, target, headers, document)
        return (304 if headers.get("if-none-match") == '"1"' else status), {**fields, "etag": '"1"'}, body

    assert "An answer that nothing is modified has a body." in told(respond, "FET-05", NUMBERED)


def test_filters_of_other_names_are_told() -> None:
    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        return Shelf()(method, target.partition("?")[0], headers, document)

    description = Description((Collection("/books", filters=("title=b", "filter[author]=1"), to_one=("author",)),))
    assert "'title' is not of the family filter." in told(respond, "FIL-01", description)
    assert "GET /books?filter[author]=1: The filter changes nothing." in told(respond, "REC-03", description)

    def refuse(method: str, target: str, document: Any) -> Reply | None:
        return refusal(400) if "?" in target else None

    refusing = bent(Shelf(), refuse)
    assert "The answer to a filter of a relationship is 400" in told(refusing, "REC-03", description)


@pytest.mark.parametrize("href", ["http://localhost/\x00", "http://localhost/\ud800", "//["])
def test_links_that_are_none_are_not_followed(href: str) -> None:
    def break_links(method: str, target: str, document: Any) -> None:
        for book in document.get("data") or ():
            if isinstance(book, dict):
                book["links"]["self"] = href

    report = check(asgi(bent(Shelf(), break_links)), BARE, only=["DOC-20", "LNK-01"])
    assert report.broken == {"LNK-01"}


@pytest.mark.parametrize("description", [NUMBERED, CURSORS], ids=["numbered", "cursors"])
def test_links_to_another_origin_are_links_that_are_not_followed(description: Description) -> None:
    shelf = Shelf(cursors=description is CURSORS)

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        status, fields, body = shelf(method, target, headers, document)
        return status, fields, body.replace(b'"/books', b'"http://127.0.0.1:8765/books')

    rules = ["DOC-18", "DOC-20", "FET-04", "LNK-04", "PAG-04", "CUR-01", "CUR-15"]
    report = check(asgi(respond), description, only=rules)
    assert report.broken == frozenset()
    told = "Its links lead to another origin (http://127.0.0.1:8765)."
    paged = {"CUR-01", "CUR-15"} if description is CURSORS else set()
    assert {rule for rule, reason in report.skipped.items() if reason == told} == {*rules[:5], *paged}


@pytest.mark.parametrize("base", ["/", "/v1", "/v1/"])
def test_a_base_may_end_with_a_slash(base: str) -> None:
    asked: list[str] = []

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        asked.append(target)
        return Shelf()(method, target, headers, document)

    check(asgi(respond), Description((Collection("/books"),), base=base), only=["FET-01"])
    assert asked == [f"{base.rstrip('/')}/books"]


def test_ids_of_any_form_have_others_that_are_absent() -> None:
    uuid = "00000000-0000-4000-8000-000000000000"

    def change(method: str, target: str, document: Any) -> Reply | None:
        if target == "/books":
            document["data"] = [{"type": "books", "id": uuid}]
        return reply({"data": {"type": "books", "id": uuid}}) if target.startswith(f"/books/{uuid}") else None

    assert told(bent(Shelf(), change), "FET-03", BARE) == ""


def test_what_is_not_described_is_found_by_asking() -> None:
    report = check(asgi(Shelf()), BARE)
    assert {"SRT-06", "INC-04", "INC-06", "FLD-06", "PAG-04", "PAG-07", "PAG-09", "FET-04"} <= report.checked
    assert report.broken <= NOT_KEPT


def unlinked(method: str, target: str, document: Any) -> None:
    document.pop("links", None)


def test_pages_are_found_without_links() -> None:
    report = check(asgi(bent(Shelf(), unlinked)), BARE, only=["PAG-07", "PAG-09"])
    assert report.checked == {"PAG-07", "PAG-09"}
    assert report.broken == frozenset()


def test_pages_by_offset_are_found_too() -> None:
    shelf = bent(Shelf(), unlinked)

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        if "page%5Bnumber%5D" in target or "page%5Bsize%5D" in target:
            return refusal(400)
        second = target.replace("offset%5D=1", "number%5D=2")
        return shelf(method, second.replace("limit", "size").replace("offset", "number"), headers, document)

    report = check(asgi(respond), BARE, only=["PAG-07", "PAG-09"])
    assert report.checked == {"PAG-07", "PAG-09"}
    assert report.broken == frozenset()


def test_where_nothing_tells_of_pages_none_are_looked_at() -> None:
    def refuse(method: str, target: str, document: Any) -> Reply | None:
        document.pop("links", None)
        return refusal(400) if "page" in target else None

    report = check(asgi(bent(Shelf(), refuse)), BARE, only=["PAG"])
    assert report.checked == {"PAG-01"}


def test_titles_that_change_are_told() -> None:
    numbers = count()

    def number(method: str, target: str, document: Any) -> None:
        for error in document.get("errors", ()):
            error.update(code="refused", title=f"Problem {next(numbers)}")

    assert "Errors of the code 'refused' have several titles." in told(bent(Shelf(), number), "ERR-05", NUMBERED)


def test_head_tells_the_length_of_get() -> None:
    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        status, fields, body = Shelf()(method, target, headers, document)
        return status, {**fields, "content-length": "3" if method == "HEAD" else str(len(body))}, body

    assert "Content-Length is 3 for HEAD and " in told(respond, "FET-05", NUMBERED)


def test_a_field_without_a_name_is_none_to_spell() -> None:
    def rename(method: str, target: str, document: Any) -> None:
        for book in document.get("data") or ():
            if isinstance(book, dict) and "attributes" in book:
                book["attributes"] = {"": 1}

    assert "QRY-01" in check(asgi(bent(Shelf(), rename)), NUMBERED, only=["QRY-01"]).checked


def test_plain_brackets_may_be_refused() -> None:
    def refuse(method: str, target: str, document: Any) -> Reply | None:
        return refusal(400) if "[" in target else None

    assert told(bent(Shelf(), refuse), "QRY-04", BARE) == ""


@pytest.mark.parametrize(
    ("path", "single"), [("/books", "/books/0"), ("/books/", "/books/0/"), ("/books?sort=id", "/books/0")]
)
def test_addresses_end_as_that_of_the_collection(path: str, single: str) -> None:
    asked: list[str] = []

    def unlink(method: str, target: str, document: Any) -> None:
        asked.append(target)
        for book in document.get("data") or ():
            if isinstance(book, dict):
                del book["links"]

    check(asgi(bent(Shelf(), unlink)), Description((Collection(path),)), only=["FET-02"])
    assert asked[0] == path
    assert single in asked
