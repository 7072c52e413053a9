from __future__ import annotations

import json

import pytest

from jsonapi_sieve import ErrorObject, QueryErrors
from jsonapi_sieve.answers import Answer
from jsonapi_sieve.document import TopLevel
from jsonapi_sieve.negotiation import MEDIA_TYPE, MediaType
from jsonapi_sieve.testing import assert_document

BODY = b'{"data":null}'
CACHED = {"Cache-Control": "no-cache"}
GET = Answer.of(BODY, headers=CACHED).to("GET")


@pytest.mark.rule("CN-01", "CN-10")
@pytest.mark.parametrize("status", [200, 201, 404, 500])
def test_every_answer_has_a_media_type_and_varies(status: int) -> None:
    answer = Answer.of(BODY, status, headers={"Location": "/calls/8"})
    assert answer == (BODY, status, {"Content-Type": MEDIA_TYPE, "Vary": "Accept", "Location": "/calls/8"})


@pytest.mark.rule("CN-10")
@pytest.mark.parametrize(("vary", "sent"), [("Accept", "Accept"), ("Origin, Cookie", "Accept, Origin, Cookie")])
def test_what_else_it_varies_by_takes_nothing_away(vary: str, sent: str) -> None:
    answer = Answer.of(BODY, headers={"Vary": vary})
    assert answer.headers["Vary"] == answer.to("HEAD").headers["Vary"] == sent


@pytest.mark.rule("CN-04")
def test_the_media_type_can_name_what_holds() -> None:
    media_type = str(MediaType(profiles=("https://a.org/dates",)))
    answer = Answer.of(BODY, media_type=media_type)
    assert answer.headers["Content-Type"] == media_type
    assert answer.to("GET").headers["ETag"] != GET.headers["ETag"]


@pytest.mark.rule("CN-01", "CN-10", "ERR-01", "ERR-09")
def test_faults_are_answered_with_their_status_and_the_headers_they_ask_for() -> None:
    errors = QueryErrors([ErrorObject("a", "A", "A.", status=405)], headers={"Allow": "GET"})
    answer = Answer.refusing(errors, headers={"Allow": "PUT", **CACHED})
    assert answer.status == 405
    assert answer.headers == {"Content-Type": MEDIA_TYPE, "Vary": "Accept", "Allow": "GET", **CACHED}
    document = json.loads(answer.body)
    assert document == {"errors": [errors.errors[0].to_dict()]}
    assert_document(document)
    versioned = Answer.refusing(errors, top_level=TopLevel(version="1.1", self_link=True))
    assert json.loads(versioned.body) == {"jsonapi": {"version": "1.1"}, **document}


@pytest.mark.rule("CN-04", "DOC-24")
def test_the_profiles_that_define_errors_are_named() -> None:
    errors = QueryErrors([ErrorObject("a", "A", "A.")], profiles=["https://a.org/cursors"])
    answer = Answer.refusing(errors, top_level=TopLevel(version="1.1"))
    assert answer.headers["Content-Type"] == f'{MEDIA_TYPE}; profile="https://a.org/cursors"'
    assert json.loads(answer.body)["jsonapi"] == {"version": "1.1", "profile": ["https://a.org/cursors"]}


@pytest.mark.rule("FET-05")
def test_a_document_gets_a_tag() -> None:
    assert (GET.body, GET.status) == (BODY, 200)
    assert list(GET.headers) == ["Content-Type", "Vary", "Cache-Control", "ETag"]


@pytest.mark.rule("FET-05", "CN-10")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_it_gets_no_body(method: str) -> None:
    answer = Answer.of(BODY, headers=CACHED).to(method, if_none_match=f'W/"x", {GET.headers["ETag"]}')
    assert answer == (b"", 304, {"Vary": "Accept", **CACHED, "ETag": GET.headers["ETag"]})


@pytest.mark.rule("FET-05")
def test_who_has_another_gets_it_whole() -> None:
    assert Answer.of(BODY, headers=CACHED).to("GET", if_none_match='"x"') == GET


@pytest.mark.rule("FET-05")
@pytest.mark.parametrize("status", [200, 404])
def test_head_is_get_but_for_the_body(status: int) -> None:
    answer = Answer.of(BODY, status)
    got, head = answer.to("GET"), answer.to("HEAD")
    assert head == (b"", status, {**got.headers, "Content-Length": "13"})


@pytest.mark.rule("FET-05")
def test_what_is_no_success_has_no_tag_and_ignores_conditions() -> None:
    answer = Answer.of(BODY, 404)
    assert answer.to("GET", if_none_match="*") == answer


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_answers_to_other_methods_stay_as_they_are(method: str) -> None:
    answer = Answer.of(BODY, 201, headers={"Location": "/calls/8"})
    assert answer.to(method, if_none_match="*") is answer
