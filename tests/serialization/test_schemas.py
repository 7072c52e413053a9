from concurrent.futures import ThreadPoolExecutor
from typing import Any

import marshmallow as ma
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import post_dump, pre_dump
from marshmallow_jsonapi import Schema, fields

from jsonapi_sieve import DeclarationError
from jsonapi_sieve.document import Link
from jsonapi_sieve.serialization import ResourceSchema
from jsonapi_sieve.testing.strategies.values import DECIMALS, MILLISECONDS
from tests.serialization.samples import (
    ACCOUNTS,
    EXPORTS,
    OWNERS,
    URL,
    ExportSchema,
    account,
    export,
    owner,
    stock_dump,
)
from tests.types.constants import TEXTS


def declare(type_: str = "things", meta: dict[str, Any] | None = None, **members: Any) -> type[Schema]:
    options = {"type_": type_, "register": False, **(meta or {})}
    made: type[Schema] = type(
        "ThingSchema", (Schema,), {"id": fields.Str(), **members, "Meta": type("Meta", (), options)}
    )
    return made


def test_what_is_read_of_a_schema() -> None:
    assert (EXPORTS.type, EXPORTS.schema) == ("exports", ExportSchema)
    assert dict(EXPORTS.attributes) == {
        "filters": "filters",
        "status": "status",
        "rows-count": "rows_count",
        "created-at": "created_at",
        "price": "price",
        "code-words": "code_words",
    }
    assert list(EXPORTS.relationships) == ["bill-to", "seen-by"]
    assert list(EXPORTS.members) == [*EXPORTS.attributes, "bill-to", "seen-by"]
    assert repr(EXPORTS) == "ResourceSchema(ExportSchema)"


def test_what_clients_may_only_send_is_no_member() -> None:
    assert not ResourceSchema(declare(secret=fields.Str(load_only=True))).members


def test_what_is_shown_and_what_is_sent_may_have_one_name() -> None:
    schema = declare(a=fields.Str(dump_only=True), sent=fields.Str(load_only=True, data_key="a"))
    assert dict(ResourceSchema(schema).members) == {"a": "a"}


def test_names_are_those_that_the_schema_writes() -> None:
    schema = declare(meta={"inflect": str.upper}, a_b=fields.Str(), c=fields.Str(data_key="d_e"))
    assert dict(ResourceSchema(schema).attributes) == {"A_B": "a_b", "D_E": "c"}
    [item] = ResourceSchema(schema).dump([{"id": "1", "a_b": "x", "c": "y"}], url="/")
    assert item["attributes"] == {"A_B": "x", "D_E": "y"}


@pytest.mark.rule("DOC-09", "DOC-14")
def test_members_stand_in_the_order_of_the_documents() -> None:
    [item] = EXPORTS.dump([export("1", about={"note": 1})], url=URL)
    assert list(item) == ["id", "type", "links", "attributes", "relationships", "meta"]
    assert item["links"] == {"self": "https://api.example.org/exports/1"}
    assert item["relationships"] == {
        "bill-to": {
            "links": {
                "self": "https://api.example.org/exports/1/relationships/bill-to",
                "related": "https://api.example.org/exports/1/bill-to",
            }
        },
        "seen-by": {"data": []},
    }
    assert item["meta"] == {"note": 1}


# marshmallow-jsonapi itself does not escape identifiers in links.
IDENTIFIERS = st.text("abAB09-_.~", min_size=1)
ROWS = st.lists(
    st.builds(
        export,
        IDENTIFIERS,
        st.none() | st.builds(account, TEXTS.filter(bool)),
        filters=st.dictionaries(TEXTS, st.integers(), max_size=2),
        status=st.none() | TEXTS,
        rows_count=st.none() | st.integers(-(10**18), 10**18),
        created_at=st.none() | MILLISECONDS,
        price=st.none() | DECIMALS,
        code_words=st.none() | st.lists(TEXTS, max_size=2),
        about=st.dictionaries(TEXTS, st.integers(), max_size=1),
        seen_by=st.lists(st.builds(owner, TEXTS.filter(bool)), max_size=2),
    ),
    max_size=3,
)


