from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve.document import NewResource, encode, error_document, read_resource, single
from jsonapi_sieve.errors import QueryErrors
from jsonapi_sieve.limits import Limits
from tests.cpu import at_once
from tests.document.pointers import resolve

LIMITS = Limits()
MEBIBYTE = 1_048_576

# No mebibyte takes more than half a second, of which measuring coverage makes several.
SECONDS = 3

ACCOUNT = {"type": "accounts", "id": "7"}


def read(document: object, limits: Limits = LIMITS) -> NewResource:
    return read_resource(json.dumps(document).encode(), limits)


def faults(document: object, limits: Limits = LIMITS) -> list[tuple[str, str, str]]:
    """Give the code, the pointer and the detail of each fault."""
    with pytest.raises(QueryErrors) as raised:
        read(document, limits)
    assert raised.value.status == 400
    told = []
    for error in raised.value.errors:
        assert error.source == "pointer"
        assert error.at is not None
        resolve(error.at, document)
        told.append((error.code, error.at, error.detail))
    return told


def invalid(at: str, detail: str) -> tuple[str, str, str]:
    return ("invalid-document", at, detail)


def missing(at: str, name: str) -> tuple[str, str, str]:
    return ("missing-member", at, f"The member {name!r} is missing.")


def test_the_whole_of_a_resource() -> None:
    body = (
        b'{"data":{"type":"cdr-exports","attributes":{"filters":{"duration_gteq":0,"success_eq":true},"fee":0.10,'
        b'"price":0.10000000000000000001},"relationships":{"account":{"data":{"type":"accounts","id":"7"}}}}}'
    )
    assert read_resource(body, LIMITS) == NewResource(
        type="cdr-exports",
        id=None,
        attributes={
            "filters": {"duration_gteq": 0, "success_eq": True},
            "fee": 0.1,
            "price": Decimal("0.10000000000000000001"),
        },
        relationships={"account": {"type": "accounts", "id": "7"}},
    )


def test_the_least_of_a_resource() -> None:
    assert read({"data": {"type": "cdr-exports"}}) == NewResource("cdr-exports", None, {}, {})
    assert read({"data": {"type": "", "id": ""}}) == NewResource("", "", {}, {})


@pytest.mark.rule("CN-12", "DOC-05", "DOC-26", "DOC-27")
def test_members_that_nobody_knows_are_ignored() -> None:
    document = {
        "data": {
            "type": "calls",
            "lid": "new",
            "links": [],
            "meta": 7,
            "unknown": None,
            "@type": "x",
            "ns:type": "x",
            "attributes": {"@id": 1, "ns:b": 2, "a": {"@id": 2}},
            "relationships": {
                "@id": 1,
                "ns:b": [],
                "account": {"data": {**ACCOUNT, "lid": "x", "meta": 1, "x": 2}, "links": 3, "@id": 4, "ns:b": 5},
            },
        },
        "included": 1,
        "errors": [],
        "jsonapi": {"version": "2.0", "ext": ["https://example.org/ext"], "profile": 7},
        "ns:b": 1,
        "@context": [],
    }
    assert read(document) == NewResource("calls", None, {"a": {"@id": 2}}, {"account": {"type": "accounts", "id": "7"}})


@pytest.mark.parametrize("name", ["attributes", "relationships"])
@pytest.mark.parametrize(("members", "empty"), [({}, True), ({"@x": 1, "ns:x": 2}, True), (None, False)])
def test_what_is_there_without_members_is_empty(name: str, members: dict[str, Any] | None, empty: bool) -> None:
    data = {"type": "calls"} if members is None else {"type": "calls", name: members}
    assert read({"data": data}).empty == (frozenset({name}) if empty else frozenset())


@pytest.mark.rule("CRE-03", "DOC-17", "DOC-21")
@pytest.mark.parametrize("linkage", [None, ACCOUNT, [], [ACCOUNT], [ACCOUNT, {"type": "accounts", "id": "8"}]])
def test_linkage(linkage: object) -> None:
    resource = read({"data": {"type": "calls", "relationships": {"account": {"data": linkage}}}})
    assert resource.relationships == {"account": linkage}


@pytest.mark.rule("DOC-01", "DOC-09", "DOC-10", "CRE-02", "ERR-07")
@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (None, [invalid("", "null is no object.")]),
        (1, [invalid("", "1 is no object.")]),
        ("data", [invalid("", "'data' is no object.")]),
        ([], [invalid("", "a list is no object.")]),
        ({}, [missing("", "data")]),
        ({"Data": {}, "errors": []}, [missing("", "data")]),
        ({"data": None}, [invalid("/data", "null is no resource object.")]),
        ({"data": [{"type": "a"}]}, [invalid("/data", "a list is no resource object.")]),
        ({"data": "a"}, [invalid("/data", "'a' is no resource object.")]),
        ({"data": {}}, [missing("/data", "type")]),
        ({"data": {"id": "1"}}, [missing("/data", "type")]),
        ({"data": {"type": None}}, [invalid("/data/type", "null is no text.")]),
        (
            {"data": {"type": 1, "id": 8}},
            [invalid("/data/type", "1 is no text."), invalid("/data/id", "8 is no text.")],
        ),
        ({"data": {"type": "a", "id": None}}, [invalid("/data/id", "null is no text.")]),
        ({"data": {"type": "a", "lid": 8}}, [invalid("/data/lid", "8 is no text.")]),
        (
            {"data": {"type": "a", "relationships": {"b": {"data": {**ACCOUNT, "lid": None}}}}},
            [invalid("/data/relationships/b/data/lid", "null is no text.")],
        ),
    ],
)
def test_documents_of_another_shape(document: object, expected: list[tuple[str, str, str]]) -> None:
    assert faults(document) == expected


