"""The resource types of the full API: what clients see of its tables, and what they may ask."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

from jsonapi_sieve import Field, FilterSet, Sort, ToMany, ToOne, types
from jsonapi_sieve.document import TopLevel
from jsonapi_sieve.paging import CursorPages, NumberedPages, OffsetPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import Relationship, Schema, Typed


def _identified() -> Field[str]:
    return Field(types.Text(), operators=(), bare="in")


def _links_to(type_: str, name: str, of: str, **options: Any) -> Relationship:
    """Declare a relationship with both links, whose rows are in the attribute of its name."""
    return Relationship(
        type_=type_,
        self_url=f"/{of}/{{id}}/relationships/{name}",
        self_url_kwargs={"id": "<id>"},
        related_url=f"/{of}/{{id}}/{name}",
        related_url_kwargs={"id": "<id>"},
        **options,
    )


class _Meta:
    self_url_kwargs: Final[dict[str, str]] = {"id": "<id>"}


class PersonSchema(Schema):
    id: Final = fields.Str(dump_only=True)
    name: Final = fields.Str()
    articles: Final = _links_to(
        "articles", "articles", "people", schema=f"{__name__}.ArticleSchema", many=True, dump_only=True
    )

    class Meta(_Meta):
        type_ = "people"
        self_url = "/people/{id}"


class TagSchema(Schema):
    id: Final = fields.Str(dump_only=True)
    name: Final = fields.Str()

    class Meta(_Meta):
        type_ = "tags"
        self_url = "/tags/{id}"


class CommentSchema(Schema):
    id: Final = fields.Str(dump_only=True)
    body: Final = fields.Str()
    likes: Final = Typed(types.Integer(32))
    article: Final = _links_to("articles", "article", "comments", schema=f"{__name__}.ArticleSchema")
    author: Final = _links_to("people", "author", "comments", schema=f"{__name__}.PersonSchema")

    class Meta(_Meta):
        type_ = "comments"
        self_url = "/comments/{id}"


class ArticleSchema(Schema):
    id: Final = fields.Str(dump_only=True)
    title: Final = fields.Str(required=True)
    words: Final = Typed(types.Integer(32), allow_none=True)
    created_at: Final = Typed(types.Timestamp(digits=3), dump_only=True, data_key="createdAt")
    author: Final = _links_to("people", "author", "articles", schema=f"{__name__}.PersonSchema", required=True)
    editor: Final = _links_to("people", "editor", "articles", schema=f"{__name__}.PersonSchema", allow_none=True)
    comments: Final = _links_to(
        "comments", "comments", "articles", schema=f"{__name__}.CommentSchema", many=True, dump_only=True
    )
    tags: Final = _links_to("tags", "tags", "articles", schema=f"{__name__}.TagSchema", many=True)

    class Meta(_Meta):
        type_ = "articles"
        self_url = "/articles/{id}"


class PersonFilters(FilterSet):
    id = _identified()
    name = Field(types.Text())


class CommentFilters(FilterSet):
    id = _identified()
    likes = Field(types.Integer(32))
    article_id = Field(types.Text(), operators=("eq",), bare="in")


class ArticleFilters(FilterSet, groups=True):
    id = _identified()
    title = Field(types.Text())
    words = Field(types.Integer(32), nullable=True)
    created_at = Field(types.Timestamp(digits=3))
    author = ToOne(PersonFilters)
    comments = ToMany(CommentFilters)


_SERVED: Final = ("likes", "body", "likes,body", "body,likes", "article.title")
TOP: Final = TopLevel(version="1.1", self_link=True)

ARTICLES: Final = Resource(
    ArticleSchema,
    filters=ArticleFilters(),
    sort=Sort("created_at", "title", "words", default="-created_at", style="camel"),
    pages=NumberedPages(default=50, maximum=100),
    include=("author", "author.articles", "editor", "comments", "comments.author", "tags"),
    top_level=TOP,
)
PEOPLE: Final = Resource(
    PersonSchema,
    filters=PersonFilters(),
    sort=Sort("name"),
    pages=OffsetPages(),
    include=("articles",),
    top_level=TOP,
)
COMMENTS: Final = Resource(
    CommentSchema,
    filters=CommentFilters(),
    sort=Sort("likes", "body", "article.title"),
    pages=CursorPages("a secret for tests only", maximum=100, sorts=_SERVED, item_cursors=True),
    include=("article", "article.author", "author"),
    top_level=TOP,
)
TAGS: Final = Resource(TagSchema, top_level=TOP)
"""Clients may ask nothing of tags."""
