"""What backends do for operators of an application's own, whatever their forms say."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import narwhals as nw
import pyarrow as pa
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, registry, sqlite
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column, relationship

from jsonapi_sieve import (
    DEFAULTS,
    AllOf,
    AnyOf,
    Arity,
    Backends,
    CompileError,
    Field,
    FilterSet,
    OwnOperator,
    Predicate,
    Refused,
    ToMany,
    define_operator,
    types,
)
from jsonapi_sieve.backends.narwhals import check as check_frame
from jsonapi_sieve.backends.narwhals import compile_narwhals
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.backends.sqlalchemy import check, compile_select, compile_sqlalchemy
from jsonapi_sieve.backends.sqlalchemy.dialects import RULES
from jsonapi_sieve.own_operators import ENGINES
from jsonapi_sieve.types import InvalidValue, ValueType
from tests.own_types import defined as defined_in_docs

TEXTS = [None, "ab", "b", "", "abc"]


def defined(name: str = "has", *, of_null: bool | None = None, takes: Arity = Arity.SCALAR) -> OwnOperator:
    """Define an operator whose forms would answer of NULL, if they were asked."""
    return define_operator(
        name,
        Backends(
            python=lambda part: lambda text: part in text,
            sqlalchemy=lambda column, part: sa.func.instr(sa.func.coalesce(column, "ab"), part) > 0,
            narwhals=lambda column, part: column.fill_null("ab").str.contains(part, literal=True),
        ),
        on=types.Text,
        takes=takes,
        null=of_null,
    )


has, among = defined(), defined("among", takes=Arity.LIST)


class Filters(FilterSet):
    name = Field(types.Text(), nullable=True, operators=(*DEFAULTS, has, has.any, has.all, has.complement, among))


NAME = Filters.name
TABLE = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))
ROWS = [{"id": number, "name": text} for number, text in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        TABLE.create(connection)
        connection.execute(TABLE.insert(), ROWS)
        yield connection
    engine.dispose()


def answers(predicate: Predicate, connection: sa.Connection) -> list[list[int]]:
    """Select by each backend, and in each way that it has."""
    matches = compile_python(predicate)
    statement, values = compile_select(predicate, TABLE, ())
    clause = sa.select(TABLE).where(compile_sqlalchemy(predicate, TABLE)).order_by(TABLE.c.id)
    frame = pa.table({"id": list(range(len(TEXTS))), "name": TEXTS})
    selected = nw.from_native(frame).filter(compile_narwhals(predicate, frame)).to_native()
    return [
        [row["id"] for row in matches.select(ROWS)],
        [row["id"] for row in ROWS if matches(row)],
        [row.id for row in connection.execute(statement, values)],
        [row.id for row in connection.execute(clause)],
        selected["id"].to_pylist(),
    ]


@pytest.mark.parametrize(
    ("predicate", "expected", "negated"),
    [
        (NAME.compare(has, "a"), [1, 4], [2, 3]),
        (NAME.compare(has.complement, "a"), [2, 3], [1, 4]),
        (NAME.compare(has.any, ["a", "c"]), [1, 4], [2, 3]),
        (NAME.compare(has.all, ["b", "c"]), [4], [1, 2, 3]),
        (NAME.compare(has.all, ["b"]), [1, 2, 4], [3]),
        (NAME.compare(has.complement.any, ["b", "c"]), [1, 2, 3], [4]),
        (NAME.compare(has.complement.all, ["a", "c"]), [2, 3], [1, 4]),
        (NAME.compare(among, ["c", "x"]), [4], [1, 2, 3]),
        (NAME.compare(among.complement, ["c", "x"]), [1, 2, 3], [4]),
        (NAME.compare(among, []), [], [0, 1, 2, 3, 4]),
        (NAME.compare(has.all, []), [0, 1, 2, 3, 4], []),
        (NAME.compare(has, "b") & NAME.not_eq("b") & NAME.compare(has, "c"), [4], [1, 2, 3]),
        (NAME.compare(has, "c") | NAME.null(), [0, 4], [1, 2, 3]),
        (NAME.null() | NAME.compare(has.complement, "b"), [0, 3], [1, 2, 4]),
    ],
    ids=repr,
)
def test_null_passes_neither_an_operator_nor_its_complement(
    predicate: Predicate, expected: list[int], negated: list[int], connection: sa.Connection
) -> None:
    assert answers(predicate, connection) == [expected] * 5
    assert answers(~predicate, connection) == [negated] * 5


@pytest.mark.parametrize("of_null", [True, False])
def test_an_operator_may_say_that_null_passes_it_or_its_complement(of_null: bool, connection: sa.Connection) -> None:
    own = defined(of_null=of_null)
    assert (own.null, own.complement.null, own.any.null) == (of_null, not of_null, of_null)
    passing, failing = ([0], []) if of_null else ([], [0])
    for operator, value in ((own, "a"), (own.any, ["a", "c"])):
        predicate = NAME.compare(operator, value)
        assert answers(predicate, connection) == [[*passing, 1, 4]] * 5
        assert answers(~predicate, connection) == [[*failing, 2, 3]] * 5
        # Where NULL is known to be out, and where it is not.
        assert answers(NAME.not_null() & predicate, connection) == [[1, 4]] * 5
        assert answers(NAME.not_eq("x") & predicate, connection) == [[1, 4]] * 5
        assert answers(predicate | NAME.eq("b"), connection) == [[*passing, 1, 2, 4]] * 5


@pytest.mark.parametrize(
    ("operator", "others"), [(has, None), (has.any, ["x", "y"]), (among.complement, ["x"])], ids=repr
)
def test_a_shape_has_one_statement_and_one_entry_in_the_cache_whatever_the_values(
    operator: OwnOperator, others: list[str] | None, connection: sa.Connection
) -> None:
    hostile = ["a", "c", "%';--"]
    asked = [NAME.compare(operator, text if others is None else [text, *others]) for text in hostile]
    cached = connection.execution_options(compiled_cache={})
    statements = [compile_select(predicate, TABLE) for predicate in asked]
    clauses = [sa.select(TABLE).where(compile_sqlalchemy(predicate, TABLE)) for predicate in asked]
    assert len({statement for statement, _ in statements}) == 1
    assert hostile[-1] not in str(clauses[-1].compile(connection.engine))
    for answers in (
        [cached.execute(statement, values).all() for statement, values in statements],
        [cached.execute(clause).all() for clause in clauses],
    ):
        assert [len(rows) for rows in answers] == ([2, 3, 4] if operator is among.complement else [2, 1, 0])
    assert len(cached.get_execution_options()["compiled_cache"]) == 2


def test_operators_of_one_name_share_no_statement(connection: sa.Connection) -> None:
    other = define_operator(
        "has", defined().backends._replace(sqlalchemy=lambda column, part: column == part), on=types.Text
    )
    cached = connection.execution_options(compiled_cache={})
    for operator, expected in ((has, [1, 4]), (other, [])):
        clause = compile_sqlalchemy(NAME.compare(operator, "a"), TABLE)
        assert [row.id for row in cached.execute(sa.select(TABLE).where(clause))] == expected
    one, two = NAME.compare(has, "a") & NAME.compare(other, "b"), NAME.compare(other, "b") & NAME.compare(has, "a")
    assert answers(one, connection)[0] == answers(two, connection)[0] == [1, 4]


def test_a_statement_without_an_engine_shows_the_name() -> None:
    assert str(compile_sqlalchemy(NAME.compare(has.complement, "a"), TABLE)) == (
        "t.name IS NOT NULL AND Unproven(has(Ordered(t.name), :param_1))"
    )


REFUSING = define_operator(
    "own",
    Backends(
        python=lambda constant: lambda value: value == constant,
        sqlalchemy={**dict.fromkeys(ENGINES, lambda *_: True), "sqlite": Refused("it is too small")},
        narwhals=Refused("they are too wide"),
    ),
    on=ValueType,
)


NAMES = [[], ["a", "b"], ["ab"], ["b", "bx"]]


class Base(DeclarativeBase):
    pass


class Whole(Base):
    __tablename__ = "wholes"
    id: Mapped[int] = mapped_column(primary_key=True)
    parts: Mapped[list[Part]] = relationship()


class Part(Base):
    __tablename__ = "parts"
    id: Mapped[int] = mapped_column(primary_key=True)
    whole_id: Mapped[int] = mapped_column(sa.ForeignKey("wholes.id"))
    name: Mapped[str]


class NamedFilters(FilterSet):
    name = Field(types.Text(), operators=(has, has.any))


class NamedWholeFilters(FilterSet):
    parts = ToMany(NamedFilters)


def test_own_operators_go_through_relationships() -> None:
    filters = NamedWholeFilters()
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(
            Whole(id=number, parts=[Part(name=name) for name in names]) for number, names in enumerate(NAMES)
        )
        session.flush()
        wholes = session.scalars(sa.select(Whole).order_by(Whole.id)).all()
        for query, expected in (
            ("filter[parts.name-has]=a", [1, 2]),
            ("filter[parts.name-has-any]=b,x", [1, 2, 3]),
            ("filter[parts-none.name-has-any]=b,x", [0]),
            ("filter[parts-all.name-has]=b", [0, 2, 3]),
        ):
            predicate = filters.parse(query)
            statement, values = compile_select(predicate, Whole, ())
            assert [whole.id for whole in session.scalars(statement, values)] == expected
            assert [whole.id for whole in compile_python(predicate).select(wholes)] == expected
        doubled = aliased(Whole)
        statement, values = compile_select(filters.parse("filter[parts.name-has-any]=b,x"), doubled, ())
        assert [whole.id for whole in session.scalars(statement, values)] == [1, 2, 3]
    engine.dispose()


class PartFilters(FilterSet):
    name = Field(types.Text(), operators=(*DEFAULTS, REFUSING.any), bare=REFUSING)


class WholeFilters(FilterSet):
    parts = ToMany(PartFilters)


def test_what_an_engine_is_refused_is_told() -> None:
    told = "the operator own has no form for sqlite: it is too small"
    check(PartFilters(), Part)
    check(Filters(), TABLE, sqlite.dialect())
    with pytest.raises(CompileError, match=f"^name: {told}$"):
        check(PartFilters(), Part, sqlite.dialect())
    with pytest.raises(CompileError, match=f"^parts.name: {told}$"):
        check(WholeFilters(), Whole, sqlite.dialect())
    with pytest.raises(CompileError, match=told):
        compile_select(PartFilters.name.compare(REFUSING.any, ["a", "b"]), Part)[0].compile(dialect=sqlite.dialect())


class TitledFilters(FilterSet):
    name = Field(types.Text(), nullable=True)
    title = Field(types.Text(), nullable=True)
    one = AnyOf("name", "title", operators=("eq", has))


class SeveralFilters(TitledFilters):
    either = AnyOf("name", "title", operators=("eq",), bare=REFUSING)
    both = AllOf("name", "title", operators=("eq", has, REFUSING.any))


def test_what_is_refused_to_a_parameter_of_several_attributes_is_told() -> None:
    titled = sa.Table("t", sa.MetaData(), sa.Column("name", sa.String), sa.Column("title", sa.String))
    check(SeveralFilters(), titled)
    check(TitledFilters(), titled, sqlite.dialect())
    with pytest.raises(CompileError) as raised:
        check(SeveralFilters(), titled, sqlite.dialect())
    told = "the operator own has no form for sqlite: it is too small"
    assert str(raised.value).split("\n") == [f"either: {told}", f"both: {told}"]
    with pytest.raises(CompileError) as raised:
        check_frame(SeveralFilters(), pa.table({"name": ["a"], "title": ["b"]}))
    told = "the operator own has no form for frames: they are too wide"
    assert str(raised.value).split("\n") == [f"either: {told}", f"both: {told}"]


def test_a_form_gives_a_condition() -> None:
    with pytest.raises(CompileError, match="name: the operator own made True for postgresql, which is no condition"):
        check(PartFilters(), Part, postgresql.dialect())  # type: ignore[no-untyped-call]
    nothing: Any = lambda *_: None  # noqa: E731
    own = define_operator("own", Backends(python=nothing, sqlalchemy=nothing, narwhals=nothing), on=types.Text)
    for predicate in (NAME.compare(own, "a"), NAME.compare(own.any, ["a", "b"]), NAME.compare(own.complement, "a")):
        with pytest.raises(CompileError, match=r"^the operator own made None for Python, which is no test$"):
            compile_python(predicate).select(ROWS)
        with pytest.raises(CompileError, match=r"^the operator own made None for frames, which is no expression$"):
            compile_narwhals(predicate)


@pytest.mark.parametrize(
    ("form", "taken"),
    [
        (lambda column, _: column, False),
        (lambda _, value: value, False),
        (lambda *_: sa.column("name", sa.String), False),
        (lambda *_: sa.column("shown", sa.Boolean), True),
        (lambda *_: sa.literal_column("name GLOB 'a*'"), True),
        (lambda column, value: column.op("GLOB")(value), True),
        (sa.func.instr, True),
    ],
)
def test_a_bare_column_is_a_condition_only_where_it_holds_truth(form: Any, taken: bool) -> None:
    own = define_operator(
        "own", Backends(python=lambda _: bool, sqlalchemy=form, narwhals=Refused("too wide")), on=types.Text
    )
    for operator in (own, own.any, own.complement):
        value = ["a"] if operator is own.any else "a"
        statement, _ = compile_select(NAME.compare(operator, value), TABLE)
        if taken:
            assert "name" in str(statement.compile(dialect=sqlite.dialect()))
        else:
            with pytest.raises(CompileError, match=r"the operator own made .* for sqlite, which is no condition"):
                statement.compile(dialect=sqlite.dialect())


def test_what_frames_are_refused_is_told() -> None:
    frame = pa.table({"name": ["a"]})
    check_frame(Filters(), frame)
    with pytest.raises(CompileError) as raised:
        check_frame(PartFilters(), frame)
    assert str(raised.value).split("\n") == ["name: the operator own has no form for frames: they are too wide"] * 2
    with pytest.raises(CompileError, match="no form for frames"):
        compile_narwhals(PartFilters.name.compare(REFUSING, "a"), frame)
    assert compile_narwhals(PartFilters.name.eq("a"), frame) is not None


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
ID = "123e4567-e89b-12d3-a456-426614174000"


@pytest.mark.parametrize(
    ("type_", "column", "constant"),
    [
        (types.Boolean(), sa.Boolean(), True),
        (types.Integer(16), sa.SmallInteger(), 7),
        (types.Decimal(scale=2), sa.Text(), Decimal("1.50")),
        (types.Decimal(exact=False), sa.Float(), Decimal("1.5")),
        (types.Float(), sa.Float(), 1.5),
        (types.Timestamp(), sa.DateTime(), NOON),
        (types.Timestamp(zone="UTC"), sa.DateTime(), NOON),
        (types.Date(), sa.Date(), date(2026, 1, 2)),
        (types.Text(), sa.String(), "a"),
        (types.Enum("a"), sa.String(), "a"),
        (types.Uuid(), sa.String(), ID),
    ],
    ids=repr,
)
def test_constants_of_every_type_reach_sql(type_: ValueType[Any, Any], column: Any, constant: Any) -> None:
    same = define_operator(
        "same",
        Backends(
            python=lambda constant: lambda value: value == constant,
            sqlalchemy=lambda _, constant: constant == constant,  # noqa: PLR0124  (it is sent)
            narwhals=lambda column, constant: column == constant,
        ),
        on=types.Text,
        operand=type_,
    )
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        TABLE.create(connection)
        connection.execute(TABLE.insert(), ROWS)
        statement, values = compile_select(NAME.compare(same, constant), TABLE)
        assert [row.id for row in connection.execute(statement, values)] == [1, 2, 3, 4]
    engine.dispose()


BEHIND = timezone(timedelta(hours=-13))


@pytest.mark.parametrize(
    ("type_", "held", "constant"),
    [
        (types.Uuid(), UUID(ID), ID),
        (types.Address(), ipaddress.ip_interface("10.0.0.1/8"), "10.0.0.1/8"),
        (types.Address(), ipaddress.ip_address("::ffff:10.0.0.1"), "::ffff:10.0.0.1"),
        (types.Enum(Arity), Arity.FLAG, "true or false"),
        (types.Timestamp(), NOON.astimezone(BEHIND), NOON),
        (types.Timestamp(), NOON.astimezone(ZoneInfo("Pacific/Chatham")), NOON),
        (types.Timestamp(), NOON.astimezone(ZoneInfo("Etc/UTC")), NOON),
        (types.Timestamp(zone="UTC"), NOON.replace(tzinfo=None), NOON),
        (types.Date(), NOON.date(), NOON.date()),
        (types.Decimal(scale=2), 7, Decimal(7)),
        (types.Decimal(scale=2), Decimal("0.10"), Decimal("0.10")),
        (types.Decimal(exact=False), 0.1, Decimal("0.1")),
        (types.Decimal(exact=False), 7, Decimal("7.0")),
        (types.Decimal(exact=False), 1e300, Decimal("1e300")),
        (types.Float(), 7, 7.0),
        (types.Integer(), 7, 7),
        (types.Boolean(), True, True),
        (types.Text(), "a", "a"),
    ],
    ids=repr,
)
def test_in_python_a_value_is_tested_in_the_form_of_constants(
    type_: ValueType[Any, Any], held: object, constant: object
) -> None:
    tested: list[object] = []
    own = define_operator(
        "own",
        REFUSING.backends._replace(python=lambda _: tested.append),
        on=ValueType,
        operand=types.Text(),
    )
    predicate = Field(type_, name="x").compare(own.complement, "")
    assert compile_python(predicate).select([{"x": None}, {"x": held}]) == [{"x": held}]
    assert list(map(repr, tested)) == list(map(repr, [constant]))


def test_in_python_rows_need_not_be_what_a_type_takes() -> None:
    class Late(types.Timestamp):
        __slots__ = ()

        def accept(self, value: datetime) -> datetime:
            raise InvalidValue("is early")

    late = define_operator("late", REFUSING.backends, on=types.Timestamp, operand=types.Text())
    assert not compile_python(Field(Late(), name="x").compare(late, "a"))({"x": NOON})


def test_what_a_form_does_not_know_counts_as_false(connection: sa.Connection) -> None:
    own = define_operator(
        "own",
        Backends(
            python=lambda part: lambda text: True if part in text else None,
            sqlalchemy=lambda column, part: sa.case((sa.func.instr(column, part) > 0, sa.true())),
            narwhals=lambda column, part: nw.when(column.str.contains(part, literal=True)).then(True),
        ),
        on=types.Text,
    )
    for operator, value, passing, failing in (
        (own, "a", [1, 4], [2, 3]),
        (own.any, ["a", "c"], [1, 4], [2, 3]),
        (own.all, ["b", "c"], [4], [1, 2, 3]),
        (own.all, ["x", "y"], [], [1, 2, 3, 4]),
    ):
        predicate = NAME.compare(operator, value)
        assert answers(predicate, connection) == [passing] * 5
        assert answers(~predicate, connection) == [failing] * 5


def test_in_python_an_answer_may_be_anything_that_has_a_truth() -> None:
    own = define_operator(
        "own", REFUSING.backends._replace(python=lambda part: lambda text: text.split(part)[1:]), on=types.Text
    )
    row = {"name": "a-b"}
    assert compile_python(NAME.compare(own, "-"))(row) is True
    assert compile_python(NAME.compare(own, "+"))(row) is False
    assert compile_python(~NAME.compare(own, "+"))(row) is True
    assert compile_python(NAME.compare(own.all, ["-", "b"]))(row) is True


def test_of_many_rows_own_operators_are_tested_after_those_that_cost_less() -> None:
    asked = []

    def watched(part: str) -> Callable[[str], bool]:
        def test(text: str) -> bool:
            asked.append(text)
            return part in text

        return test

    own = define_operator("own", REFUSING.backends._replace(python=watched), on=types.Text)
    rows = [{"name": str(number)} for number in range(10_000)]
    predicate = NAME.compare(own, "1") & NAME.in_(["7", "71"])
    assert compile_python(predicate).select(rows) == [{"name": "71"}]
    assert len(asked) < len(rows) / 10


def test_own_operators_have_a_form_for_each_engine_that_has_rules() -> None:
    assert {rules.engine for rules in RULES.values()} == set(ENGINES)
    assert repr(REFUSING.sql_form("sqlite")) == "Refused('it is too small')"


@pytest.mark.parametrize(
    ("dialect", "sent"),
    [
        (registry.load("cockroachdb.psycopg")(paramstyle="format"), "~ concat(%s::VARCHAR, %s::VARCHAR, %s::VARCHAR)"),
        (MariaDBDialect(), "REGEXP concat(%s, %s, %s)"),
        (registry.load("clickhousedb.connect")(paramstyle="qmark"), "match(lower(t.name), concat(?, ?, ?))"),
    ],
    ids=lambda given: getattr(given, "name", None),
)
def test_the_word_of_the_page_is_sent_to_engines_that_do_not_run_everywhere(dialect: Dialect, sent: str) -> None:
    word = defined_in_docs()["word"]
    sql = str(compile_select(NAME.compare(word, "a"), TABLE)[0].compile(dialect=dialect)).replace("`", "")
    assert sql.endswith(f"{sent})")


class InetAddress(types.Address):
    def sent_to(self, column: object) -> object:
        return INET() if isinstance(column, INET) else None


@pytest.mark.parametrize(
    ("column", "sent"),
    [(INET(), "%(p0)s"), (sa.String().with_variant(INET(), "postgresql"), "%(p0)s"), (sa.String(), "%(p0)s::VARCHAR")],
    ids=repr,
)
def test_a_type_may_know_columns_that_the_library_does_not(column: Any, sent: str) -> None:
    ip = Field(InetAddress(), name="ip")
    target = sa.Table("t", sa.MetaData(), sa.Column("ip", column, nullable=False))
    dialect = postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]
    assert str(compile_select(ip.eq("::1"), target)[0].compile(dialect=dialect)).endswith(f"WHERE t.ip = {sent}")


def test_a_column_that_nobody_knows_is_refused() -> None:
    target = sa.Table("t", sa.MetaData(), sa.Column("ip", INET, nullable=False))
    with pytest.raises(CompileError, match="needs String or Text"):
        compile_select(Field(types.Address(), name="ip").eq("::1"), target)
