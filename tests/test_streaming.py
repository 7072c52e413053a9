"""A listing in pieces: the same bytes as in one, read as they are asked for."""

import itertools
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import post_dump
from marshmallow_jsonapi import Schema, fields

from jsonapi_sieve import Sort
from jsonapi_sieve.document import TopLevel
from jsonapi_sieve.paging import CursorPages, NumberedPages
from jsonapi_sieve.resource import Resource

URL = "https://example.org/calls?page[size]=2"


class AccountSchema(Schema):
    id = fields.Str()

    class Meta:
        type_ = "accounts"


class CallSchema(Schema):
    id = fields.Str()
    duration = fields.Int()
    account = fields.Relationship(attribute="account_id", type_="accounts", schema=AccountSchema)

    class Meta:
        type_ = "calls"


class HookedSchema(CallSchema):
    @post_dump
    def mark(self, data: Any, **_: Any) -> Any:
        return data | {"duration": -1}


def rows(count: int) -> list[Any]:
    account = SimpleNamespace(id=7)
    return [SimpleNamespace(id=number, duration=number, account_id=7, account=account) for number in range(count)]


def make(**options: Any) -> Resource:
    return Resource(**{"schema": CallSchema, "sort": Sort("duration"), "include": ("account",), **options})


@pytest.mark.parametrize(
    ("resource", "text", "total"),
    [
        (make(), "", None),
        (make(), "", 9),
        (make(), "include=account", None),
        (make(), "fields[calls]=duration", None),
        (make(schema=HookedSchema), "", None),
        (make(pages=NumberedPages()), "page[size]=1000", 5000),
        (make(pages=NumberedPages(), counting="none"), "page[size]=600", None),
        (make(pages=CursorPages(secret=b"0" * 32)), "page[size]=600", 5000),
        (make(pages=CursorPages(secret=b"0" * 32, item_cursors=True)), "page[size]=600&include=account", None),
        (make(top_level=TopLevel(version="1.1", self_link=True)), "", None),
    ],
)
@pytest.mark.parametrize("count", [0, 1, 600])
def test_the_pieces_are_those_of_the_whole_document(
    resource: Resource, text: str, total: int | None, count: int
) -> None:
    query, found = resource.parse(text), rows(count)
    whole = resource.render(found, query, url=URL, total=total, meta={"own": 1})
    pieces = list(resource.stream(iter(found), query, url=URL, total=total, meta={"own": 1}))
    assert b"".join(pieces) == whole
    assert {bytes} == {type(whole), *map(type, pieces)}


def test_rows_are_read_as_pieces_are_asked_for() -> None:
    read = itertools.count()

    def endless() -> Iterator[object]:
        return ({"id": number, "duration": 1, "account_id": 7} for number in read)

    resource = make()
    pieces = resource.stream(endless(), resource.parse(""), url=URL)
    assert next(pieces) == b'{"data":['
    assert next(read) == 0
    assert next(pieces).startswith(b'{"id":"1"')
    first = next(read)
    assert next(pieces).startswith(b',{"id":"')
    assert next(read) == 2 * first


def test_what_cannot_be_shown_is_raised_where_it_is_met() -> None:
    resource = make()
    found = [*({"id": number, "duration": 1, "account_id": 7} for number in range(600)), {"id": None}]
    pieces = resource.stream(found, resource.parse(""), url=URL)
    assert len(list(itertools.islice(pieces, 2))) == 2
    with pytest.raises(ValueError, match="has no id"):
        next(pieces)
