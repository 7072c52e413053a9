"""What is hidden from a client is for it as if it were not declared: wherever it asks, and whatever it sends along.

Each request is answered by two resources: one that has more than this client may see, and one without it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from marshmallow_jsonapi import Schema, fields

from jsonapi_sieve import Field, FilterSet, QueryErrors, Sort, ToMany, ToOne, types
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.paging import CursorPages
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.serialization import Relationship

NOW = datetime(2026, 1, 2, tzinfo=UTC)
HIDDEN = frozenset({"secret", "keeper", "pin", "notes"})


class PersonSchema(Schema):
    id = fields.Str()
    nick = fields.Str()

    class Meta:
        type_ = "people"


class OpenAccountSchema(Schema):
    id = fields.Str()
    name = fields.Str()

    class Meta:
        type_ = "accounts"


class AccountSchema(OpenAccountSchema):
    pin = fields.Str()

    class Meta:
        type_ = "accounts"


class OpenCallSchema(Schema):
    id = fields.Str()
    duration = fields.Int()
    account = Relationship(
        type_="accounts", schema=OpenAccountSchema, attribute="account", include_resource_linkage=True
    )

    class Meta:
        type_ = "calls"


class CallSchema(OpenCallSchema):
    secret = fields.Int()
    account = Relationship(type_="accounts", schema=AccountSchema, attribute="account", include_resource_linkage=True)
    keeper = Relationship(type_="people", schema=PersonSchema, attribute="keeper", include_resource_linkage=True)

    class Meta:
        type_ = "calls"


class PersonFilters(FilterSet):
    nick = Field(types.Text())


class OpenAccountFilters(FilterSet):
    name = Field(types.Text())


class AccountFilters(OpenAccountFilters):
    pin = Field(types.Text())


class OpenCallFilters(FilterSet, groups=True):
    duration = Field(types.Integer(32))
    account = ToOne(OpenAccountFilters)


class CallFilters(OpenCallFilters):
    secret = Field(types.Integer(32), bare="eq")
    account = ToOne(AccountFilters)
    keeper = ToOne(PersonFilters)
    notes = ToMany(PersonFilters)


PAGES = CursorPages("a secret of at least thirty-two bytes", default=2, maximum=5)
WHOLE = Resource(
    CallSchema,
    filters=CallFilters(),
    sort=Sort("duration", "secret", "account.name", "account.pin", "keeper.nick", default=("secret", "duration")),
    pages=PAGES,
    include=("account", "keeper"),
)
OPEN = Resource(
    OpenCallSchema,
    filters=OpenCallFilters(),
    sort=Sort("duration", "account.name", default="duration"),
    pages=PAGES,
    include=("account",),
)
PEOPLE = [{"id": 1, "nick": "ann"}, {"id": 2, "nick": "bob"}]
ACCOUNTS = [{"id": 7, "name": "north", "pin": "1234"}, {"id": 8, "name": "south", "pin": "9876"}]
ROWS: list[Any] = [
    {
        "id": number,
        "duration": number % 3,
        "secret": 424200 - number,
        "account": ACCOUNTS[number % 2],
        "keeper": PEOPLE[number % 2],
        "notes": PEOPLE[: number % 3],
    }
    for number in range(1, 4)
]


def visible(name: str) -> bool:
    return name not in HIDDEN


def answer(resource: Resource, query: str, *, restricted: bool) -> tuple[int, bytes]:
    """Answer a request for a listing, of which all rows fit a page, with what the client may see."""
    try:
        read = resource.parse(query, now=NOW, visible=visible if restricted else None)
    except QueryErrors as errors:
        return errors.status, resource.render_errors(errors)
    rows = compile_python(read.predicate).select(ROWS)
    return 200, resource.render(rows, read, url=f"http://example.org/calls?{query}")


def cursor_of(query: str) -> str:
    """Give the cursor of the first item for somebody who sees everything."""
    read = WHOLE.parse(query)
    document = json.loads(WHOLE.render(ROWS, read, url=f"http://example.org/calls?{query}"))
    after: str = document["links"]["next"]
    return after.partition("page%5Bafter%5D=")[2].partition("&")[0]


NAMES = ["secret", "keeper", "account.pin", "keeper.nick", "notes", "madeup", "account.madeup", "madeup.nick"]
PLACES = [
    *("filter[{}]=1", "filter[{}-eq]=1", "filter[{}-eq]=x", "filter[{}-in]=1,,", "filter[{}-none.nick-eq]=a"),
    *("filter[or][1][{}-eq]=1&filter[or][2][duration-eq]=1", "filter[not][1][{}]=1", "filter[or][1][{}.nick-cont]=a"),
    *("sort={}", "sort=-{},duration", "sort=duration,-{}", "include={}", "include=account,{}", "include={}.account"),
    *("fields[calls]={}", "fields[calls]=duration,{}", "fields[accounts]={}&include=account", "fields[{}]=nick"),
    *("fields[people]=nick", "sort={}&page[size]=1", "filter[duration-gt]=0&filter[{}-gt]=0&sort={}&include={}"),
]


@pytest.mark.parametrize(("place", "name"), list(product(PLACES, NAMES)))
def test_what_is_hidden_is_answered_as_what_was_never_declared(place: str, name: str) -> None:
    query = place.replace("{}", name)
    assert answer(WHOLE, query, restricted=True) == answer(OPEN, query, restricted=False)


@pytest.mark.parametrize(
    "query", ["", "include=account", "sort=-duration", "filter[account.name-cont]=n&include=account", "page[size]=2"]
)
def test_what_may_be_seen_is_shown_as_if_there_were_no_more(query: str) -> None:
    status, body = answer(WHOLE, query, restricted=True)
    assert status == 200
    assert body == answer(OPEN, query, restricted=False)[1]
    for told in (b"secret", b"4242", b"keeper", b"pin", b"1234", b"9876", b"ann"):
        assert told not in body


@pytest.mark.parametrize(
    "query", ["sort=secret", "sort=keeper.nick", "filter[secret-gt]=0&sort=duration", "sort=duration"]
)
def test_a_cursor_of_somebody_who_sees_more_opens_nothing(query: str) -> None:
    replayed = f"{query}&page[after]={cursor_of(f'{query}&page[size]=1')}"
    assert answer(WHOLE, replayed, restricted=False)[0] == 200
    assert answer(WHOLE, replayed, restricted=True) == answer(OPEN, replayed, restricted=False)


@pytest.mark.parametrize("query", ["sort=duration", "sort=secret", "sort=-account.name", ""])
def test_orders_that_are_served_are_told_to_those_who_see_their_names(query: str) -> None:
    whole, still_open = (
        Resource(part.schema.schema, filters=part.filters, sort=part.sort, pages=CursorPages("a secret", sorts=sorts))
        for part, sorts in [(WHOLE, ("duration", "secret", "-account.pin,duration")), (OPEN, ("duration",))]
    )
    assert answer(whole, query, restricted=True) == answer(still_open, query, restricted=False)


def test_a_made_up_name_gets_the_same_answer_but_for_the_name() -> None:
    for place, (hidden, made_up) in product(PLACES, [("secret", "zqxjwk"), ("keeper", "zqxjwk")]):
        if "{}" in place:
            told = answer(WHOLE, place.replace("{}", hidden), restricted=True)
            other = answer(WHOLE, place.replace("{}", made_up), restricted=True)
            assert told[0] == other[0]
            assert told[1].replace(hidden.encode(), b"?") == other[1].replace(made_up.encode(), b"?")


class FlatCallSchema(Schema):
    id = fields.Str()
    duration = fields.Int()
    account_pin = fields.Str(attribute="account.pin")

    class Meta:
        type_ = "calls"


@pytest.mark.parametrize("hidden", ["account", "pin"])
def test_an_attribute_of_a_related_row_is_hidden_with_each_name_on_its_way(hidden: str) -> None:
    resource = Resource(FlatCallSchema)

    def visible(name: str) -> bool:
        return name != hidden

    document = json.loads(resource.render(ROWS, resource.parse("", visible=visible), url="http://example.org/calls"))
    assert [item["attributes"].keys() for item in document["data"]] == [{"duration"}] * 3
    with pytest.raises(QueryErrors, match="'account_pin' is no field of calls"):
        resource.parse("fields[calls]=account_pin", visible=visible)
    body = b'{"data": {"type": "calls", "attributes": {"account_pin": "1"}}}'
    assert resource.load(body) == {"account": {"pin": "1"}}
    with pytest.raises(QueryErrors, match="'account_pin' is none of the attributes of calls"):
        resource.load(body, visible=visible)


@pytest.mark.parametrize(
    ("part", "member", "value"),
    [
        ("attributes", "secret", 9),
        ("attributes", "secret", "x"),
        ("relationships", "keeper", {"data": {"type": "people", "id": "1"}}),
        ("relationships", "keeper", {"data": {"type": "accounts", "id": "1"}}),
    ],
)
def test_what_is_hidden_can_not_be_written_either(part: str, member: str, value: object) -> None:
    body = json.dumps({"data": {"type": "calls", part: {member: value}}}).encode()
    documents = []
    for resource, seen in ((WHOLE, visible), (OPEN, None)):
        with pytest.raises(QueryErrors) as caught:
            resource.load(body, related={"account": str}, visible=seen)
        documents.append(resource.render_errors(caught.value))
    assert documents[0] == documents[1]
    assert b"unknown-member" in documents[0]
