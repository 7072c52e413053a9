"""A server that we did not write is told rightly what it breaks: each finding is confirmed by its answers."""

from __future__ import annotations

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

# What was seen when the answers were read by hand: by rule, a request, and what is wrong with the answer to it.
_BROKEN: Final = {
    "CN-01": ("GET /entries?include=author.author", "500, a page of HTML"),
    "CN-05": ("POST /entries as application/vnd.api+json; charset=utf-8", "201"),
    "CN-06": ('POST /entries as application/vnd.api+json;ext="..."', "201"),
    "CN-07": ("GET /entries that accepts application/vnd.api+json;made-up=1 only", "200"),
    "CN-08": ('GET /entries that accepts application/vnd.api+json;ext="..." only', "200"),
    "QRY-06": ("GET /entries?fields[_]=1", "200"),
    "QRY-07": ("GET /entries?fields=made-up", "200"),
    "INC-01": ("GET /entries/1/relationships/author?include=author", "200 without included"),
    "INC-02": ("GET /entries?include=", "200 without included"),
    "INC-05": ("GET /entries?include=author.author", "500"),
    "ERR-07": ("GET /entries?madeup=1", "the error's pointer is /data, and nothing was sent that it could lead into"),
    "CRE-04": ("POST /entries with an id", "201, and the entry has another id"),
    "CRE-09": ("POST /entries by an author who does not exist", "400"),
    "CRE-10": ("POST /entries with the id of an entry that there is", "201"),
}
_NOT_AS_RECOMMENDED: Final = {
    "CN-11": ("GET /entries that accepts application/vnd.api+json;q=0 only", "200"),
    "QRY-10": ("GET /entries?filter[rating]=made-up&filter[rating]=1", "the first filter is dropped"),
    "QRY-11": ("GET /entries?sort=made-up", "the error's source is the pointer /data"),
    "INC-07": ("GET /entries?include=author.author.author", "500"),
    "FLD-05": ("GET /entries?fields[Entry]=made-up", "200 without fields"),
    "SRT-06": ("GET /entries?sort=", "200"),
    "PAG-07": ("GET /entries?page[size]=0", "200 with a page of the default size"),
    "REC-02": ("GET /entries", "the type is Entry, the path /entries"),
    "REC-04": ("GET /entries", "the top level has no self"),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    with second_server(tmp_path_factory.mktemp("blog")) as app:
        return check(app, _BLOG)


def test_what_it_breaks_is_told_and_nothing_else(report: Report) -> None:
    assert {rule for rule in report.broken if not RULES[rule].recommended} == _BROKEN.keys(), str(report)


def test_what_it_does_not_do_as_recommended_is_told_and_nothing_else(report: Report) -> None:
    assert {rule for rule in report.broken if RULES[rule].recommended} == _NOT_AS_RECOMMENDED.keys(), str(report)


def test_most_rules_are_looked_at(report: Report) -> None:
    assert len(report.checked) > 100
