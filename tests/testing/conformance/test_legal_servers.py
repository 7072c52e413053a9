"""Servers that are right and unlike others are not blamed, and of what they do not show no rule is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest

from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.testing.conformance import Collection, Description, check
from tests.testing.conformance.apps import Reply, Respond, asgi, refusal, reply
from tests.testing.conformance.shelf import BOOKS, CURSORS, NUMBERED, PROFILE, Shelf, bent

BARE = Description((Collection("/books"),))


def without_own_links(shelf: Shelf, status: int) -> Respond:
    """Serve no single book, or at addresses that nothing tells."""

    def change(method: str, target: str, document: Any) -> Reply | None:
        for book in document.get("data") or ():
            if isinstance(book, dict):
                del book["links"]
        return refusal(status) if target == "/books/0" else None

    return bent(shelf, change)


@pytest.mark.parametrize("status", [404, 405])
def test_single_resources_need_not_be_at_the_usual_address(status: int) -> None:
    report = check(asgi(without_own_links(Shelf(), status)), BARE, only=["FET-02"])
    assert report.broken == frozenset()
    # What is related is at an address that the server tells.
    assert report.checked == {"FET-02"}


def test_where_no_address_is_told_single_resources_are_not_looked_at() -> None:
    def unrelate(method: str, target: str, document: Any) -> Reply | None:
        for book in document.get("data") or ():
            book.pop("links", None)
            book.pop("relationships", None)
        return refusal(404) if target.startswith("/books/") else None

    report = check(asgi(bent(Shelf(), unrelate)), BARE, only=["FET-02", "FET-03"])
    unknown = "No address of a single resource is known."
    unrelated = "No relationship that is known to be to-one or to-many has a related link."
    assert report.skipped == {"FET-02": f"{unknown} {unrelated}", "FET-03": unknown}


def test_what_is_related_is_not_looked_at_where_nothing_tells_of_one_or_many() -> None:
    def hide(method: str, target: str, document: Any) -> Reply | None:
        for book in document.get("data") or ():
            del book["relationships"]["author"]["data"]
            del book["links"]
        return refusal(404) if target.startswith("/books/") else None

    report = check(asgi(bent(Shelf(), hide)), BARE, only=["FET-02"])
    assert report.broken == report.checked == frozenset()


def test_the_address_that_a_resource_tells_has_to_answer() -> None:
    def lose(method: str, target: str, document: Any) -> Reply | None:
        return refusal(404) if target == "/books/0" else None

    (found,) = check(asgi(bent(Shelf(), lose)), BARE, only=["FET-02"]).findings
    assert found.message == "The answer to a resource that is listed is 404, and has to be 200."


WITHHELD = ("DOC-18", "DOC-20", "FET-02", "FET-04", "LNK-04")


@pytest.mark.parametrize("status", [307, 401, 403])
def test_where_all_is_withheld_no_rule_is_kept(status: int) -> None:
    def withhold(method: str, target: str, document: Any) -> Reply | None:
        document.get("links", {}).clear()
        return refusal(status) if target != "/books" else None

    report = check(asgi(bent(Shelf(), withhold)), BARE, only=WITHHELD)
    assert report.findings == ()
    assert report.skipped == dict.fromkeys(WITHHELD, "All that was asked for is elsewhere, or not for this client.")


@pytest.mark.parametrize("status", [307, 401, 403])
def test_what_does_not_exist_may_be_withheld(status: int) -> None:
    def withhold(method: str, target: str, document: Any) -> Reply | None:
        return refusal(status) if "errors" in document or target.endswith("made-up") else None

    report = check(asgi(bent(Shelf(), withhold)), NUMBERED, only=["FET-03", "FET-04"])
    assert report.findings == ()
    assert report.skipped == {
        rule: f"The answer to a {what} that does not exist is {status}, which may be for another reason."
        for rule, what in (("FET-03", "resource"), ("FET-04", "relationship"))
    }


@pytest.mark.parametrize(("content_type", "body"), [("text/html", b"<p>Books</p>"), ("application/json", b'{"a": 1}')])
def test_who_does_not_ask_for_the_media_type_may_get_another(content_type: str, body: bytes) -> None:
    shelf = Shelf()

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        if headers.get("accept", "*/*") in ("*/*", "application/*"):
            return 200, {"content-type": content_type}, body
        return shelf(method, target, headers, document)

    plain, report = (check(asgi(each), BARE, only=["CN", "DOC"]) for each in (shelf, respond))
    assert report.findings == plain.findings
    assert report.checked == plain.checked


@pytest.mark.parametrize(("status", "skipped"), [(400, True), (403, True), (422, False)])
def test_a_single_resource_may_refuse_what_the_collection_includes(status: int, skipped: bool) -> None:
    def refuse(method: str, target: str, document: Any) -> Reply | None:
        return refusal(status) if target.startswith("/books/0?include") else None

    report = check(asgi(bent(Shelf(), refuse)), NUMBERED, only=["INC-02"])
    assert (report.broken == frozenset()) is skipped
    assert report.checked == {"INC-02"}


def test_without_linkage_nothing_tells_what_has_to_be_included() -> None:
    def hide(method: str, target: str, document: Any) -> None:
        for book in document.get("data") or ():
            if isinstance(book, dict):
                book.get("relationships", {}).get("author", {}).pop("data", None)

    report = check(asgi(bent(Shelf(), hide)), NUMBERED, only=["INC-06"])
    assert report.skipped == {"INC-06": "No linkage along a path is shown."}


CHANGES = ("UPD-06", "REL-06", "DEL-01")


def answering_changes(status: int) -> Respond:
    def change(method: str, target: str, document: Any) -> Reply | None:
        return refusal(status) if method in ("PATCH", "DELETE") or (method == "POST" and target != "/books") else None

    return bent(Shelf(), change)


@pytest.mark.parametrize("status", [401, 409, 412, 428, 429])
def test_changes_may_be_refused_for_other_reasons(status: int) -> None:
    report = check(asgi(answering_changes(status)), NUMBERED, only=CHANGES)
    assert report.broken == frozenset()
    assert report.skipped.keys() == set(CHANGES)
    assert all(reason.endswith(f"is {status}, which may be for another reason.") for reason in report.skipped.values())


@pytest.mark.parametrize("status", [400, 422, 500])
def test_changes_of_nothing_are_refused_as_such(status: int) -> None:
    assert check(asgi(answering_changes(status)), NUMBERED, only=CHANGES).broken == set(CHANGES)


def test_nothing_is_sent_to_change_a_collection_that_is_not_to_be_written() -> None:
    asked = set()

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        asked.add(method)
        return Shelf()(method, target, headers, document)

    report = check(asgi(respond), Description((replace(BOOKS, create={}),)))
    assert asked == {"GET", "HEAD"}
    told = "Nothing is changed where the description has no body that creates."
    assert [report.skipped[rule] for rule in CHANGES] == [told] * 3


def by_cursor(*, profile: bool = False, listed: object = None, count: int = 120) -> Respond:
    """Serve a shelf whose pages are told by links, and by a profile only where that is wished."""
    shelf = Shelf(count, cursors=True)

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        def tell(method: str, target: str, document: Any) -> None:
            if target == "/books":
                document["links"]["last"] = f"/books?page%5Bbefore%5D=c{count}"
            if listed is not None:
                document["jsonapi"] = {"version": "1.1", "profile": listed}

        status, fields, body = bent(shelf, tell)(method, target, headers, document)
        return status, ({**fields, "content-type": f'{MEDIA_TYPE};profile="{PROFILE}"'} if profile else fields), body

    return respond


@pytest.mark.parametrize(
    ("app", "description", "is_told"),
    [
        (by_cursor(), BARE, False),
        (by_cursor(listed="none"), BARE, False),
        (by_cursor(listed=[1, "https://example.com"]), BARE, False),
        (by_cursor(listed=[f"{PROFILE}/"]), BARE, True),
        (by_cursor(profile=True), BARE, True),
        (by_cursor(profile=True, count=3), BARE, True),
        (by_cursor(), CURSORS, True),
        (by_cursor(), replace(BARE, profiles=(PROFILE,)), True),
    ],
)
def test_cursors_are_those_of_the_profile_where_that_is_told(
    app: Respond, description: Description, is_told: bool
) -> None:
    report = check(asgi(app), description, only=["CUR-04", "CUR-14"])
    assert report.checked == ({"CUR-04", "CUR-14"} if is_told else set())
    assert report.broken == frozenset()


def by_title(places: Mapping[str, int | None]) -> Respond:
    """Serve five books on the sides of places between them, which texts stand for; None passes a text over."""

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        parameters = dict(parse_qsl(target.partition("?")[2], keep_blank_values=True))
        sides: list[int] = []
        for name, default in (("page[after]", 0), ("page[before]", 5)):
            text = parameters.get(name)
            if text is not None and not text.isdecimal() and text not in places:
                return refusal(400, name)
            place = default if text is None else places.get(text, int(text) if text.isdecimal() else None)
            sides.append(default if place is None else place)
        numbers = range(*sides)[: int(parameters.get("page[size]", 9))]
        following = f"/books?page%5Bafter%5D={numbers[-1] + 1}" if numbers and numbers[-1] < 4 else None
        data = [{"type": "books", "id": str(number)} for number in numbers]
        return reply({"data": data, "links": {"prev": None, "next": following}})

    return respond


@pytest.mark.parametrize(
    ("places", "checked", "broken"),
    [
        ({"made-up": 2, "\N{GREEK SMALL LETTER ALPHA}": 5, "": 0}, False, False),
        ({"made-up": 2, "\N{GREEK SMALL LETTER ALPHA}": 5}, True, False),
        ({}, True, False),
        # What is passed over shows the same books on both of its sides.
        ({"made-up": None}, True, True),
    ],
)
def test_any_text_may_be_a_cursor(places: Mapping[str, int | None], checked: bool, broken: bool) -> None:
    description = Description((Collection("/books", pages="cursor"),))
    report = check(asgi(by_title(places)), description, only=["CUR-08"])
    assert bool(report.checked) is checked, str(report)
    assert {finding.request for finding in report.findings} == (
        {f"GET /books?page%5B{side}%5D=made-up" for side in ("after", "before")} if broken else set()
    )


FILTERED = "filter[author.name]=Ann"
FILTERS = Description((Collection("/books", filters=(FILTERED,)),))
SELECTED = ("FIL-01", "FIL-04")


def filtering(kept: range, *, size: int = 9, linked: bool = True, count: int = 5) -> Respond:
    """Serve numbered pages of books, of which the filter keeps some."""

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        parameters = dict(parse_qsl(target.partition("?")[2]))
        number = int(parameters.pop("page[number]", "1"))
        limit = int(parameters.pop("page[size]", size))
        books = kept if parameters else range(count)
        page = books[(number - 1) * limit : number * limit]
        data = [{"type": "books", "id": str(each)} for each in page]
        others = "".join(f"{quote(name)}={quote(value)}&" for name, value in parameters.items())
        links = {"first": f"/books?{others}page%5Bnumber%5D=1"}
        if page and page[-1] != books[-1]:
            links["next"] = f"/books?{others}page%5Bnumber%5D={number + 1}"
        return reply({"data": data, **({"links": links} if linked else {})})

    return respond


@pytest.mark.parametrize("size", [2, 9])
def test_a_filter_that_is_passed_over_is_told(size: int) -> None:
    report = check(asgi(filtering(range(5), size=size)), FILTERS, only=SELECTED)
    assert [finding.message for finding in report.findings] == ["The filter changes nothing."] * 2
    assert report.broken == set(SELECTED)


@pytest.mark.parametrize("kept", [range(1, 5), range(4), range(2)])
def test_a_filter_may_change_a_later_page_only(kept: range) -> None:
    report = check(asgi(filtering(kept, size=2)), FILTERS, only=SELECTED)
    assert report.broken == frozenset()
    assert report.checked == set(SELECTED)


@pytest.mark.parametrize(
    "app", [filtering(range(4), size=2, linked=False), filtering(range(39), size=2, count=40)], ids=["unlinked", "long"]
)
def test_where_the_last_page_is_not_reached_a_filter_may_change_it(app: Respond) -> None:
    report = check(asgi(app), FILTERS, only=SELECTED)
    assert report.skipped == dict.fromkeys(
        SELECTED, "The pages that were looked at do not tell whether a filter changes anything."
    )


def test_what_two_filters_find_may_be_on_a_later_page_of_each() -> None:
    both = Description((Collection("/books", filters=("filter[a]=1", "filter[b]=1")),))
    plain = filtering(range(5), size=2, linked=False)

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        if target.count("filter") > 1:
            return reply({"data": [{"type": "books", "id": "4"}]})
        return plain(method, target, headers, document)

    report = check(asgi(respond), both, only=["FIL-02"])
    assert report.broken == frozenset()
    assert report.skipped == {"FIL-02": "What a filter alone finds is not on one page."}


def test_nothing_is_filtered_where_nothing_is() -> None:
    report = check(asgi(filtering(range(0), count=0)), FILTERS, only=SELECTED)
    assert report.skipped == dict.fromkeys(SELECTED, "The collection shows no resource.")


def clamped(least: int, most: int, shelf: Shelf) -> Respond:
    """Give pages of a least and of a greatest size, whatever size is asked for."""

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        def clamp(size: re.Match[str]) -> str:
            return f"page%5Bsize%5D={max(least, min(most, int(size[1])))}"

        return shelf(method, re.sub(r"page%5Bsize%5D=([0-9]+)", clamp, target), headers, document)

    return respond


@pytest.mark.parametrize(("least", "most", "told"), [(1, 9, True), (3, 9, True), (3, 5, True), (3, 3, False)])
def test_pages_may_have_a_least_and_a_greatest_size(least: int, most: int, told: bool) -> None:
    report = check(asgi(clamped(least, most, Shelf(9))), NUMBERED, only=["PAG-04"])
    assert report.broken == frozenset()
    assert report.skipped == ({} if told else {"PAG-04": "No page has the resources of two others."})


@pytest.mark.parametrize(("own", "broken"), [({}, {"CRE-05"}), ({"id": "{unique}"}, set())])
def test_what_is_created_with_the_id_of_the_client_needs_no_document(own: dict[str, str], broken: set[str]) -> None:
    body = {"data": {"type": "books", "attributes": {}, **own}}

    def take(method: str, target: str, document: Any) -> Reply | None:
        return (204, {}, b"") if method == "POST" else None

    report = check(asgi(bent(Shelf(), take)), Description((Collection("/books", create=body),)), only=["CRE-05"])
    assert report.broken == broken
    assert report.checked == {"CRE-05"}


def test_fields_of_what_is_included_may_be_refused() -> None:
    def refuse(method: str, target: str, document: Any) -> Reply | None:
        return refusal(400) if "fields%5Bpeople" in target else None

    report = check(asgi(bent(Shelf(), refuse)), NUMBERED, only=["FLD-06"])
    assert report.broken == frozenset()
    assert report.skipped == {"FLD-06": "The collection does not take fields of what it includes."}


def feed(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
    """Serve books and films in one list without links, ten at a time; a filter keeps the even ones."""
    path, _, query = target.partition("?")
    parameters = dict(parse_qsl(query, keep_blank_values=True))
    if path != "/feed":
        return refusal(404)
    if parameters.keys() - {"fields[books]", "filter[even]", "filter[first]"}:
        return refusal(400)
    most = int(parameters.get("filter[first]", 40))
    numbers = [number for number in range(most) if "filter[even]" not in parameters or number % 2 == 0]
    items: list[dict[str, Any]] = [
        {"type": ("books", "films")[number % 3 > 0], "id": str(number)} for number in numbers
    ]
    for item in items:
        if item["type"] == "films" or parameters.get("fields[books]") != "":
            item["attributes"] = {"title": "x"}
    return reply({"data": items[:10]})


def test_resources_of_other_types_keep_their_fields() -> None:
    report = check(asgi(feed), Description((Collection("/feed"),)), only=["FLD-02"])
    assert report.broken == frozenset()
    assert report.checked == {"FLD-02"}


def test_no_address_is_advised_that_the_kit_has_made_up() -> None:
    report = check(asgi(feed), Description((Collection("/feed"),)), only=["REC-02"])
    assert report.skipped == {"REC-02": "No resource and no relationship has a link."}


@pytest.mark.parametrize(
    ("filters", "told"),
    [(("filter[even]=1", "filter[first]=35"), False), (("filter[even]=1", "filter[first]=9"), True)],
)
def test_what_two_filters_find_may_be_behind_a_page_without_links(filters: tuple[str, ...], told: bool) -> None:
    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        # Together they put first what each of them has behind its first page.
        both = "even" in target and "first" in target
        return reply({"data": [{"type": "books", "id": "30"}]}) if both else feed(method, target, headers, document)

    report = check(asgi(respond), Description((Collection("/feed", filters=filters),)), only=["FIL-02"])
    assert report.broken == ({"FIL-02"} if told else set())
    assert report.checked == ({"FIL-02"} if told else set())


def test_values_may_be_others_each_time() -> None:
    numbers = count()

    def sign(method: str, target: str, document: Any) -> None:
        for book in document.get("data") or ():
            if isinstance(book, dict) and "attributes" in book:
                book["attributes"]["title"] = f"/covers/{next(numbers)}"

    report = check(asgi(bent(Shelf(), sign)), NUMBERED, only=["QRY-01", "QRY-04"])
    assert report.broken == frozenset()
    assert report.checked == {"QRY-01", "QRY-04"}
