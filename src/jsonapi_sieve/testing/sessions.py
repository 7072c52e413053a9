"""SQLAlchemy sessions on a database that holds nothing but the rows of a test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

__all__ = ["HasMetadata", "filled_session"]


class HasMetadata(Protocol):
    """A declarative base, or a class made from one."""

    @property
    def metadata(self) -> sa.MetaData:
        """What its tables stand in."""


@contextmanager
def filled_session(base: HasMetadata | sa.MetaData, instances: Iterable[object] = ()) -> Iterator[Session]:
    """Open a session on a new database, in SQLite's memory, that holds some instances of mapped classes.

    All tables of the metadata of `base` are there, which is the declarative base, a class or the metadata itself. What
    the instances are related to is stored with them.

    >>> from sqlalchemy import Column, Integer, select
    >>> from sqlalchemy.orm import DeclarativeBase
    >>> class Base(DeclarativeBase):
    ...     pass
    >>> class Call(Base):
    ...     __tablename__ = "calls"
    ...     id = Column(Integer, primary_key=True)
    ...     duration = Column(Integer)
    >>> with filled_session(Base, [Call(id=1, duration=60), Call(id=2)]) as session:
    ...     session.scalars(select(Call.id).where(Call.duration > 0)).all()
    [1]
    """
    metadata = base if isinstance(base, sa.MetaData) else base.metadata
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    try:
        metadata.create_all(engine)
        with Session(engine) as session:
            session.add_all(instances)
            session.commit()
            yield session
    finally:
        engine.dispose()
