"""What is loaded by compiled code: what the schema itself loads, with its errors."""

from __future__ import annotations

import copy
import enum
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import validate
from marshmallow_jsonapi import fields as package_fields

from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.serialization import Schema, StoredFilters, Typed
from jsonapi_sieve.serialization.compiled.loading import compiled_load, is_known, loading_of, loads_plainly
from tests.serialization.compiled.sent import NAMES, attributes, linkages, schemas

fields: Any = package_fields

KEYS = (*NAMES, "row-count", "a-b", "shown", "id", "nope")


@st.composite
def documents(draw: st.DrawFn) -> Any:
    """Draw a document as parsed JSON gives it, and at times what is none."""
    item: Any = {"type": draw(st.sampled_from(("calls",) * 9 + ("people",)))}
    for part, values in (("attributes", attributes(KEYS)), ("relationships", linkages(KEYS))):
        if draw(st.integers(0, 9)):
            item[part] = draw(values)
    rare = draw(st.integers(0, 19))
    if rare == 0:
        item |= {"id": draw(st.sampled_from(("7", 7, None)))}
    elif rare == 1:
        item |= {"meta": {"x": 1}, "links": {}}
    elif rare == 2:
        item = draw(st.sampled_from(([item], None, {}, {"type": "calls", "attributes": [], "relationships": None})))
    document: Any = {"data": item}
    if rare == 3:
        document |= {"included": [{"type": "people", "id": "7", "attributes": {"name": "x"}}]}
    elif rare == 4:
        document |= {"meta": {"x": 1}}
    elif rare == 5:
        document = draw(st.sampled_from(({}, [document], {"links": {}, **document})))
    return document


def outcome(load: Callable[[], Any]) -> object:
    try:
        return repr(load())
    except ma.ValidationError as error:
        return error.messages, error.valid_data
    except Exception as error:  # noqa: BLE001  (whatever the schema raises)
        return type(error), str(error)


@given(schemas(), documents(), st.sampled_from([{}, {}, {}, {"partial": True}, {"unknown": "exclude"}]))
def test_compiled_code_loads_what_the_schema_loads(cls: Any, document: Any, options: dict[str, Any]) -> None:
    try:
        cls()
    except Exception:  # noqa: BLE001  (two fields of one attribute)
        return
    stock, compiled = cls(), cls()
    loads = [compiled_load(cls), compiled_load(compiled)]
    expected = outcome(lambda: stock.load(copy.deepcopy(document), **options))
    for load in loads:
        assert outcome(lambda load=load: load(copy.deepcopy(document), **options)) == expected  # type: ignore[misc]
    assert (compiled.included_data, compiled.document_meta) == (stock.included_data, stock.document_meta)


class CallFilters(FilterSet):
    duration = Field(types.Integer(16))


class CallSchema(Schema):
    id = fields.Str()
    duration = fields.Int(required=True)
    started_at = fields.AwareDateTime()
    owner = fields.Relationship(type_="people")

    class Meta:
        type_ = "calls"
        register = False


def document(**sent: Any) -> Any:
    return {"data": {"type": "calls", "attributes": {"duration": 60, **sent}}}


class Counting(CallSchema):
    class Meta(CallSchema.Meta):
        pass

    counted = 0

    def handle_error(self, error: Any, data: Any, **options: Any) -> None:
        type(self).counted += 1


def test_the_schema_is_asked_for_what_is_not_good() -> None:
    load = compiled_load(Counting)
    assert load(document(started_at="2019-01-01T00:00:00Z")) == {
        "duration": 60,
        "started_at": datetime(2019, 1, 1, tzinfo=UTC),
    }
    assert Counting.counted == 0
    with pytest.raises(ma.ValidationError):
        load(document(duration="x"))
    assert Counting.counted == 1


def test_an_instance_is_loaded_by_itself_and_notes_what_it_would() -> None:
    instance: Any = Counting()
    instance.document_meta = {"old": 1}
    load = compiled_load(instance)
    assert load(document()) == {"duration": 60}
    assert instance.document_meta == {}


