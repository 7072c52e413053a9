from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from marshmallow_jsonapi import Schema, fields
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from jsonapi_sieve import DeclarationError, Field, types
from jsonapi_sieve.integrations.rows import Rows
from jsonapi_sieve.resource import Resource


class Base(DeclarativeBase):
    pass


class Numbered(Base):
    __tablename__ = "numbered"
    number: Mapped[int] = mapped_column("id", primary_key=True)


class Named(Base):
    __tablename__ = "named"
    id: Mapped[str] = mapped_column(primary_key=True)


class Unique(Base):
    __tablename__ = "unique"
    id: Mapped[UUID] = mapped_column(primary_key=True)


class Exact(Base):
    __tablename__ = "exact"
    id: Mapped[float] = mapped_column(primary_key=True)


class Point(sa.types.UserDefinedType[object]):
    cache_ok = True

    @property
    def python_type(self) -> type:
        raise NotImplementedError  # as SQLAlchemy 2.0 has it for types that do not say


class Placed(Base):
    __tablename__ = "placed"
    id: Mapped[object] = mapped_column(Point(), primary_key=True)


class Paired(Base):
    __tablename__ = "paired"
    id: Mapped[int] = mapped_column(primary_key=True)
    other: Mapped[int] = mapped_column(primary_key=True)


class RowSchema(Schema):
    class Meta:
        type_ = "rows"

    id = fields.Str()


UNCOUNTED = Resource(RowSchema, counting="none")
UUID_1 = UUID(int=1)


@pytest.mark.parametrize(
    ("row", "found", "lost"),
    [
        (Numbered(number=8), "8", ("08", "+8", "x", "9", "9" * 30, "")),
        (Named(id="a,b"), "a,b", ("A,B", "a", "")),
        (Unique(id=UUID_1), str(UUID_1), (UUID_1.hex, str(UUID_1).upper().replace("1", "A"), "1")),
    ],
)
def test_an_identifier_has_one_spelling(row: Base, found: str, lost: tuple[str, ...]) -> None:
    engine = sa.create_engine("sqlite://")
    type(row).metadata.tables[type(row).__tablename__].create(engine)
    rows = Rows(Resource(RowSchema), type(row))
    with Session(engine) as session:
        session.add(row)
        session.flush()
        assert rows.find(session, found) is row
        assert [rows.find(session, identifier) for identifier in lost] == [None] * len(lost)
        assert rows.page(session, rows.resource.parse("")) == ([row], 1)
        assert rows.page(session, rows.resource.parse(""), [found]) == ([row], 1)
        assert rows.page(session, rows.resource.parse(""), []) == ([], 0)
        assert Rows(UNCOUNTED, type(row)).page(session, UNCOUNTED.parse("")) == ([row], None)
    engine.dispose()


@pytest.mark.parametrize("model", [Exact, Paired, Placed])
def test_other_primary_keys_are_declared(model: type[Any]) -> None:
    with pytest.raises(DeclarationError, match=r"give id=Field\(\.\.\.\)"):
        Rows(Resource(RowSchema), model)
    assert Rows(Resource(RowSchema), model, id=Field(types.Integer(64), name="id")).resource.type == "rows"
