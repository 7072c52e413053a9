"""Articles and the people who write them: two tables, and what clients see of them and may ask."""

from marshmallow_jsonapi import Schema, fields
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from jsonapi_sieve import Sort
from jsonapi_sieve.integrations.rows import Rows
from jsonapi_sieve.paging import NumberedPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import filters_from_schema


class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True)


class Person(Base):
    __tablename__ = "people"
    name: Mapped[str]


class Article(Base):
    __tablename__ = "articles"
    title: Mapped[str]
    words: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    author: Mapped[Person] = relationship()


class PersonSchema(Schema):
    id = fields.Str()
    name = fields.Str()

    class Meta:
        type_ = "people"


class ArticleSchema(Schema):
    id = fields.Str(dump_only=True)
    title = fields.Str(required=True)
    words = fields.Int(required=True)
    author = fields.Relationship(schema=PersonSchema, type_="people", include_resource_linkage=True, required=True)

    class Meta:
        type_ = "articles"
        self_url = "/articles/{id}"
        self_url_kwargs = {"id": "<id>"}


ArticleFilters = filters_from_schema(ArticleSchema, "title", "words")
ARTICLES = Resource(
    ArticleSchema,
    filters=ArticleFilters(),
    sort=Sort("title", "words"),
    pages=NumberedPages(default=2),
    include=("author",),
)
articles, people = Rows(ARTICLES, Article), Rows(Resource(PersonSchema), Person)
