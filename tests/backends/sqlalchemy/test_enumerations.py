"""Columns of enumeration classes: a member's text is its value where that is text, else its name."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, StrEnum
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from jsonapi_sieve import TRUE, CompileError, SortKey, types
from jsonapi_sieve.backends.python import compile_python, compile_python_order
from jsonapi_sieve.backends.sqlalchemy import compile_order_by, compile_select
from jsonapi_sieve.field import Field


class Level(StrEnum):
    LOW = "low"
    HIGH = "high"


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Stage(Enum):
    Pending = 1
    Done = 2


class Base(DeclarativeBase):
    pass


def _values(cls: type[Enum]) -> list[str]:
    return [member.value for member in cls]


class Thing(Base):
    __tablename__ = "things"

    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[Level | None]
    colour: Mapped[Colour | None]
    stage: Mapped[Stage | None]
    shade: Mapped[Colour] = mapped_column(sa.Enum(Colour, values_callable=_values))


FIELDS: dict[str, Field[Any]] = {
    "level": Field(types.Enum(Level), name="level", nullable=True),
    "colour": Field(types.Enum(Colour), name="colour", nullable=True),
    "stage": Field(types.Enum(Stage), name="stage", nullable=True),
    "shade": Field(types.Enum("red", "blue"), name="shade"),
}


@pytest.fixture
def session() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Thing(id=1, level=Level.LOW, colour=Colour.RED, stage=Stage.Pending, shade=Colour.BLUE))
        session.add(Thing(id=2, level=Level.HIGH, colour=Colour.BLUE, stage=Stage.Done, shade=Colour.RED))
        session.add(Thing(id=3, level=None, colour=None, stage=None, shade=Colour.RED))
        session.flush()
        yield session
    engine.dispose()


@pytest.mark.parametrize(
    ("name", "text", "member"),
    [("level", "low", Level.LOW), ("colour", "red", Colour.RED), ("stage", "Pending", Stage.Pending)],
)
def test_texts_and_members_find_the_same_rows_in_sql_and_in_python(
    session: Session, name: str, text: str, member: Enum
) -> None:
    field = FIELDS[name]
    things = session.scalars(sa.select(Thing).order_by(Thing.id)).all()
    assert field.eq(text) == field.eq(member)
    for predicate, found in [
        (field.eq(text), [1]),
        (field.in_([text]), [1]),
        (field.not_eq(text), [2]),
        (field.not_in([text]), [2]),
    ]:
        statement, values = compile_select(predicate, Thing, ())
        assert [thing.id for thing in session.scalars(statement, values)] == found
        assert [thing.id for thing in compile_python(predicate).select(things)] == found


def test_stored_values_are_found_and_sorted(session: Session) -> None:
    statement, values = compile_select(FIELDS["shade"].in_(["red", "blue"]), Thing, (SortKey("shade"),))
    assert [thing.id for thing in session.scalars(statement, values)] == [1, 2, 3]


def test_members_sort_by_their_texts_in_sql_and_in_python(session: Session) -> None:
    things = session.scalars(sa.select(Thing)).all()
    for name, found in [("stage", [2, 1, 3]), ("shade", [1, 2, 3])]:
        statement, values = compile_select(TRUE, Thing, (SortKey(name),))
        assert [thing.id for thing in session.scalars(statement, values)] == found
        assert [thing.id for thing in compile_python_order((SortKey(name),))(things)] == found


def test_stored_names_do_not_sort_as_the_members_texts() -> None:
    assert len(compile_order_by((SortKey("stage"),), Thing)) == 2
    for name in ("level", "colour"):
        with pytest.raises(CompileError, match=rf"things\.{name} sorts by names of members, not by their values"):
            compile_order_by((SortKey(name),), Thing)


def test_rows_of_another_class_are_told() -> None:
    with pytest.raises(TypeError, match=r"stage: the rows hold members of Colour .* declare types\.Enum\(Colour\)"):
        compile_python(FIELDS["stage"].eq("Done")).select([{"stage": Colour.RED}])
