"""`assert_same_rows` asks every engine, and tells of each that answers otherwise."""

from __future__ import annotations

import enum
import re
import sys
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace, new_class
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from jsonapi_sieve import FALSE, TRUE, And, AnyOf, Field, FilterSet, Not, Or, Predicate, Related, SortKey, ToOne, types
from jsonapi_sieve.testing import assert_same_rows
from jsonapi_sieve.testing.same_rows import databases, frames
from jsonapi_sieve.testing.same_rows.engines import name_of
from jsonapi_sieve.testing.strategies import cases, orders
from jsonapi_sieve.testing.strategies.declarations import TYPES
from tests.engines.sql import OpenedDatabase

ALL_NAMED = ("python", "sqlite", "duckdb", "pandas", "polars", "pyarrow")


HELD_EVERYWHERE = tuple(type_ for type_ in TYPES if type_ != types.Decimal(scale=40))


def every_type() -> FilterSet:
    held = {f"a{number}": Field(type_, nullable=True) for number, type_ in enumerate(HELD_EVERYWHERE)}
    made: Any = new_class("EveryType", (FilterSet,), {}, lambda space: space.update(held))
    filters: FilterSet = made()
    return filters


EVERY_TYPE = every_type()
ORDERS = orders([field.name for field in EVERY_TYPE.fields], max_size=2)


class AccountFilters(FilterSet):
    name = Field(types.Text())


class CallFilters(FilterSet):
    number = Field(types.Text(), nullable=True)
    duration = Field(types.Integer(32))
    account = ToOne(AccountFilters)
    either = AnyOf("number", "name", operators=["eq"])
    name = Field(types.Text())


class Base(DeclarativeBase):
    pass


class Call(Base):
    __tablename__ = "calls"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column("called")
    duration: Mapped[int]


CALLS: list[dict[str, Any]] = [
    {"id": 7, "number": "50%", "duration": 60},
    {"id": 8, "number": "500", "duration": 0},
    {"id": 9, "number": None, "duration": 60},
]
number, duration = CallFilters.number, CallFilters.duration


def fault(*arguments: Any, **named: Any) -> str:
    with pytest.raises(AssertionError) as raised:
        assert_same_rows(*arguments, **named)
    return str(raised.value)


@settings(max_examples=25)
@given(cases(EVERY_TYPE, min_size=3), st.none() | ORDERS)
def test_all_engines_select_and_sort_what_python_does(case: Any, order: Any) -> None:
    assert_same_rows(*case, engines=ALL_NAMED, order=order, filters=EVERY_TYPE)


def test_all_engines_hold_every_type() -> None:
    unknown = And(*(field.null() for field in EVERY_TYPE.fields))
    assert_same_rows(unknown, [dict.fromkeys(field.name for field in EVERY_TYPE.fields)], engines=ALL_NAMED)
    ratio = Field(types.Float(), name="ratio")
    assert_same_rows(ratio.gt(1), [{"ratio": 1}, {"ratio": 1.5}], engines=ALL_NAMED)


@pytest.mark.only_on("postgresql")
def test_a_database_of_ones_own_is_left_as_it_was(engine: OpenedDatabase) -> None:
    own = sa.create_engine(engine.connection.engine.url)
    table = sa.Table("calls_of_ones_own", sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("number", sa.Text))
    with own.begin() as connection:
        others = sa.inspect(connection).get_table_names()
        table.create(connection)
        connection.execute(table.insert(), {"id": 1, "number": "kept"})
    try:
        like = sa.select(table.c.id).where(table.c.number.like("50\\%"))
        for database in (own, own.url):
            assert_same_rows(number.eq("50%"), CALLS, engines=[database], query=like, order=(SortKey("number"),))
            assert fault(number.eq("500"), CALLS, engines=[database], query=like).startswith("The query selects other")
        with own.connect() as connection:
            assert connection.execute(sa.select(table)).all() == [(1, "kept")]
            assert sorted(sa.inspect(connection).get_table_names()) == sorted([*others, table.name])
            assert sa.inspect(connection).get_temp_table_names() == []
    finally:
        table.drop(own)
        own.dispose()


