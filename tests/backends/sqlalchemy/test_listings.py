from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column, relationship

from jsonapi_sieve import TRUE, CompileError, Field, SortKey, types
from jsonapi_sieve.backends.sqlalchemy import compile_count, compile_page

SIZE = Field(types.Integer(32), name="size", nullable=True)


class Base(DeclarativeBase):
    pass


class Owner(Base):
    __tablename__ = "owners"
    id: Mapped[int] = mapped_column(primary_key=True)


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("owners.id"))
    owner: Mapped[Owner] = relationship(lazy="raise")


class Export(Base):
    __tablename__ = "exports"
    id: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int | None]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    account: Mapped[Account] = relationship(lazy="raise")


@pytest.fixture
def session() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Owner(id=1), Account(id=1, owner_id=1)])
        session.add_all([Export(id=number, size=number % 3 or None, account_id=1) for number in range(1, 11)])
        session.flush()
        yield session
    engine.dispose()


def ids(session: Session, **page: Any) -> list[int]:
    return [row.id for row in session.scalars(*compile_page(SIZE.gt(0), Export, **page))]


def test_pages_follow_each_other_and_end(session: Session) -> None:
    everything = ids(session)
    assert everything == [1, 2, 4, 5, 7, 8, 10]
    assert [ids(session, limit=3, offset=offset) for offset in (0, 3, 6, 9)] == [[1, 2, 4], [5, 7, 8], [10], []]


def test_pages_are_in_the_order_asked_for(session: Session) -> None:
    assert ids(session, order=(SortKey("size", descending=True),), limit=4) == [8, 5, 2, 10]


def test_the_largest_offset_is_an_empty_page(session: Session) -> None:
    assert ids(session, limit=1000, offset=(2**31 - 1) * 1000) == []


def test_all_pages_of_one_shape_are_one_statement() -> None:
    statements = {
        compile_page(SIZE.gt(number), Export, limit=number + 1, offset=number, related=("account",))[0]
        for number in range(10)
    }
    assert len(statements) == 1
    assert len({compile_count(SIZE.gt(number), Export)[0] for number in range(10)}) == 1


def test_pages_of_a_table(session: Session) -> None:
    table = Base.metadata.tables["exports"]
    statement, values = compile_page(SIZE.eq(1), table, limit=2)
    assert session.execute(statement, values).all() == [(1, 1, 1), (4, 1, 1)]


@pytest.mark.parametrize("target", [Export, aliased(Export), Base.metadata.tables["exports"]])
def test_counts(session: Session, target: Any) -> None:
    assert session.scalar(*compile_count(SIZE.gt(0), target)) == 7
    assert session.scalar(*compile_count(TRUE, target)) == 10


def test_related_objects_come_with_the_rows(session: Session) -> None:
    session.expunge_all()
    exports = session.scalars(*compile_page(TRUE, Export, limit=2, related=("account", "account.owner"))).all()
    assert [(export.account.id, export.account.owner.id) for export in exports] == [(1, 1), (1, 1)]


def test_related_objects_of_an_alias(session: Session) -> None:
    session.expunge_all()
    exports = session.scalars(*compile_page(TRUE, aliased(Export), limit=1, related=("account",))).all()
    assert exports[0].account.id == 1


@pytest.mark.parametrize(
    ("target", "path", "message"),
    [
        (Export, "size", "size: Export has no relationship 'size' to load"),
        (Export, "account.name", "account.name: Account has no relationship 'name' to load"),
        (Base.metadata.tables["exports"], "account", "account: exports has no relationship 'account' to load"),
    ],
)
def test_what_is_no_relationship_is_not_loaded(target: Any, path: str, message: str) -> None:
    with pytest.raises(CompileError, match=message):
        compile_page(TRUE, target, related=(path,))


def test_an_offset_without_a_limit_is_not_dropped() -> None:
    with pytest.raises(ValueError, match="an offset needs a limit"):
        compile_page(TRUE, Export, offset=5)
