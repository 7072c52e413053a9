from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import post_dump
from marshmallow_jsonapi import Schema, fields

from jsonapi_sieve.serialization import ResourceSchema
from jsonapi_sieve.testing import assert_document
from tests.serialization.samples import EXPORTS, OWNERS, URL, account, export, owner


def include(
    rows: list[Any], *paths: str, schema: ResourceSchema = EXPORTS, fields: dict[str, set[str]] | None = None
) -> tuple[Any, Any]:
    shown = fields or {}
    data = schema.dump(rows, url=URL, members=shown.get(schema.type))
    included = schema.include(data, rows, paths, url=URL, fields=shown)
    assert_document({"data": data, "included": included})
    return data, included


def identifiers(resources: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(resource["type"], resource["id"]) for resource in resources]


@pytest.mark.rule("DOC-22", "DOC-23", "INC-06")
def test_resources_come_once_with_full_linkage() -> None:
    shared = account("a", owner("x"))
    rows = [export("1", shared), export("2", account("a")), export("3")]
    data, included = include(rows, "bill_to", "bill_to.owner")
    linkages = [item["relationships"]["bill-to"]["data"] for item in data]
    assert linkages == [{"type": "accounts", "id": "a"}] * 2 + [None]
    assert list(data[0]["relationships"]["bill-to"]) == ["links", "data"]
    assert included == [
        {
            "id": "a",
            "type": "accounts",
            "links": {"self": "https://api.example.org/accounts/a"},
            "attributes": {"full-name": "account a"},
            "relationships": {"owner": {"data": {"type": "owners", "id": "x"}}},
        },
        {"id": "x", "type": "owners", "attributes": {"name": "owner x"}},
    ]


@pytest.mark.rule("INC-03")
def test_nothing_is_included_that_was_not_asked_for() -> None:
    _, included = include([export("1", account("a", owner("x")), seen_by=[owner("y")])], "bill_to")
    assert identifiers(included) == [("accounts", "a")]
    assert "relationships" not in included[0]
    assert include([], "bill_to") == ([], [])
    assert include([export("1", account("a"))])[1] == []


@pytest.mark.rule("DOC-17", "DOC-23")
def test_to_many_relationships_lead_to_all() -> None:
    x, y = owner("x"), owner("y")
    _, included = include([export("1", seen_by=[x, y]), export("2", seen_by=[y]), export("3", seen_by=None)], "seen_by")
    assert identifiers(included) == [("owners", "x"), ("owners", "y")]


@pytest.mark.rule("DOC-22", "DOC-23")
def test_what_is_primary_is_not_included_but_gets_its_linkage() -> None:
    x, y = owner("x"), owner("y")
    x.friends, y.friends = [y, x], [x, owner("z")]
    data, included = include([x, y], "friends", "friends.friends", schema=OWNERS)
    assert identifiers(included) == [("owners", "z")]
    assert [friend["id"] for friend in data[1]["relationships"]["friends"]["data"]] == ["x", "z"]


@pytest.mark.rule("DOC-22", "FLD-01", "FLD-02", "FLD-06")
def test_fields_restrict_included_resources_and_take_away_linkage() -> None:
    rows = [export("1", account("a", owner("x")))]
    data, included = include(rows, "bill_to", fields={"exports": {"status", "bill-to"}, "accounts": set()})
    assert data[0]["relationships"]["bill-to"]["data"] == {"type": "accounts", "id": "a"}
    assert list(included[0]) == ["id", "type", "links"]
    data = EXPORTS.dump(rows, url=URL, members={"status"})
    fields = {"exports": {"status"}, "accounts": {"full-name"}}
    included = EXPORTS.include(data, rows, ["bill_to", "bill_to.owner"], url=URL, fields=fields)
    assert "relationships" not in data[0]
    assert identifiers(included) == [("accounts", "a"), ("owners", "x")]
    assert "relationships" not in included[0]


def test_linkage_stands_before_meta() -> None:
    class NotedSchema(Schema):
        id = fields.Str()
        note = fields.ResourceMeta()
        friend = fields.Relationship(type_="owners", schema="AccountOwnerSchema")

        class Meta:
            type_ = "noted"

    row = SimpleNamespace(id="1", note={"a": 1}, friend=owner("x"))
    data, _ = include([row], "friend", schema=ResourceSchema(NotedSchema))
    assert list(data[0]) == ["id", "type", "relationships", "meta"]


