from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, joinedload, mapped_column, relationship

from jsonapi_sieve.backends.sqlalchemy import compile_order_by, compile_select
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.predicate import TRUE
from jsonapi_sieve.sorting import Order, SortKey
from tests.backends.sqlalchemy.models import VALUES, Call, constants_of_rows

SQLITE = registry.load("sqlite")()


class Base(DeclarativeBase):
    pass


class Rate(Base):
    __tablename__ = "rates"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column("nr", primary_key=True)
    name: Mapped[str]
    note: Mapped[str | None]
    uses: Mapped[list["Use"]] = relationship(order_by="Use.id")

    @hybrid_property
    def label(self) -> str:
        return self.prefix + self.name


class Use(Base):
    __tablename__ = "uses"
    __table_args__ = (sa.ForeignKeyConstraint(["prefix", "number"], ["rates.prefix", "rates.nr"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str]
    number: Mapped[int]


LABEL = "(rates.prefix || rates.name)"
UP, DOWN = (SortKey("name"),), (SortKey("name", descending=True),)


def shown(order: Order, target: Any) -> str:
    return ", ".join(str(term.compile(dialect=SQLITE)) for term in compile_order_by(order, target))


def _key(name: str) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    return lambda row: (True, row["id"]) if row[name] is None else (False, row[name], row["id"])


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", VALUES)
def test_null_is_the_largest_and_text_sorts_by_code_point(session: Session, name: str, descending: bool) -> None:
    statement, values = compile_select(TRUE, Call, (SortKey(name, descending),))
    expected = sorted(constants_of_rows(), key=_key(name), reverse=descending)
    assert [call.id for call in session.scalars(statement, values)] == [row["id"] for row in expected]


@pytest.mark.parametrize(
    ("order", "terms"),
    [
        ((), "rates.prefix COLLATE BINARY ASC, rates.nr ASC"),
        (UP, "rates.name COLLATE BINARY ASC, rates.prefix COLLATE BINARY ASC, rates.nr ASC"),
        (DOWN, "rates.name COLLATE BINARY DESC, rates.prefix COLLATE BINARY DESC, rates.nr DESC"),
        ((*DOWN, SortKey("number")), "rates.name COLLATE BINARY DESC, rates.nr ASC, rates.prefix COLLATE BINARY ASC"),
        (
            (SortKey("note"), SortKey("number", descending=True), SortKey("prefix")),
            "rates.note COLLATE BINARY ASC NULLS LAST, rates.nr DESC, rates.prefix COLLATE BINARY ASC",
        ),
        (
            (SortKey("label", descending=True),),
            f"{LABEL} COLLATE BINARY DESC NULLS FIRST, rates.prefix COLLATE BINARY DESC, rates.nr DESC",
        ),
    ],
)
def test_the_primary_key_is_appended_in_the_direction_of_the_last_key(order: Order, terms: str) -> None:
    assert shown(order, Rate) == terms
    assert shown(order, aliased(Rate, name="other")) == terms.replace("rates.", "other.")


def test_tables_and_subqueries_are_sorted_by_their_keys() -> None:
    table = sa.Table("calls", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Uuid))
    assert shown(UP, table) == "calls.name ASC NULLS LAST, calls.id ASC"
    assert shown((), table.alias("c")) == "c.id ASC"
    # An outer join inside may fill any column of a subquery with NULL.
    assert shown(DOWN, sa.select(table).subquery("s")) == "s.name DESC NULLS FIRST, s.id DESC NULLS FIRST"


def test_uuids_sort_by_code_point_where_a_dialect_holds_them_as_text() -> None:
    held = sa.Uuid().with_variant(sa.String(36, collation="NOCASE"), "sqlite")
    table = sa.Table("calls", sa.MetaData(), sa.Column("id", held, primary_key=True))
    assert shown((), table) == "calls.id COLLATE BINARY ASC"


def test_a_target_without_a_primary_key_is_refused() -> None:
    view = sa.table("view", sa.column("name"))
    with pytest.raises(CompileError, match=r"^view has no primary key, without which no order is total$"):
        compile_order_by((), view)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(
        CompileError, match=r"^colour: Rate has no such column; it has label, name, note, number, prefix$"
    ):
        compile_order_by((SortKey("colour"),), Rate)


def test_a_sorted_page_can_load_related_rows_in_a_join() -> None:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for prefix in "abc":
            uses = [Use(), Use()]
            session.add(Rate(prefix=prefix, number=1, name=prefix.upper(), uses=uses))
        session.commit()
        statement, values = compile_select(TRUE, Rate, (SortKey("note"), SortKey("name", descending=True)))
        page = statement.limit(2).options(joinedload(Rate.uses))
        assert [(rate.name, len(rate.uses)) for rate in session.scalars(page, values).unique()] == [("C", 2), ("B", 2)]
    engine.dispose()


def test_a_subquery_may_hold_null_in_a_column_that_its_table_declares_otherwise(connection: sa.Connection) -> None:
    metadata = sa.MetaData()
    left = sa.Table("lefts", metadata, sa.Column("id", sa.Integer, primary_key=True))
    right = sa.Table("rights", metadata, sa.Column("left_id", sa.Integer), sa.Column("x", sa.Integer, nullable=False))
    metadata.create_all(connection)
    connection.execute(left.insert(), [{"id": 1}, {"id": 2}])
    connection.execute(right.insert(), [{"left_id": 1, "x": 5}])
    joined = sa.select(left.c.id, right.c.x).outerjoin(right, left.c.id == right.c.left_id).subquery()
    statement, values = compile_select(TRUE, joined, (SortKey("x"),))
    assert connection.execute(statement, values).all() == [(1, 5), (2, None)]