@given(ROWS)
def test_resource_objects_are_what_the_schema_itself_dumps(rows: list[object]) -> None:
    assert EXPORTS.dump(rows, url="/exports") == stock_dump(ExportSchema, rows)["data"]


@pytest.mark.rule("FLD-01", "FLD-02", "FLD-03")
@given(ROWS, st.sets(st.sampled_from(sorted(EXPORTS.members))))
def test_members_restrict_what_is_shown(rows: list[object], shown: set[str]) -> None:
    whole, part = EXPORTS.dump(rows, url=URL), EXPORTS.dump(rows, url=URL, members=shown)
    for item, restricted in zip(whole, part, strict=True):
        for name in ("attributes", "relationships"):
            members: Any = item[name]
            expected = {member: value for member, value in members.items() if member in shown}
            assert restricted.get(name, {}) == expected
            assert (name in restricted) == bool(expected)
        assert {name: restricted[name] for name in ("id", "type", "links", "meta")} == {
            name: item[name] for name in ("id", "type", "links", "meta")
        }


def test_hooks_see_whole_rows_and_have_their_say() -> None:
    class HookedSchema(Schema):
        id = fields.Str()
        first = fields.Int()
        second = fields.Int()

        @pre_dump
        def double(self, row: Any, **_: Any) -> Any:
            return {name: value * 2 for name, value in row.items()}

        @post_dump
        def add(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
            return {**data, "first": data["first"] + data["second"]}

        def format_item(self, item: Any) -> Any:
            formatted: dict[str, Any] = super().format_item(item)  # type: ignore[no-untyped-call]
            return {**formatted, "@note": "seen"}

        class Meta:
            type_ = "hooked"

    [item] = ResourceSchema(HookedSchema).dump([{"id": 1, "first": 1, "second": 2}], url="/", members={"first"})
    assert item == {"id": "2", "type": "hooked", "attributes": {"first": 6}, "@note": "seen"}


@pytest.mark.rule("LNK-01", "LNK-02")
def test_absolute_links_and_link_objects_of_a_hooks_own_making_stay_as_they_are() -> None:
    class LinkedSchema(Schema):
        id = fields.Str()

        def get_resource_links(self, item: Any) -> dict[str, Any]:
            links = {"self": f"/things/{item['id']}", "about": {"href": "/about"}, "file": "https://a.example/1"}
            return {**links, "seen": Link("/seen", title="Seen")}

        class Meta:
            type_ = "things"

    [item] = ResourceSchema(LinkedSchema).dump([{"id": 1}], url="https://b.example/things")
    assert item["links"] == {
        "self": "https://b.example/things/1",
        "about": {"href": "/about"},
        "file": "https://a.example/1",
        "seen": Link("https://b.example/seen", title="Seen"),
    }


@pytest.mark.rule("DOC-09", "DOC-10")
def test_identifiers_are_text() -> None:
    schema = ResourceSchema(type("NumberedSchema", (declare(),), {"id": fields.Int()}))
    assert schema.dump([{"id": 8}], url="/") == [{"id": "8", "type": "things"}]
    with pytest.raises(ValueError, match="'things' has no id"):
        schema.dump([{"id": None}], url="/")


def test_rows_may_come_one_by_one() -> None:
    assert [item["id"] for item in OWNERS.dump(map(owner, "ab"), url="/")] == ["a", "b"]
    assert OWNERS.dump([], url="/") == []


def test_relationships_lead_to_types_and_schemas() -> None:
    bill_to, friends = EXPORTS.relationships["bill-to"], OWNERS.relation("friends")
    assert friends is not None
    assert (bill_to.name, bill_to.member, bill_to.type, bill_to.many) == ("bill_to", "bill-to", "accounts", False)
    assert [relation.schema for relation in (bill_to, friends)] == [ACCOUNTS.schema, OWNERS.schema]
    assert friends.many
    assert EXPORTS.relation("bill-to") is None
    assert repr(bill_to) == "<Relation ExportSchema.bill_to>"


def test_a_relationship_needs_no_schema() -> None:
    relation = ResourceSchema(declare(of=fields.Relationship(type_="owners"))).relation("of")
    assert relation is not None
    assert relation.schema is None


def test_a_relationship_with_a_schema_that_does_not_exist() -> None:
    relation = ResourceSchema(declare(of=fields.Relationship(type_="owners", schema="NopeSchema"))).relation("of")
    assert relation is not None
    with pytest.raises(DeclarationError, match=r"ThingSchema\.of: .*NopeSchema"):
        _ = relation.schema


@pytest.mark.rule("DOC-17", "DOC-21")
def test_linkage_comes_from_the_foreign_key_or_the_related_rows() -> None:
    row = export("1", account("a"), seen_by=[owner("x"), owner("y")])
    assert EXPORTS.linkage(row, "bill_to") == {"type": "accounts", "id": "a"}
    assert EXPORTS.linkage(export("1"), "bill_to") is None
    assert EXPORTS.linkage(row, "seen_by") == [{"type": "owners", "id": "x"}, {"type": "owners", "id": "y"}]
    assert EXPORTS.linkage(export("1", seen_by=None), "seen_by") == []
    assert EXPORTS.linkage({"account_id": 7}, "bill_to") == {"type": "accounts", "id": "7"}


@pytest.mark.rule("DOC-10", "DOC-17")
def test_identifiers_of_what_a_relationship_leads_to() -> None:
    row = export("1", account("a"), seen_by=[owner("x"), owner("y")])
    assert EXPORTS.identifiers(row, "bill_to") == ["a"]
    assert EXPORTS.identifiers({"account_id": 7}, "bill_to") == ["7"]
    assert EXPORTS.identifiers(row, "seen_by") == ["x", "y"]
    assert EXPORTS.identifiers(export("1"), "bill_to") == EXPORTS.identifiers(export("1"), "seen_by") == []


def across(many: bool = False) -> ResourceSchema:
    return ResourceSchema(declare(of=fields.Relationship(type_="owners", attribute="a.b.id", many=many)))


@pytest.mark.rule("DOC-17")
@pytest.mark.parametrize("held", [None, {"b": None}, {"b": {"id": None}}])
def test_linkage_across_something_that_is_none(held: object) -> None:
    assert across().linkage({"a": held}, "of") is None
    assert across(many=True).linkage({"a": held}, "of") == []


@pytest.mark.parametrize("held", [{}, {"b": {}}, {"b": 7}])
def test_linkage_across_something_that_is_not_there(held: object) -> None:
    with pytest.raises(AttributeError, match=r"a dict has no 'a\.b\.id', which ThingSchema needs"):
        across().linkage({"a": held}, "of")


def test_linkage_of_what_is_no_relationship_or_is_not_there() -> None:
    with pytest.raises(KeyError):
        EXPORTS.linkage(export("1"), "status")
    with pytest.raises(AttributeError, match="a dict has no 'account_id', which ExportSchema needs"):
        EXPORTS.linkage({}, "bill_to")


@pytest.mark.rule("DOC-16", "DOC-18")
def test_links_of_a_relationship() -> None:
    assert EXPORTS.relationship_links(export("1"), "bill_to", url=URL) == {
        "self": "https://api.example.org/exports/1/relationships/bill-to",
        "related": "https://api.example.org/exports/1/bill-to",
    }
    assert EXPORTS.relationship_links(export("1"), "seen_by", url=URL) == {}


def test_links_of_the_schemas_own_making_are_kept() -> None:
    class Elsewhere(fields.Relationship):
        def get_related_url(self, obj: Any) -> str:
            return f"/elsewhere/{obj['id']}"

    field: Any = Elsewhere
    schema = ResourceSchema(declare(of=field(type_="owners")))
    assert schema.relationship_links({"id": 1}, "of", url=URL) == {"related": "https://api.example.org/elsewhere/1"}
    [item] = schema.dump([{"id": 1}], url="/")
    assert item["relationships"] == {"of": {"links": {"related": "/elsewhere/1"}}}


def test_nothing_leaks_from_one_call_to_the_next() -> None:
    row = export("1", account("a", owner("x")), seen_by=[owner("y")])
    before = EXPORTS.dump([row], url=URL)
    data = EXPORTS.dump([row], url=URL)
    assert EXPORTS.include(data, [row], ["bill_to"], url=URL)
    assert data != before
    assert EXPORTS.dump([row], url=URL) == before
    assert stock_dump(ExportSchema, [row]).keys() == {"data"}


def test_threads_do_not_mix_their_rows() -> None:
    def dump(number: int) -> bool:
        row = export(str(number), account(f"a{number}", owner(f"o{number}")), about={"number": number})
        [item] = data = EXPORTS.dump([row] * 1, url=URL)
        included = EXPORTS.include(data, [row], ["bill_to", "bill_to.owner"], url=URL)
        ids = [each["id"] for each in included]
        return (item["id"], item["meta"], ids) == (str(number), {"number": number}, [f"a{number}", f"o{number}"])

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(dump, range(200)))


