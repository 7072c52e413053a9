"""The tables of the full API: articles, the people who write them, comments and tags."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from sqlalchemy.pool import StaticPool

from jsonapi_sieve.backends.sqlalchemy import UtcDateTime


def _new_id() -> str:
    return str(uuid4())


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Base(DeclarativeBase):
    """What all rows have."""

    id: Mapped[str] = mapped_column(primary_key=True, default=_new_id)


class Person(Base):
    __tablename__ = "people"
    name: Mapped[str]
    articles: Mapped[list[Article]] = relationship(
        back_populates="author", foreign_keys="Article.author_id", order_by="Article.id"
    )


class Tag(Base):
    __tablename__ = "tags"
    name: Mapped[str]


_tagged = sa.Table(
    "tagged",
    Base.metadata,
    sa.Column("article_id", sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id"), primary_key=True),
)


class Article(Base):
    __tablename__ = "articles"
    title: Mapped[str]
    words: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime(digits=3), default=_now)
    author_id: Mapped[str] = mapped_column(sa.ForeignKey("people.id"))
    editor_id: Mapped[str | None] = mapped_column(sa.ForeignKey("people.id"))
    author: Mapped[Person] = relationship(back_populates="articles", foreign_keys=author_id)
    editor: Mapped[Person | None] = relationship(foreign_keys=editor_id)
    comments: Mapped[list[Comment]] = relationship(back_populates="article", order_by="Comment.id")
    tags: Mapped[list[Tag]] = relationship(secondary=_tagged, order_by=Tag.id)


class Comment(Base):
    __tablename__ = "comments"
    body: Mapped[str]
    likes: Mapped[int]
    article_id: Mapped[str] = mapped_column(sa.ForeignKey("articles.id"))
    author_id: Mapped[str | None] = mapped_column(sa.ForeignKey("people.id"))
    article: Mapped[Article] = relationship(back_populates="comments")
    author: Mapped[Person | None] = relationship()


def new_database() -> sa.Engine:
    """Make a database in memory, of one connection, that is small and has something of everything.

    Some articles have no editor, no comments or no tags, several have as many words as others, or none that were
    counted, and several comments are liked as often.
    """
    engine = sa.create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        people = [Person(id=str(number), name=name) for number, name in enumerate(("Ann", "Bob", "Cy"), 1)]
        tags = [Tag(id=str(number), name=name) for number, name in enumerate(("news", "sport", "weather"), 1)]
        start = datetime(2026, 1, 1, tzinfo=UTC)
        articles = [
            Article(
                id=f"{number:02}",
                title=f"Article & {chr(64 + number)}",
                words=None if number % 5 == 0 else number % 3 * 100,
                created_at=start + timedelta(days=number),
                author=people[number % 2],
                editor=None if number % 3 else people[2],
                tags=tags[: number % 3],
            )
            for number in range(1, 13)
        ]
        comments = [
            Comment(
                id=f"{number:02}",
                body=f"Comment {number}",
                likes=number % 4,
                article=articles[-1 - number % 4],
                author=None if number % 4 == 3 else people[number % 3],
            )
            for number in range(1, 18)
        ]
        session.add_all([*people, *tags, *articles, *comments])
        session.commit()
    return engine