def counted() -> tuple[ResourceSchema, list[str], list[str]]:
    """Make schemas that tell which instances of them are made, and which rows are dumped."""
    made: list[str] = []
    dumped: list[str] = []

    class Counted(Schema):
        id = fields.Str()

        def __init__(self, *args: Any, **options: Any) -> None:
            made.append(self.opts.type_)
            super().__init__(*args, **options)  # type: ignore[no-untyped-call]

        @post_dump
        def note(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
            dumped.append(data["id"])
            return data

        class Meta:
            type_ = "owners"
            register = False

    class CountedExports(Counted):
        first = fields.Relationship(type_="owners", schema=Counted)
        second = fields.Relationship(type_="owners", schema=Counted, many=True)

        class Meta:
            type_ = "exports"
            register = False

    return ResourceSchema(CountedExports), made, dumped


@pytest.mark.rule("DOC-23")
def test_shared_rows_are_dumped_once() -> None:
    schema, _, dumped = counted()
    x, y = owner("x"), owner("y")
    rows = [SimpleNamespace(id=id_, first=x, second=[x, y, x]) for id_ in "12"]
    _, included = include(rows, "first", schema=schema)
    assert (dumped, identifiers(included)) == (["1", "2", "x"], [("owners", "x")])
    dumped.clear()
    _, included = include(rows, "second", schema=schema)
    assert (dumped, identifiers(included)) == (["1", "2", "x", "y"], [("owners", "x"), ("owners", "y")])


def test_few_instances_are_made_of_schemas() -> None:
    schema, made, _ = counted()
    rows = [SimpleNamespace(id=id_, first=owner("x"), second=[owner("y")]) for id_ in "12"]
    include(rows, "first", "second", schema=schema)
    made.clear()
    include(rows, "first", "second", schema=schema)
    # One to dump the exports and one to ask what they lead to; of what they lead to, two for each relationship.
    assert (made.count("exports"), made.count("owners")) == (2, 4)


@pytest.mark.parametrize("path", ["status", "bill-to", "owner", "bill_to.friends", "__class__"])
def test_paths_of_no_relationships(path: str) -> None:
    rows = [export("1", account("a"))]
    with pytest.raises(KeyError, match=f"has no relationship '{path.rpartition('.')[2]}' with a schema"):
        EXPORTS.include(EXPORTS.dump(rows, url=URL), rows, [path], url=URL)


def test_rows_without_the_related_rows() -> None:
    rows = [{**vars(export("1")), "account_id": "a"}]
    del rows[0]["bill_to"]
    with pytest.raises(AttributeError, match="a dict has no 'bill_to', which ExportSchema needs"):
        EXPORTS.include(EXPORTS.dump(rows, url=URL), rows, ["bill_to"], url=URL)


@st.composite
def exports(draw: st.DrawFn) -> list[Any]:
    """Draw exports of a few accounts and owners, who have each other as friends; some rows are there twice."""
    ids = st.sampled_from("abc")
    owners = {id_: owner(id_) for id_ in "abc"}
    for each in owners.values():
        each.friends = [owners[id_] for id_ in draw(st.lists(ids, max_size=2, unique=True))]
    one: Callable[[], Any] = lambda: draw(st.none() | ids.map(owners.get))  # noqa: E731
    accounts = [account(id_, one()) for id_ in "abc"]
    accounts.append(account("a", accounts[0].owner))
    return [
        export(
            str(number),
            draw(st.none() | st.sampled_from(accounts)),
            seen_by=[owners[id_] for id_ in draw(st.lists(ids, max_size=2, unique=True))],
        )
        for number in range(draw(st.integers(0, 3)))
    ]


PATHS = ["bill_to", "bill_to.owner", "bill_to.owner.friends", "seen_by", "seen_by.friends"]


def reached(rows: list[Any], names: list[str]) -> set[tuple[str, str]]:
    """Follow a path by hand."""
    found = set()
    for name in names:
        values = [getattr(row, name) for row in rows]
        rows = [row for value in values if value is not None for row in (value if isinstance(value, list) else [value])]
        found |= {("accounts" if name == "bill_to" else "owners", row.id) for row in rows}
    return found


@pytest.mark.rule("DOC-22", "DOC-23", "INC-03", "INC-06")
@given(exports(), st.lists(st.sampled_from(PATHS), unique=True))
def test_all_that_paths_reach_is_included(rows: list[Any], paths: list[str]) -> None:
    _, included = include(rows, *paths)
    expected: set[tuple[str, str]] = set().union(*(reached(rows, path.split(".")) for path in paths))
    assert len(included) == len(expected)
    assert set(identifiers(included)) == expected


def test_of_rows_that_contradict_each_other_the_first_counts() -> None:
    rows = [export("1", account("a", owner("x"))), export("2", account("a", owner("y")))]
    _, included = include(rows, "bill_to", "bill_to.owner")
    assert identifiers(included) == [("accounts", "a"), ("owners", "x")]
