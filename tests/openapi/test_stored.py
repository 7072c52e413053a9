"""Stored filters as JSON Schema: what the schema admits is what `load` reads."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.openapi import stored_filters
from jsonapi_sieve.openapi.components import Components
from tests.openapi.samples import EveryFilters, RuledFilters

EVERY = EveryFilters()
RULED = RuledFilters()
RULES = {"begin_gteq": "2019-01-31", "name_eq": "a"}


def loads(filters: Any, stored: object) -> bool:
    try:
        filters.load(stored)
    except QueryErrors:
        return False
    return True


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"truth_eq": True},
        {"truth_eq": "t"},
        {"truth_eq": 1},
        {"truth_null": False},
        {"whole_eq": 7},
        {"whole_eq": "-007"},
        {"whole_eq": 10**19},
        {"whole_eq": True},
        {"whole_eq": "1.5"},
        {"whole_in": [1, "2"]},
        {"whole_in": []},
        {"whole_in": 1},
        {"price_gt": 1.5},
        {"price_gt": "1.55"},
        {"price_gt": "one"},
        {"ratio_gt": 3},
        {"ratio_gt": None},
        {"moment_lt": "2019-01-31 12:30"},
        {"moment_lt": "2019-02-30 12:30"},
        {"moment_lt": 1},
        {"day_eq": "2020-02-29"},
        {"day_eq": "2019-02-29"},
        {"name_eq": ""},
        {"name_eq": "a\0"},
        {"name_matches": 'a,"%'},
        {"status_eq": "in, part"},
        {"status_eq": "None"},
        {"key_eq": "123e4567-e89b-12d3-a456-426614174000"},
        {"key_eq": "123e4567e89b12d3a456426614174000"},
        {"address_in": ["10.0.0.0/8", "::1", "::", "1::8/64", "1:2:3:4:5:6:7:8", "1:2::7:8"]},
        {"address_eq": "10.0.0.256"},
        {"address_eq": "::1::"},
        {"id": ["123e4567-e89b-12d3-a456-426614174000"]},
        {"parts_none.size_gt": 1, "parts.owner.name_in": ["a"]},
        {"or": [{"whole_eq": 1}, {"not": [{"whole_eq": 2}]}]},
        {"or": []},
        {"or": [{}]},
        {"or": {"whole_eq": 1}},
        {"nothing_eq": 1},
        {"whole-eq": 1},
        [],
        None,
    ],
)
def test_the_schema_admits_what_is_loaded(stored: object) -> None:
    is_valid = OAS31Validator(stored_filters(EVERY)).is_valid(stored)
    assert is_valid is loads(EVERY, stored)


@pytest.mark.parametrize(
    "stored",
    [
        RULES,
        {**RULES, "size_gt": 1, "size_lt": 2},
        {**RULES, "size_gt": 1},
        {**RULES, "size_lt": 2},
        {**RULES, "id": [1]},
        {"begin_gteq": "2019-01-31", "name_cont": "a"},
        {"begin_gteq": "2019-01-31"},
        {"name_eq": "a"},
    ],
)
def test_the_rules_hold_in_the_schema(stored: object) -> None:
    assert OAS31Validator(stored_filters(RULED)).is_valid(stored) is loads(RULED, stored)


def test_nobody_is_asked_for_what_is_hidden() -> None:
    def without(*names: str) -> dict[str, Any]:
        return stored_filters(RULED, visible=lambda name: name not in names)

    rules = ("required", "allOf", "dependentRequired")
    assert [word in without() for word in rules] == [True, True, True]
    assert [word in without("begin") for word in rules] == [False, True, True]
    assert [word in without("name") for word in rules] == [True, False, True]
    assert [word in without("size") for word in rules] == [True, True, False]
    assert "size_gt" not in without("size")["properties"]


def test_what_rows_hold_is_told_by_its_types_alone() -> None:
    shown = stored_filters(RULED, shown=True)
    assert set(shown) == {"type", "properties"}
    assert shown["properties"]["id"]["items"]["type"] == "integer"
    assert OAS31Validator(shown).is_valid({"name_eq": "a", "older_eq": 1})


@pytest.mark.parametrize(
    "stored",
    [
        {"whole_lteq": -18547108278281, "whole_in": [10**19 - 1, "-007"]},
        {"price_lteq": 12345.6789, "price_gt": "1e30", "price_in": ["-.5"]},
        {"ratio_gt": 3, "ratio_lt": "1e30"},
        {"moment_lt": "2019-01-31 12:30", "loose_gt": "2019-01-31 12:30:01.123456", "day_eq": "2020-02-29"},
        {
            "truth_eq": "t",
            "truth_null": True,
            "status_in": ["in, part"],
            "name_matches": 'a,"%',
            "id": ["0" * 8 + "-0000" * 3 + "-" + "0" * 12],
        },
        {"key_eq": "123E4567-e89b-12d3-a456-426614174000", "address_in": ["10.0.0.0/8", "::1"]},
    ],
)
def test_what_is_kept_is_what_the_schema_shows(stored: object) -> None:
    kept = EVERY.dump(EVERY.load(stored))
    OAS31Validator(stored_filters(EVERY, shown=True)).validate(kept)


def test_in_a_document_groups_are_a_component() -> None:
    components = Components()
    schema = stored_filters(EVERY, name="things.filters", components=components)
    assert "$defs" not in schema
    assert schema["properties"]["not"]["items"] == {"$ref": "#/components/schemas/things.filters.group"}
    assert list(components.to_dict()["schemas"]) == ["things.filters.group"]
