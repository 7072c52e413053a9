"""A customer cannot tell rows of somebody else from rows that do not exist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.event import listen, remove
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.models import Account, Cdr, CdrExport, DidCdrExport
from tests.service.running import ROOT, Service, errors_of, new_database, service_of

ACCOUNT = "aa3432e2-a26e-11ef-a008-0242ac120003"
COLLECTIONS: list[tuple[str, Any, str]] = [
    (f"{ROOT}/cdrs", Cdr, "99999999"),
    (f"{ROOT}/cdr-exports", CdrExport, "00000000-0000-4000-8000-000000000000"),
    (f"{ROOT}/accounts", Account, "00000000-0000-4000-8000-000000000000"),
    ("/v3/cdr_exports", DidCdrExport, "00000000-0000-4000-8000-000000000000"),
]


def id_of(service: Service, model: Any, customer: int) -> str:
    with Session(service.engine) as session:
        return str(session.scalars(select(model.id).where(model.customer_id == customer).limit(1)).one())


@pytest.mark.rule("FET-03", "FET-04")
@pytest.mark.parametrize(("path", "model", "unknown"), COLLECTIONS, ids=[path for path, _, _ in COLLECTIONS])
def test_a_row_of_somebody_else_is_one_that_does_not_exist(
    service: Service, path: str, model: Any, unknown: str
) -> None:
    for customer, other in ((1, 2), (2, 1)):
        own, foreign = (id_of(service, model, of) for of in (customer, other))
        assert service.get(f"{path}/{own}", customer).status_code == 200
        suffixes = ["", "?include=account", "/account", "/relationships/account", "?nothing=1"]
        for suffix in suffixes if model in (Cdr, CdrExport) else suffixes[:1]:
            answers = [service.get(f"{path}/{id_}{suffix}", customer) for id_ in (foreign, unknown)]
            assert answers[0].status_code == (400 if "nothing" in suffix else 404)
            assert answers[0].text.replace(foreign, unknown) == answers[1].text


@pytest.mark.parametrize("customer", [1, 2])
def test_listings_show_and_count_own_rows_only(service: Service, customer: int) -> None:
    with Session(service.engine) as session:
        for path, model, _ in COLLECTIONS:
            own = {str(id_) for id_ in session.scalars(select(model.id).where(model.customer_id == customer))}
            query = "filter[time-start-gteq]=2000-01-01&" if model is Cdr else ""
            document = service.get(f"{path}?{query}page[size]=1000", customer).json()
            shown = {resource["id"] for resource in document["data"]}
            assert shown <= own
            assert len(shown) == min(len(own), 1000)
            assert len(own) in document["meta"].values()


def test_no_filter_finds_rows_of_somebody_else(service: Service) -> None:
    foreign = id_of(service, Cdr, 2)
    account = id_of(service, Account, 2)
    for query in (
        f"filter[id]={foreign}",
        f"filter[id-not-eq]=0&filter[account-id-eq]={account}&filter[time-start-gteq]=2000-01-01",
    ):
        document = service.get(f"{ROOT}/cdrs?{query}").json()
        assert (document["data"], document["meta"]) == ([], {"total-count": 0})
        assert service.get(f"{ROOT}/cdrs?{query}", 2).json()["meta"]["total-count"] > 0


def test_a_row_cannot_lead_to_an_account_of_somebody_else(tmp_path: Path) -> None:
    engine = new_database(tmp_path, count=1)
    given_away = update(Account).where(Account.id == ACCOUNT).values(customer_id=2)
    with Session(engine) as session, pytest.raises(IntegrityError):
        session.execute(given_away)
    with engine.connect() as connection:  # nor is the account shown where the database has no such rule
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.execute(given_away)
        connection.commit()
    with service_of(engine) as service:
        assert service.get(f"{ROOT}/cdrs/8/account").json() == {"data": None}
        assert service.get(f"{ROOT}/cdrs/8/relationships/account").json()["data"] is None
        own = service.get(f"{ROOT}/cdrs?filter[id]=8").json()
        assert own["meta"]["total-count"] == 1
        for query in ("filter[account.name-not-eq]=x", "filter[or][1][account.name-not-eq]=x"):
            found = service.get(f"{ROOT}/cdrs?filter[id]=8&{query}").json()
            assert (found["data"], found["meta"]["total-count"]) == ([], 0)
        assert service.get(f"{ROOT}/accounts?filter[cdrs.time-start-gt]=2000-01-01", 2).json()["data"] == []
        for path in (f"{ROOT}/cdrs/8", f"{ROOT}/cdrs?filter[id]=8", f"{ROOT}/cdr-exports"):
            document = service.get(f"{path}{'&' if '?' in path else '?'}include=account").json()
            assert document["data"]
            # Linkage beside what is included asks nobody, and names what the rule would make impossible.
            assert ACCOUNT not in [resource["id"] for resource in document["included"]]
    engine.dispose()


def test_transport_protocols_are_everybodys(service: Service) -> None:
    answers = {service.get(f"{ROOT}/transport-protocols", customer).text for customer in (1, 2, 3)}
    assert len(answers) == 1
    errors_of(service.get(f"{ROOT}/transport-protocols/99"), 404)


@pytest.mark.rule("DOC-17", "DOC-18", "FET-02", "FET-04")
def test_a_relationship_that_leads_nowhere_is_null(tmp_path: Path) -> None:
    engine = new_database(tmp_path, count=1)
    with Session(engine) as session, session.begin():
        session.get_one(Cdr, 8).auth_orig_transport_protocol_id = None
    path = f"{ROOT}/cdrs/8"
    with service_of(engine) as service:
        assert service.get(f"{path}/auth-orig-transport-protocol").json() == {"data": None}
        assert service.get(f"{path}/relationships/auth-orig-transport-protocol").json()["data"] is None
        assert service.get(f"{path}?include=auth-orig-transport-protocol").json()["included"] == []
    engine.dispose()


def test_related_resources_are_what_their_own_address_shows(service: Service) -> None:
    cdr = service.get(f"{ROOT}/cdrs/8").json()["data"]
    for relationship in cdr["relationships"].values():
        related = service.get(relationship["links"]["related"].removeprefix(service.url)).json()
        linkage = service.get(relationship["links"]["self"].removeprefix(service.url)).json()
        assert linkage["data"] == {name: related["data"][name] for name in ("type", "id")}
        assert linkage["links"] == relationship["links"]
        assert service.get(related["data"]["links"]["self"].removeprefix(service.url)).json() == related


def test_a_customer_has_one_statement_for_each_shape(service: Service) -> None:
    sent: list[Any] = []

    def note(_: Any, statement: Any, *__: Any) -> None:
        sent.append(statement)

    listen(service.engine, "before_execute", note)
    for customer, status in ((1, "Completed"), (2, "Completed"), (1, "Failed"), (2, "Failed")):
        service.get(f"{ROOT}/cdr-exports?filter[status-eq]={status}", customer)
    remove(service.engine, "before_execute", note)
    counts_and_pages = [statement for statement in sent if "cdr_exports" in str(statement)]
    assert len(counts_and_pages) == 8
    assert len(set(counts_and_pages)) == 4
