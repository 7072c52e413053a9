"""Hostile sizes: the time that an answer costs is bounded, whatever was asked."""

from __future__ import annotations

from functools import partial
from types import new_class
from typing import Any

import pytest

from jsonapi_sieve import Field, FilterSet, QueryErrors, ToMany, types
from tests.cpu import at_once
from tests.test_hostile import FILTERS, codes, outcome

MANY: Any = new_class(
    "Many",
    (FilterSet,),
    {},
    lambda space: space.update({f"lega_attribute_{number}": Field(types.Text()) for number in range(38)}),
)


MEBIBYTE = 1 << 20


@pytest.mark.parametrize("unit", ["a", "a-", "a_", "[", "]", "-eq", "é", "-or-", "\ud800", "_a_"])
def test_a_long_key_costs_nothing(unit: str) -> None:
    key = f"filter[{unit * (MEBIBYTE // len(unit))}]"
    expected = ["invalid-encoding"] if unit == "\ud800" else ["key-limit"]
    with at_once():
        assert codes(lambda: FILTERS.parse([(key, "1")])) == expected
        assert codes(lambda: FILTERS.parse(f"{key}=1")) == ["query-string-limit"]
        assert codes(lambda: FILTERS.parse(f"{key[:60_000]}=1")) in (expected, ["query-string-limit"])
        assert codes(lambda: FILTERS.load({key: 1})) == ["key-limit"]


