"""What a compiled schema knows, what it leaves to the schema, and that both give the same."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import missing, post_dump, pre_dump
from marshmallow_jsonapi import Schema
from marshmallow_jsonapi import fields as package_fields
from sqlalchemy import create_engine, text

from jsonapi_sieve.cdr.schemas import CdrSchema
from jsonapi_sieve.errors import DeclarationError
from jsonapi_sieve.serialization import CompiledSchema
from jsonapi_sieve.serialization.compiled.reading import way_of
from jsonapi_sieve.serialization.stock import fresh
from tests.serialization.compiled.rows import MAKERS, Stored
from tests.serialization.compiled.values import outcome

fields: Any = package_fields

ROW = {"id": "a/b", "name": "n", "number": 5, "owner": SimpleNamespace(id=3), "words": "ab"}


def schema(meta: dict[str, Any] | None = None, /, **namespace: Any) -> Any:
    options = type("Meta", (), {"type_": "calls", "register": False, **(meta or {})})
    return type("CallSchema", (Schema,), {"id": fields.Str(), "name": fields.Str(), **namespace, "Meta": options})


def assert_same(cls: Any, argument: Callable[[], Any], **options: Any) -> None:
    for ours, own in ((cls, cls()), (cls(), cls()), (fresh(cls), fresh(cls))):
        assert outcome(CompiledSchema(ours).dump, argument(), **options) == outcome(own.dump, argument(), **options)


def assert_quick(cls: Any, row: object) -> None:
    """Assert that generated code makes the document of a row, and the schema itself is not asked."""
    instance = fresh(cls)
    compiled = CompiledSchema(instance)
    instance._serialize = None
    assert compiled.dump(row)


def passed(self: Any, data: Any, **options: Any) -> Any:
    return data


def own(self: Any, *arguments: Any) -> Any:
    return {"type": "own", "of": len(arguments)}


def made_anew(self: Any, *arguments: Any, **options: Any) -> None:
    Schema.__init__(self, *arguments, **options)


REFUSED: list[tuple[Any, str]] = [
    (schema(format_item=own), "it has a format_item of its own"),
    (schema(get_resource_links=own), "it has a get_resource_links of its own"),
    (schema(__init__=made_anew), "it has a __init__ of its own"),
    (schema(on_bind_field=own), "it has a on_bind_field of its own"),
    (schema(mark=post_dump(passed)), "it has hooks of its own"),
    (schema(mark=pre_dump(passed)), "it has hooks of its own"),
    (schema(dict_class=type("Own", (dict,), {})), "its dictionaries are of another class"),
    (schema(about=fields.ResourceMeta()), "about is meta information"),
    (schema(about=fields.DocumentMeta(load_only=True)), "about is meta information"),
    (schema(about=fields.List(fields.Nested(schema(name=fields.Str())))), "about nests documents"),
    (schema(about=fields.Tuple((fields.Raw(), fields.Nested(lambda: 1 // 0)))), "about nests documents"),
    (schema(id=fields.Str(load_only=True), name=fields.Str(load_only=True)), "it shows nothing"),
    (
        schema(name=fields.Str(data_key="x", dump_only=True), other=fields.Str(data_key="x", load_only=True)),
        "two of its fields have one name in documents",
    ),
    (
        schema({"self_url": "/{x}", "self_url_kwargs": {"x": "<other>"}}),
        "its self_url asks for what it does not show",
    ),
    (
        schema({"self_url": "/{x}", "self_url_kwargs": {"x": "<a.b>"}}, name=fields.Str(data_key="a.b")),
        "its self_url asks for what it does not show",
    ),
]


@pytest.mark.parametrize(("cls", "reason"), REFUSED)
def test_schemas_whose_own_code_has_to_make_their_documents(cls: Any, reason: str) -> None:
    assert CompiledSchema(cls).source == f"# The schema's own code: {reason}."
    assert_same(cls, lambda: {**ROW, "about": {"a": 1}})
    assert_same(cls, lambda: iter([ROW]), many=True)


def counted(self: Any, row: object) -> Any:
    self.count = getattr(self, "count", 0) + 1
    return self.count


def test_what_a_method_keeps_in_an_instance_is_there_for_one_document() -> None:
    cls = schema(number=fields.Method("counted"), counted=counted)
    compiled = CompiledSchema(cls)
    assert "number is a method" in compiled.source
    assert compiled.dump(ROW) == compiled.dump(ROW) == cls().dump(ROW)
    alone = CompiledSchema(cls())
    assert [alone.dump(ROW)["data"]["attributes"]["number"] for _ in range(2)] == [1, 2]


def counting(self: Any, value: Any, attr: str, obj: Any) -> int:
    self.parent.count = getattr(self.parent, "count", 0) + 1
    return int(self.parent.count)


@pytest.mark.parametrize("wrap", [lambda field: field, fields.List], ids=["itself", "in a list"])
def test_what_a_field_of_an_application_keeps_in_an_instance_is_there_for_one_document(wrap: Any) -> None:
    cls = schema(words=wrap(by(counting, "_serialize")))
    compiled = CompiledSchema(cls)
    assert "words is a field with code of its own" in compiled.source
    assert compiled.dump(ROW) == compiled.dump(ROW) == cls().dump(ROW)
    alone, stock = CompiledSchema(cls()), cls()
    for _ in range(2):
        assert alone.dump(ROW) == stock.dump(ROW)


def test_a_field_that_only_loads_in_a_way_of_its_own_is_written_by_code() -> None:
    cls = schema(words=by(lambda *_: "x", "_deserialize", fields.Str))
    assert CompiledSchema(cls).source.startswith("def encode")


def test_what_is_included_is_left_to_the_schema() -> None:
    cls = schema(owner=fields.Relationship(type_="people", schema=schema(name=fields.Str(dump_default="x"))))
    ours, own = cls(include_data=("owner",)), cls(include_data=("owner",))
    assert CompiledSchema(ours).source == "# The schema's own code: owner includes what it leads to."
    assert outcome(CompiledSchema(ours).dump, ROW) == outcome(own.dump, ROW)


def by(function: Callable[..., Any], name: str, base: Any = fields.Raw, **options: Any) -> Any:
    return type("Own", (base,), {name: function})(**options)


def read(self: Any, obj: Any, *arguments: Any, **options: Any) -> Any:
    return "read"


def serialized(self: Any, attr: str, obj: Any, accessor: Any = None) -> Any:
    return attr, accessor(obj, "number", missing)


def written(self: Any, value: Any, attr: str, obj: Any) -> Any:
    return value, attr, obj["id"]


LINKED = {"related_url": "/{id}/it", "related_url_kwargs": {"id": "<id>"}}


@pytest.mark.parametrize(
    "field",
    [
        fields.Raw(),
        fields.Int(attribute="number"),
        fields.Int(attribute="owner.id"),
        fields.Function(lambda row: row["number"]),
        fields.Constant(7),
        fields.Nested({"id": fields.Int()}, attribute="owner"),
        by(read, "get_value"),
        by(serialized, "serialize"),
        by(written, "_serialize"),
        fields.Relationship(**LINKED),
        fields.Relationship(**LINKED, self_url="/{id}/self", self_url_kwargs={"id": "<id>"}),
        fields.Relationship(**LINKED, self_url="/{id}/{x}'\"\\", self_url_kwargs={"id": "<owner.id>", "x": "a b"}),
        fields.Relationship(**LINKED, type_="people", include_resource_linkage=True, attribute="number"),
        fields.Relationship(**LINKED, type_="people", include_resource_linkage=True, attribute="owner.id"),
        fields.Relationship(type_="people", include_resource_linkage=True, many=True, attribute="words"),
        fields.Relationship(related_url="/{id:>5}", related_url_kwargs={"id": "<id>"}),
        fields.Relationship(related_url="/{id}/{x}", related_url_kwargs={"id": "<id>", "x": "<number>"}),
        by(read, "get_related_url", fields.Relationship, related_url="/x"),
        by(written, "_serialize", fields.BaseRelationship, attribute="number"),
    ],
    ids=lambda field: type(field).__name__,
)
def test_one_field_that_is_read_or_written_in_its_own_way_leaves_the_rest_quick(field: Any) -> None:
    cls = schema(it=field)
    row = {**ROW, "it": "x"}
    assert_same(cls, lambda: row)
    assert_same(cls, lambda: [row, row], many=True)
    assert_quick(cls, row)


@pytest.mark.parametrize(
    "field",
    [
        fields.Raw(),
        fields.Str(dump_default="x"),
        fields.Nested({"id": fields.Int()}),
        fields.Method("nothing"),
        by(lambda *_: missing, "_serialize"),
        fields.Relationship(type_="people", include_resource_linkage=True),
        fields.Relationship(related_url="/{it}", related_url_kwargs={"it": "<it>"}),
        fields.Relationship(related_url="/{id}", related_url_kwargs={"id": "<id>", "it": "<it>"}),
        fields.Relationship(related_url="{id}", related_url_kwargs={"id": ""}),
        fields.Relationship(related_url="/{id}", related_url_kwargs={"id": None}),
    ],
    ids=lambda field: type(field).__name__,
)
@pytest.mark.parametrize("held", [{}, {"it": missing}, {"it": None}], ids=str)
def test_rows_in_which_something_is_missing_are_left_to_the_schema(field: Any, held: Any) -> None:
    cls = schema(it=field, nothing=lambda *_: missing)
    assert_same(cls, lambda: [ROW, ROW | held, SimpleNamespace(**ROW, **held)], many=True)


def test_a_relationship_that_shows_nothing_is_left_out() -> None:
    cls = schema(it=fields.Relationship(related_url="/x"))
    assert_same(cls, lambda: ROW)
    assert_quick(cls, ROW)


@pytest.mark.parametrize(
    ("url", "parameters"),
    [
        ("/x/{id}", {"id": "<id>"}),
        ("/x/{id}/{name}", {"id": "<name>", "name": "a b"}),
        ("/{{x}}/é?a=\"b'", None),
        ("/{id!r}", {"id": "<id>"}),
        ("/{id", {"id": "<id>"}),
        ("/{0}", {}),
        ("{id}", {"id": "<id>"}),
        (type("Own", (str,), {})("/{id}"), {"id": "<id>"}),
    ],
)
def test_links_to_resources_and_lists(url: str, parameters: Any) -> None:
    cls = schema({"self_url": url, "self_url_kwargs": parameters, "self_url_many": "/all"})
    assert_same(cls, lambda: ROW)
    assert_same(cls, lambda: [ROW, {**ROW, "id": None}], many=True)


@pytest.mark.parametrize("name", ["class", "é", "ﬁ", "a b", "items", "count", "owner"])
@pytest.mark.parametrize("make", MAKERS)
def test_rows_of_all_kinds_hold_attributes_of_all_names(name: str, make: Any) -> None:
    cls = schema({"type_": type("Own", (str,), {})("calls")}, **{name: fields.Raw()})
    assert_same(cls, lambda: [make({"id": 1, "name": "x", name: 5}), make({"id": 2, "name": None, name: 6})], many=True)


class Names(StrEnum):
    HELD = "held"


def test_an_attribute_can_be_a_member_of_an_enumeration() -> None:
    cls = schema(number=fields.Int(attribute=Names.HELD))
    assert_quick(cls, {"id": 1, "name": "a", "held": 5})
    assert_same(cls, lambda: {"id": 1, "name": "a", "held": 5})


def test_rows_of_sqlalchemy_are_read_by_position_each_by_its_own_columns() -> None:
    with create_engine("sqlite://").connect() as connection:
        first = connection.execute(text("SELECT 1 AS id, 'x' AS name, 3 AS count, 4 AS count")).one()
        second = connection.execute(text("SELECT 'y' AS name, 2 AS id, 5 AS count")).one()
        third = connection.execute(text("SELECT 'z' AS name, 3 AS id, 5")).one()
    assert way_of(first) == ("id", "name", None, None)
    assert way_of(third) == ("name", "id", "5")
    cls = schema(count=fields.Raw())
    assert_same(cls, lambda: [first, first], many=True)
    assert_same(cls, lambda: [first, second, third], many=True)
    assert_same(cls, lambda: second)


def test_what_an_instance_of_sqlalchemy_has_not_loaded_is_asked_for() -> None:
    row = Stored(id=1)
    assert isinstance(way_of(row), frozenset)
    assert_same(schema(), lambda: [row, Stored(id=2, name="x")], many=True)
    assert row.name is None


@pytest.mark.parametrize("many", [None, True, False, 0, "yes"])
@pytest.mark.parametrize("argument", [None, 5, "text", {}, [], (), [None], [[]], {"id": 1}, [{"id": 1}, {}, 5]])
def test_odd_arguments(argument: Any, many: Any) -> None:
    assert_same(schema(), lambda: argument, many=many)


def test_rows_are_taken_once_from_what_gives_them_once() -> None:
    def broken() -> Iterator[Any]:
        yield ROW
        raise LookupError("no more rows")

    assert_same(schema(), lambda: iter([ROW, {}]), many=True)
    assert_same(schema(), broken, many=True)
    assert_same(schema(name=fields.Int()), broken, many=True)


def test_errors_are_those_of_the_schema_itself() -> None:
    assert_same(schema(number=fields.Int()), lambda: [ROW, {**ROW, "number": "x"}, {**ROW, "number": "y"}], many=True)
    assert_same(schema(wrap_response=lambda *_: 1 // 0), lambda: ROW)


def test_options_of_an_instance_hold() -> None:
    cls = schema({"inflect": str.upper, "self_url": "/{id}", "self_url_kwargs": {"id": "<ID>"}}, number=fields.Int())
    made = CompiledSchema(cls(only=("id", "number"), many=True))
    assert made.dump([ROW]) == {
        "data": [{"type": "calls", "id": "a/b", "attributes": {"NUMBER": 5}, "links": {"self": "/a/b"}}]
    }
    assert "ROW" not in made.source
    assert repr(made) == "CompiledSchema(<CallSchema(many=True)>)"


@pytest.mark.parametrize("other", [int, 5, "CallSchema", None])
def test_other_things_than_schemas_are_refused(other: Any) -> None:
    with pytest.raises(DeclarationError, match="a schema of marshmallow_jsonapi is needed, not "):
        CompiledSchema(other)


def test_the_domain_is_compiled() -> None:
    assert CompiledSchema(CdrSchema).source.startswith("def encode(row):\n")