@pytest.mark.rule("DOC-14")
@pytest.mark.parametrize("name", ["attributes", "relationships"])
@pytest.mark.parametrize(
    ("value", "shown"), [(None, "null"), ([], "a list"), ("a", "'a'"), (True, "true"), (1.5, "1.5")]
)
def test_attributes_and_relationships_are_objects(name: str, value: object, shown: str) -> None:
    assert faults({"data": {"type": "a", name: value}}) == [invalid(f"/data/{name}", f"{shown} is no object.")]


@pytest.mark.parametrize(
    ("relationship", "expected"),
    [
        (None, [invalid("", "null is no relationship object.")]),
        ([], [invalid("", "a list is no relationship object.")]),
        ({}, [missing("", "data")]),
        ({"links": {"self": "/a"}, "meta": {"b": 1}}, [missing("", "data")]),
        ({"data": "7"}, [invalid("/data", "'7' is no resource identifier object.")]),
        ({"data": False}, [invalid("/data", "false is no resource identifier object.")]),
        ({"data": {}}, [missing("/data", "type"), missing("/data", "id")]),
        ({"data": {"type": "accounts", "lid": "x"}}, [missing("/data", "id")]),
        (
            {"data": {"type": 1, "id": 7}},
            [invalid("/data/type", "1 is no text."), invalid("/data/id", "7 is no text.")],
        ),
        (
            {"data": [ACCOUNT, None, {"id": "7"}, []]},
            [
                invalid("/data/1", "null is no resource identifier object."),
                missing("/data/2", "type"),
                invalid("/data/3", "a list is no resource identifier object."),
            ],
        ),
    ],
)
def test_relationships_of_another_shape(relationship: object, expected: list[tuple[str, str, str]]) -> None:
    document = {"data": {"type": "a", "relationships": {"a/b": relationship}}}
    assert faults(document) == [(code, f"/data/relationships/a~1b{at}", detail) for code, at, detail in expected]


def test_linked_resources_are_counted_before_they_are_read() -> None:
    document = {"data": {"type": "a", "relationships": {"accounts": {"data": [ACCOUNT, ACCOUNT, None]}}}}
    assert faults(document, Limits(list_items=2)) == [
        ("list-items-limit", "/data/relationships/accounts/data", "3 resources are linked; at most 2 are read.")
    ]
    document["data"]["relationships"] = {"accounts": {"data": [ACCOUNT, ACCOUNT]}}
    assert read(document, Limits(list_items=2)).relationships == {"accounts": [ACCOUNT, ACCOUNT]}


def test_all_faults_of_the_shape_are_told() -> None:
    document = {"data": {"id": 1, "attributes": [], "relationships": {"b": {}, "a": 1, "c": {"data": None}}}}
    assert faults(document) == [
        missing("/data", "type"),
        invalid("/data/id", "1 is no text."),
        invalid("/data/attributes", "a list is no object."),
        missing("/data/relationships/b", "data"),
        invalid("/data/relationships/a", "1 is no relationship object."),
    ]


def test_the_shape_is_looked_at_after_the_json() -> None:
    with pytest.raises(QueryErrors) as raised:
        read_resource(b'{"data": [NaN]}', LIMITS)
    assert [error.code for error in raised.value.errors] == ["invalid-json"]


def stock(body: bytes) -> object:
    """Read JSON as the standard library does; a body that it cannot read gives a value without members."""
    try:
        return json.loads(body.decode())
    except (ValueError, RecursionError):
        return None


