"""The ways in which rows are held."""

from __future__ import annotations

import sqlite3
from collections import UserDict, namedtuple
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

import pytest
from sqlalchemy import create_engine, insert, inspect, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, defer, mapped_column, synonym

from jsonapi_sieve import types
from jsonapi_sieve.backends.python import compile_python, compile_python_order
from jsonapi_sieve.backends.python.rows import access_of, read_source, reader, values_reader
from jsonapi_sieve.backends.python.source import compile_shape
from jsonapi_sieve.field import Field
from jsonapi_sieve.normal import normalize
from jsonapi_sieve.sorting import SortKey

STATUS = Field(types.Enum("Pending", "Completed"), name="status")
COUNT = Field(types.Integer(32), name="count", nullable=True)
PREDICATE = STATUS.eq("Completed") & COUNT.gteq(2)

ROWS: list[dict[str, Any]] = [
    {"id": 1, "status": "Completed", "count": None},
    {"id": 2, "status": "Completed", "count": 1},
    {"id": 3, "status": "Completed", "count": 2},
    {"id": 4, "status": "Pending", "count": 2},
    {"id": 5, "status": "Completed", "count": 3},
]


class Base(DeclarativeBase):
    pass


class Export(Base):
    __tablename__ = "exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]
    count: Mapped[int | None]
    state: Mapped[str] = synonym("status")

    @property
    def title(self) -> str:
        return f"{self.status} {self.id}"


class Shouting(Export):
    """Computes what its parent holds in a column."""

    @property
    def status(self) -> str:  # type: ignore[override]
        return str(self.__dict__["status"]).upper()


class Guarded(Export):
    """Reads attributes in a way of its own."""

    def __getattribute__(self, name: str) -> Any:
        return "Completed" if name == "status" else super().__getattribute__(name)


@dataclass(slots=True)
class Slotted:
    id: int
    status: str
    count: int | None


class Named(NamedTuple):
    id: int
    status: str
    count: int | None  # type: ignore[assignment]  # it hides tuple.count, as a column of this name does


class Computed:
    """Attributes that are computed, in a class that can be indexed but has no keys."""

    def __init__(self, row: dict[str, Any]) -> None:
        self._row = row

    def __getitem__(self, index: int) -> object:
        raise AssertionError

    def __getattr__(self, name: str) -> object:
        return self._row[name]


def sqlite_row(row: dict[str, Any]) -> sqlite3.Row:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    found: sqlite3.Row = connection.execute("select :id as id, :status as status, :count as count", row).fetchone()
    connection.close()
    return found


@pytest.mark.parametrize(
    "make",
    [
        dict,
        MappingProxyType,
        UserDict,
        sqlite_row,
        lambda row: SimpleNamespace(**row),
        lambda row: Slotted(**row),
        lambda row: Named(**row),
        lambda row: namedtuple("Reordered", "count status id")(**row),  # noqa: PYI024
        Computed,
    ],
    ids=["dict", "proxy", "UserDict", "sqlite3", "namespace", "slots", "NamedTuple", "namedtuple", "computed"],
)
def test_rows_are_read_by_key_attribute_or_position(make: Callable[[dict[str, Any]], Any]) -> None:
    rows = [make(row) for row in ROWS]
    matches = compile_python(PREDICATE)
    assert [matches(row) for row in rows] == [False, False, True, False, True]
    found = matches.select(rows)
    assert len(found) == 2
    assert found[0] is rows[2]
    assert found[1] is rows[4]


@pytest.fixture(name="session")
def open_session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.execute(insert(Export), ROWS)
        session.commit()
        yield session
    engine.dispose()


def test_sqlalchemy_rows_are_read_by_position(session: Session) -> None:
    rows = session.execute(select(Export.count, Export.id, Export.status).order_by(Export.id)).all()
    assert access_of(rows[0]) == ("count", "id", "status")
    matches = compile_python(PREDICATE)
    assert [row.id for row in matches.select(rows)] == [3, 5]
    assert [row.id for row in rows if matches(row)] == [3, 5]


