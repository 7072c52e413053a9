"""SQLAlchemy sessions on a database that holds nothing but the rows of a test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

__all__ = ["filled_session"]


@contextmanager
def filled_session(instances: Iterable[object]) -> Iterator[Session]:
    """Open a session on a new database, in SQLite's memory, that holds some instances of mapped classes.

    All tables of their metadata are there, and what the instances are related to is stored with them.

    >>> from sqlalchemy import Column, Integer, select
    >>> from sqlalchemy.orm import DeclarativeBase
    >>> class Base(DeclarativeBase):
    ...     pass
    >>> class Call(Base):
    ...     __tablename__ = "calls"
    ...     id = Column(Integer, primary_key=True)
    ...     duration = Column(Integer)
    >>> with filled_session([Call(id=1, duration=60), Call(id=2)]) as session:
    ...     session.scalars(select(Call.id).where(Call.duration > 0)).all()
    [1]
    """
    rows = list(instances)
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    try:
        for metadata in {sa.inspect(type(row)).local_table.metadata for row in rows}:
            metadata.create_all(engine)
        with Session(engine) as session:
            session.add_all(rows)
            session.commit()
            yield session
    finally:
        engine.dispose()
