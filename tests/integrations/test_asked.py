"""`Asked` over the API of the conformance tests, which has all kinds of relationships."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.answers import Answer
from jsonapi_sieve.integrations import Asked, Request
from jsonapi_sieve.integrations.rows import Rows
from jsonapi_sieve.testing import assert_document
from tests.conformance.models import Article, Comment, Person, Tag, new_database
from tests.conformance.resources import ARTICLES, COMMENTS, PEOPLE, TAGS, ArticleFilters

articles, comments, people, tags = (
    Rows(resource, model)
    for resource, model in ((ARTICLES, Article), (COMMENTS, Comment), (PEOPLE, Person), (TAGS, Tag))
)
RELATED = {"author": people, "editor": people, "tags": tags}


@pytest.fixture
def session() -> Iterator[Session]:
    engine = new_database()
    with Session(engine) as session:
        yield session
    engine.dispose()


def asking(
    path: str, method: str = "GET", body: object = b"", headers: Mapping[str, str] | None = None
) -> Asked[Answer]:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Asked(Request(method, f"http://localhost{path}", headers or {}, sent), lambda answer: answer)


def document_of(answer: Answer) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(answer.body)
    assert_document(document)
    return document


def ids_of(answer: Answer) -> list[str]:
    return [resource["id"] for resource in document_of(answer)["data"]]


def test_a_listing_is_a_page(session: Session) -> None:
    document = document_of(asking("/articles?page[size]=5&sort=title&include=author").listing(session, articles))
    assert [resource["id"] for resource in document["data"]] == ["01", "02", "03", "04", "05"]
    assert document["meta"] == {"total-count": 12}
    assert {resource["id"] for resource in document["included"]} == {"1", "2"}


def test_what_is_known_already_is_not_sent_again(session: Session) -> None:
    first = asking("/articles").listing(session, articles)
    again = asking("/articles", headers={"if-none-match": first.headers["ETag"]}).listing(session, articles)
    assert (again.status, again.body) == (304, b"")


def test_the_meta_of_an_api_stands_in_each_document(session: Session) -> None:
    request = Request("GET", "http://localhost/tags/1", {})
    asked: Asked[Answer] = Asked(request, lambda answer: answer, meta={"version": "3"})
    for answer in (asked.single(session, tags, 1), asked.listing(session, tags)):
        assert document_of(answer)["meta"]["version"] == "3"


PROFILE = "https://example.org/profiles/dates"


def test_parameters_and_profiles_of_the_application_are_taken_everywhere(session: Session) -> None:
    def asked(path: str, method: str = "GET", body: object = None, accept: str = PROFILE) -> Asked[Answer]:
        headers = {"accept": f'application/vnd.api+json; profile="{accept}"'}
        request = Request(method, f"http://localhost{path}?trace-id=7", headers, json.dumps(body).encode())
        return Asked(request, lambda answer: answer, ignore=["trace-id"], profiles=[PROFILE])

    answers = [
        asked("/articles").listing(session, articles),
        asked("/articles/02").single(session, articles, "02"),
        asked("/articles/02/author").related(session, articles, "02", "author", people),
        asked("/articles/02/tags").related(session, people, "1", "articles", articles),
        asked("/articles/02/relationships/tags").relationship(session, articles, "02", "tags", tags),
        asked("/articles", "POST", new()).create(session, articles, **RELATED),
    ]
    for answer in answers:
        document_of(answer)
        assert PROFILE in answer.headers["Content-Type"]
    assert asked("/articles").profiles == (PROFILE,)
    other = asked("/articles", accept="https://example.org/other")
    assert (other.profiles, PROFILE in other.listing(session, articles).headers["Content-Type"]) == ((), False)
    with pytest.raises(QueryErrors, match="trace-id"):
        asking("/articles?trace-id=7").listing(session, articles)


def test_a_relationship_to_many_leads_to_a_page(session: Session) -> None:
    assert ids_of(asking("/articles/02/tags").related(session, articles, "02", "tags", tags)) == ["1", "2"]
    assert ids_of(asking("/articles/03/tags").related(session, articles, "03", "tags", tags)) == []
    asked = asking("/people/1/articles?sort=-title&page[limit]=2&filter[words]=100")
    with pytest.raises(QueryErrors):
        asked.related(session, people, 1, "articles", articles)


def test_a_relationship_to_one_leads_to_a_resource_or_to_none(session: Session) -> None:
    answer = asking("/articles/03/editor").related(session, articles, "03", "editor", people)
    assert document_of(answer)["data"]["id"] == "3"
    answer = asking("/articles/01/editor").related(session, articles, "01", "editor", people)
    assert document_of(answer)["data"] is None


def test_the_linkage_of_a_relationship_is_shown(session: Session) -> None:
    answer = asking("/articles/02/relationships/tags").relationship(session, articles, "02", "tags", tags)
    assert document_of(answer)["data"] == [{"type": "tags", "id": "1"}, {"type": "tags", "id": "2"}]


def test_a_relationship_that_the_schema_does_not_have_is_a_fault_of_the_application(session: Session) -> None:
    with pytest.raises(KeyError, match="has no relationship 'owner'"):
        asking("/articles/02/owner").related(session, articles, "02", "owner", people)


@pytest.mark.parametrize("identifier", ["99", "2", "", "02 ", "\u0000"])
def test_what_is_not_there_is_not_found(session: Session, identifier: str) -> None:
    kinds: tuple[Callable[[Asked[Answer]], Answer], ...] = (
        lambda asked: asked.single(session, articles, identifier),
        lambda asked: asked.related(session, articles, identifier, "tags", tags),
        lambda asked: asked.relationship(session, articles, identifier, "tags", tags),
    )
    for ask in kinds:
        with pytest.raises(QueryErrors) as raised:
            ask(asking("/articles/99"))
        assert raised.value.status == 404


def test_rows_are_kept_to_those_of_a_client(session: Session) -> None:
    own = articles.within(ArticleFilters.title.eq("Article & B"))
    assert ids_of(asking("/articles").listing(session, own)) == ["02"]
    assert asking("/articles/02").single(session, own, "02").status == 200
    with pytest.raises(QueryErrors) as raised:
        asking("/articles/01").single(session, own, "01")
    assert raised.value.status == 404


def test_what_a_client_does_not_see_is_in_no_answer(session: Session) -> None:
    seen = articles.showing(lambda name: name not in {"words", "tags"})
    document = document_of(asking("/articles/02").single(session, seen, "02"))
    assert "words" not in document["data"]["attributes"]
    assert "tags" not in document["data"]["relationships"]
    refused: tuple[Callable[[], Answer], ...] = (
        lambda: asking("/articles?filter[words-eq]=100").listing(session, seen),
        lambda: asking("/articles/02?include=tags").single(session, seen, "02"),
        lambda: asking("/articles", "POST", new(words=7)).create(session, seen, **RELATED),
    )
    for ask in refused:
        with pytest.raises(QueryErrors):
            ask()
    lost: tuple[Callable[[], Answer], ...] = (
        lambda: asking("/articles/02/tags").related(session, seen, "02", "tags", tags),
        lambda: asking("/articles/02/relationships/tags").relationship(session, seen, "02", "tags", tags),
    )
    for ask in lost:
        with pytest.raises(QueryErrors, match="There is nothing at this address"):
            ask()
    answer = asking("/articles/02/author").related(session, seen, "02", "author", people)
    assert document_of(answer)["data"]["type"] == "people"


def new(**attributes: object) -> dict[str, Any]:
    author = {"data": {"type": "people", "id": "1"}}
    attributes = {"title": "New", **attributes}
    return {"data": {"type": "articles", "attributes": attributes, "relationships": {"author": author}}}


def count(session: Session) -> int | None:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(Article))


def test_what_is_created_is_shown_and_stays(session: Session) -> None:
    answer = asking("/articles?include=author", "POST", new()).create(session, articles, **RELATED)
    document = document_of(answer)
    assert (answer.status, answer.headers["Location"]) == (201, document["data"]["links"]["self"])
    assert document["included"][0]["attributes"] == {"name": "Ann"}
    assert document["links"]["self"] == f"{answer.headers['Location']}?include=author"
    assert count(session) == 13


@pytest.mark.parametrize(
    ("query", "body", "status", "code"),
    [
        ("", b"{", 400, "invalid-json"),
        ("?include=x", b"{", 400, "invalid-json"),
        ("?include=x", new(), 400, "unknown-include"),
        (f"?include={'x' * 70_000}", b"{", 414, "query-string-limit"),
    ],
)
def test_a_post_that_fails_creates_nothing(session: Session, query: str, body: object, status: int, code: str) -> None:
    with pytest.raises(QueryErrors) as raised:
        asking(f"/articles{query}", "POST", body).create(session, articles, **RELATED)
    assert (raised.value.status, raised.value.errors[0].code) == (status, code)
    assert count(session) == 12


def test_what_a_client_would_not_see_is_not_created(session: Session) -> None:
    own = articles.within(ArticleFilters.title.eq("New"))
    assert asking("/articles", "POST", new()).create(session, own, **RELATED).status == 201
    with pytest.raises(QueryErrors, match="none of those that you see") as raised:
        asking("/articles", "POST", new(title="Other")).create(session, own, **RELATED)
    assert (raised.value.status, raised.value.errors[0].code) == (403, "forbidden")
    assert not session.in_transaction()  # so that who commits later commits nothing of it
    assert count(session) == 13


def test_what_cannot_be_shown_is_not_created(session: Session) -> None:
    with pytest.raises(ZeroDivisionError):
        articles.add(session, {"title": "x", "author": session.get(Person, "1")}, lambda _: 1 // 0)
    assert not session.in_transaction()
    assert count(session) == 12