def test_sqlalchemy_rows_of_one_class_are_each_read_by_their_own_fields(session: Session) -> None:
    matches = compile_python(COUNT.gteq(2))
    for columns in ([Export.count, Export.id], [Export.id, Export.count]) * 2:
        rows = session.execute(select(*columns).order_by(Export.id)).all()
        assert [row.id for row in rows if matches(row)] == [3, 4, 5]


def test_a_sqlalchemy_result_is_read_once(session: Session) -> None:
    result = session.execute(select(Export.count, Export.id, Export.status).order_by(Export.id))
    assert [row.id for row in compile_python(PREDICATE).select(result)] == [3, 5]


def test_mappings_of_sqlalchemy_rows(session: Session) -> None:
    mappings = session.execute(select(Export.__table__).order_by(Export.id)).mappings().all()
    assert [row["id"] for row in compile_python(PREDICATE).select(mappings)] == [3, 5]


def test_sqlalchemy_rows_with_unnamed_columns_are_refused(session: Session) -> None:
    rows = session.query(-Export.id, Export.status, Export.id).order_by(Export.id).all()
    with pytest.raises(TypeError, match="a row has 3 columns but only status, id have names; label the others"):
        compile_python(STATUS.eq("Pending")).select(rows)


def test_a_name_that_a_sqlalchemy_row_has_twice_is_ambiguous(session: Session) -> None:
    rows = session.execute(text("select status, count, 'x' as status from exports order by id")).all()
    assert compile_python(COUNT.eq(3)).select(rows) == rows[-1:]
    with pytest.raises(AttributeError, match="a row has more than one status; it has status, count, status"):
        compile_python(STATUS.eq("Pending")).select(rows)


@pytest.mark.parametrize("expired", [False, True])
def test_instances_are_read_by_attribute(session: Session, expired: bool) -> None:
    exports = session.scalars(select(Export).order_by(Export.id)).all()
    if expired:
        session.expire_all()
    matches = compile_python(PREDICATE)
    assert [export.id for export in matches.select(exports)] == [3, 5]
    assert [export.id for export in exports if matches(export)] == [3, 5]


def test_deferred_attributes_of_instances_are_loaded(session: Session) -> None:
    exports = session.scalars(select(Export).order_by(Export.id).options(defer(Export.count))).all()
    assert "count" in inspect(exports[0]).unloaded
    assert [export.id for export in compile_python(PREDICATE).select(exports)] == [3, 5]


def test_instances_are_read_from_what_they_hold(session: Session) -> None:
    exports = session.scalars(select(Export).order_by(Export.id)).all()
    assert access_of(exports[0]) == frozenset({"id", "status", "count"})
    assert "held['status']" in compile_shape(normalize(PREDICATE).shape, access_of(exports[0])).source
    state = Field(types.Text(), name="state").eq("Completed")
    title = Field(types.Text(), name="title").start("Completed")
    for rows in ([*exports], [*exports] * 1000):
        assert [export.id for export in compile_python(PREDICATE & state & title).select(rows)][:2] == [3, 5]


@pytest.mark.parametrize("times", [1, 1000])
def test_instances_of_which_one_is_expired_are_all_read(session: Session, times: int) -> None:
    exports = session.scalars(select(Export).order_by(Export.id)).all()
    matches = compile_python(PREDICATE)
    for _ in range(2):
        session.expire(exports[2])
        assert [export.id for export in matches.select([*exports] * times)][:2] == [3, 5]
        for _ in range(times):
            session.expire(exports[2])
            assert matches(exports[2])


def test_an_expired_instance_is_loaded_for_a_null_test(session: Session) -> None:
    exports = session.scalars(select(Export).order_by(Export.id)).all()
    matches = compile_python(COUNT.null())
    assert matches(exports[0])
    session.expire(exports[0])
    assert matches(exports[0])


def test_what_a_class_computes_is_no_column() -> None:
    exports = [Shouting(id=1, count=2), Shouting(id=2, count=2)]
    for export in exports:
        export.__dict__["status"] = "completed"
    assert access_of(exports[0]) == frozenset({"id", "count"})
    assert compile_python(Field(types.Text(), name="status").eq("COMPLETED")).select(exports) == exports
    guarded = [Guarded(id=3, status="Pending", count=2)]
    assert access_of(guarded[0]) == "attribute"
    assert compile_python(PREDICATE).select(guarded) == guarded


