"""Pages by cursor where declared defaults count from the clock: all pages of a walk have the moment of the first."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from marshmallow_jsonapi import Schema, fields

from jsonapi_sieve import Default, Field, FilterSet, Rule, Sort, ToMany, ToOne, types
from jsonapi_sieve.paging import CursorPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.trees import without_defaults

BEGUN = datetime(2026, 1, 2, tzinfo=UTC)
LATER = BEGUN + timedelta(hours=6)


class CallSchema(Schema):
    id = fields.Str()

    class Meta:
        type_ = "calls"


class AccountFilters(FilterSet):
    opened = Field(types.Timestamp())
    balance = Field(types.Integer(32))


class CallFilters(FilterSet, groups=True):
    started = Field(types.Timestamp())
    account = ToOne(AccountFilters)
    accounts = ToMany(AccountFilters)


def listing(*rules: Rule) -> Resource:
    class Ruled(CallFilters):
        pass

    Ruled.rules = rules
    pages = CursorPages("a secret of at least thirty-two bytes")
    return Resource(CallSchema, filters=Ruled(), sort=Sort("id", default="id"), pages=pages)


def cursor(calls: Resource, query: str, now: datetime) -> str:
    read = calls.parse(f"{query}&page[size]=1", now=now)
    document: dict[str, Any] = json.loads(calls.render([{"id": 1}, {"id": 2}], read, url="/calls"))
    link: str = document["links"]["next"]
    return link.partition("page%5Bafter%5D=")[2].partition("&")[0]


def day(moment: datetime) -> datetime:
    return moment - timedelta(days=1)


@pytest.mark.parametrize("name", ["started_gteq", "account.opened_gteq", "accounts_all.opened_gteq"])
@pytest.mark.parametrize("query", ["", "filter[account.balance-gt]=0&filter[accounts-none.balance-gt]=9"])
def test_defaults_count_from_the_moment_at_which_a_walk_began(name: str, query: str) -> None:
    calls = listing(Default(name, day))
    first = calls.parse(query, now=BEGUN)
    second = calls.parse(f"{query}&page[after]={cursor(calls, query, BEGUN)}", now=LATER)
    assert second.predicate == first.predicate != calls.parse(query, now=LATER).predicate


def test_without_a_default_the_same_request_has_the_same_cursors_at_all_times() -> None:
    calls = listing()
    assert cursor(calls, "filter[started-gt]=2026-01-01", BEGUN) == cursor(
        calls, "filter[started-gt]=2026-01-01", LATER
    )


def test_what_a_client_asked_for_is_what_is_left_without_defaults() -> None:
    ruled = listing(
        Default("started_gteq", day), Default("account.opened_gteq", day), Default("accounts_all.opened_gteq", day)
    )
    query = (
        "filter[account.balance-gt]=0&filter[accounts-none.balance-gt]=9&filter[and][1][or][1][started-gt]=2026-01-01"
    )
    assert without_defaults(ruled.filters.parse(query)) == CallFilters().parse(query)
    assert without_defaults(ruled.filters.parse("")) == CallFilters().parse("")
