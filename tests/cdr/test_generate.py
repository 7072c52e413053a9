"""The filled tables, and what the listings need of them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.orm import Session

from jsonapi_sieve import FilterSet
from jsonapi_sieve.backends.sqlalchemy import check
from jsonapi_sieve.cdr.dataset import Dataset
from jsonapi_sieve.cdr.filters import AccountFilters, CdrExportFilters, CdrExportStoredFilters, CdrFilters
from jsonapi_sieve.cdr.generate import generate
from jsonapi_sieve.cdr.models import Account, Base, Cdr, CdrExport, DidCdrExport, TransportProtocol

UNTIL = datetime(2026, 3, 1, 7, tzinfo=UTC)
COUNT = 600


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    generate(engine, count=COUNT, until=UNTIL)
    yield engine
    engine.dispose()


@pytest.fixture
def empty() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    yield engine
    engine.dispose()


def stored(engine: Engine, model: type[Base]) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(Base.metadata.tables[model.__tablename__])).mappings()]


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(row["id"]))


def test_every_table_holds_the_rows_of_the_dataset(engine: Engine) -> None:
    data = Dataset(count=COUNT, until=UNTIL)
    assert in_order(stored(engine, Cdr)) == in_order(list(data.cdrs()))
    assert in_order(stored(engine, CdrExport)) == in_order(data.cdr_exports())
    assert in_order(stored(engine, DidCdrExport)) == in_order(data.did_cdr_exports())
    assert in_order(stored(engine, Account)) == in_order(data.accounts())
    assert stored(engine, TransportProtocol)[0] == {"id": 1, "name": "UDP"}


def test_progress_counts_every_call_in_batches(empty: Engine) -> None:
    batches: list[int] = []
    generate(empty, count=5_001, until=UNTIL, progress=batches.append)
    assert batches == [5_000, 1]


def test_a_session_is_left_to_be_committed(empty: Engine) -> None:
    with Session(empty) as session:
        generate(session, count=3, until=UNTIL)
        assert session.scalar(select(func.count()).select_from(Cdr)) == 3
        session.rollback()
        assert session.scalar(select(func.count()).select_from(Cdr)) == 0


def test_filling_twice_changes_nothing(engine: Engine) -> None:
    with pytest.raises(IntegrityError):
        generate(engine, count=3, until=UNTIL)
    assert len(stored(engine, Cdr)) == COUNT


def test_a_row_can_be_added_without_an_identifier_and_by_what_a_call_always_has(engine: Engine) -> None:
    with Session(engine) as session:
        account = session.scalars(select(Account)).first()
        assert account is not None
        cdr = Cdr(time_start=UNTIL, rec=False, customer_id=account.customer_id, account_id=account.id)
        session.add(cdr)
        session.flush()
        assert cdr.id == COUNT + 1


def test_relationships_are_loaded_only_when_asked_for(engine: Engine) -> None:
    with Session(engine) as session:
        cdr = session.get_one(Cdr, 8)
        with pytest.raises(InvalidRequestError, match="raise"):
            _ = cdr.account
        session.refresh(cdr, ["account", "auth_orig_transport_protocol"])
        assert cdr.account.customer_id == 1
        assert cdr.auth_orig_transport_protocol is not None
        assert cdr.auth_orig_transport_protocol.name == "UDP"


@pytest.mark.parametrize(
    ("listing", "index"),
    [
        ("cdrs WHERE time_start >= '2026' ORDER BY time_start DESC, id DESC", "cdrs_by_time"),
        ("cdrs WHERE customer_id = 1 ORDER BY time_start DESC, id DESC", "cdrs_of_customer_by_time"),
        ("cdrs WHERE account_id = 'a' AND time_start >= '2026' ORDER BY time_start, id", "cdrs_of_account_by_time"),
        ("cdr_exports ORDER BY created_at, id", "cdr_exports_by_creation"),
        ("cdr_exports WHERE customer_id = 1 ORDER BY created_at, id", "cdr_exports_of_customer_by_creation"),
        ("cdr_exports WHERE account_id = 'a' ORDER BY created_at, id", "cdr_exports_of_account_by_creation"),
        ("did_cdr_exports WHERE customer_id = 1 ORDER BY created_at, id", "did_cdr_exports_of_customer_by_creation"),
        ("accounts WHERE customer_id = 1", "accounts_of_customer"),
    ],
)
def test_a_listing_is_read_in_order_from_its_index(engine: Engine, listing: str, index: str) -> None:
    with engine.connect() as connection:
        plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN SELECT * FROM {listing}"))]  # noqa: S608
    assert len(plan) == 1
    assert f"USING INDEX {index}" in plan[0]


def test_the_columns_of_a_call_are_those_that_the_api_shows_and_those_it_filters_by(engine: Engine) -> None:
    columns = {column["name"] for column in inspect(engine).get_columns("cdrs")}
    assert columns == set(next(Dataset(count=1, until=UNTIL).cdrs()))


@pytest.mark.parametrize("model", [Account, Cdr, CdrExport, DidCdrExport])
def test_every_row_of_a_customer_names_its_customer(model: type[Base]) -> None:
    column = Base.metadata.tables[model.__tablename__].c.customer_id
    assert not column.nullable


@pytest.mark.parametrize(
    ("filters", "model"),
    [
        (CdrFilters(), Cdr),
        (CdrExportStoredFilters(), Cdr),
        (CdrExportFilters(), CdrExport),
        (AccountFilters(), Account),
    ],
)
def test_every_filter_has_a_column_that_can_answer_it(engine: Engine, filters: FilterSet, model: type[Base]) -> None:
    check(filters, model, engine.dialect)
