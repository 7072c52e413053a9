"""A server that we did not write is told rightly what it breaks: each finding is confirmed by its answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest

from jsonapi_sieve.testing import RULES
from jsonapi_sieve.testing.conformance import Collection, Description, Report, check
from tests.conformance.second.wsgi import second_server

_NEW_ENTRY: Final = {
    "data": {
        "type": "Entry",
        "attributes": {"headline": "Entry {unique}"},
        "relationships": {"author": {"data": {"type": "Author", "id": "1"}}},
    }
}
_BLOG: Final = Description(
    (
        Collection(
            "/entries",
            type="Entry",
            filters=("filter[rating]=1", "filter[rating.gte]=1"),
            empty="filter[rating]=1000",
            sort=("headline", "rating"),
            include=("author", "editor", "comments"),
            to_one=("author", "editor"),
            to_many=("comments",),
            pages="numbered",
            create=_NEW_ENTRY,
        ),
        Collection("/authors", type="Author"),
        Collection("/comments", type="Comment"),
    )
)

_TOO_DEEP: Final = f"GET /entries?include={'.'.join(['author'] * 100)}"
_EVERYWHERE: Final = ("GET /entries", "GET /authors", "GET /comments")
_RELATED: Final = tuple(
    f"GET /entries/1/relationships/{name}?include={name}" for name in ("author", "editor", "comments")
)

# What was seen when the answers were read by hand: by rule, the requests (at most five are told of a rule), and what is
# wrong with the answers to them.
_BROKEN: Final = {
    "CN-01": (("GET /entries?include=author.author", _TOO_DEEP), "500, a page of HTML"),
    "CN-05": (("POST /entries",), "201 for application/vnd.api+json; charset=utf-8"),
    "CN-06": (("POST /entries",), '201 for application/vnd.api+json;ext="..."'),
    "CN-07": (("GET /entries", "GET /authors"), "200 where application/vnd.api+json;made-up=1 alone is accepted"),
    "CN-08": (_EVERYWHERE, '200 where application/vnd.api+json;ext="..." alone is accepted'),
    "QRY-06": (
        (
            *(f"GET /{name}?fields%5B_%5D=1" for name in ("entries", "authors", "comments")),
            *(f"GET /{name}?page%5B_%5D=1" for name in ("entries", "authors")),
        ),
        "200",
    ),
    "QRY-07": (tuple(f"{request}?fields=madeup" for request in _EVERYWHERE), "200"),
    "INC-01": (_RELATED, "200 without included"),
    "INC-02": ((*_RELATED, "GET /entries?include="), "200 without included"),
    "INC-05": (("GET /entries?include=author.author",), "500"),
    "ERR-07": (
        (
            *("GET /entries?madeup=1", "GET /entries/1/relationships/made-up"),
            *(f"GET /entries?filter%5B{name}%5D=1" for name in ("_", "a-", "-a")),
        ),
        "the error's pointer is /data, and nothing was sent that it could lead into",
    ),
    "CRE-04": (("POST /entries",), "201 for an entry with an id, and it has another"),
    "CRE-09": (("POST /entries",), "400 for an author who does not exist"),
    "CRE-10": (("POST /entries",), "201 for the id of an entry that there is"),
}
_NOT_AS_RECOMMENDED: Final = {
    "CN-11": (_EVERYWHERE, "200 where application/vnd.api+json;q=0 alone is accepted"),
    "QRY-10": (("GET /entries?filter%5Brating%5D=made-up&filter[rating]=1",), "the first filter is dropped"),
    "QRY-11": (
        (
            *(f"GET /entries?{name}=made-up" for name in ("madeup", "sort", "include")),
            *(f"GET /entries?filter%5B{name}%5D=made-up" for name in ("made-up", "_")),
        ),
        "the error's source is the pointer /data",
    ),
    "INC-07": ((_TOO_DEEP,), "500"),
    "FLD-05": (
        (
            "GET /entries?fields%5BEntry%5D=made-up",
            "GET /authors?fields%5BAuthor%5D=made-up",
            "GET /comments?fields%5BComment%5D=made-up",
        ),
        "200 without fields",
    ),
    "SRT-06": (
        (
            *("GET /entries?sort=", "GET /authors?sort="),
            *(f"GET /entries?sort={text}" for text in ("headline%2Cheadline", "headline%2C-headline", "--headline")),
        ),
        "200",
    ),
    "PAG-07": (tuple(f"GET /entries?page%5Bnumber%5D={text}" for text in ("0", "-1", "abc", "1e3", "1.5")), "404"),
    "REC-02": (("GET /entries",), "the type is Entry, the path /entries"),
    "REC-04": (_EVERYWHERE, "the top level has no self"),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    with second_server(tmp_path_factory.mktemp("blog")) as app:
        return check(app, _BLOG)


def _places(seen: Mapping[str, tuple[tuple[str, ...], str]]) -> set[tuple[str, str]]:
    return {(rule, request) for rule, (requests, _) in seen.items() for request in requests}


def _told(report: Report, *, recommended: bool) -> set[tuple[str, str]]:
    return {(rule, request) for rule, request, _ in report.findings if RULES[rule].recommended is recommended}


def test_what_it_breaks_is_told_and_nothing_else(report: Report) -> None:
    assert _told(report, recommended=False) == _places(_BROKEN), str(report)


def test_what_it_does_not_do_as_recommended_is_told_and_nothing_else(report: Report) -> None:
    assert _told(report, recommended=True) == _places(_NOT_AS_RECOMMENDED), str(report)


def test_most_rules_are_looked_at(report: Report) -> None:
    assert len(report.checked) > 100