def test_a_database_in_memory_is_left_as_it_was() -> None:
    own = sa.create_engine("sqlite://")
    with own.begin() as connection:
        Base.metadata.create_all(connection)
        connection.execute(sa.insert(Call), {"id": 1, "called": "kept", "duration": 1})
    some = sa.select(Call).where(Call.number.like("50%"))
    for _ in range(2):
        assert_same_rows(number.start("50"), CALLS, engines=[own], query=some)
        assert_same_rows(TRUE, [], engines=[own], query=some)
        with pytest.raises(ValueError, match="the query selects duration, and has to select id"):
            assert_same_rows(TRUE, CALLS, engines=[own], query=sa.select(Call.duration))
    with own.connect() as connection:
        assert connection.scalars(sa.select(Call.number)).all() == ["kept"]
        assert sa.inspect(connection).get_temp_table_names() == []
    own.dispose()


class Row(NamedTuple):
    id: int
    number: str | None
    duration: int


@pytest.mark.parametrize(
    "rows",
    [
        CALLS,
        [SimpleNamespace(**call) for call in CALLS],
        [Row(**call) for call in CALLS],
        (dict(call) for call in CALLS),
    ],
)
def test_rows_of_every_form(rows: Any) -> None:
    assert_same_rows(number.cont("%"), rows, engines=["python", "polars"], query=lambda _: [7])


@pytest.mark.parametrize("rows", [CALLS, [SimpleNamespace(**call) for call in CALLS]])
def test_a_statement_selects_from_the_rows(rows: Sequence[Any]) -> None:
    table = sa.Table(
        "calls",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("duration", sa.Integer, nullable=False),
        sa.Column("account", sa.Integer, sa.ForeignKey("accounts.id"), nullable=False),
        schema="telephony",
    )
    long = sa.select(table.c.id).where(table.c.duration > 0).order_by(table.c.id.desc())
    assert_same_rows(duration.gt(0), rows, query=long)
    assert_same_rows(duration.gt(0), rows, query=long, order=(SortKey("duration", descending=True),))
    told = fault(duration.gt(0), rows, query=long, order=(SortKey("duration"),))
    assert told.splitlines()[0] == "The query sorts otherwise than Python:"
    assert "order:        duration" in told
    assert "expected:     row 1: duration=60, id=7\n                row 3" in told
    assert "found:        row 3: duration=60, id=9\n                row 1" in told


def test_keys_and_values_are_converted_to_those_of_columns() -> None:
    class Status(enum.Enum):
        DONE = "done"
        OPEN = "open"

    class Filters(FilterSet):
        key = Field(types.Uuid())
        status = Field(types.Enum(Status))
        at = Field(types.Timestamp(zone="UTC"))

    table = sa.Table(
        "jobs",
        sa.MetaData(),
        sa.Column("key", sa.Uuid, primary_key=True),
        sa.Column("status", sa.Enum(Status)),
        sa.Column("at", sa.DateTime),
    )
    rows = [
        {"key": str(uuid.UUID(int=place)), "status": status, "at": datetime(2026, 1, place)}  # noqa: DTZ001
        for place, status in enumerate(["done", "open", "done"], 1)
    ]
    done = sa.select(table.c.key).where(table.c.status == Status.DONE)
    assert_same_rows(Filters.status.eq("done"), rows, query=done, key="key", filters=Filters())
    after = Filters.at.gt(datetime(2026, 1, 2, tzinfo=UTC))
    assert_same_rows(after, rows, engines=ALL_NAMED)
    assert "row 1: at=datetime.datetime(2026, 1, 1, 0, 0), key='0" in fault(after, rows, query=done, key="key")


def test_a_query_gives_rows_or_their_keys() -> None:
    for rows in (CALLS, [SimpleNamespace(**call) for call in CALLS]):
        assert_same_rows(number.eq("500"), rows, query=lambda rows: [rows[1]])
    with pytest.raises(TypeError, match=r"the query gives \{'id': 8\}, and has to give rows, or the id of each"):
        assert_same_rows(number.eq("500"), CALLS, query=lambda _: [{"id": 8}])


def test_what_a_query_selects_twice_or_makes_up_is_too_much() -> None:
    told = fault(number.eq("500"), CALLS, query=lambda _: [8, 8, 70])
    assert "too many:     row 2: number='500', id=8\n                id=70, which no row has" in told


