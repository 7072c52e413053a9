"""A customer cannot tell rows of somebody else from rows that do not exist, whatever it asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jsonapi_sieve import Field
from jsonapi_sieve.cdr.models import CdrExport
from jsonapi_sieve.declaration import CONNECTIVES, Parameter
from jsonapi_sieve.names import spell
from jsonapi_sieve.trees import key_of
from tests.service.running import ROOT
from tests.service.worlds import (
    COLLECTIONS,
    CUSTOMER,
    OTHER,
    Collection,
    Worlds,
    same_but_for,
    text_for,
    written,
)

ACCOUNTS = next(collection for collection in COLLECTIONS if collection.path == f"{ROOT}/accounts")
NAMING = [
    (collection, parameter)
    for collection in COLLECTIONS
    for parameter in collection.endpoint.resource.filters.parameters
    if parameter.field.name in {"id", "account_id"}
    and not parameter.path
    and parameter.operator.name in {"eq", "not_eq", "in", "not_in"}
]
FIELDS = [(collection, field) for collection in COLLECTIONS for field in collection.endpoint.resource.filters.fields]
each_collection = pytest.mark.parametrize("collection", COLLECTIONS, ids=[each.path for each in COLLECTIONS])
each_field = pytest.mark.parametrize(
    ("collection", "field"), FIELDS, ids=[f"{each.path} {field.name}" for each, field in FIELDS]
)


@each_collection
def test_the_worlds_differ_for_the_other(worlds: Worlds, collection: Collection) -> None:
    for service, total in ((worlds.crowded, len(collection.values("id", OTHER))), (worlds.deserted, 0)):
        assert total in worlds.ask(service, collection.path, OTHER).json()["meta"].values()


# Identifiers


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"])
@each_collection
def test_a_foreign_address_is_one_of_nothing(worlds: Worlds, collection: Collection, method: str) -> None:
    (foreign, *_), nothing = collection.ids(OTHER), collection.no_id
    queries = [
        "",
        "?include=account",
        "?include=",
        f"?fields[{collection.endpoint.resource.type}]=",
        "?sort=id",
        "?%FF",
    ]
    for address, query in product(collection.addresses(foreign), queries):
        asked = [f"{address}{query}", f"{address.replace(foreign, nothing)}{query}"]
        one, other = (worlds.ask(worlds.crowded, path, method=method) for path in asked)
        assert one.status_code in {400, 403, 404, 405}
        assert same_but_for(one, other, foreign, nothing)
    assert worlds.ask(worlds.crowded, f"{collection.path}/{foreign}", OTHER).status_code == 200


@pytest.mark.parametrize(("collection", "parameter"), NAMING, ids=[f"{each.path} {name.key}" for each, name in NAMING])
def test_a_filter_by_a_foreign_identifier_is_one_by_nothing(
    worlds: Worlds, collection: Collection, parameter: Parameter
) -> None:
    named = collection if parameter.field.name == "id" else ACCOUNTS
    (foreign, *_), nothing = named.ids(OTHER), named.no_id
    one, other = (worlds.same(f"{collection.path}?{parameter.key}={each}") for each in (foreign, nothing))
    assert one.status_code == 200
    assert same_but_for(one, other, foreign, nothing)


def new(account: str, **attributes: Any) -> dict[str, Any]:
    linkage = {"account": {"data": {"type": "accounts", "id": account}}}
    return {"type": "cdr-exports", "attributes": {"filters": {}, **attributes}, "relationships": linkage}


BODIES: list[tuple[int, Callable[[str], dict[str, Any]]]] = [
    (404, new),
    (404, lambda account: new(account) | {"meta": {}}),
    (400, lambda account: new(account, filters={"duration_eq": "x"})),
    (400, lambda account: new(account, status="Pending")),
    (409, lambda account: new(account) | {"type": "cdrs"}),
    (403, lambda account: new(account) | {"id": account}),
    (400, lambda account: new(account) | {"attributes": []}),
    (422, lambda account: new(account) | {"relationships": {"account": {"data": {"type": "cdrs", "id": account}}}}),
    (
        422,
        lambda account: new(account) | {"relationships": {"account": {"data": [{"type": "accounts", "id": account}]}}},
    ),
]


@pytest.mark.parametrize("query", ["", "?include=account", "?fields[accounts]=name", "?sort=status"])
@pytest.mark.parametrize(("status", "body"), BODIES)
def test_an_export_of_a_foreign_account_is_one_of_none(
    worlds: Worlds, status: int, body: Callable[[str], dict[str, Any]], query: str
) -> None:
    foreign, nothing = ACCOUNTS.ids(OTHER)[0], ACCOUNTS.no_id
    before = count_of_exports(worlds)
    documents = (json.dumps({"data": body(account)}).encode() for account in (foreign, nothing))
    path = f"{ROOT}/cdr-exports{query}"
    one, other = (worlds.ask(worlds.crowded, path, method="POST", body=document) for document in documents)
    assert one.status_code == status
    assert same_but_for(one, other, foreign, nothing)
    assert count_of_exports(worlds) == before


def count_of_exports(worlds: Worlds) -> int:
    with Session(worlds.crowded.engine) as session:
        return session.scalar(select(func.count()).select_from(CdrExport)) or 0


# Everything else that can be asked


@each_field
def test_no_filter_by_foreign_values_tells_the_worlds_apart(
    worlds: Worlds, collection: Collection, field: Field[Any]
) -> None:
    theirs = collection.values(field.name, OTHER)
    parameters = [each for each in collection.endpoint.resource.filters.parameters if each.field is field]
    queries = [
        written((parameter.key, text_for(parameter, theirs or collection.values(field.name, CUSTOMER))))
        for parameter in parameters
    ]
    assert worlds.ask(worlds.crowded, f"{collection.path}?{queries[0]}", OTHER).json()["data"] or not theirs
    for query in queries:
        assert worlds.same(f"{collection.path}?{query}&page[size]=2").status_code == 200


RELATED = [
    (collection, parameter)
    for collection in COLLECTIONS
    for parameter in collection.endpoint.resource.filters.parameters
    if parameter.path
]


@pytest.mark.parametrize(
    ("collection", "parameter"), RELATED, ids=[f"{each.path} {name.key}" for each, name in RELATED]
)
def test_no_filter_through_a_relationship_tells_the_worlds_apart(
    worlds: Worlds, collection: Collection, parameter: Parameter
) -> None:
    text = text_for(parameter, collection.values_of(parameter, OTHER))
    keys = [parameter.key]
    if collection.endpoint.resource.filters._declaration.groups:
        keys += [key_of(parameter, ((connective, 1),)) for connective in CONNECTIVES]
    for key in keys:
        assert worlds.same(f"{collection.path}?{written((key, text))}&page[size]=2").status_code == 200


@each_collection
def test_no_order_tells_the_worlds_apart(worlds: Worlds, collection: Collection) -> None:
    sort = collection.endpoint.resource.sort
    assert sort is not None
    for name, sign in product(sort.names, ("", "-")):
        query = f"sort={sign}{spell(name, sort.style)}&page[size]=25&fields[{collection.endpoint.resource.type}]="
        assert worlds.same(f"{collection.path}?{query}").status_code == 200


@each_collection
def test_no_page_tells_the_worlds_apart(worlds: Worlds, collection: Collection) -> None:
    for size, number in product((1, 7, 1000), (1, 2, 3, 25, 2**31 - 1)):
        assert worlds.same(f"{collection.path}?page[size]={size}&page[number]={number}").status_code == 200


@each_collection
def test_no_document_tells_the_worlds_apart(worlds: Worlds, collection: Collection) -> None:
    paths = [
        collection.path,
        *(address for own in collection.ids(CUSTOMER)[:3] for address in collection.addresses(own)),
    ]
    kind, relationships = collection.endpoint.resource.type, collection.endpoint.resource.schema.relationships
    for path in paths:
        assert worlds.same(path).status_code == 200
    for query in [f"fields[{kind}]=", "fields[accounts]=name", f"include={','.join(relationships)}", "include="]:
        for path in paths[:2]:
            worlds.same(f"{path}?{query}")
