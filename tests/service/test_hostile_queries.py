"""Hostile keys, values and identifiers: each is refused as the library refuses it, or read as the documentation says.

All requests of a test go over one connection, which has to serve on.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import Field
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.cdr.models import Cdr, CdrExport
from jsonapi_sieve.cdr.resources import CDRS, cdr_exports
from jsonapi_sieve.resource import Resource
from tests.service.running import ROOT, Service
from tests.service.wire import Told, Wire, reading
from tests.service.worlds import CUSTOMER, Worlds, rows

EXPORTS = cdr_exports()

# As they stand in a query string, parted by blanks.
SHORT_KEYS = r"""
    filter filter[] filter[%20] filter[id filter[id]] filter[id][ filter[_] filter[-] filter[id-] filter[-eq]
    filter[ID-eq] filter[id-eq-eq] filter[id_eq]&filter[id-eq] filter[id]&filter[id] filter[id]&filter%5bid%5D
    filter[id]&filter[id-in] filter[__class__-eq] filter[--class---eq] filter[metadata-eq] filter[_connector]
    filter[customer-id-eq] filter[customer_id] filter[account.id-eq] filter[account-name-eq] filter[id-eq][]
    filter[id-eq;] filter['id'-eq] filter[{id-eq}] filter[id-eq(100000000i)] filter[\u0069d-eq] Filter[id] filter.id
    filter%00 filter%5B%FF%5D % %zz %FF %ED%A0%80 %C0%80 %00 = [ ] [] [id] __proto__ constructor[prototype]
    page page[] page[size][] page[Size] page[offset] fields fields[] fields[cdrs][] fields[__class__] include[] sort[]
    Sort sort%00 include%FF utm_source
"""
SHORT_VALUES = """
    %20 , 1, ,1 1,,2 1,2 %22 %22a %22a%22%22b%22,c %22%22 % %25 _ %5C %5C%25 %25a%25 a%00b %FF %EF%BF%BD %E2%80%AE
    null None true,false [] %7B%7D $ne 1;DROP%20TABLE%20cdrs '%20OR%20'1'='1
    1 %2B1 +1 -0 1_0 %201 1%0A %EF%BC%91 %D9%A3 0x1 1e3 1.0 2147483647 2147483648 32768 -32769
    9223372036854775807 9223372036854775808 -9223372036854775809 99999999999999999999
    NaN sNaN Infinity -Infinity 1e999999999 1E-400 0.1 0.30000000000000004 1e39 1e40 true TRUE 0 t F yes True
    0000-01-01 0001-01-01T00:00:00%2B14:00 10000-01-01 9999-12-31T23:59:59.999-12:00 9999-12-31T23:59:59.999999999Z
    2024-02-30 2024-01-01 2024-01-01T24:00:00 T24:00:00 2024-01-01T00:00:60 2024-01-01%2000:00:00 20240101
    2024-01-01T00:00:00+02:00 2024-01-01T00:00:00%2B02:00 2024-01-01T00:00:00.1234567
    aa3432e2-a26e-11ef-a008-0242ac120003 AA3432E2-A26E-11EF-A008-0242AC120003 aa3432e2a26e11efa0080242ac120003
    %7Baa3432e2-a26e-11ef-a008-0242ac120003%7D urn:uuid:aa3432e2-a26e-11ef-a008-0242ac120003
    127.1 0127.0.0.1 ::ffff:1.2.3.4 fe80::1%25eth0 1.2.3.4/33 198.51.100.10 2001:DB8:31::A
    Pending pending Pending,Failed %22Pending%22 Sofia%20Almeida sOFIA
"""
KEYS = [
    *SHORT_KEYS.split(),
    f"filter[{'a' * 400}]",
    f"filter[{'id-' * 80}eq]",
    f"filter[{'%F0%9F%98%80' * 100}]",
    f"filter[{'a' * 100_000}]",
    "&".join(f"filter[{number}]" for number in range(250)),
    "&".join(f"k{number}" for number in range(10_000)),
]
VALUES = [
    "",
    *SHORT_VALUES.split(),
    "9" * 5000,
    f"{'0' * 4000}1",
    f".{'1' * 41}",
    "a" * 32_768,
    "a" * 32_769,
    ",".join(map(str, range(1_001))),
]

FIELDS: list[tuple[str, Resource, str]] = [
    *(("cdrs", CDRS, name) for name in ("id", "time_start", "duration", "success", "auth_orig_transport_protocol_id")),
    *(("cdrs", CDRS, name) for name in ("customer_price", "src_name_in", "auth_orig_ip", "account_id")),
    *(("cdr-exports", EXPORTS, name) for name in ("id", "status", "rows_count", "created_at")),
]


@pytest.mark.parametrize("key", KEYS, ids=[f"{number} {key[:40]}" for number, key in enumerate(KEYS)])
def test_a_hostile_key_is_refused(service: Service, key: str) -> None:
    with Wire(service) as wire:
        for value in ("=1", "=", "", "=%22", "=1&"):
            query = key.replace("&", f"{value}&") + value
            told = wire.get(f"{ROOT}/cdrs?{query}")
            assert told == reading(CDRS.parse, query)
            assert told.status in {400, 414}
            for path in ("cdrs/8", "cdrs/8/account", "cdrs/8/relationships/account"):
                assert wire.get(f"{ROOT}/{path}?{query}").status == told.status


@pytest.mark.parametrize(("path", "resource", "name"), FIELDS, ids=[f"{path} {name}" for path, _, name in FIELDS])
def test_a_hostile_value_is_refused_or_selects_what_it_says(
    worlds: Worlds, path: str, resource: Resource, name: str
) -> None:
    (field,) = (field for field in resource.filters.fields if field.name == name)
    taken = 0
    with Wire(worlds.crowded) as wire:
        for query in queries_of(resource, field):
            told = wire.get(f"{ROOT}/{path}?{query}&page[size]=9&fields[{path}]=")
            found = reading(selected, resource, query)
            if isinstance(found, Told):
                assert told == found
                assert told.status in {400, 414}
            else:
                assert {each["id"] for each in told.document["data"]} <= found
                assert told.document["meta"]["total-count"] == len(found)
                taken += 1
    assert taken > 0


def queries_of(resource: Resource, field: Field[object]) -> list[str]:
    """Give each value to one of the operators, in turn."""
    keys = [each.key for each in resource.filters.parameters if each.field is field]
    return [f"{keys[number % len(keys)]}={value}" for number, value in enumerate(VALUES)]


def selected(resource: Resource, query: str) -> set[str]:
    """Give the identifiers of the customer's rows that plain Python selects."""
    matches = compile_python(resource.parse(query).predicate)
    owned = (row for row in rows()[Cdr if resource is CDRS else CdrExport] if row["customer_id"] == CUSTOMER)
    return {str(row["id"]) for row in owned if matches(row)}


@pytest.mark.parametrize("family", ["sort", "include", "page[size]", "page[number]", "fields[cdrs]", "fields[%FF]"])
def test_a_hostile_value_of_another_family_is_refused_or_read(service: Service, family: str) -> None:
    with Wire(service) as wire:
        for value in VALUES:
            query = f"{family}={value}"
            told = wire.get(f"{ROOT}/cdrs?{query}")
            read = reading(CDRS.parse, query)
            assert told == read if isinstance(read, Told) else told.status == 200


@pytest.mark.parametrize("path", ["cdrs/{}", "cdr-exports/{}/account", "accounts/{}"])
def test_a_hostile_identifier_is_of_nothing(service: Service, path: str) -> None:
    with Wire(service) as wire:
        for value in VALUES:
            segment = value.replace("/", "%2F")
            told = wire.get(f"{ROOT}/{path.format(segment)}")
            assert told.status in {200, 404}
            assert told.status == 404 or told.document["data"]["id"] == value


@pytest.mark.parametrize("identifier", ["08", "+8", "%2B8", "0" * 100 + "8", "8.0", "8%20"])
def test_an_identifier_has_one_spelling(service: Service, identifier: str) -> None:
    with Wire(service) as wire:
        assert wire.get(f"{ROOT}/cdrs/8").status == 200
        assert wire.get(f"{ROOT}/cdrs/{identifier}").status == 404


SPELLED = st.from_regex(r"(filter|page)\[(id|duration|size|[a-z-]{0,5})[\]-](eq\])?=[0-9a-z,%]{0,5}", fullmatch=True)
QUERIES = st.text(st.characters(codec="utf-8"), max_size=60) | st.lists(SPELLED, max_size=4).map("&".join)


@given(QUERIES)
def test_any_query_string_is_read_or_refused(service: Service, text: str) -> None:
    query = quote(text, safe="[]=&%+,;:'\"!$*()")
    with Wire(service) as wire:
        told = wire.get(f"{ROOT}/cdrs?{query}")
        read = reading(CDRS.parse, query)
        assert told == read if isinstance(read, Told) else told.status == 200