def test_a_difference_is_told_with_its_sql_and_the_way_to_see_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = databases.select_by

    def wrong(*arguments: Any) -> Any:
        return ask(*arguments)._replace(selected=[1])

    monkeypatch.setattr(databases, "select_by", wrong)
    assert fault(number.cont("0"), CALLS) == (
        "sqlite selects other rows than Python:\n"
        "  predicate:    number contains '0'\n"
        "  query string: filter%5Bnumber-cont%5D=0\n"
        "  SQL:          SELECT jsonapi_sieve_rows._row FROM jsonapi_sieve_rows "
        "WHERE (instr(jsonapi_sieve_rows.number COLLATE BINARY, ?) > 0)\n"
        "  values:       {'p0': '0'}\n"
        "  missing:      row 2: number='500'\n"
        "  again:        assert_same_rows(CallFilters.number.compare('cont', '0'), [{'number': '500'}], "
        "engines=['sqlite'])"
    )


def test_frames_are_told_by_their_name(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = frames.select_by

    def wrong(*arguments: Any) -> Any:
        return ask(*arguments)._replace(selected=list(range(1, 10)))

    monkeypatch.setattr(frames, "select_by", wrong)
    rows = [{"duration": 60}] * 9
    asked = And(Or(duration.gt(60), FALSE), Not(duration.eq(10)))
    told = fault(asked, rows, engines=["polars", "pyarrow"])
    assert re.findall(r"^(\w+) selects other rows", told, re.MULTILINE) == ["polars", "pyarrow"]
    assert len(re.findall(r"row \d:", told)) == 10
    assert told.count("                and 4 more") == 2
    assert "query string" not in told
    assert "And(Or(CallFilters.duration.compare('gt', 60), Or()), Not(CallFilters.duration" in told
    parsed = CallFilters().parse("filter[duration-eq]=1")
    assert "query string: filter%5Bduration-eq%5D=1\n" in fault(parsed, rows, engines=["polars"])


def test_long_questions_are_cut() -> None:
    told = fault(number.in_([str(place) for place in range(1_000)]), CALLS, query=lambda _: [])
    assert max(len(line) for line in told.splitlines() if "predicate" in line) < 2_100


def test_related_rows_are_asked_of_python_and_of_a_query_of_ones_own() -> None:
    calls = [{"id": 1, "account": {"name": "north"}}, {"id": 2, "account": None}]
    north = CallFilters.account.any(AccountFilters.name.eq("north"))
    by_account = (SortKey("account.name", descending=True),)
    assert_same_rows(north, calls, engines=["python"], query=lambda _: [1])
    assert_same_rows(TRUE, calls, engines=["python"], order=by_account, filters=CallFilters(), query=lambda _: [2, 1])
    told = fault(Related(CallFilters.account, FALSE), calls, engines=["python"], query=lambda _: [1])
    assert "assert_same_rows(Related(CallFilters.account, Or()), [{'account': {'name': 'north'}, 'id': 1}]" in told
    for asked in ("sqlite", "polars"):
        with pytest.raises(
            ValueError, match=f"account leads to related rows, and {asked} is given one table"
        ) as raised:
            assert_same_rows(north, calls, engines=[asked])
        assert raised.value.__notes__ == [f"{asked} was asked for {north!r}"]


def test_an_error_of_a_query_tells_what_was_asked() -> None:
    class CallFilters(FilterSet):
        duration = Field(types.Integer(32))

    def failing(_: Sequence[Any]) -> list[Any]:
        raise OverflowError("too large to convert")

    asked = CallFilters.duration.gt(2**63)
    with pytest.raises(OverflowError) as raised:
        assert_same_rows(asked, [{"id": 1, "duration": 1}], query=failing)
    assert raised.value.__notes__ == [f"the query was asked for {asked!r}"]


def test_predicates_of_undeclared_fields_need_no_declaration() -> None:
    loose = Field(types.Decimal(exact=False), name="price")
    assert_same_rows(loose.eq(Decimal("0.1")), [{"price": 0.1}, {"price": 1}], engines=ALL_NAMED)
    assert "price.compare('gt', Decimal('0'))" in fault(loose.gt(0), [{"id": 1, "price": 0.1}], query=lambda _: [])
    with pytest.raises(ValueError, match="the order names id, which is not declared: give filters="):
        assert_same_rows(loose.gt(0), [], order=(SortKey("id"),))


class Wider(CallFilters):
    cost = Field(types.Decimal(scale=2), nullable=True)


@pytest.mark.parametrize(
    "predicate", [number.null() & Wider.cost.null(), Wider.cost.null() | CallFilters.either.compare("eq", "a")]
)
def test_of_several_declarations_the_one_that_inherits_most_is_taken(predicate: Predicate) -> None:
    rows = [{"number": None, "cost": None, "name": "a", "duration": 1}]
    assert_same_rows(predicate, rows, order=(SortKey("cost"), SortKey("duration")))


def test_rows_that_are_not_what_is_declared_are_refused() -> None:
    with pytest.raises(ValueError, match="duration is None in row 2: declare the field with nullable=True"):
        assert_same_rows(duration.gt(0), [{"duration": 1}, {"duration": None}])
    with pytest.raises(TypeError, match="the rows hold str values where Integer") as raised:
        assert_same_rows(duration.gt(0), [{"duration": "1"}])
    assert "in row 1, duration" in raised.value.__notes__
    fine, long = Field(types.Decimal(scale=40), name="fine"), Field(types.Decimal(scale=0), name="long")
    with pytest.raises(ValueError, match="fine: decimals of frames have at most 38 digits behind the point"):
        assert_same_rows(fine.gt(0), [], engines=["polars"])
    with pytest.raises(ValueError, match="a frame cannot hold the rows: "):
        assert_same_rows(long.gt(0), [{"long": 10**39}], engines=["polars"])
    with pytest.raises(ValueError, match="two rows have the same duration: give key="):
        assert_same_rows(TRUE, CALLS, query=lambda _: [], key="duration")


def test_engines_that_there_are_not_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        ValueError, match="'oracle' is no engine; there are python, sqlite, duckdb, pandas, polars, pyarrow"
    ):
        assert_same_rows(TRUE, [], engines=["oracle"])
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(
        ModuleNotFoundError, match=r'install it with pip install "jsonapi-sieve\[narwhals\]" pyarrow polars'
    ):
        assert_same_rows(TRUE, [], engines=["polars"])
    monkeypatch.setitem(sys.modules, "pymysql", None)
    with pytest.raises(ModuleNotFoundError, match=r'install it with pip install "jsonapi-sieve\[sqlalchemy\]" and the'):
        assert_same_rows(TRUE, [], engines=["mariadb+pymysql://localhost/calls"])


