"""Hostile bodies: each is refused as the library refuses it and leaves nothing, or is stored as the library reads it.

All requests of a test go over one connection, which has to serve on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve.cdr.filters import CdrExportStoredFilters
from jsonapi_sieve.cdr.resources import cdr_exports
from tests.service.running import ROOT, Service
from tests.service.wire import Told, Wire, reading

EXPORTS = cdr_exports()
ACCOUNT = "aa3432e2-a26e-11ef-a008-0242ac120003"

# As they stand in a body, parted by blanks.
SHORT = r"""
    null true 0 -0 1 1.0 1.5 1e3 1e400 -1e400 1E-400 0.1 01 +1 .5 0x1 2147483648 9223372036854775808 1_0 NaN Infinity
    -Infinity 'a' undefined "" "\u0020" "1" "1_0" "\uff11" "\u0663" "NaN" "null" "a,b" "\"" "%" "\\" "\ufffd\u202e"
    "\ud800" "\ud83d\ude00" "\u0000" "\x" "2019-02-30" "2019-01-01T00:00:00.1234567" "0001-01-01T00:00:00+14:00"
    "2019-01-01" "9999-12-31T23:59:59.999-12:00" "TRUE" "yes" [] {} [null] [[]] [1] ["1",1] {"eq":1} {"$ne":null}
    {"":{}} {"duration_eq":1,"duration_eq":2} {"duration_eq":1,"duration\u005feq":1} [1,] {"a":1,} [1 {"a" // 1/*1*/ nul
"""
LITERALS = [
    *SHORT.split(),
    "9" * 400,
    "9" * 5000,
    "[" * 60 + "]" * 60,
    "[" * 5000 + "]" * 5000,
    f'"{"x" * 32_768}"',
    f'"{"x" * 32_769}"',
]
NAMES = [
    *("time_start_gteq", "time_start_lt", "success_eq", "duration_eq", "duration_gteq", "src_prefix_routing_eq"),
    *("duration-eq", "duration_in", "customer_id_eq", "__class___eq", "", "@duration_eq", "duration_eq\\u0000"),
    "\\ud800",
]
MEBIBYTE = 2**20


def order(filters: str, account: str = f'"{ACCOUNT}"') -> bytes:
    relationships = f'{{"account":{{"data":{{"type":"accounts","id":{account}}}}}}}'
    attributes = f'{{"filters":{filters}}}'
    return f'{{"data":{{"type":"cdr-exports","attributes":{attributes},"relationships":{relationships}}}}}'.encode()


def statuses_of(wire: Wire, bodies: Iterable[bytes]) -> list[int]:
    """Send orders; assert that each is refused as the library refuses it, or stored as the library reads it."""
    before = total_of(wire)
    statuses = [status_of(wire, body) for body in bodies]
    assert total_of(wire) == before + statuses.count(201)
    return statuses


def status_of(wire: Wire, body: bytes) -> int:
    told = wire.post(f"{ROOT}/cdr-exports", body)
    read = reading(EXPORTS.load, body, related={"account": {ACCOUNT: object()}.get})
    if isinstance(read, Told):
        assert told == read
        assert 400 <= told.status < 500
    else:
        assert told.status == 201
        assert told.document["data"]["attributes"]["filters"] == read["filters"]
        assert wire.get(f"{ROOT}/cdr-exports/{told.document['data']['id']}").document == told.document
    return told.status


def total_of(wire: Wire) -> int:
    total: int = wire.get(f"{ROOT}/cdr-exports?page[size]=1").document["meta"]["total-count"]
    return total


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_stored_filter_is_refused_or_stored_as_it_is_read(service: Service, name: str) -> None:
    with Wire(service) as wire:
        statuses = statuses_of(wire, [order(f'{{"{name}":{literal}}}') for literal in LITERALS])
    assert (201 in statuses) == (name in {parameter.name for parameter in CdrExportStoredFilters().parameters})
    assert set(statuses) <= {201, 400, 422}


@pytest.mark.parametrize("around", ["{}", '{{"data":{}}}', '{{"data":[{}]}}', '{{"data":{{"type":{}}}}}'])
def test_a_hostile_document_is_refused(service: Service, around: str) -> None:
    with Wire(service) as wire:
        assert set(statuses_of(wire, [around.format(literal).encode() for literal in LITERALS])) <= {400, 409}


def test_a_hostile_attribute_or_relationship_is_refused(service: Service) -> None:
    with Wire(service) as wire:
        statuses = statuses_of(wire, map(order, LITERALS))
        assert [literal for literal, status in zip(LITERALS, statuses, strict=True) if status == 201] == ["{}"]
        assert set(statuses_of(wire, [order("{}", literal) for literal in LITERALS])) == {400, 404}


BODIES: dict[str, tuple[int, bytes]] = {
    "blanks": (400, b" " * MEBIBYTE),
    "blanks around an order": (201, order("{}").center(MEBIBYTE)),
    "quotes": (400, b'"' * MEBIBYTE),
    "brackets": (400, b"[" * MEBIBYTE),
    "braces": (400, b'{"a":' * (MEBIBYTE // 5)),
    "commas": (400, b"[" + b"," * (MEBIBYTE - 1)),
    "digits": (400, b"1" * MEBIBYTE),
    "an exponent": (400, b"1e" + b"9" * (MEBIBYTE - 2)),
    "escapes": (400, b'"' + b"\\u0041" * (MEBIBYTE // 6 - 1) + b'"'),
    "backslashes": (400, b'"' + b"\\" * (MEBIBYTE - 1)),
    "bytes that are no UTF-8": (400, b"\xff" * MEBIBYTE),
    "members": (400, b"{" + b",".join(b'"%d":0' % number for number in range(90_000)) + b"}"),
    "one member again and again": (400, b"{" + b",".join([b'"a":0'] * 150_000) + b"}"),
    "filters": (422, order("{" + ",".join(f'"f{number}":{number}' for number in range(60_000)) + "}")),
    "one byte more": (413, b" " * (MEBIBYTE + 1)),
    "ten times that": (413, b"[" * (10 * MEBIBYTE)),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_mebibyte_of_anything_gets_its_answer(service: Service, name: str) -> None:
    status, body = BODIES[name]
    with Wire(service) as wire:
        assert statuses_of(wire, [body]) == [status]


MEMBERS = ["data", "type", "id", "attributes", "relationships", "filters", "account", "links", "meta", "duration_eq"]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
DOCUMENTS = st.recursive(
    LEAVES | st.sampled_from(["cdr-exports", "accounts", ACCOUNT]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=9,
)


@given(DOCUMENTS.map(lambda document: json.dumps(document).encode()) | st.binary(max_size=60))
def test_any_body_is_read_or_refused(service: Service, body: bytes) -> None:
    with Wire(service) as wire:
        statuses_of(wire, [body])


@given(st.dictionaries(st.sampled_from([name for name in NAMES if "\\" not in name]), LEAVES, max_size=2) | DOCUMENTS)
def test_any_filters_are_stored_or_refused(service: Service, filters: object) -> None:
    with Wire(service) as wire:
        statuses_of(wire, [order(json.dumps(filters))])
