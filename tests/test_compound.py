"""Compound documents of rows from a database: many rows, relationships to many, and paths that lead back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from marshmallow_jsonapi import Schema, fields
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from jsonapi_sieve import Limits, Sort
from jsonapi_sieve.filters import FilterSet
from jsonapi_sieve.paging import NumberedPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.testing import assert_document

AUTHORS, ARTICLES, TAGS, SIZE = 10, 200, 7, 20


class Base(DeclarativeBase):
    pass


TAGGED = sa.Table(
    "tagged",
    Base.metadata,
    sa.Column("article_id", sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id"), primary_key=True),
)


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    articles: Mapped[list[Article]] = relationship(back_populates="author", lazy="raise", order_by="Article.id")


class Article(Base):
    __tablename__ = "articles"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("authors.id"))
    author: Mapped[Author | None] = relationship(back_populates="articles", lazy="raise")
    tags: Mapped[list[Tag]] = relationship(secondary=TAGGED, back_populates="articles", lazy="raise", order_by="Tag.id")


class Tag(Base):
    __tablename__ = "tags"
    id: Mapped[int] = mapped_column(primary_key=True)
    articles: Mapped[list[Article]] = relationship(
        secondary=TAGGED, back_populates="tags", lazy="raise", order_by="Article.id"
    )


AT: dict[str, Any] = {"related_url": "/articles/{id}/related", "related_url_kwargs": {"id": "<id>"}}


class AuthorSchema(Schema):
    id = fields.Str()
    articles = fields.Relationship(type_="articles", schema="LinkedArticleSchema", many=True)

    class Meta:
        type_ = "authors"


class TagSchema(Schema):
    id = fields.Str()
    articles = fields.Relationship(type_="articles", schema="LinkedArticleSchema", many=True)

    class Meta:
        type_ = "tags"


class LinkedArticleSchema(Schema):
    id = fields.Str()
    title = fields.Function(lambda row: f"Article {row.id}")
    author = fields.Relationship(type_="authors", schema=AuthorSchema, **AT)
    tags = fields.Relationship(type_="tags", schema=TagSchema, many=True, **AT)

    class Meta:
        type_ = "articles"


class Filters(FilterSet):
    pass


PATHS = ("author", "author.articles", "tags", "tags.articles", "tags.articles.author")
RESOURCE = Resource(
    LinkedArticleSchema,
    filters=Filters(limits=Limits(include_depth=4)),
    sort=Sort("id"),
    pages=NumberedPages(default=SIZE),
    include=PATHS,
)


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        authors = [Author(id=number) for number in range(AUTHORS)]
        tags = [Tag(id=number) for number in range(TAGS)]
        session.add_all([*authors, *tags])
        for number in range(ARTICLES):
            author = authors[number % AUTHORS] if number % 9 else None
            session.add(Article(id=number, author=author, tags=[tag for tag in tags if number % (tag.id + 2) == 0]))
        session.flush()
        session.expunge_all()
        yield session
    engine.dispose()


def shown(session: Session, query_string: str) -> Any:
    session.expunge_all()
    query = RESOURCE.parse(query_string)
    rows = session.scalars(*RESOURCE.statement(query, Article)).all()
    url = f"http://example.org/articles?{query_string}"
    document = json.loads(RESOURCE.render(rows, query, url=url, total=ARTICLES))
    assert_document(document, url=url)
    return document


def keys(resources: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(resource["type"], resource["id"]) for resource in resources]


@pytest.mark.rule("DOC-22", "DOC-23", "INC-03", "INC-06", "FLD-06")
@pytest.mark.parametrize("fields_", ["", "&fields[articles]=", "&fields[articles]=tags&fields[tags]=articles"])
@pytest.mark.parametrize("include", [*PATHS, ",".join(PATHS)])
def test_each_resource_is_there_once(session: Session, include: str, fields_: str) -> None:
    document = shown(session, f"include={include}&page[number]=3{fields_}")
    primary, included = keys(document["data"]), keys(document["included"])
    assert primary == [("articles", str(number)) for number in range(2 * SIZE, 3 * SIZE)]
    assert len({*primary, *included}) == len(primary) + len(included)
    reached = {type_ for type_, _ in included}
    assert reached == {
        {"author": "authors", "tags": "tags"}.get(path.split(".")[-1], "articles") for path in _steps(include)
    }


def _steps(include: str) -> set[str]:
    """Give the paths that lead to paths, and these."""
    names = [path.split(".") for path in include.split(",")]
    return {".".join(path[:length]) for path in names for length in range(1, len(path) + 1)}


@pytest.mark.rule("DOC-22", "INC-06")
def test_a_path_that_leads_back_links_primary_data_and_repeats_none(session: Session) -> None:
    document = shown(session, "include=tags.articles")
    tagged = [number for number in range(ARTICLES) if any(number % (tag + 2) == 0 for tag in range(TAGS))]
    beyond = {str(number) for number in tagged if number >= SIZE}
    assert {id_ for type_, id_ in keys(document["included"]) if type_ == "articles"} == beyond
    (two,) = (each for each in document["included"] if (each["type"], each["id"]) == ("tags", "0"))
    linked = [each["id"] for each in two["relationships"]["articles"]["data"]]
    assert linked == [str(number) for number in range(0, ARTICLES, 2)]


@pytest.mark.rule("FLD-01", "FLD-02", "FLD-03")
def test_fields_choose_relationships_as_they_do_attributes(session: Session) -> None:
    shows = {}
    for chosen in ("", "title", "tags", "author,title"):
        (resource,) = shown(session, f"fields[articles]={chosen}&page[size]=1")["data"]
        parts = (resource.get(part, {}) for part in ("attributes", "relationships"))
        shows[chosen] = [name for part in parts for name in part]
    assert shows == {"": [], "title": ["title"], "tags": ["tags"], "author,title": ["title", "author"]}