def test_what_is_no_query_and_no_list_of_engines_is_refused() -> None:
    anything: Any = "SELECT id FROM calls"
    with pytest.raises(TypeError, match="query= takes a function of rows or a Select of SQLAlchemy, not str"):
        assert_same_rows(TRUE, CALLS, query=anything)
    with pytest.raises(TypeError, match=r"engines= takes a list of engines: \['sqlite'\]"):
        assert_same_rows(TRUE, CALLS, engines="sqlite")


def test_statements_that_cannot_be_asked_are_refused() -> None:
    other = sa.Table("accounts", sa.MetaData(), sa.Column("id", sa.Integer))
    with pytest.raises(ValueError, match="the query selects from accounts, calls; rows are put into one table"):
        assert_same_rows(TRUE, CALLS, query=sa.select(Call.id).join(other, other.c.id == Call.id))
    with pytest.raises(ValueError, match="the query selects from no table"):
        assert_same_rows(TRUE, CALLS, query=sa.select(sa.literal(1).label("id")))


def test_databases_are_named_without_their_passwords() -> None:
    url = sa.make_url("mysql+pymysql://me:secret@localhost/calls")
    assert name_of(url) == "mysql" == name_of(str(url))


@pytest.mark.parametrize("field", [Field(type_, name="a") for type_ in HELD_EVERYWHERE])
def test_each_type_has_a_column_in_mariadb_too(field: Field[Any]) -> None:
    table = databases._table((field,))
    ddl = str(sa.schema.CreateTable(table).compile(dialect=sa.make_url("mariadb+pymysql://").get_dialect()()))
    assert ddl.startswith("\nCREATE TEMPORARY TABLE jsonapi_sieve_rows (\n\t_row INTEGER NOT NULL, \n\ta ")
