"""A rule is seen only in answers that hold what it speaks of."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from jsonapi_sieve.negotiation import MEDIA_TYPE
from jsonapi_sieve.testing.conformance import Collection, Description, check
from jsonapi_sieve.testing.conformance.answer import Answer, read
from jsonapi_sieve.testing.conformance.evidence import EVIDENCE, looked_at
from jsonapi_sieve.testing.document_rules import DOCUMENT_RULES
from tests.testing.conformance.apps import Reply, asgi, reply

OF_REQUESTS = {"CRE-02", "CRE-03", "UPD-01", "UPD-03", "REL-01"}
OF_EVERY_DOCUMENT = {"CN-01", "CN-02", "DOC-01", "DOC-02", "DOC-05"}
OF_EVERY_RESOURCE = {"DOC-03", "DOC-06", "DOC-09", "DOC-10", "DOC-12"}
OF_FIELDS = {"DOC-13", "DOC-14", "MEM-01", "MEM-02", "MEM-04", "MEM-05"}
OF_ERRORS = {"DOC-03", "ERR-01", "ERR-02", "ERR-03", "ERR-04"}

BARE = {"type": "books", "id": "1"}
FULL = {**BARE, "attributes": {"title": "a"}}


def seen(document: object, target: str = "/books", media_type: str = MEDIA_TYPE) -> set[str]:
    """Give the rules that are seen in an answer beyond those of every document."""
    body = json.dumps(document).encode()
    headers = httpx.Headers({"content-type": media_type})
    return set(looked_at(Answer("GET", target, target, 200, headers, body, document=document))) - OF_EVERY_DOCUMENT


def test_every_rule_of_documents_and_no_other_has_its_evidence() -> None:
    assert EVIDENCE.keys() == DOCUMENT_RULES.keys() - OF_REQUESTS | {"CN-01", "CN-02", "CN-03", "ERR-09"}


def test_nothing_is_seen_without_a_body() -> None:
    assert looked_at(Answer("HEAD", "/books", "/books", 200, httpx.Headers({"content-type": MEDIA_TYPE}))) == set()


@pytest.mark.parametrize(
    ("media_type", "rules"),
    [("text/html", {"CN-01"}), ("", {"CN-01"}), (MEDIA_TYPE, {"CN-01", "CN-02", "DOC-01"})],
)
def test_what_is_no_json_shows_how_it_is_sent(media_type: str, rules: set[str]) -> None:
    headers = httpx.Headers({"content-type": media_type})
    assert looked_at(Answer("GET", "/", "/", 200, headers, b"<html>", document=read(b"<html>"))) == rules


def relating(**relationship: object) -> dict[str, Any]:
    return {**BARE, "relationships": {"author": relationship}}


@pytest.mark.parametrize(
    ("document", "rules"),
    [
        ({"meta": {}}, {"DOC-25"}),
        ({"meta": {"total": 1}}, {"DOC-25"} | (OF_FIELDS - {"DOC-13", "DOC-14"})),
        ({"data": []}, {"DOC-03", "DOC-06"}),
        ({"data": BARE}, OF_EVERY_RESOURCE),
        ({"data": [BARE, BARE]}, OF_EVERY_RESOURCE),
        ({"data": FULL}, OF_EVERY_RESOURCE | OF_FIELDS),
        ({"data": [FULL, FULL]}, OF_EVERY_RESOURCE | OF_FIELDS | {"DOC-23"}),
        ({"data": {**BARE, "lid": "a"}}, OF_EVERY_RESOURCE | {"DOC-11"}),
        ({"data": relating(meta={})}, OF_EVERY_RESOURCE | OF_FIELDS | {"DOC-16", "DOC-25"}),
        ({"data": relating(data=None)}, OF_EVERY_RESOURCE | OF_FIELDS | {"DOC-16", "DOC-17"}),
        ({"data": relating(data=[BARE])}, OF_EVERY_RESOURCE | OF_FIELDS | {"DOC-16", "DOC-17", "DOC-21"}),
        ({"data": relating(links={"self": "/a"})}, OF_EVERY_RESOURCE | OF_FIELDS | {"DOC-16", "LNK-01"}),
        ({"data": [], "included": []}, {"DOC-03", "DOC-04", "DOC-06"}),
        ({"data": [], "included": [BARE]}, OF_EVERY_RESOURCE | {"DOC-04", "DOC-22"}),
        ({"meta": {}, "jsonapi": {}}, {"DOC-24", "DOC-25"}),
        ({"data": [], "links": {}}, {"DOC-03", "DOC-06", "DOC-08", "DOC-14"}),
        ({"data": [], "links": 1}, {"DOC-03", "DOC-06", "DOC-08", "DOC-14"}),
        ({"data": None, "links": {"self": "/a"}}, {"DOC-03", "DOC-06", "DOC-08", "DOC-14", "LNK-01", "PAG-01"}),
        ({"meta": {}, "links": {"@a": 1}}, {"DOC-08", "DOC-14", "DOC-25"}),
        ({"meta": {}, "links": {"self": {}}}, {"DOC-08", "DOC-14", "DOC-25", "LNK-01", "LNK-02"}),
        (
            {"meta": {}, "links": {"self": {"rel": "self"}}},
            {"DOC-08", "DOC-14", "DOC-25", "LNK-01", "LNK-02", "LNK-03"},
        ),
        ({"a:b": 1}, {"DOC-27"}),
        ({"data": [{**BARE, "attributes": {"of": {"a:b": 1}}}]}, OF_EVERY_RESOURCE | OF_FIELDS | {"DOC-27"}),
        ({"data": [], "@context": {"a:b": 1}}, {"DOC-03", "DOC-06"}),
        ({"errors": []}, {"DOC-03", "ERR-01"}),
        ({"errors": [{}]}, OF_ERRORS),
        ({"errors": [{"source": {}}]}, OF_ERRORS | {"ERR-06"}),
        ({"errors": [{"source": {"pointer": ""}}]}, OF_ERRORS | {"ERR-06", "ERR-07"}),
        ({"errors": [{"source": {"header": "Accept"}}]}, OF_ERRORS | {"ERR-06", "ERR-08"}),
        ({"errors": [{"links": {}}]}, OF_ERRORS | {"DOC-14", "ERR-11"}),
        ({"errors": [{"status": "400"}] * 2}, OF_ERRORS | {"ERR-09"}),
        ({"errors": [{"code": "a", "title": "A"}] * 2}, OF_ERRORS | {"ERR-05"}),
        ({"errors": [{"code": 1, "title": "A"}] * 2}, OF_ERRORS),
        ({"errors": [{"code": "a"}] * 2}, OF_ERRORS),
    ],
)
def test_a_rule_is_seen_where_there_is_what_it_speaks_of(document: object, rules: set[str]) -> None:
    assert seen(document) == rules


def test_lists_show_that_they_are_no_documents() -> None:
    assert looked_at(Answer("GET", "/", "/", 200, httpx.Headers({"content-type": MEDIA_TYPE}), b"[]", document=[])) == {
        "CN-01",
        "CN-02",
        "DOC-01",
    }


def test_parameters_show_how_they_are_written() -> None:
    assert "CN-03" in seen({"meta": {}}, media_type=f'{MEDIA_TYPE}; profile="https://example.com/a"')
    assert "CN-03" not in seen({"meta": {}}, media_type=f"{MEDIA_TYPE}; charset=utf-8")


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ("", set()),
        ("?include=", {"INC-02", "INC-03"}),
        ("?include=author", {"INC-02", "INC-03"}),
        ("?include=author&fields[people]=", {"INC-02"}),
        ("?fields[people]=", set()),
        ("?fields[books]=title", {"FLD-03"}),
    ],
)
def test_what_was_asked_for_shows_whether_it_came(query: str, rules: set[str]) -> None:
    document = {"data": [BARE], "included": [{"type": 1}]}
    assert seen(document, f"/books{query}") & {"INC-02", "INC-03", "FLD-03"} == rules


def test_included_resources_are_linked_or_their_links_not_asked_for() -> None:
    document = {"data": [BARE], "included": [FULL]}
    assert "DOC-22" in seen(document, "/books?include=author")
    assert "DOC-22" not in seen(document, "/books?include=author&fields[books]=title")


def test_nothing_is_kept_of_which_no_answer_had_anything() -> None:
    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        return reply({"data": []})

    report = check(asgi(respond), Description((Collection("/books"),)), only=["DOC", "LNK", "MEM", "ERR", "INC", "FLD"])
    assert report.checked - report.broken == {"DOC-01", "DOC-02", "DOC-03", "DOC-05", "DOC-06"}
    assert report.skipped["LNK-02"] == "No answer had a link object."
    assert report.skipped["INC-03"] == "No path to include is known."


def test_what_a_check_asks_for_is_kept_where_it_comes() -> None:
    refusing = Description((replace(Collection("/books"), include=("author",)),))

    def respond(method: str, target: str, headers: dict[str, str], document: Any) -> Reply:
        return reply({"data": [FULL], **({"included": []} if "include" in target else {})})

    report = check(asgi(respond), refusing, only=["INC-02", "INC-03"])
    assert report.checked == {"INC-02"}
    assert report.skipped == {
        "INC-03": "No answer had an included resource for a request with include, where all fields were asked for."
    }
