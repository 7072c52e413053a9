"""Documents that break no rule, and what excuses others."""

from __future__ import annotations

from typing import Any

import pytest

from jsonapi_sieve.testing import Kind, assert_document, check_document
from tests.cdr.seeds import bodies

ARTICLE: dict[str, Any] = {
    "type": "articles",
    "id": "1",
    "attributes": {"title": "Rules", "tags": [{"id": 1, "type": "x", "links": {}}], "@context": {"": 1}},
    "relationships": {
        "author": {"data": {"type": "people", "id": "9"}, "links": {"related": None}},
        "comments": {
            "links": {"self": "/articles/1/relationships/comments", "first": "?page=1", "next": None, "prev": None},
            "data": [{"type": "comments", "id": "5", "meta": {"pinned": True}}, {"type": "comments", "id": "12"}],
        },
        "editor": {"data": None},
        "reviews": {"data": []},
        "versions": {"version:count": 3},
        "sources": {"links": {"version:list": "anything"}},
        "@type": "x",
    },
    "links": {"self": "/articles/1"},
    "meta": {},
    "version:id": "42",
    "@type": "Article",
}
COMMENTS: list[dict[str, Any]] = [
    {"type": "comments", "id": "5", "relationships": {"author": {"data": {"type": "people", "id": "2"}}}},
    {"type": "comments", "id": "12", "attributes": {}},
]
PEOPLE: list[dict[str, Any]] = [{"type": "people", "id": "9"}, {"type": "people", "id": "2"}]
COMPOUND: dict[str, Any] = {"data": [ARTICLE], "included": [*COMMENTS, *PEOPLE]}
LINK = {
    "href": "../articles?a=%5B",
    "rel": "https://example.com/rel",
    "describedby": {"href": "/schema", "describedby": None},
    "title": "Articles",
    "type": "text/html",
    "hreflang": ["en", "de-CH"],
    "meta": {"count": 10},
    "@id": 1,
}


@pytest.mark.parametrize(
    "document",
    [
        {"data": None},
        {"data": []},
        {"meta": {}},
        {"errors": []},
        {"atomic:results": [{"": 1}]},
        {"data": ARTICLE},
        COMPOUND,
        {"data": [{"type": "x", "id": ""}], "links": {"self": LINK, "describedby": "/openapi", "next": "/?page=2"}},
        {"data": {"type": "x", "id": "1"}, "links": {"next": None, "related": "/x/1"}},
        {
            "data": [],
            "jsonapi": {"version": "1.1", "ext": ["https://jsonapi.org/ext/atomic"], "profile": [], "meta": {}},
        },
        {
            "errors": [
                {
                    "status": "422",
                    "source": {"pointer": "/data/attributes/a~1b"},
                    "links": {"about": "/help", "type": LINK},
                },
                {"status": "400", "code": "a", "title": "A", "source": {"parameter": "page[size]"}, "meta": {"max": 9}},
                {"status": "406", "code": "b", "title": "B", "source": {"header": "Accept"}},
                {"status": "400", "code": "a", "title": "A", "id": "1", "detail": "It is wrong."},
            ]
        },
    ],
)
def test_a_response_breaks_nothing(document: Any) -> None:
    assert check_document(document, recommended=True) == []


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("create", {"data": {"type": "x"}}),
        ("create", {"data": {"type": "x", "lid": "a", "relationships": {"a": {"data": {"type": "x", "lid": "a"}}}}}),
        ("create", {"data": {"type": "x", "id": "1", "attributes": {}, "relationships": {"@a": 1, "a": {"data": []}}}}),
        ("update", {"data": {"type": "x", "id": "1", "relationships": {"a": {"data": None, "meta": {}}}}}),
        ("relationship", {"data": None}),
        ("relationship", {"data": []}),
        ("relationship", {"data": {"type": "x", "id": "1"}}),
        ("relationship", {"data": [{"type": "x", "lid": "a"}, {"type": "x", "lid": "a"}], "meta": {}}),
    ],
)
def test_a_request_breaks_nothing(kind: Kind, document: Any) -> None:
    assert check_document(document, kind=kind, recommended=True) == []


@pytest.mark.parametrize("page", ["cdr", "cdr_exports_listing", "cdr_exports_creation"])
def test_the_published_documents_break_nothing(page: str) -> None:
    *requests, response = bodies(page)
    assert_document(response, recommended=True)
    for request in requests:
        assert_document(request, kind="create", recommended=True)


def test_primary_data_may_be_linkage_whose_resources_are_included() -> None:
    linkage = [{"type": "people", "id": "9"}, {"type": "people", "id": "9"}, {"type": "people", "id": "2"}]
    assert check_document({"data": linkage, "included": PEOPLE}) == []


