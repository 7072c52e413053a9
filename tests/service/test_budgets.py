"""A customer may have so many orders waiting, and one more when one has ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.cdr.models import Account, CdrExport, DidCdrExport, DidExport
from jsonapi_sieve.cdr.statuses import CAPITALIZED, LOWER_CASE
from jsonapi_sieve.service import customer_api, did_api
from jsonapi_sieve.service.budgets import Budget
from jsonapi_sieve.service.description import describe
from tests.service.exporting import ACCOUNT, EXPORTS
from tests.service.running import ROOT, Service, errors_of, new_database, service_of

MOST = 3
COLLECTIONS: list[tuple[str, type[Any], dict[str, Any]]] = [
    (EXPORTS, CdrExport, {"filters": {}}),
    ("/v3/cdr_exports", DidCdrExport, {"filters": {"year": "2026", "month": "1"}}),
    ("/v3/exports", DidExport, {"filters": {"from": "2026-01-01", "to": "2026-02-01"}, "export_type": "cdr_in"}),
]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[sa.Engine]:
    """Give a database without orders."""
    engine = new_database(tmp_path, count=10)
    with Session(engine) as session, session.begin():
        for _, model, _ in COLLECTIONS:
            session.execute(sa.delete(model))
    yield engine
    engine.dispose()


@pytest.fixture
def strict(empty: sa.Engine) -> Iterator[Service]:
    with service_of(empty, apis=[customer_api(waiting=MOST), did_api(waiting=MOST)]) as service:
        yield service


def order(path: str, attributes: dict[str, Any], account: str = ACCOUNT) -> dict[str, Any]:
    resource: dict[str, Any] = {"type": path.rpartition("/")[2], "attributes": attributes}
    if path == EXPORTS:
        resource["relationships"] = {"account": {"data": {"type": "accounts", "id": account}}}
    return {"data": resource}


@pytest.mark.parametrize(("path", "model", "attributes"), COLLECTIONS)
def test_no_more_may_wait_than_the_budget_allows(
    strict: Service, path: str, model: type[Any], attributes: dict[str, Any]
) -> None:
    document = order(path, attributes)
    ids = [strict.post(path, document).json()["data"]["id"] for _ in range(MOST)]
    (error,) = errors_of(strict.post(path, document), 429)
    assert (error["code"], error["meta"], "source" in error) == ("exports-limit", {"limit": MOST}, False)
    assert error["detail"] == "3 exports wait already, which is the most; order more when some have ended."
    with Session(strict.engine) as session, session.begin():
        assert set(session.scalars(sa.select(model.id))) == set(ids)
        words = LOWER_CASE if model is DidExport else CAPITALIZED
        for id_, status in zip(ids, (words.processing, words.pending, words.failed), strict=True):
            session.execute(sa.update(model).where(model.id == id_).values(status=status))
    assert [strict.post(path, document).status_code for _ in range(2)] == [201, 429]


def test_each_customer_has_a_budget_for_each_collection(strict: Service) -> None:
    with Session(strict.engine) as session:
        account = session.scalars(sa.select(Account.id).where(Account.customer_id == 2).limit(1)).one()
    for path, _, attributes in COLLECTIONS:
        for customer, whose in ((1, ACCOUNT), (2, account)):
            document = order(path, attributes, whose)
            statuses = [strict.post(path, document, customer).status_code for _ in range(MOST + 1)]
            assert statuses == [201] * MOST + [429]


def test_orders_that_no_runner_takes_do_not_count(strict: Service) -> None:
    for path, model, attributes in COLLECTIONS:
        with Session(strict.engine) as session, session.begin():
            id_ = strict.post(path, order(path, attributes)).json()["data"]["id"]
            never = datetime(9999, 12, 31, tzinfo=UTC)
            session.execute(sa.update(model).where(model.id == id_).values(claimed_until=never))
        statuses = [strict.post(path, order(path, attributes)).status_code for _ in range(MOST + 1)]
        assert statuses == [201] * MOST + [429]


def test_without_a_budget_any_number_may_wait(empty: sa.Engine) -> None:
    with service_of(empty, apis=[customer_api(waiting=None), did_api(waiting=None)]) as service:
        for path, _, attributes in COLLECTIONS:
            statuses = {service.post(path, order(path, attributes)).status_code for _ in range(MOST + 1)}
            assert statuses == {201}


def test_what_waits_is_counted_by_an_index_of_its_own(empty: sa.Engine) -> None:
    sent: list[tuple[str, Any]] = []
    sa.event.listen(empty, "before_cursor_execute", lambda *told: sent.append((told[2], told[3])))
    for (_, model, _), statuses in zip(COLLECTIONS, (CAPITALIZED, CAPITALIZED, LOWER_CASE), strict=True):
        with Session(empty) as session:
            Budget(1, statuses).check(session, model, 1)
            with pytest.raises(QueryErrors):
                Budget(0, statuses).check(session, model, 1)
        sql, values = sent[-1]
        with empty.connect() as connection:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert any(f"{model.__tablename__}_to_do_of_customer" in step.split() for step in plan), plan


def test_where_nothing_may_wait_nobody_is_told_to_order_later(empty: sa.Engine) -> None:
    with service_of(empty, apis=[customer_api(waiting=0), did_api(waiting=0)]) as service:
        for path, _, attributes in COLLECTIONS:
            (error,) = errors_of(service.post(path, order(path, attributes)), 429)
            assert (error["detail"], error["meta"]) == ("No exports are taken at present.", {"limit": 0})


@pytest.mark.parametrize(("api", "root"), [(customer_api(), ROOT), (did_api(), "/v3"), (customer_api(waiting=0), ROOT)])
def test_orders_alone_are_described_as_refused_for_a_budget(api: Any, root: str) -> None:
    document = describe(api)
    refusing = {
        (path, method)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters" and "429" in operation["responses"]
    }
    assert refusing == {(path, "post") for path, _, _ in COLLECTIONS if path.startswith(root)}
    described = document["components"]["responses"]["errors.429"]
    assert described["description"] == "Too Many Requests"
    assert "{'enum': ['exports-limit']}" in str(described)
