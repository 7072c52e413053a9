from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    column_property,
    mapped_column,
    relationship,
    synonym,
)

from jsonapi_sieve import types
from jsonapi_sieve.backends.sqlalchemy import compile_select, compile_sqlalchemy
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.field import Field


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    first: Mapped[str] = mapped_column("first_name")
    last: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    parent: Mapped["Account | None"] = relationship(remote_side="Account.id")
    doubled: Mapped[int] = column_property(sa.literal_column("accounts.id * 2", sa.Integer))
    surname: Mapped[str] = synonym("last")
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "plain"}  # noqa: RUF012

    @hybrid_property
    def full(self) -> str:
        return self.first + " " + self.last


class Vendor(Account):
    __tablename__ = "vendors"

    id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    rating: Mapped[int]
    __mapper_args__ = {"polymorphic_identity": "vendor"}  # noqa: RUF012


ID = Field(types.Integer(), name="id")
FIRST = Field(types.Text(), name="first")
FULL = Field(types.Text(), name="full")
DOUBLED = Field(types.Integer(), name="doubled", nullable=True)
RATING = Field(types.Integer(), name="rating")
TABLE = Account.__table__


@pytest.fixture
def session() -> Any:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        opened.add(Account(id=1, first="Ann", last="Lee"))
        opened.add(Vendor(id=2, first="Ben", last="Lee", rating=5))
        opened.commit()
        yield opened
    engine.dispose()


def test_attributes_of_a_mapped_class_are_columns(session: Session) -> None:
    statement, values = compile_select(FIRST.eq("Ann") & DOUBLED.lt(3) & FULL.start("ann l"), Account, ())
    assert [account.id for account in session.scalars(statement, values)] == [1]


def test_a_hybrid_is_compared_as_a_whole(session: Session) -> None:
    statement, values = compile_select(FULL.end("n Lee") & FULL.gt("B"), Account, ())
    assert [account.id for account in session.scalars(statement, values)] == [2]
    assert "(accounts.first_name || ? || accounts.last) COLLATE BINARY > ?" in str(
        statement.compile(dialect=session.get_bind().dialect)
    )


def test_a_subclass_has_the_columns_of_both_tables(session: Session) -> None:
    statement, values = compile_select(ID.eq(2) & RATING.gteq(5) & FIRST.cont("b"), Vendor, ())
    assert [vendor.rating for vendor in session.scalars(statement, values)] == [5]


def test_an_alias_of_a_class_is_a_target_of_its_own(session: Session) -> None:
    parent = aliased(Account)
    statement, values = compile_select(FIRST.start("a") & FULL.cont("lee"), parent, ())
    assert session.scalars(statement, values).one().id == 1
    both = sa.select(sa.func.count()).select_from(Account).join(parent, parent.id < Account.id)
    clauses = (compile_sqlalchemy(FIRST.eq("Ann"), parent), compile_sqlalchemy(FIRST.eq("Ben"), Account))
    assert session.scalar(both.where(*clauses)) == 1


@pytest.mark.parametrize(
    "target",
    [
        TABLE,
        TABLE.alias(),
        sa.select(TABLE).subquery(),
        sa.select(TABLE).cte(),
        sa.select(Account.id, Account.first.label("first_name")).subquery(),
    ],
    ids=["table", "alias", "subquery", "cte", "labels"],
)
def test_tables_aliases_and_subqueries_have_the_columns_of_c(session: Session, target: sa.FromClause) -> None:
    first_name = Field(types.Text(), name="first_name")
    statement, values = compile_select(ID.lt(9) & first_name.cont("EN"), target, ())
    assert [row.id for row in session.execute(statement, values)] == [2]


def test_a_subclass_by_its_join_is_a_table(session: Session) -> None:
    joined = TABLE.join(Vendor.__table__)
    statement, values = compile_select(Field(types.Integer(), name="vendors_rating").eq(5), joined)
    assert session.execute(statement, values).one().first_name == "Ben"


@pytest.mark.parametrize("name", ["colour", "parent", "surname", "first_name", "metadata"])
def test_what_is_no_column_of_a_class_is_refused(name: str) -> None:
    sentence = "Account has no such column; it has doubled, first, full, id, kind, last, parent_id$"
    with pytest.raises(CompileError, match=sentence):
        compile_select(Field(types.Text(), name=name).eq("x"), Account)


def test_what_is_no_column_of_a_table_is_refused() -> None:
    with pytest.raises(CompileError, match=r"^first: accounts has no such column; it has first_name, id, kind, "):
        compile_select(FIRST.eq("x"), TABLE)


@pytest.mark.parametrize("target", [sa.select(TABLE), object, Field, Base])
def test_other_targets_are_refused(target: Any) -> None:
    with pytest.raises(CompileError, match="is neither a mapped class, an alias of one, a table nor a subquery"):
        compile_select(FIRST.eq("x"), target)
