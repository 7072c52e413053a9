"""Query parameters: what the schema of each admits is what the library reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlencode

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jsonapi_sieve import Default, Dependent, Field, FilterSet, Limits, QueryErrors, RequiredAny, Rule, Sort, types
from jsonapi_sieve.openapi import openapi
from jsonapi_sieve.openapi.values import shortest, spelled
from jsonapi_sieve.paging import CursorPages, OffsetPages
from jsonapi_sieve.paging.protocol import Page
from jsonapi_sieve.resource import Resource
from jsonapi_sieve.sorting import SortKey
from tests.openapi.samples import (
    THINGS,
    EveryFilters,
    OwnerOfNotesSchema,
    RuledFilters,
    ThingOfOwnersSchema,
    document,
    parameters,
    resolved,
    validator,
)

THE_DOCUMENT = document()
TOLD = parameters(THE_DOCUMENT)
FILTERS = {parameter.key: parameter for parameter in THINGS.filters.parameters}
EXACT = sorted(key for key, parameter in FILTERS.items() if "loose" not in parameter.name)


def texts_of(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    """Draw what a schema admits, as it is written in a query string."""
    schema = resolved(THE_DOCUMENT, schema)
    match schema:
        case {"type": "array", "items": items}:
            most = min(schema.get("maxItems", 4), 4)
            return st.lists(texts_of(items), min_size=schema.get("minItems", 0), max_size=most).map(",".join)
        case {"enum": values}:
            return st.sampled_from(values)
        case {"type": "integer", "minimum": least, "maximum": most}:
            return st.integers(least, most).map(str)
        case {"pattern": pattern}:
            return st.from_regex(pattern.removesuffix("$") + r"\Z")
    raise AssertionError(schema)


def admits(schema: dict[str, Any], text: str) -> bool:
    """Tell whether a schema admits a text of a query string."""
    schema = resolved(THE_DOCUMENT, schema)
    if schema["type"] == "array":
        items = text.split(",")
        return len(items) <= schema["maxItems"] and all(admits(schema["items"], item) for item in items)
    value = int(text) if schema["type"] == "integer" and re.fullmatch("[+-]?[0-9]+", text) else text
    return bool(validator(THE_DOCUMENT, schema).is_valid(value))


def reads(key: str, text: str) -> bool:
    try:
        THINGS.parse(urlencode({key: text}))
    except QueryErrors:
        return False
    return True


@settings(max_examples=150)
@given(st.data())
def test_what_the_schema_of_a_filter_admits_is_read(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(EXACT))
    text = data.draw(texts_of(TOLD[key]["schema"]))
    assert reads(key, text)


@settings(max_examples=150)
@given(st.data())
def test_what_the_schema_of_a_filter_refuses_is_refused(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(EXACT))
    text = data.draw(texts_of(TOLD[key]["schema"]))
    at = data.draw(st.integers(0, len(text)))
    kept = text[at + data.draw(st.integers(0, 1)) :]
    text = text[:at] + data.draw(st.sampled_from(["", "0", "x", "-", ".", ":", " ", ",", "\0"])) + kept
    # What the schema leaves out for the sake of who reads it.
    assume('"' not in text and not re.search(r"[0-9]{28}|\.[0-9]*[0-9]{2}|^0|,0|[eE]", text))
    if not admits(TOLD[key]["schema"], text):
        assert not reads(key, text)


@pytest.mark.parametrize("key", EXACT)
def test_the_example_of_a_filter_is_read(key: str) -> None:
    example = TOLD[key]["example"]
    items = example if isinstance(example, list) else [example]
    assert reads(key, ",".join(map(str, items)))


def test_the_example_of_a_whole_number_is_whole() -> None:
    class Filters(FilterSet):
        whole = Field(types.Decimal(scale=0), operators=("eq",))

    described = openapi(Resource(OwnerOfNotesSchema, filters=Filters()), title="", version="")
    told = parameters(described, "/owners")["filter[whole-eq]"]
    validator(described, told["schema"]).validate(told["example"])


def test_each_filter_is_told_with_its_attribute_and_operator() -> None:
    assert [name for name in TOLD if name in FILTERS] == list(FILTERS)
    for key, parameter in FILTERS.items():
        told = TOLD[key]
        assert told["x-operator"] == parameter.operator.name
        assert told["x-attribute"] == parameter.full_name.removesuffix(f"_{parameter.operator.name}")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("filter[id]", "id filter\n\nid in the values of a list, each a UUID such as"),
        ("filter[whole-gteq]", "whole gteq filter\n\nwhole >= an integer such as 10 or -3."),
        ("filter[truth-null]", "truth null filter\n\ntruth is null, or with false the opposite."),
        ("filter[either-cont]", "either cont filter\n\nany of name, other contains text."),
        ("filter[both-cont]", "both cont filter\n\neach of name, other contains text."),
        ("filter[parts-none.size-gt]", "parts none size gt filter\n\nsize of none parts > an integer"),
        ("filter[parts.owner.name-eq]", "parts owner name eq filter\n\nname of any owner of any parts = text."),
    ],
)
def test_a_filter_is_told_in_words(key: str, words: str) -> None:
    assert TOLD[key]["description"].startswith(words)


def test_the_rules_of_a_declaration_are_told() -> None:
    told = parameters(openapi(Resource(OwnerOfNotesSchema, filters=RuledFilters()), title="", version=""), "/owners")
    notes = {name: each["description"].partition(". ")[2] for name, each in told.items() if "x-operator" in each}
    assert notes == {
        "filter[id]": "A default holds unless one of id_in, id_eq is given.",
        "filter[id-eq]": "It lifts the default of id_in.",
        **{f"filter[id-{operator}]": "" for operator in ("not-eq", "gt", "gteq", "lt", "lteq", "not-in")},
        "filter[begin-eq]": "",
        "filter[begin-gteq]": "",
        "filter[begin-lt]": "",
        "filter[name-eq]": "One of name_eq, name_cont is needed.",
        "filter[name-cont]": "One of name_eq, name_cont is needed.",
        "filter[size-gt]": "",
        "filter[size-lt]": "It goes only together with size_gt.",
    }
    assert [name for name, each in told.items() if each.get("required")] == ["filter[begin-gteq]"]


def all_but(hidden: str) -> Callable[[str], bool]:
    return lambda name: name != hidden


def test_rules_tell_no_name_that_is_hidden() -> None:
    owners = Resource(OwnerOfNotesSchema, filters=RuledFilters())
    for hidden in ("id", "begin", "name", "size"):
        described = openapi(owners, title="", version="", visible=all_but(hidden))
        told = [each for each in parameters(described, "/owners").values() if "x-operator" in each]
        assert told
        assert not [each for each in told if f"{hidden}_" in each["description"]]

    class Mixed(RuledFilters):
        rules: ClassVar[tuple[Rule, ...]] = (
            Default("size_gt", 1, unless=("begin_eq",)),
            RequiredAny("size_gt", "begin_eq"),
            Dependent("begin_eq", on=("size_gt",)),
            Dependent("begin_eq", on=("begin_lt",)),
        )

    mixed = Resource(OwnerOfNotesSchema, filters=Mixed())
    for hidden, key, note in (
        ("size", "filter[begin-eq]", "It goes only together with begin_lt."),
        ("begin", "filter[size-gt]", "A default holds unless one of size_gt is given."),
    ):
        described = openapi(mixed, title="", version="", visible=all_but(hidden))
        made = parameters(described, "/owners")
        assert made[key]["description"].partition(". ")[2] == note
        # The only one of several that readers know of is asked of them.
        assert [name for name, each in made.items() if each.get("required")] == [key]


def test_a_loose_timestamp_and_a_type_of_ones_own_are_any_text() -> None:
    class Colour(types.Text):
        name = "colour"

    for type_ in (types.Timestamp(loose=True), Colour()):
        assert spelled(type_, Limits()) == {"type": "string", "minLength": 1, "description": type_.expected}
    assert "example" in TOLD["filter[loose-eq]"]


def test_a_filter_of_a_type_of_ones_own_has_no_example() -> None:
    class Colour(types.Text):
        pass

    class OwnFilters(FilterSet):
        name = Field(Colour(), operators=("eq", "in"))

    told = parameters(openapi(Resource(OwnerOfNotesSchema, filters=OwnFilters()), title="", version=""), "/owners")
    assert "example" not in told["filter[name-eq]"]
    assert told["filter[name-in]"]["schema"] == {"$ref": "#/components/schemas/filter.colour.list"}


def test_budgets_bound_texts_and_lists() -> None:
    limits = Limits(value=370, list_items=200)
    described = openapi(Resource(OwnerOfNotesSchema, filters=EveryFilters(limits=limits)), title="", version="")
    told = parameters(described, "/owners")
    most = {key: resolved(described, told[f"filter[{key}-in]"]["schema"])["maxItems"] for key in ("key", "name", "day")}
    assert most == {"key": 10, "name": 185, "day": 33}
    assert resolved(described, told["filter[name-eq]"]["schema"])["maxLength"] == 370
    assert [shortest(type_) for type_ in (types.Uuid(), types.Date(), types.Text())] == [36, 10, 1]


def groups() -> dict[str, Any]:
    schema: dict[str, Any] = TOLD["filter"]["schema"]
    return schema


@settings(max_examples=30)
@given(st.data())
def test_filters_in_groups_are_read(data: st.DataObject) -> None:
    pattern, schema = data.draw(st.sampled_from(sorted(groups()["patternProperties"].items(), key=str)))
    assume("loose" not in pattern)
    key = data.draw(st.from_regex(pattern.removesuffix("$") + r"\Z"))
    assert reads(key, data.draw(texts_of(schema)))


@pytest.mark.parametrize(
    ("key", "is_told"),
    [
        ("filter[or][1][whole-eq]", True),
        ("filter[or][1][not][999][parts-all.owner.name-in]", True),
        ("filter[or][0][whole-eq]", False),
        ("filter[xor][1][whole-eq]", False),
        ("filter[whole-eq]", False),
    ],
)
def test_the_keys_of_groups_are_told(key: str, is_told: bool) -> None:
    assert any(re.search(pattern, key) for pattern in groups()["patternProperties"]) is is_told


def test_without_groups_there_is_no_parameter_for_them() -> None:
    assert "filter" in TOLD
    assert "filter" not in parameters(THE_DOCUMENT, "/owners")


@settings(max_examples=60)
@given(st.data())
def test_what_sort_include_and_fields_admit_is_read(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(["sort", "include", "fields[things]", "fields[owners]"]))
    schema = TOLD[key]["schema"]
    values = data.draw(st.lists(st.sampled_from(schema["items"]["enum"]), max_size=4))
    is_valid = validator(THE_DOCUMENT, schema).is_valid(values)
    assert is_valid is reads(key, ",".join(values))


def test_names_are_told_as_documents_spell_them() -> None:
    assert TOLD["sort"]["schema"]["items"]["enum"] == ["whole", "-whole", "owner.name", "-owner.name"]
    assert TOLD["sort"]["schema"]["default"] == ["-whole"]
    assert TOLD["include"]["schema"]["items"]["enum"] == ["owner", "parts", "parts.owner"]
    assert TOLD["fields[owners]"]["schema"]["items"]["enum"] == ["name"]
    assert "shown-at" in TOLD["fields[things]"]["schema"]["items"]["enum"]
    lists = [TOLD[name] for name in ("sort", "include", "fields[things]", "filter[whole-in]")]
    assert all((told["style"], told["explode"]) == ("form", False) for told in lists)


def page_parameters(pages: Any) -> dict[str, Any]:
    told = parameters(openapi(Resource(OwnerOfNotesSchema, pages=pages), title="", version=""), "/owners")
    return {name: each["schema"] for name, each in told.items() if name.startswith("page")}


def test_pages_are_told_with_their_bounds() -> None:
    numbered = {name: each["schema"] for name, each in TOLD.items() if name.startswith("page")}
    size = {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
    assert numbered == {"page[number]": {**size, "maximum": 2**31 - 1, "default": 1}, "page[size]": size}
    offset = page_parameters(OffsetPages(default=20, maximum=100))
    assert offset == {"page[offset]": {**size, "minimum": 0, "maximum": 2**31 - 1, "default": 0}, "page[limit]": size}
    cursors = page_parameters(CursorPages("secret", default=20, maximum=100))
    assert list(cursors) == ["page[size]", "page[after]", "page[before]"]
    assert cursors["page[after]"] == {"type": "string", "minLength": 1, "maxLength": 32_768}


def test_of_pages_of_ones_own_the_family_is_told() -> None:
    class Own:
        maximum = 10
        profile = None

        def parse(self, members: Any) -> Page:
            raise NotImplementedError

        def links(self, url: str, page: Page, total: int | None, *, more: bool = False) -> dict[str, str]:
            raise NotImplementedError

    assert page_parameters(Own()) == {"page": {"type": "object", "additionalProperties": {"type": "string"}}}


def test_what_is_hidden_is_left_out() -> None:
    told = parameters(document(visible=lambda name: name not in ("whole", "owner", "other")))
    assert not [name for name in told if "whole" in name or "owner" in name or "either" in name or "other-" in name]
    assert "sort" not in told
    assert told["include"]["schema"]["items"]["enum"] == ["parts"]
    assert "filter" not in parameters(document(visible=lambda _: False))


def test_where_nothing_is_shown_the_empty_list_alone_can_be_asked_for() -> None:
    told = parameters(document(visible=lambda _: False), "/owners")["fields[owners]"]
    assert told["schema"] == {"type": "array", "maxItems": 0, "uniqueItems": True}


def test_a_sort_of_pages_by_cursor_has_the_orders_that_are_served() -> None:
    class Filters(FilterSet):
        name = Field(types.Text())

    pages = CursorPages("secret", sorts=("name", "-size,name"))
    owners = Resource(OwnerOfNotesSchema, filters=Filters(), sort=Sort("name", "size", "other"), pages=pages)
    for rule, orders in (
        (None, [["-name"], ["-size", "name"], ["name"], ["size", "-name"]]),
        (lambda name: name != "size", [["-name"], ["name"]]),
    ):
        described = openapi(owners, title="", version="", visible=rule)
        schema = parameters(described, "/owners")["sort"]["schema"]
        assert schema["enum"] == orders
        assert set(schema["items"]["enum"]) == {key for order in orders for key in order} | {"name", "-name"} | (
            {"size", "-size"} if rule is None else set()
        )
        for order in orders:
            assert owners.parse(f"sort={','.join(order)}", visible=rule).order
    hidden = openapi(owners, title="", version="", visible=lambda name: name != "name")
    assert "sort" not in parameters(hidden, "/owners")


def test_a_default_order_that_cannot_be_asked_for_is_told_in_words_alone() -> None:
    for sorts, default in ((["-name"], None), (["-name", "size"], ["size"])):
        pages = CursorPages("secret", sorts=sorts)
        owners = Resource(OwnerOfNotesSchema, sort=Sort("name", "size", default="size"), pages=pages)
        told = parameters(openapi(owners, title="", version=""), "/owners")["sort"]
        assert told["schema"].get("default") == default
        assert told["description"].endswith("; without it by size") is (default is None)
        assert owners.parse("").order == (SortKey("size"),)
        if default is None:
            with pytest.raises(QueryErrors, match="sort"):
                owners.parse("sort=size")


def test_a_sort_without_a_default_has_none() -> None:
    described = openapi(Resource(OwnerOfNotesSchema, sort=Sort("name")), title="", version="")
    assert "default" not in parameters(described, "/owners")["sort"]["schema"]


def test_filters_are_spelled_as_the_members_of_documents() -> None:
    """Dashes and underscores are read alike, so what is described is one of them."""
    underscored = Resource(ThingOfOwnersSchema, filters=EveryFilters(), sort=Sort("name", style="underscore"))
    told = parameters(openapi(underscored, title="t", version="1"))
    names = {parameter.key: f"filter[{parameter.name}]" for parameter in EveryFilters().parameters}
    assert {name for name in told if name.startswith("filter[")} == set(names.values())
    (keys,) = (each["schema"]["patternProperties"] for name, each in told.items() if name == "filter")
    assert any(re.fullmatch(key, "filter[or][1][whole_not_eq]") for key in keys)
    assert not any("not-eq" in key for key in keys)
    for dashed, name in names.items():
        assert told[name]["x-operator"] == FILTERS[dashed].operator.name
