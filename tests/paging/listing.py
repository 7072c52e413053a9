"""A listing that pages by cursor, answered from a database: what the tests of the profile ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa
from marshmallow_jsonapi import Schema, fields
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from jsonapi_sieve import Default, Field, FilterSet, QueryErrors, Sort, types
from jsonapi_sieve.backends.sqlalchemy import UtcDateTime
from jsonapi_sieve.paging import AnyPages, CursorPages
from jsonapi_sieve.resource import Resource

SECRET = "the secret of these tests"  # noqa: S105
PATH = "/items"


class Base(DeclarativeBase):
    pass


class Group(Base):
    __tablename__ = "groups"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    rank: Mapped[int | None]
    name: Mapped[str]
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id"))
    group: Mapped[Group | None] = relationship(lazy="raise")


class ItemSchema(Schema):
    id = fields.Str()
    rank = fields.Int()
    name = fields.Str()

    class Meta:
        type_ = "items"


class ItemFilters(FilterSet):
    rank = Field(types.Integer(32), nullable=True)
    name = Field(types.Text())
    made_at = Field(types.Timestamp(), nullable=True)


class RecentFilters(ItemFilters):
    rules = (Default("made_at_gteq", lambda now: now - timedelta(hours=1)),)


SORT = Sort("rank", "name", "group.name")


def resource(pages: AnyPages | None = None, **options: Any) -> Resource:
    options = {"schema": ItemSchema, "filters": ItemFilters(), "sort": SORT, **options}
    return Resource(pages=pages or CursorPages(SECRET, default=3, maximum=10), **options)


class Listing:
    """Answers requests for items from a session."""

    def __init__(self, session: Session, served: Resource | None = None) -> None:
        self.session = session
        self.resource = served or resource()

    def get(self, url: str = PATH, *, total: int | None = None, **options: Any) -> dict[str, Any]:
        """Answer a request: a URL, or its query string."""
        url = url if url.startswith("/") else f"{PATH}?{url}"
        query = self.resource.parse(urlsplit(url).query, **options)
        rows = self.session.scalars(*self.resource.statement(query, Item)).all()
        document: dict[str, Any] = json.loads(self.resource.render(rows, query, url=url, total=total))
        return document

    def faults(self, url: str, **options: Any) -> list[dict[str, Any]]:
        """Give the errors of a request that has some."""
        with pytest.raises(QueryErrors) as raised:
            self.get(url, **options)
        assert raised.value.status == 400
        return [error.to_dict() for error in raised.value.errors]

    def walk(self, url: str, link: str = "next") -> list[list[int]]:
        """Follow a link from page to page; give the identifiers of each."""
        pages: list[list[int]] = []
        following: str | None = url if url.startswith("/") else f"{PATH}?{url}"
        while following is not None:
            document = self.get(following)
            pages.append(ids(document))
            following = document["links"][link]
            assert len(pages) < 1000
        return pages


def ids(document: dict[str, Any]) -> list[int]:
    return [int(item["id"]) for item in document["data"]]


def cursor(url: str | None) -> str:
    """Give the cursor in a link."""
    assert url is not None
    (found,) = [text for key, text in parse_qsl(urlsplit(url).query) if key in ("page[after]", "page[before]")]
    return found


@contextmanager
def database(url: str = "sqlite://") -> Iterator[Session]:
    """Open a session on empty tables, and remove them afterwards."""
    engine = sa.create_engine(url)
    Base.metadata.create_all(engine)
    try:
        with Session(engine) as session:
            yield session
    finally:
        Base.metadata.drop_all(engine)
        engine.dispose()