def filled(unit: bytes, head: bytes = b"", tail: bytes = b"", size: int = MEBIBYTE) -> bytes:
    """Give a body of a size at most that repeats a unit."""
    return head + unit * ((size - len(head) - len(tail)) // len(unit)) + tail


def listed(item: bytes, size: int = MEBIBYTE) -> bytes:
    return filled(item + b",", b'{"data":{"type":"a","attributes":{"x":[', b"1]}}}", size)


def numbered(head: bytes, member: bytes, tail: bytes) -> bytes:
    """Give a body of nearly one mebibyte that holds a member under many names."""
    count = MEBIBYTE // (len(member) + 10) - 10
    return head + b",".join(b'"%06d":%b' % (number, member) for number in range(count)) + tail


RELATIONSHIPS = b'{"data":{"type":"a","relationships":{'
LONG = b'"' + b"n" * 250 + b'":'

HOSTILE = {
    **{
        unit.decode(): filled(unit)
        for unit in (b"[", b"{", b"]", b"1", b'"', b"\\", b'\\"', b" ", b"-", b",", b'{"a":')
    },
    "NUL": filled(b"\0"),
    "no UTF-8": filled(b"\xff"),
    "BOM": b"\xef\xbb\xbf" + b'{"data":{"type":"a"}}',
    "UTF-16": '{"data":{"type":"a"}}'.encode("utf-16"),
    "UTF-16 without BOM": '{"data":{"type":"a"}}'.encode("utf-16-be"),
    "truncated": listed(b"1")[:-3],
    "digits of a fraction": filled(b"1", b"0."),
    "digits of an exponent": filled(b"9", b"1e"),
    "one too long": b" " * (MEBIBYTE + 1),
    "NaN": listed(b"NaN"),
    "escaped NUL": listed(rb'"\u0000"'),
    "surrogates": listed(rb'"\ud800"'),
    "repeated in many objects": listed(b'{"a":1,"a":2}'),
    "one name": filled(b'"a":1,', b"{", b'"a":1}'),
    "exponents": listed(b"1e9999"),
    "relationships that are none": numbered(RELATIONSHIPS, b"1", b"}}}"),
    "relationships without data": numbered(RELATIONSHIPS, b"{}", b"}}}"),
    "names that are no text": numbered(b"{", b'1,"\\ud800":1', b"}"),
    "a long path": filled(rb'["\u0000"],', b"{" + LONG + (b"{" + LONG) * 60 + b"[", b"1]" + b"}" * 61),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bodies_are_refused_at_once(body: bytes) -> None:
    with at_once(SECONDS), pytest.raises(QueryErrors) as raised:
        read_resource(body, LIMITS)
    assert len(raised.value.errors) <= 100
    assert sum(len(str(error)) for error in raised.value.errors) < 2 * MEBIBYTE


@pytest.mark.parametrize(
    "item", [b"1", b"-0.5", b"1.50", b"1e9", b'""', b'"a"', b"[]", b"[1]", b"{}", b'{"a":1}', b"null"]
)
def test_great_bodies_are_read_at_once(item: bytes) -> None:
    with at_once(SECONDS / 2):
        assert read_resource(listed(item, MEBIBYTE // 8), LIMITS).type == "a"


def outcome(body: bytes) -> NewResource | QueryErrors:
    try:
        return read_resource(body, LIMITS)
    except QueryErrors as errors:
        return errors


def check_reading(body: bytes) -> None:
    """Read a body, and hold its faults to be such that they can be sent and point into it."""
    found = outcome(body)
    if isinstance(found, QueryErrors):
        assert found.status == 400
        assert encode(error_document(found))
        for error in found.errors:
            if error.at is not None:
                resolve(error.at, stock(body))


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
names = st.sampled_from(["data", "type", "id", "attributes", "relationships", "account", "@a", "a/~b"]) | st.text(
    max_size=3
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(names, inside, max_size=4), max_leaves=8
)
identifiers = st.fixed_dictionaries({"type": scalars, "id": scalars}) | values
relationships = st.dictionaries(names, st.fixed_dictionaries({"data": identifiers | st.lists(identifiers)}) | values)
resources = st.fixed_dictionaries(
    {"type": st.just("a") | scalars}, optional={"id": scalars, "attributes": values, "relationships": relationships}
)


@given(st.binary())
def test_any_bytes_are_a_resource_or_faults(body: bytes) -> None:
    check_reading(body)


@pytest.mark.rule("ERR-07")
@given(st.fixed_dictionaries({"data": resources}) | values, st.booleans())
def test_any_json_is_a_resource_or_faults(document: object, escaped: bool) -> None:
    check_reading(json.dumps(document, ensure_ascii=escaped).encode("utf-8", "surrogatepass"))


@given(st.fixed_dictionaries({"data": resources}), st.integers(0), st.integers(0), st.binary(max_size=3))
def test_any_spoiled_document_is_a_resource_or_faults(document: object, at: int, length: int, instead: bytes) -> None:
    body = json.dumps(document).encode()
    at %= len(body)
    check_reading(body[:at] + instead + body[at + length % 4 :])


known = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5)
own = known.filter(lambda name: not name.startswith("@") and ":" not in name)
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | known
identifier = st.fixed_dictionaries({"type": known, "id": known})


@given(
    known,
    st.none() | known,
    st.dictionaries(own, plain | st.lists(plain)),
    st.dictionaries(own, st.none() | identifier | st.lists(identifier)),
)
def test_what_is_written_is_read_again(type_: str, id_: str | None, attributes: Any, linkages: Any) -> None:
    data = {
        "type": type_,
        **({} if id_ is None else {"id": id_}),
        "attributes": attributes,
        "relationships": {name: {"data": linkage} for name, linkage in linkages.items()},
    }
    empty = frozenset(name for name in ("attributes", "relationships") if not data[name])
    assert read_resource(encode(single(data)), LIMITS) == NewResource(type_, id_, attributes, linkages, empty)