def test_resources_without_an_id_are_linked_by_lid() -> None:
    data = {"type": "x", "lid": "a", "relationships": {"a": {"data": {"type": "y", "lid": "b"}}}}
    document = {"data": data, "included": [{"type": "y", "lid": "b"}]}
    assert check_document(document, kind="create") == []


def test_a_resource_has_one_lid_throughout() -> None:
    data = ARTICLE | {"relationships": {"a": {"data": {"type": "articles", "id": "1", "lid": "a"}}}, "lid": "a"}
    assert check_document({"data": data}) == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/articles",
        "/articles?include=comments.author,author",
        "/articles?include=author&include=comments.author.employer,reviews",
        "/articles?include=comments.author&fields[people]=",
        "/articles?include=comments.author,author&fields[articles]=title,tags,author,comments,editor,reviews,versions,sources",
    ],
)
def test_what_was_asked_for_is_there(url: str) -> None:
    assert check_document(COMPOUND, url=url) == []


@pytest.mark.parametrize(
    ("url", "unasked"),
    [
        ("/articles?include=author", ["0", "1", "3"]),
        ("/articles?include=comments", ["2", "3"]),
        ("/articles?include=comments,author.comments", ["3"]),
    ],
)
def test_what_was_not_asked_for_is_told(url: str, unasked: list[str]) -> None:
    # The author with id 9 is reached through the article alone, the one with id 2 through a comment.
    found = {(each.rule, each.pointer) for each in check_document(COMPOUND, url=url)}
    assert found == {("INC-03", f"/included/{index}") for index in unasked}


RELATIONSHIP = {
    "data": [{"type": "comments", "id": "5"}, {"type": "comments", "id": "12"}],
    "included": [*COMMENTS, PEOPLE[1]],
}


@pytest.mark.parametrize(
    ("url", "unasked"),
    [
        ("/articles/1/relationships/comments?include=comments.author", []),
        ("/articles/1/linkage/remarks/?include=remarks.author", []),
        ("/articles/1/relationships/comments?include=comments", ["2"]),
        ("/articles/1/relationships/comments?include=comments.author.employer,tags", []),
        ("/articles/1/relationships/comments?include=tags,comments.article", ["2"]),
    ],
)
def test_paths_at_the_address_of_a_relationship_begin_with_its_name(url: str, unasked: list[str]) -> None:
    found = {(each.rule, each.pointer) for each in check_document(RELATIONSHIP, url=url)}
    assert found == {("INC-03", f"/included/{index}") for index in unasked}


def test_fields_that_were_not_asked_for_excuse_missing_links() -> None:
    document = {"data": {"type": "articles", "id": "1", "attributes": {"title": "Rules"}}, "included": COMMENTS}
    assert [each.rule for each in check_document(document)] == ["DOC-22", "DOC-22"]
    assert check_document(document, url="/articles/1?include=comments&fields[articles]=title") == []
    assert [each.rule for each in check_document(document, url="/articles/1?fields[comments]=author")] == ["DOC-22"] * 2


@pytest.mark.parametrize("shown", ["title", "body"])
def test_of_fields_that_are_asked_for_twice_either_may_be_meant(shown: str) -> None:
    document = {"data": {"type": "articles", "id": "1", "attributes": {shown: "Rules"}}}
    assert check_document(document, url="/articles/1?fields[articles]=title&fields[articles]=body") == []


def test_the_address_of_a_request_says_nothing_of_its_body() -> None:
    document = {"data": {"type": "articles", "attributes": {"title": "Rules"}}}
    assert check_document(document, kind="create", url="/articles?include=author&fields[articles]=author") == []


@pytest.mark.parametrize("pointer", ["", "/data", "/data/0/a~1b", "/data/1/~0", "/data/2/"])
def test_pointers_lead_into_the_request(pointer: str) -> None:
    request = {"data": [{"a/b": 1}, {"~": 1}, {"": 1}]}
    assert check_document({"errors": [{"source": {"pointer": pointer}}]}, request=request) == []


def test_the_assertion_lists_what_is_broken() -> None:
    assert_document({"data": []}, url="/cdrs", request={}, kind="response", recommended=True)
    with pytest.raises(AssertionError) as raised:
        assert_document({"errors": [{"status": 400}, {"title": "x"}]}, recommended=True)
    reference = "(https://jsonapi.org/format/1.1/#error-objects)"
    assert str(raised.value).splitlines() == [
        "The document is not valid JSON:API 1.1:",
        f"ERR-04 at '/errors/0/status': status is 400, and has to be text such as '404'. {reference}",
        f"ERR-03 at '/errors/1': An error object should have a status. {reference}",
    ]
