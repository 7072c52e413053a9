"""The project's own service keeps all that JSON:API 1.1 demands; what it does not follow or show has a reason here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from jsonapi_sieve.cdr.models import Account
from jsonapi_sieve.service import create_app, customer_api, did_api
from jsonapi_sieve.testing import RULES
from jsonapi_sieve.testing.conformance import Collection, Description, Report, check
from tests.service.running import ROOT, TOKENS, new_database

# Its documents have the members of the published examples.
_NOT_AS_RECOMMENDED: Final = {
    "DOC-15": "calls show auth-orig-transport-protocol-id beside the relationship",
    "REC-01": "names are dasherized",
    "REC-04": "listings have links to pages and none to themselves",
}

_NOTHING_CHANGES: Final = dict.fromkeys(
    ("UPD-01", "UPD-02", "UPD-03", "UPD-04", "UPD-05", "REL-01", "REL-02", "REL-03", "REL-04", "REL-05"),
    "nothing that exists is changed",
)
_NO_CURSORS: Final = {rule: "pages are numbered" for rule in RULES if rule.startswith("CUR-")}
_SKIPPED: Final = {
    **_NOTHING_CHANGES,
    **_NO_CURSORS,
    "CN-03": "it has no profiles",
    "CN-04": "it has no profiles",
    "CN-10": "it has no profiles",
    "DOC-07": "its listings have no link to themselves",
    "DOC-11": "clients name no resource by a lid, for each request creates one",
    "DOC-19": "linkage has no pages",
    "DOC-24": "its documents do not say of which version they are",
    "DOC-27": "it has no extensions",
    "LNK-02": "all links are texts",
    "LNK-03": "all links are texts",
    "MEM-03": "it is MEM-02 in other words",
    "QRY-02": "how commas are read is said in the documents",
    "QRY-08": "it registers no parameters",
    "FLD-04": "what types that are not named show is said in the documents",
    "SRT-05": "it sorts by attributes of its own resources",
    "FIL-04": "it filters by attributes of its own resources",
    "FIL-05": "its filters have no groups",
    "ERR-11": "errors have no pages of their own",
    "ERR-12": "what errors tell machines is said in the documents",
    "CRE-08": "what is created is created at once",
    "CRE-12": "collections that only read answer with 405",
    "REC-03": "it filters by attributes of its own resources",
    "REC-05": "there is no PATCH",
    "REC-07": "an export is a resource of its own from the beginning",
}
_NO_RELATIONSHIPS: Final = dict.fromkeys(
    (
        *("DOC-04", "DOC-15", "DOC-16", "DOC-17", "DOC-18", "DOC-21", "DOC-22", "FET-04", "INC-02", "INC-03"),
        *("INC-04", "INC-05", "INC-06", "INC-07", "FLD-06", "REL-06", "CRE-01", "CRE-03", "CRE-09"),
    ),
    "there are no relationships",
)
_NO_LINKS: Final = dict.fromkeys(
    ("DOC-20", "LNK-04", "PAG-01", "REC-02"), "the published documents of orders have no links"
)
_NO_ORDER: Final = {"SRT-02": "a status is a word, and in what order words are is the server's choice"}
_NO_FILTERS: Final = {"FIL-01": "one of the collections has no filters, and the other no orders until one is sent"}


def _customer_description(account: str) -> Description:
    linked = {"account": {"data": {"type": "accounts", "id": account}}}
    order = {"type": "cdr-exports", "attributes": {"filters": {"duration_gteq": 60}}, "relationships": linked}
    return Description(
        (
            Collection(
                "/cdr-exports",
                type="cdr-exports",
                filters=("filter[status-eq]=Pending", "filter[status-not-eq]=Failed"),
                empty="filter[rows-count-eq]=2147483647",
                sort=("rows-count", "created-at", "status"),
                include=("account",),
                to_one=("account",),
                pages="numbered",
                create={"data": order},
            ),
            Collection(
                "/cdrs",
                type="cdrs",
                filters=("filter[success-eq]=true", "filter[duration-gt]=60"),
                empty="filter[duration-gt]=2147483646",
                sort=("duration", "time-start"),
                include=("account", "auth-orig-transport-protocol"),
                to_one=("account", "auth-orig-transport-protocol"),
                pages="numbered",
            ),
            Collection("/accounts", type="accounts", sort=("name", "balance"), pages="numbered"),
            Collection("/transport-protocols", type="transport-protocols", sort=("name",), pages="numbered"),
        ),
        base=ROOT,
        headers={"Authorization": TOKENS.issue("customer-v1", 1)},
    )


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = new_database(tmp_path_factory.mktemp("conformance"), count=200)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def customers(database: Engine) -> Report:
    with Session(database) as session:
        account = session.scalars(sa.select(Account.id).where(Account.customer_id == 1)).first()
    return check(create_app(database, TOKENS, [customer_api()]), _customer_description(str(account)))


@pytest.fixture(scope="module")
def numbers(database: Engine) -> Report:
    month = {"type": "cdr_exports", "attributes": {"filters": {"year": "2026", "month": "1"}}}
    since = {"from": "2026-01-01", "to": "2026-02-01"}
    newer = {"type": "exports", "attributes": {"export_type": "cdr_in", "filters": since}}
    described = (
        Collection(
            "/cdr_exports",
            type="cdr_exports",
            sort=("status", "created_at"),
            pages="numbered",
            create={"data": month},
        ),
        Collection(
            "/exports",
            type="exports",
            filters=("filter[status]=pending", "filter[export_type]=cdr_in"),
            empty="filter[created_at_lteq]=2000-01-01",
            sort=("created_at", "status", "external_reference_id"),
            pages="numbered",
            create={"data": newer},
        ),
    )
    description = Description(described, base="/v3", headers={"Api-Key": TOKENS.issue("did-v3", 1)})
    return check(create_app(database, TOKENS, [did_api()]), description)


def test_the_api_of_customers_passes(customers: Report) -> None:
    assert customers.passes(), str(customers)
    assert customers.broken <= _NOT_AS_RECOMMENDED.keys(), str(customers)


def test_each_rule_that_is_not_looked_at_has_a_reason(customers: Report) -> None:
    assert customers.skipped.keys() == _SKIPPED.keys(), str(customers)


def test_the_api_of_numbers_passes(numbers: Report) -> None:
    assert numbers.passes(), str(numbers)
    assert numbers.broken <= _NOT_AS_RECOMMENDED.keys(), str(numbers)


def test_where_orders_have_no_relationships_more_rules_have_nothing_to_look_at(numbers: Report) -> None:
    reasons = _SKIPPED | _NO_RELATIONSHIPS | _NO_LINKS | _NO_ORDER | _NO_FILTERS
    assert numbers.skipped.keys() <= reasons.keys(), str(numbers)