class Own(CallSchema):
    name = fields.Method(deserialize="named")

    class Meta(CallSchema.Meta):
        pass

    def named(self, value: Any) -> str:
        return f"<{value}>"


def test_own_fields_are_asked_for_their_values() -> None:
    assert compiled_load(Own())(document(name="a")) == {"duration": 60, "name": "<a>"}
    assert compiled_load(Own)(document(name="a")) == {"duration": 60, "name": "<a>"}


class Shouted(fields.Str):  # type: ignore[misc]
    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Any:
        return str(value).upper()


@pytest.mark.parametrize(
    ("field", "known"),
    [
        (fields.Str(), True),
        (fields.Email(), True),
        (fields.IPv4(), True),
        (fields.Relationship(type_="people"), True),
        (fields.List(fields.Str()), False),
        (fields.Nested(CallSchema), False),
        (Shouted(), False),
    ],
)
def test_fields_are_known_by_their_functions(field: Any, known: bool) -> None:
    assert is_known(field) is known
    assert (loading_of("name", field).load is not None) is known
    field._validate = None
    assert not is_known(field)


class PersonSchema(Schema):
    id = fields.Str()
    name = fields.Str()

    class Meta:
        type_ = "people"
        register = False


class Full(CallSchema):
    name = fields.Str(attribute="held.name", validate=validate.Length(max=3))
    done = fields.Bool(load_default=False)
    size = Typed(types.Integer(16), allow_none=True)
    words = Typed(types.Text(), allow_none=True)
    filters = StoredFilters(CallFilters())
    friends = fields.Relationship(type_="people", schema=PersonSchema, many=True)

    class Meta(CallSchema.Meta):
        pass


@pytest.mark.parametrize(
    ("attributes", "relationships"),
    [
        ({"name": "abc", "size": 7, "words": "a", "done": True, "filters": {"duration_eq": "7"}}, {}),
        ({"name": "abcd", "size": 70_000}, {}),
        ({"size": None, "words": None, "duration": "x"}, {}),
        ({"size": None, "words": None, "done": "yes", "filters": None}, {}),
        ({}, {"owner": {"data": {"type": "people", "id": "7"}}, "friends": {"data": [{"type": "people", "id": "7"}]}}),
        ({}, {"owner": {"data": None}}),
        ({}, {"owner": {"data": {"type": "calls", "id": "7"}}, "friends": {"data": {"type": "people", "id": "7"}}}),
        ({}, {"friends": {"data": [{"type": "people", "id": "7", "attributes": {"name": "x"}}]}}),
        ({}, {"friends": {"links": {}}, "owner": []}),
    ],
)
def test_values_of_every_kind_are_loaded(attributes: dict[str, Any], relationships: dict[str, Any]) -> None:
    sent = document(**attributes)
    sent["data"]["relationships"] = relationships
    assert outcome(lambda: compiled_load(Full)(sent)) == outcome(lambda: Full().load(sent))


def test_a_related_schema_that_cannot_be_found_is_looked_for_by_the_field() -> None:
    class Lost(CallSchema):
        friend = fields.Relationship(type_="people", schema="nowhere")

        class Meta(CallSchema.Meta):
            pass

    sent = document()
    assert compiled_load(Lost)(sent) == {"duration": 60}
    sent["data"]["relationships"] = {"friend": {"data": {"type": "people", "id": "7"}}}
    assert outcome(lambda: compiled_load(Lost)(sent)) == outcome(lambda: Lost().load(sent))


def test_an_enumeration_by_the_values_of_an_own_field_is_not_known() -> None:
    class Colour(enum.Enum):
        RED = "red"

    assert is_known(fields.Enum(Colour, by_value=fields.Raw))
    assert not is_known(fields.Enum(Colour, by_value=Shouted))


def test_an_instance_for_many_loads_in_its_own_way() -> None:
    assert loads_plainly(CallSchema())
    assert not loads_plainly(CallSchema(many=True))
    assert not loads_plainly(CallSchema(partial=True))
    assert compiled_load(CallSchema(many=True))({"data": [document()["data"]]}) == [{"duration": 60}]
