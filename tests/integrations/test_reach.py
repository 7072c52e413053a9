"""Documents lead to no related resources but those that a client sees, whatever way a schema shows linkage."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from marshmallow import post_dump
from marshmallow_jsonapi import Schema, fields
from sqlalchemy.orm import Session

from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.answers import Answer
from jsonapi_sieve.integrations import Asked
from jsonapi_sieve.integrations.rows import Rows
from jsonapi_sieve.paging import CursorPages
from jsonapi_sieve.resource import Resource
from tests.conformance.models import Article, Person, Tag, new_database
from tests.conformance.resources import ARTICLES, PEOPLE, TAGS, PersonFilters, PersonSchema, TagSchema
from tests.integrations.test_asked import asking, document_of


class TagFilters(FilterSet):
    name = Field(types.Text())


class LinkedSchema(Schema):
    id = fields.Str(dump_only=True)
    title = fields.Str(required=True)
    author = fields.Relationship(
        attribute="author_id", schema=PersonSchema, type_="people", include_resource_linkage=True
    )
    tags = fields.Relationship(schema=TagSchema, type_="tags", many=True, include_resource_linkage=True)

    class Meta:
        type_ = "essays"
        self_url, self_url_kwargs = "/articles/{id}", {"id": "<id>"}


class ReachingArticleSchema(LinkedSchema):
    class Meta(LinkedSchema.Meta):
        type_ = "articles"


class HookedSchema(LinkedSchema):
    @post_dump
    def keep(self, data: Any, **_: Any) -> Any:
        return data

    class Meta(LinkedSchema.Meta):
        pass


articles, people, tags = Rows(ARTICLES, Article), Rows(PEOPLE, Person), Rows(TAGS, Tag)
RELATED = {
    "author": people.within(PersonFilters.name.eq("Ann")),  # her identifier is 1
    "tags": tags.within(TagFilters.name.eq("sport")),  # of which it is 2
}


def linked(schema: type[Schema]) -> Rows:
    pages = CursorPages("a secret", default=20, item_cursors=True)
    return Rows(Resource(schema, pages=pages, include=["author", "author.articles", "tags"]), Article)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = new_database()
    with Session(engine) as session:
        yield session
    engine.dispose()


def linkage_of(document: dict[str, Any]) -> set[tuple[str, str]]:
    shown = [each["data"] for resource in document["data"] for each in resource["relationships"].values()]
    flat = [each for data in shown for each in (data if isinstance(data, list) else [data])]
    return {(each["type"], each["id"]) for each in flat if each is not None}


def test_the_addresses_of_one_relationship_agree(session: Session) -> None:
    for id_, name in (("01", "author"), ("02", "author"), ("01", "tags"), ("02", "tags"), ("03", "tags")):
        own = RELATED[name]
        shown = document_of(asking(f"/articles/{id_}/{name}").related(session, articles, id_, name, own))["data"]
        path = f"/articles/{id_}/relationships/{name}"
        linkage = document_of(asking(path).relationship(session, articles, id_, name, own))["data"]
        if isinstance(shown, list):
            assert [each["id"] for each in linkage] == [each["id"] for each in shown]
        else:
            assert (linkage and linkage["id"]) == (shown and shown["id"])
    linkage = document_of(
        asking("/articles/02/relationships/tags").relationship(session, articles, "02", "tags", RELATED["tags"])
    )
    assert linkage["data"] == [{"type": "tags", "id": "2"}]


@pytest.mark.parametrize("schema", [LinkedSchema, HookedSchema])
@pytest.mark.parametrize("query", ["", "?include=author,tags", "?include=tags&fields[essays]=tags", "?include=author"])
def test_a_page_leads_to_nothing_that_a_client_does_not_see(session: Session, schema: type[Schema], query: str) -> None:
    rows = linked(schema)
    everything = document_of(asking(f"/articles{query}").listing(session, rows))
    seen = document_of(asking(f"/articles{query}").listing(session, rows, **RELATED))
    hidden = {("people", "2"), ("tags", "1")}
    assert linkage_of(everything) & hidden
    assert linkage_of(seen) == linkage_of(everything) - hidden
    included = {(each["type"], each["id"]) for each in everything.get("included", [])}
    assert {(each["type"], each["id"]) for each in seen.get("included", [])} == included - hidden
    assert len(seen["data"]) == len(everything["data"]) == 12


@pytest.mark.parametrize("schema", [LinkedSchema, HookedSchema])
def test_nothing_is_included_by_way_of_what_a_client_does_not_see(session: Session, schema: type[Schema]) -> None:
    asked = asking("/articles/01?include=author.articles")
    assert "included" in document_of(asked.single(session, linked(schema), "01"))
    document = document_of(asked.single(session, linked(schema), "01", **RELATED))
    assert document["included"] == []
    assert document["data"]["relationships"]["author"] == {"data": None}


def test_a_page_asks_once_for_each_relationship(session: Session) -> None:
    statements: list[str] = []
    sa.event.listen(session.bind, "before_cursor_execute", lambda *sent: statements.append(sent[2]))

    def asked(query: str, **related: Rows) -> int:
        session.expunge_all()
        statements.clear()
        asking(f"/articles{query}").listing(session, linked(LinkedSchema), **related)
        return len(statements)

    for query, more in (("", 2), ("?include=author,tags", 2), ("?fields[essays]=title", 0)):
        assert asked(query, **RELATED) == asked(query) + more


def test_what_is_created_and_what_a_relationship_leads_to_are_kept_to_it_too(session: Session) -> None:
    made = partial(Article, author_id="2")
    rows = Rows(Resource(LinkedSchema), Article, make=made)
    body = {"data": {"type": "essays", "attributes": {"title": "New"}}}
    answer = asking("/articles", "POST", body).create(session, rows, **RELATED)
    assert document_of(answer)["data"]["relationships"]["author"] == {"data": None}
    asked = asking("/people/2/articles")
    answer = asked.related(session, people, "2", "articles", Rows(Resource(ReachingArticleSchema), Article), **RELATED)
    assert linkage_of(document_of(answer)) == {("tags", "2")}


class Failing(Rows):
    """People of whom nobody can tell which a client sees."""

    def __init__(self) -> None:
        super().__init__(PEOPLE, Person)
        self.raised: list[LookupError] = []

    def seen(self, session: Session, identifiers: Collection[str]) -> Collection[str]:
        self.raised.append(LookupError(f"fault {len(self.raised) + 1}"))
        raise self.raised[-1]


@pytest.mark.parametrize("schema", [LinkedSchema, HookedSchema])
@pytest.mark.parametrize("query", ["", "?include=author", "?include=author.articles&fields[essays]=title"])
def test_what_rows_raise_is_raised_and_they_are_asked_once(session: Session, schema: type[Schema], query: str) -> None:
    failing = Failing()
    kinds: tuple[Callable[[Asked[Answer]], Answer], ...] = (
        lambda asked: asked.listing(session, linked(schema), author=failing),
        lambda asked: asked.single(session, linked(schema), "01", author=failing),
    )
    for count, ask in enumerate(kinds):
        with pytest.raises(LookupError) as caught:
            ask(asking(f"/articles{query}"))
        assert len(failing.raised) == count + 1
        assert caught.value is failing.raised[count]
        assert caught.value.__context__ is None


def test_a_name_that_is_no_relationship_is_a_fault_of_the_application(session: Session) -> None:
    with pytest.raises(KeyError, match="has no relationship 'autor'"):
        asking("/articles").listing(session, linked(LinkedSchema), autor=people)


def test_rows_of_another_resource_are_a_fault_of_the_application(session: Session) -> None:
    asked, created = asking("/articles"), asking("/articles", "POST", {})
    kinds: tuple[Callable[[], Answer], ...] = (
        lambda: asked.listing(session, articles, author=tags),
        lambda: asked.single(session, articles, "01", author=tags),
        lambda: created.create(session, articles, author=tags),
        lambda: asked.related(session, articles, "01", "author", tags),
        lambda: asked.related(session, people, "1", "articles", articles, author=tags),
        lambda: asked.relationship(session, articles, "01", "author", tags),
    )
    for ask in kinds:
        with pytest.raises(ValueError, match=r"'author' of .* leads to 'people', but the related rows are 'tags'"):
            ask()