@pytest.mark.parametrize("unit", ["a", ",", '"', '""', '",', ",a", '"a",', "é", "\\", "%", "9", "0", "1,", " "])
@pytest.mark.parametrize("operator", ["text-eq", "text-in", "text-cont-any", "id-in", "rate-eq", "moment-in", "ip-in"])
def test_a_long_value_costs_nothing(operator: str, unit: str) -> None:
    text = unit * (MEBIBYTE // len(unit))
    with at_once():
        assert codes(lambda: FILTERS.parse([(f"filter[{operator}]", text)])) == ["value-limit"]
        assert codes(lambda: FILTERS.load({operator.replace("-", "_"): text})) == ["value-limit"]


@pytest.mark.parametrize(
    "unit", [",", '"', '""', '",', ",a", '"a",', "%22", "%2C", "%25", "%", "+", "%C3", "&", "=", "&=", "[", ";", "9"]
)
@pytest.mark.parametrize(
    "parameter", ["text-eq", "text-in", "id-in", "rate-in", "moment-in", "ip-in", "key-in", "flag-eq"]
)
def test_a_query_string_full_of_one_thing_costs_nothing(parameter: str, unit: str) -> None:
    start = f"filter[{parameter}]="
    for begin in (start, start + "1,", "", start + '"'):
        query = begin + unit * ((65_536 - len(begin)) // len(unit))
        with at_once():
            found = outcome(partial(FILTERS.parse, query))
        assert len(repr(found)) < 200_000


def test_many_keys_cost_nothing() -> None:
    keys = [f"filter[a{number}-eq]" for number in range(10_000)]
    with at_once():
        assert codes(lambda: FILTERS.parse("&".join(f"{key}=1" for key in keys))) == ["query-string-limit"]
        assert codes(lambda: FILTERS.parse("&".join(f"a{number}" for number in range(10_000)))) == ["parameters-limit"]
        assert codes(lambda: FILTERS.parse([(key, "1") for key in keys])) == ["parameters-limit"]
        assert codes(lambda: FILTERS.parse(dict.fromkeys(keys, "1"))) == ["parameters-limit"]
        assert codes(lambda: FILTERS.parse({"filter[id-eq]": ["1"] * 10_000})) == ["parameters-limit"]
        assert codes(lambda: FILTERS.load(dict.fromkeys(keys, 1))) == ["filters-limit"]


def test_many_unknown_keys_near_many_names_cost_little_and_are_answered_shortly() -> None:
    filters: FilterSet = MANY()
    assert len(filters.parameters) > 300
    near = [f"{parameter.key[:-1]}q]" for parameter in filters.parameters]
    with at_once():
        assert codes(lambda: filters.parse("&".join(f"{key}=1" for key in near[:100]))) == ["unknown-filter"] * 100
    with at_once():
        assert codes(lambda: filters.parse([(key, "1") for key in near[:200]])) == ["unknown-filter"] * 200
    with at_once(), pytest.raises(QueryErrors) as caught:
        filters.load({parameter.name + "q": 1 for parameter in filters.parameters[:100]})
    assert len(str([error.to_dict() for error in caught.value.errors])) < 50_000


def test_full_lists_of_bad_items_cost_little() -> None:
    lists = [parameter for parameter in FILTERS.parameters if parameter.operator.name == "in"]
    bad = ["2024-02-30T00:00:00", "1.2.3.4/99", "1e999", "::1::", "x"]
    items = [bad[number % len(bad)] for number in range(1000)]
    with at_once(2):
        assert len(codes(lambda: FILTERS.parse([(parameter.key, ",".join(items)) for parameter in lists]))) == 10
        assert len(codes(lambda: FILTERS.load({parameter.name: items for parameter in lists}))) == 10


@pytest.mark.parametrize("digits", [400, 4_300, 4_301, 5_000, 32_766])
@pytest.mark.parametrize("field", ["id", "small", "rate", "share"])
def test_long_numbers_cost_nothing(field: str, digits: int) -> None:
    text, number = "9" * digits, 10**digits
    refused = ["invalid-value"]
    with at_once():
        for operator, spelled in [("eq", text), ("eq", f"-{text}"), ("eq", f"{text}."), ("in", f"1,{text}")]:
            assert codes(partial(FILTERS.parse, [(f"filter[{field}-{operator}]", spelled)])) == refused
        for operator, value in [("eq", text), ("eq", number), ("eq", -number), ("in", [1, number])]:
            assert codes(partial(FILTERS.load, {f"{field}_{operator}": value})) == refused


class InnerFilters(FilterSet):
    size = Field(types.Integer(), operators=("eq", "in"))


class GroupFilters(FilterSet, groups=True):
    size = Field(types.Integer(), operators=("eq", "in"))
    parts = ToMany(InnerFilters)


GROUPS = GroupFilters()
GROUP_UNITS = [
    "[or][1]",
    "[or]",
    "[1]",
    "[or][",
    "[or]1",
    "][",
    "[not][999]",
    "[and][1000]",
    "[or][0]",
    "or",
]


@pytest.mark.parametrize("unit", GROUP_UNITS)
@pytest.mark.parametrize("end", ["", "[size-eq]", "[size-eq", "[parts.size-eq]]", "\n"])
def test_long_groups_cost_nothing(unit: str, end: str) -> None:
    for size in (200, 60_000, MEBIBYTE):
        key = f"filter{unit * (size // len(unit))}{end}"
        with at_once():
            assert len(codes(lambda key=key: GROUPS.parse([(key, "1")]))) == 1  # type: ignore[misc]
            assert len(codes(lambda key=key: GROUPS.parse(f"{key}=1"))) == 1  # type: ignore[misc]
            assert len(codes(lambda key=key: GROUPS.load({key: 1}))) == 1  # type: ignore[misc]


def test_many_groups_cost_little() -> None:
    known = [(f"filter[or][{number}][not][1][parts-all.size-eq]", "1") for number in range(1, 201)]
    unknown = [(key.replace("eq", "q"), text) for key, text in known]
    with at_once():
        assert GROUPS.render(GROUPS.parse(known[:100])).count("&") == 99
        assert codes(lambda: GROUPS.parse(known)) == ["filters-limit"] * 100
        assert codes(lambda: GROUPS.parse(unknown)) == ["unknown-filter"] * 200


def test_stored_groups_of_a_mebibyte_cost_little() -> None:
    bodies: list[list[object]] = [
        [{"size_eq": 1}] * 60_000,
        [{"or": [{"size_eq": 1}]}] * 40_000,
        [{"or": [{}] * 100}] * 2_000,
        [{f"a{number}": 1 for number in range(100)}] * 900,
        [{f"a{number}": 1 for number in range(90_000)}],
        [{"or": 1, "not": 2, "and": 3}] * 30_000,
        [[]] * 300_000,
        [{"x" * 1_000: 1}] * 1_000,
        [{"size_eq": "x" * 30_000}] * 30,
    ]
    for body in bodies:
        with at_once(), pytest.raises(QueryErrors) as caught:
            GROUPS.load({"or": body})
        assert len(str([error.to_dict() for error in caught.value.errors])) < 200_000


def test_deep_groups_cost_nothing() -> None:
    for connective in ("or", "not", "and"):
        nest: dict[str, object] = {"size_eq": 1}
        for _ in range(10_000):
            nest = {connective: [nest]}
        with at_once():
            assert codes(partial(GROUPS.load, nest)) == ["depth-limit"]


def test_deep_nests_cost_nothing() -> None:
    lists: list[object] = []
    objects: dict[str, object] = {}
    for _ in range(100_000):
        lists, objects = [lists], {"text_eq": objects}
    with at_once():
        for nest in (lists, objects):
            assert codes(partial(FILTERS.load, {"text_eq": nest})) == ["invalid-value"]
            assert codes(partial(FILTERS.load, {"text_in": [nest] * 1000})) == ["invalid-value"]
            assert codes(partial(FILTERS.load, {"small_null": nest, "flag_eq": nest})) == ["invalid-value"] * 2
        assert codes(lambda: FILTERS.load(lists)) == ["invalid-filters"]
        assert codes(lambda: FILTERS.load(objects)) == ["invalid-value"]