def test_a_mapper_of_another_library_is_an_attribute_as_any() -> None:
    class Place:
        __mapper__ = "north"
        status = "Pending"

    assert access_of(Place()) == "attribute"
    assert compile_python(STATUS.eq("Pending"))(Place())


def test_instances_that_were_not_loaded_at_all_are_read_by_attribute() -> None:
    exports = [Export(id=1, status="Completed"), Export(id=2, status="Completed", count=3)]
    assert compile_python(PREDICATE).select(exports) == exports[1:]
    assert compile_python_order((SortKey("count"),))(exports) == exports[::-1]


def test_rows_may_come_one_at_a_time() -> None:
    matches = compile_python(PREDICATE)
    assert matches.select(row for row in ROWS) == [ROWS[2], ROWS[4]]
    assert matches.select(tuple(ROWS)) == [ROWS[2], ROWS[4]]
    assert matches.select({row["id"]: row for row in ROWS}.values()) == [ROWS[2], ROWS[4]]
    assert list(filter(matches, iter(ROWS))) == [ROWS[2], ROWS[4]]


def test_no_rows_give_no_rows() -> None:
    assert compile_python(PREDICATE).select([]) == []
    assert compile_python(PREDICATE).select(iter(())) == []


def test_rows_of_several_sorts_are_read_one_by_one() -> None:
    rows = [ROWS[2], Named(**ROWS[4]), SimpleNamespace(**ROWS[2]), ROWS[3]]
    assert compile_python(PREDICATE).select(rows) == rows[:3]
    assert compile_python(PREDICATE).select(rows[::-1]) == rows[2::-1]


@pytest.mark.parametrize(
    ("row", "error", "message"),
    [
        ({"id": 1, "status": "Pending"}, KeyError, "a row has no count; it has id, status"),
        ({}, KeyError, "a row has no count, status; it has "),
        (sqlite3.Row, KeyError, "a row has no count; it has status"),
        (namedtuple("Other", "status")("Pending"), AttributeError, "a row has no count; it has status"),  # noqa: PYI024
        (SimpleNamespace(status="Pending"), AttributeError, "'types.SimpleNamespace' object has no attribute 'count'"),
        (None, AttributeError, "'NoneType' object has no attribute 'count'"),
    ],
)
def test_a_row_that_lacks_an_attribute_is_refused(row: Any, error: type[Exception], message: str) -> None:
    if row is sqlite3.Row:
        connection = sqlite3.connect(":memory:")
        row = sqlite3.Row(connection.execute("select 1 as status"), ("Pending",))
        connection.close()
    matches = compile_python(PREDICATE)
    with pytest.raises(error, match=message):
        matches(row)
    with pytest.raises(error, match=message):
        matches.select([row])
    with pytest.raises(error, match=message):
        matches.select([ROWS[0], row])


class BrokenMapping(dict[str, Any]):
    def __getitem__(self, key: str) -> object:
        raise LookupError("the store is gone")


class BrokenObject:
    @property
    def status(self) -> object:
        raise LookupError("the store is gone")


@pytest.mark.parametrize("row", [BrokenMapping(ROWS[0]), BrokenObject()])
def test_what_a_row_raises_itself_is_passed_on(row: object) -> None:
    with pytest.raises(LookupError, match="the store is gone"):
        compile_python(STATUS.eq("Pending")).select([row])
    with pytest.raises(LookupError, match="the store is gone"):
        compile_python_order((SortKey("status"),))([row, row])


@pytest.mark.parametrize(
    "access", ["key", "attribute", ("id", "status"), frozenset({"status"}), frozenset({"id"})], ids=str
)
def test_the_written_read_and_the_reader_agree(access: Any) -> None:
    class Everything(Slotted):
        def __getitem__(self, key: str | int) -> object:
            return {"status": "by key", 1: "by position"}[key]

    row = Everything(1, "by attribute", 2)
    row.__dict__["status"] = "by what it holds"
    written = eval(read_source(access, "status"), {"row": row, "held": row.__dict__})  # noqa: S307
    assert written == reader(access, "status")(row)
    assert values_reader(access, ("status", "status"))(row) == (written, written)
