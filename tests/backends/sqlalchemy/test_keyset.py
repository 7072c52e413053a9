"""A page after a position holds what follows it in the whole order, on each column type; its statement is made once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    column_property,
    load_only,
    mapped_column,
    relationship,
    selectinload,
    with_loader_criteria,
)

from jsonapi_sieve import TRUE, CompileError, Field, Order, SortKey, types
from jsonapi_sieve.backends.python import compile_python_page
from jsonapi_sieve.backends.python.pages import position_of
from jsonapi_sieve.backends.sqlalchemy import compile_order_by, compile_page, compile_select
from jsonapi_sieve.sorting import Position, total_order
from tests.backends.sqlalchemy.models import FIELDS, VALUES, Call

SIZE = 3


def up(*names: str) -> Order:
    return tuple(SortKey(name) for name in names)


def down(*names: str) -> Order:
    return tuple(SortKey(name, descending=True) for name in names)


@pytest.fixture(scope="module")
def calls(engine: sa.Engine) -> list[Call]:
    with Session(engine, expire_on_commit=False) as opened:
        return list(opened.scalars(sa.select(Call)))


def check_pages(session: Session, calls: list[Call], order: Order) -> None:
    """Compare the pages after and before each row with what stands beside it in the whole order."""
    statement, values = compile_select(TRUE, Call, order)
    everything = [call.id for call in session.scalars(statement, values)]
    by_id = {call.id: call for call in calls}
    for number, id_ in enumerate(everything):
        place = position_of(by_id[id_], total_order(order, ["id"]))
        for side, expected in {
            "after": everything[number + 1 :][:SIZE],
            "before": everything[:number][::-1][:SIZE],
        }.items():
            sides: Any = {side: place}
            page = session.scalars(*compile_page(TRUE, Call, order, limit=SIZE, **sides))
            assert [call.id for call in page] == expected
            assert [call.id for call in compile_python_page(order, limit=SIZE, **sides)(calls)] == expected


# A Numeric column of SQLite holds floats, whose place nobody can name.
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", [name for name in VALUES if name != "rough"])
def test_pages_of_each_column_type(session: Session, calls: list[Call], name: str, descending: bool) -> None:
    check_pages(session, calls, (SortKey(name, descending),))


@pytest.mark.parametrize(
    "order",
    [
        (),
        down("id"),
        (*up("success"), *down("status")),
        (*down("success"), *up("status", "small")),
        (*up("status"), *down("success"), *up("source"), *down("id")),
        up("success", "status", "day"),
    ],
    ids=repr,
)
def test_pages_of_several_keys(session: Session, calls: list[Call], order: Order) -> None:
    check_pages(session, calls, order)


@pytest.mark.parametrize("directions", list(product([False, True], repeat=2)))
def test_pages_where_null_stands_in_any_key(directions: tuple[bool, bool]) -> None:
    pairs = sa.Table("pairs", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))
    pairs.append_column(sa.Column("major", sa.Integer))
    pairs.append_column(sa.Column("minor", sa.Integer))
    order = tuple(map(SortKey, ("major", "minor"), directions))
    values = [{"major": major, "minor": minor} for major, minor in product([2, None, 1], repeat=2)] * 2
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        pairs.create(connection)
        connection.execute(pairs.insert(), values)
        rows = connection.execute(*compile_select(TRUE, pairs)).all()
        for row in rows:
            place = position_of(row, total_order(order, ["id"]))
            page = connection.execute(*compile_page(TRUE, pairs, order, limit=SIZE, after=place)).all()
            assert page == compile_python_page(order, limit=SIZE, after=place)(rows)
    engine.dispose()


def test_pages_of_what_a_predicate_selects(session: Session) -> None:
    predicate = FIELDS["duration"].gteq(0)
    statement, values = compile_select(predicate, Call, up("source"))
    expected = [call.id for call in session.scalars(statement, values)]
    seen: list[int] = []
    place: Position | None = None
    while page := session.scalars(*compile_page(predicate, Call, up("source"), limit=SIZE, after=place)).all():
        seen += [call.id for call in page]
        place = (page[-1].source, page[-1].id)
    assert seen == expected


@pytest.mark.parametrize("side", ["after", "before"])
def test_the_empty_position_is_where_an_order_begins(session: Session, side: str) -> None:
    sides: Any = {side: ()}
    order = compile_order_by(up("id") if side == "after" else down("id"), Call)
    expected = session.scalars(sa.select(Call.id).order_by(*order).limit(SIZE)).all()
    assert [call.id for call in session.scalars(*compile_page(TRUE, Call, limit=SIZE, **sides))] == expected


def test_all_positions_with_null_in_the_same_places_are_one_statement() -> None:
    size = Field(types.Integer(64), name="size", nullable=True)
    for positions in ([(1, 2), (3, 4)], [(None, 2), (None, 3)], [()]):
        pages = [
            compile_page(size.gt(number), Call, up("price"), limit=number + 1, after=place)
            for number, place in enumerate(positions)
        ]
        assert len({id(statement) for statement, _ in pages}) == 1
    assert compile_page(size.gt(7), Call, up("price"), limit=5, after=(1, 2))[1] == {
        "p0": 7,
        "page_limit": 5,
        "after_0": 1,
        "after_1": 2,
    }


def test_nothing_comes_after_null_in_the_last_key() -> None:
    view = sa.table("view", sa.column("id", sa.Integer))
    table = sa.Table("calls", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    statement, _ = compile_page(TRUE, table, up("id", "name"), limit=1, after=(1, None))
    assert "calls.id = :after_0 AND" not in str(statement)
    with pytest.raises(CompileError, match="view has no primary key"):
        compile_page(TRUE, view, limit=1, after=(1,))


def test_a_position_has_a_value_for_each_key() -> None:
    with pytest.raises(
        CompileError, match=r"^a position has 1 values; an order by price, id needs 2, the primary key included$"
    ):
        compile_page(TRUE, Call, up("price"), limit=1, after=(5,))


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ({"after": (1,)}, "an offset needs a limit, and so does a position"),
        ({"before": ()}, "an offset needs a limit, and so does a position"),
        ({"after": (1,), "before": (2,), "limit": 1}, "a page has one beginning"),
        ({"after": (1,), "offset": 2, "limit": 1}, "a page has one beginning"),
    ],
)
def test_a_page_has_one_beginning_and_a_limit(page: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compile_page(TRUE, Call, **page)


def test_a_column_that_rounds_cannot_name_a_place(session: Session) -> None:
    statement, values = compile_page(TRUE, Call, up("rough"), limit=1, after=(1.5, 1))
    with pytest.raises(CompileError, match=r"SQLite keeps .* as floats"):
        session.scalars(statement, values)


class Base(DeclarativeBase):
    pass


class Owner(Base):
    __tablename__ = "owners"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("owners.id"))
    owner: Mapped[Owner | None] = relationship(lazy="raise")
    uses: Mapped[list[Use]] = relationship(lazy="raise", back_populates="account")


class Use(Base):
    __tablename__ = "uses"
    region: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column("nr", primary_key=True)
    note: Mapped[str | None] = mapped_column(deferred=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    account: Mapped[Account | None] = relationship(lazy="raise", back_populates="uses")

    @hybrid_property
    def rest(self) -> int:
        return self.number % 5


Use.twice = column_property(Use.number * 2)


@pytest.fixture
def uses() -> Iterator[Session]:
    made = sa.create_engine("sqlite://")
    Base.metadata.create_all(made)
    with Session(made) as opened:
        opened.add_all([Owner(id=1, name="b"), Owner(id=2, name="a"), Owner(id=3)])
        opened.add_all([Account(id=number, owner_id=number if number < 4 else None) for number in range(1, 5)])
        opened.add_all(
            Use(region="ab"[number % 2], number=number, note=f"{number % 3}", account_id=number % 5 or None)
            for number in range(12)
        )
        opened.commit()
        opened.expunge_all()
        yield opened
    made.dispose()


BY_OWNER = (SortKey("account.owner.name", descending=True), SortKey("region"), SortKey("number", descending=True))


@pytest.mark.rule("SRT-05")
@pytest.mark.parametrize("target", [Use, aliased(Use)])
@pytest.mark.parametrize("order", [up("account.owner.name"), down("account.owner.name"), BY_OWNER], ids=repr)
def test_pages_in_the_order_of_a_related_row(uses: Session, target: Any, order: Order) -> None:
    keys = total_order(order, ["region", "number"])
    related = ("account", "account.owner")
    everything = uses.scalars(*compile_page(TRUE, target, order, related=related)).all()
    arranged = compile_python_page(keys, (), limit=12)(everything[::-1])
    assert [use.number for use in everything] == [use.number for use in arranged]
    for number, use in enumerate(everything):
        after = position_of(use, keys)
        page = uses.scalars(*compile_page(TRUE, target, order, limit=2, after=after, related=related)).all()
        assert page == everything[number + 1 :][:2]


@pytest.mark.parametrize("name", ["rest", "twice", "note"])
def test_pages_in_the_order_of_what_is_no_loaded_column(uses: Session, name: str) -> None:
    order = (SortKey(name, descending=True), SortKey("region"))
    everything = [use.number for use in uses.scalars(*compile_page(TRUE, Use, order))]
    for number, use in enumerate(everything):
        row = uses.get_one(Use, ("ab"[use % 2], use))
        after = position_of(row, total_order(order, ["region", "number"]))
        uses.expunge_all()
        page = uses.scalars(*compile_page(TRUE, Use, order, limit=2, after=after)).all()
        assert [found.number for found in page] == everything[number + 1 :][:2]
        assert [found.twice for found in page] == [found.number * 2 for found in page]  # type: ignore[attr-defined]


@pytest.mark.parametrize("option", [selectinload(Use.account), load_only(Use.region)])
def test_options_find_the_class_that_was_asked_for(uses: Session, option: Any) -> None:
    statement, values = compile_page(TRUE, Use, BY_OWNER, limit=3, after=("a", "a", 1))
    uses.scalars(statement.options(option), values).all()


def test_criteria_of_a_session_hold_in_each_range(uses: Session) -> None:
    own = [
        with_loader_criteria(Use, Use.region == "a", include_aliases=True),
        with_loader_criteria(Owner, Owner.id != 2, include_aliases=True),
    ]
    statement, values = compile_page(TRUE, Use, BY_OWNER, related=("account.owner",))
    everything = uses.scalars(statement.options(*own), values).all()
    assert [use.number for use in everything] == [10, 8, 4, 2, 0, 6]
    for number, use in enumerate(everything):
        after = position_of(use, total_order(BY_OWNER, ["region", "number"]))
        assert "a" not in after[:1]
        statement, values = compile_page(TRUE, Use, BY_OWNER, limit=3, after=after, related=("account.owner",))
        page = uses.scalars(statement.options(*own), values).all()
        assert page == everything[number + 1 :][:3]


def test_rows_of_tables_and_subqueries(uses: Session) -> None:
    table: Any = Use.__table__
    for target in (table, table.alias(), sa.select(table).subquery()):
        statement, values = compile_page(TRUE, target, up("account_id"), limit=2, after=(3, "b", 3))
        assert uses.execute(statement, values).all() == [("a", 4, "1", 4), ("b", 9, "0", 4)]


@pytest.mark.parametrize(
    ("target", "name", "message"),
    [
        (Use, "size.name", "size.name: Use has no to-one relationship 'size' to sort by"),
        (Use, "account.uses.number", "account.uses.number: Account has no to-one relationship 'uses' to sort by"),
        (Use, "account.size", "size: Account has no such column"),
        (Use.__table__, "account.id", "account.id: uses has no to-one relationship 'account' to sort by"),
    ],
)
def test_what_leads_to_no_single_row_is_no_order(target: Any, name: str, message: str) -> None:
    with pytest.raises(CompileError, match=message):
        compile_order_by(up(name), target)


ROWS = sa.Table(
    "rows",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20), nullable=False),
    sa.Column("size", sa.Integer),
)


OTHERS = [MariaDBDialect(), *(registry.load(name)() for name in ("duckdb", "clickhousedb", "cockroachdb"))]


@pytest.mark.parametrize("dialect", OTHERS, ids=lambda dialect: dialect.name)
def test_other_dialects_have_the_statement_too(dialect: Dialect) -> None:
    statement, _ = compile_page(TRUE, ROWS, (*down("size"), *up("name")), limit=1, after=(1, "a", 2))
    written = " ".join(str(statement.compile(dialect=dialect)).split())
    assert (written.count("UNION ALL"), written.count("LIMIT")) == (2, 4)
