"""Articles and the people who write them: two tables, and what clients see of them and may ask."""

from marshmallow_jsonapi import Schema, fields
from sqlalchemy import ForeignKey, orm

from jsonapi_sieve import Sort
from jsonapi_sieve.integrations.rows import Rows
from jsonapi_sieve.paging import NumberedPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import filters_from_schema


class Base(orm.DeclarativeBase):
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)


class Person(Base):
    __tablename__ = "people"
    name: orm.Mapped[str]


class Article(Base):
    __tablename__ = "articles"
    title: orm.Mapped[str]
    words: orm.Mapped[int]
    author_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("people.id"))
    author: orm.Mapped[Person] = orm.relationship()


class PersonSchema(Schema):
    class Meta:
        type_ = "people"

    id = fields.Str()
    name = fields.Str()


class ArticleSchema(Schema):
    class Meta:
        type_ = "articles"
        self_url, self_url_kwargs = "/articles/{id}", {"id": "<id>"}

    id = fields.Str(dump_only=True)
    title = fields.Str(required=True)
    words = fields.Int(required=True)
    author = fields.Relationship(schema=PersonSchema, type_="people", include_resource_linkage=True, required=True)


filters = filters_from_schema(ArticleSchema, "title", "words")()
sort, pages = Sort("title", "words"), NumberedPages(default=2)
articles = Rows(Resource(ArticleSchema, filters=filters, sort=sort, pages=pages, include=["author"]), Article)
people = Rows(Resource(PersonSchema), Person)


def fill(session):
    Base.metadata.create_all(session.connection())
    for n, name in enumerate(("Ann", "Bob") * 6, start=1):
        session.merge(Article(id=n, title=f"No. {n}", words=n * 100, author=Person(id=1 + n % 2, name=name)))
    session.commit()