@pytest.mark.rule("DOC-12", "DOC-13", "MEM-02", "MEM-04")
@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (int, "a class of marshmallow_jsonapi.Schema is needed, not <class 'int'>"),
        (ExportSchema(), "a class of marshmallow_jsonapi.Schema is needed"),  # type: ignore[no-untyped-call]
        (ma.Schema, "a class of marshmallow_jsonapi.Schema is needed"),
        (declare(type_=""), "ThingSchema: Must specify type_"),
        (declare(type_="a+b"), "ThingSchema: 'a\\+b' is no type name"),
        (declare(a=fields.Str(data_key="_a")), "'_a' is no member name: use letters and digits"),
        (declare(a=fields.Str(data_key="a.b")), "'a.b' is no member name"),
        (declare(a=fields.Str(data_key="\ud800")), "is no member name"),
        (declare(a=fields.Str(data_key="type")), "ThingSchema.a: there is one 'type' in a resource object already"),
        (declare(meta={"inflect": str.lower}, a=fields.Str(data_key="B"), b=fields.Str()), "there is one 'b'"),
        (
            declare(meta={"inflect": str.lower}, a=fields.Relationship(type_="x", data_key="B"), b=fields.Str()),
            "there is one 'b'",
        ),
        (declare(a=fields.Str(), b=fields.Str(attribute="a")), "ThingSchema: The attribute argument"),
        (declare(of=fields.Relationship("/of")), "ThingSchema.of: a relationship says what it leads to; give type_="),
        (declare(of=fields.Relationship(type_="a b+")), "'a b\\+' is no type name"),
        (declare(id=fields.Str(load_only=True)), "ThingSchema.id: every resource shows its id, and it is load_only"),
        (declare(a=fields.Str(load_only=True, data_key="type")), "ThingSchema.a: there is one 'type' in a resource"),
        (declare(a=fields.Str(load_only=True, data_key="_a")), "'_a' is no member name"),
        (declare(a=fields.Str(data_key="B"), B=fields.Str(load_only=True)), "ThingSchema.B: there is one 'B'"),
        (declare(count=fields.DocumentMeta()), "ThingSchema.count: a row cannot say what the meta of a document is"),
    ],
)
def test_schemas_that_give_no_valid_resource_objects(schema: Any, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        ResourceSchema(schema)


@pytest.mark.rule("MEM-02", "MEM-03")
@pytest.mark.parametrize("name", ["a", "aB-c_d e", "é", "0", "日本"])
def test_member_names_of_the_specification(name: str) -> None:
    assert list(ResourceSchema(declare(a=fields.Str(data_key=name))).members) == [name]
