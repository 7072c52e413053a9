"""What constraints of a database refuse of a new row, on SQLite itself and by what other drivers tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from marshmallow_jsonapi import Schema, fields
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.integrations.constraints import refused
from jsonapi_sieve.integrations.rows import Rows
from jsonapi_sieve.resource import Resource
from tests.integrations.test_asked import asking


class Base(DeclarativeBase):
    id: Mapped[int] = mapped_column(primary_key=True)


class Owner(Base):
    __tablename__ = "owners"


class Number(Base):
    __tablename__ = "numbers"
    name: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("owners.id", deferrable=True, initially="DEFERRED"))
    size: Mapped[int] = mapped_column(sa.CheckConstraint("size > 0"))


class NumberSchema(Schema):
    id = fields.Str(dump_only=True)
    name = fields.Str()
    owner_id = fields.Int()
    size = fields.Int(load_default=1)

    class Meta:
        type_ = "numbers"
        self_url, self_url_kwargs = "/numbers/{id}", {"id": "<id>"}


numbers = Rows(Resource(NumberSchema), Number)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://")
    sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = ON"))
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Number(id=1, name="taken", size=1))
        session.commit()
        yield session
    engine.dispose()


def create(session: Session, rows: Rows = numbers, **attributes: object) -> Any:
    body = {"data": {"type": "numbers", "attributes": attributes}}
    return asking("/numbers", "POST", body).create(session, rows)


@pytest.mark.parametrize(
    ("attributes", "status", "code"),
    [
        ({"name": "taken"}, 409, "conflict"),
        ({"name": "new", "size": 0}, 409, "conflict"),
        ({"name": "new", "owner_id": 7}, 404, "related-not-found"),  # told by the commit alone
    ],
)
def test_what_a_constraint_refuses_is_a_fault_of_the_request(
    session: Session, attributes: dict[str, Any], status: int, code: str
) -> None:
    with pytest.raises(QueryErrors) as raised:
        create(session, **attributes)
    (error,) = raised.value.errors
    assert (error.status, error.code, error.at, error.source) == (status, code, "/data", "pointer")
    for told in ("INSERT", "numbers", "owner", "taken", "constraint failed"):
        assert told not in str(error.to_dict())
    assert not session.in_transaction()
    assert create(session, name="new").status == 201


def test_what_the_application_leaves_out_stays_a_fault_of_its_own(session: Session) -> None:
    with pytest.raises(IntegrityError, match="NOT NULL"):
        create(session)
    assert not session.in_transaction()


class Driver(Exception):
    def __init__(self, *args: object, **told: object) -> None:
        super().__init__(*args)
        vars(self).update(told)


def test_the_log_tells_which_constraint_it_was_and_nothing_that_was_sent(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    def make(**attributes: Any) -> Number:
        session.add(Number(name="taken", size=1))  # a row of the application's own, which is broken
        return Number(**attributes)

    with pytest.raises(QueryErrors):
        create(session, Rows(numbers.resource, Number, make=make), name="of a client")
    (record,) = caplog.records
    assert (record.levelname, record.name) == ("WARNING", "jsonapi_sieve.integrations.rows")
    assert record.getMessage() == (
        "numbers: 409 for a new resource: IntegrityError('UNIQUE constraint failed: numbers.name')"
    )
    assert record.exc_info is None


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (Driver(sqlstate="23505"), 409),  # psycopg and asyncpg
        (Driver(sqlstate="23503"), 404),
        (Driver(sqlstate="23502"), None),
        (Driver(pgcode="23503"), 404),  # psycopg2
        (Driver(1062, "Duplicate entry"), 409),  # MariaDB
        (Driver(1452, "Cannot add or update a child row"), 404),
        (Driver(1048, "Column cannot be null"), None),
        (Driver(1062, "Duplicate entry", "23000", sqlstate="23000"), 409),  # of MySQL, one for all constraints
        (Driver(1452, "Cannot add or update a child row", "23000", sqlstate="23000"), 404),
        (Driver(1048, "Column cannot be null", "23000", sqlstate="23000"), None),
        (Driver(1364, "Field has no default value", "23000", sqlstate="23000"), None),
        (Driver("Constraint Error"), 409),  # DuckDB has no codes
        (Driver(), 409),
    ],
)
def test_drivers_tell_which_constraint_it_was(told: Exception, status: int | None) -> None:
    errors = refused(IntegrityError("INSERT", {}, told))
    assert (errors and errors.status) == status
