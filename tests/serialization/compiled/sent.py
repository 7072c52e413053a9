"""Schemas at random, as clients send what they hold, and what clients may send for them: mostly nearly right."""

from collections.abc import Mapping
from typing import Any, Final

from hypothesis import strategies as st
from marshmallow import ValidationError, missing, post_load, pre_load, validate, validates_schema
from marshmallow_jsonapi import Schema
from marshmallow_jsonapi import fields as package_fields

from jsonapi_sieve import Field, FilterSet, Required, types
from jsonapi_sieve.serialization import StoredFilters
from tests.serialization.compiled.schemas import KINDS, PERSON

__all__ = ["NAMES", "attributes", "linkages", "schemas"]

fields: Any = package_fields

NAMES: Final = ("name", "status", "row_count", "a_b", "owner", "class", "x1")


class SentFilters(FilterSet, groups=True):
    duration = Field(types.Integer(16), operators=("eq", "in"))
    rate = Field(types.Decimal(scale=2), operators=("eq",))
    at = Field(types.Timestamp(digits=3), operators=("gteq", "lt"))
    name = Field(types.Text(), operators=("eq",))
    rules = (Required("duration_eq"),)


class NumberedSchema(Schema):
    id = fields.Int(validate=validate.Range(max=9))

    class Meta:
        type_ = "people"
        register = False


class CustomSchema(Schema):
    id = fields.Method(deserialize="read_id")

    class Meta:
        type_ = "people"
        register = False

    def read_id(self, value: Any) -> Any:
        return f"<{value}>"


def _refused(value: Any) -> None:
    if value in ("", [], 0):
        raise ValidationError("too little")


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _marked(self: Any, data: Any, **options: Any) -> Any:
    return {**data, "marked": len(data)} if isinstance(data, dict) else data


def _checked(self: Any, data: Any, **options: Any) -> None:
    if "status" in data:
        raise ValidationError("no status", "status")


def _spelled(self: Any, row: Any) -> str:
    return f"{row}"


def _given(self: Any, data: Any) -> Any:
    return {"data": data}


def _item(self: Any, item: Any) -> Any:
    return dict(item.get("attributes") or {})


OVERRIDES: Final[list[Mapping[str, Any]]] = [
    {"mark": post_load(_marked)},
    {"mark": pre_load(_marked)},
    {"check": validates_schema(_checked)},
    {"format_item": _given},
    {"unwrap_item": _item},
]
LOADING_OPTIONS: Final[list[Mapping[str, Any]]] = [
    {"required": True},
    {"allow_none": True},
    {"load_default": None},
    {"load_default": "given"},
    {"load_default": lambda: ["made"]},
    {"load_default": lambda: missing},
    {"validate": _refused},
    {"validate": [validate.Length(max=3), _refused]},
    {"dump_only": True},
    {"load_only": True},
    {"data_key": "shown"},
    {"attribute": "held"},
    {"attribute": "held.name"},
    {"attribute": "held.owner"},
    {"required": True, "error_messages": {"required": "Give it."}},
]


def _filters(**options: Any) -> Any:
    return StoredFilters(SentFilters(), **options)


@st.composite
def _fields(draw: st.DrawFn) -> Any:
    options = draw(st.sampled_from([{}, *LOADING_OPTIONS]))
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return _filters(**options)
    if kind == 1:
        schema = draw(st.sampled_from((None, PERSON, PERSON(), NumberedSchema, CustomSchema, "nowhere")))
        many = draw(st.booleans())
        return fields.Relationship(type_="people", many=many, schema=schema, **options)
    make, _ = draw(st.sampled_from(KINDS))
    try:
        return make(**options)
    except (TypeError, ValueError):  # a constant, for example, has a default of its own
        return make()


@st.composite
def schemas(draw: st.DrawFn, overrides: bool = True) -> type[Schema]:
    """Draw a class of schemas; what applications override stands in few of them."""
    members: dict[str, Any] = draw(st.dictionaries(st.sampled_from(NAMES), _fields(), max_size=4))
    options: dict[str, Any] = {"type_": "calls", "register": False}
    if draw(st.booleans()):
        options["inflect"] = _dashed
    rare = draw(st.integers(0, 11)) if overrides else 99
    if rare == 0:
        options["unknown"] = draw(st.sampled_from(("exclude", "include")))
    elif rare == 1:
        options["many"] = True
    elif rare in (2, 3, 4):
        members |= draw(st.sampled_from(OVERRIDES))
    identifier = draw(st.sampled_from([fields.Str, fields.Int, lambda: fields.Str(required=True)]))()
    return type(
        "CallSchema", (Schema,), {"id": identifier, "spelled": _spelled, **members, "Meta": type("Meta", (), options)}
    )


SENT: Final[tuple[Any, ...]] = (
    *("a", "", "given", "abcd", "5", "text", "red", "1", "yes", "\0", "é", "a@example.org", "https://example.org"),
    *(5, 0, -1, 40_000, 2**70, 1.5, 0.1, True, False, None),
    *([], ["a"], [1, 2], [["a"]], {}, {"id": 1, "name": "x"}, [{"id": 1}]),
    *("2019-01-01", "2019-01-31T00:00:00Z", "12:00:00", "0001-01-01T00:00:00+01:00"),
    *("00000000-0000-0000-0000-00000000000A", "10.0.0.1", "::1", "10.0.0.1/8"),
    {"duration_eq": 5, "at_gteq": "2019-01-01 00:00:00", "rate_eq": "1.50"},
    {"rate_eq": 1.25, "duration_eq": 1, "at_lt": "2019-01-31"},
    {"duration_eq": "7", "duration_in": [1, "2"], "name_eq": "\n"},
    {"duration_eq": 7, "or": [{"duration_eq": 1}, {"or": [{"rate_eq": 1.1}]}]},
    {"nope_eq": 1},
)


def attributes(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw attributes of some names; what is sent for them is of every kind."""
    return st.dictionaries(st.sampled_from(names), st.sampled_from(SENT), max_size=4)


def linkages(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw relationships of some names."""
    ids = st.sampled_from(("7", "8", "x", "", 7, None))
    good = st.fixed_dictionaries({"type": st.sampled_from(("people", "people", "calls")), "id": ids})
    usual = st.just({"type": "people", "id": "7"})
    odd: st.SearchStrategy[Any] = st.sampled_from(
        (None, [], "7", {"type": "people"}, {"type": "people", "id": "7", "attributes": {"name": "x"}})
    )
    data = usual | usual | good | st.lists(usual | good, max_size=2) | st.just([{"type": "people", "id": "8"}]) | odd
    whole = st.builds(lambda data: {"data": data}, data)
    bare: st.SearchStrategy[Any] = st.sampled_from(
        ({}, {"links": {}}, {"data": {"type": "people", "id": "7"}, "meta": {}}, None)
    )
    return st.dictionaries(st.sampled_from(names), whole | whole | whole | bare, max_size=3)
