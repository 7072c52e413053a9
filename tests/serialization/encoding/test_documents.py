"""Documents of the domain and of samples: every kind of row, each library, and what related resources add."""

import itertools
import json
import uuid
from collections import namedtuple
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import make_dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, ClassVar
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from marshmallow.utils import missing
from marshmallow_jsonapi import Schema, fields
from sqlalchemy.orm import DeclarativeBase, Session, defer

from jsonapi_sieve import types
from jsonapi_sieve.cdr.dataset import Dataset
from jsonapi_sieve.cdr.models import Base, Cdr
from jsonapi_sieve.cdr.schemas import CdrSchema
from jsonapi_sieve.document import to_json
from jsonapi_sieve.serialization import ResourceSchema, Typed
from jsonapi_sieve.serialization.encoding import compiling
from jsonapi_sieve.serialization.encoding import library as libraries
from jsonapi_sieve.serialization.encoding.library import best_library
from jsonapi_sieve.serialization.stock import fresh
from tests.serialization.encoding.outcomes import URL, dumped, outcome, shown, with_each_library
from tests.serialization.samples import (
    ACCOUNTS,
    EXPORTS,
    OWNERS,
    AccountOwnerSchema,
    AccountSchema,
    account,
    dasherize,
    export,
    owner,
)

CDRS = ResourceSchema(CdrSchema)
DICTS = list(Dataset(count=40, until=datetime(2026, 2, 1, tzinfo=UTC)).cdrs())
NAMES = tuple(DICTS[0])
Slotted = make_dataclass("Slotted", NAMES, slots=True)
Named: Any = namedtuple("Named", NAMES)  # type: ignore[misc]  # noqa: PYI024  (the names are those of the domain)


class Keyed:
    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def _wrapped(_: Any, data: list[Any], many: bool) -> dict[str, Any]:
    return {"data": data[:1] if many else data}


def _results(*names: str) -> list[Any]:
    """Select the rows from a database, all columns or some."""
    engine = sa.create_engine("sqlite://")
    Base.metadata.tables["cdrs"].create(engine)
    columns = [Cdr.__table__.c[name].label(name) for name in names or NAMES]
    with engine.begin() as connection:
        connection.execute(sa.insert(Cdr), DICTS)
        return list(connection.execute(sa.select(*columns)))


def _instances() -> list[Any]:
    engine = sa.create_engine("sqlite://")
    Base.metadata.tables["cdrs"].create(engine)
    with Session(engine) as session:
        session.execute(sa.insert(Cdr), DICTS)
        return list(session.scalars(sa.select(Cdr)))


def _deferred() -> list[Any]:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    Base.metadata.tables["cdrs"].create(engine)
    session = Session(engine)
    session.execute(sa.insert(Cdr), DICTS)
    return list(session.scalars(sa.select(Cdr).options(defer(Cdr.rec))))


KINDS: dict[str, Callable[[], list[Any]]] = {
    "dictionaries": lambda: DICTS,
    "objects": lambda: [SimpleNamespace(**row) for row in DICTS],
    "slotted objects": lambda: [Slotted(**row) for row in DICTS],
    "named tuples": lambda: [Named(**row) for row in DICTS],
    "rows": _results,
    "rows of two results": lambda: _results()[:20] + _results(*reversed(NAMES))[20:],
    "rows with a name twice": lambda: _results(*NAMES, "id"),
    "rows that take keys": lambda: [Keyed(row) for row in DICTS],
    "instances": _instances,
    "deferred instances": _deferred,
    "mixed rows": lambda: [*DICTS[:20], *(SimpleNamespace(**row) for row in DICTS[20:])],
}


@with_each_library
@pytest.mark.parametrize("kind", KINDS)
def test_cdrs_of_every_kind_are_those_of_the_schema(kind: str, library: Any) -> None:
    rows = KINDS[kind]()
    assert outcome(shown(CDRS, library).data, rows) == outcome(lambda: dumped(CDRS, rows)[0])


@with_each_library
@pytest.mark.parametrize(
    "members", [set(), {"duration"}, {"account"}, {"duration", "account", "time-start"}, {"auth-orig-ip", "rec"}]
)
def test_members_that_are_not_asked_for_are_left_out(members: set[str], library: Any) -> None:
    asked = {"cdrs": members}
    assert shown(CDRS, library, fields=asked).data(DICTS) == dumped(CDRS, DICTS, fields=asked)[0]


@with_each_library
def test_rows_are_read_for_what_is_shown_only(library: Any) -> None:
    rows = [{"id": 8, "duration": 61}]
    assert shown(CDRS, library, fields={"cdrs": {"duration"}}).data(rows).endswith(b'"attributes":{"duration":61}}')


def test_a_schema_is_looked_at_once_whatever_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class CallSchema(Schema):
        id = fields.Str()
        name = fields.Str()
        duration = fields.Int()

        class Meta:
            type_ = "calls"

    made = Mock(side_effect=fresh)
    monkeypatch.setattr(compiling, "fresh", made)
    calls, row = ResourceSchema(CallSchema), {"id": 1, "name": "a", "duration": 60}
    for members in ({"name"}, {"duration"}, {"name", "duration"}):
        written = shown(calls, best_library(), fields={"calls": members}).data([row])
        assert json.loads(written)["attributes"].keys() == members
    made.assert_called_once_with(CallSchema)


@with_each_library
@pytest.mark.parametrize("members", [None, set(), {"account"}])
def test_cursors_stand_in_the_meta_of_resources(members: set[str] | None, library: Any) -> None:
    asked = {} if members is None else {"cdrs": members}
    expected = CDRS.dump(DICTS[:3], url=URL, members=members)
    cursors = ["a", 'b"', "é"]
    for resource, cursor in zip(expected, cursors, strict=True):
        resource["meta"] = {"page": {"cursor": cursor}}
    assert shown(CDRS, library, fields=asked).data(DICTS[:3], cursors) == to_json(expected)[1:-1].encode()
    # The schema itself says the same.
    mixed = [*DICTS[:2], SimpleNamespace(**DICTS[2])]
    mixed[0] = {name: value for name, value in DICTS[0].items() if name != "rec"}
    expected = CDRS.dump(mixed, url=URL, members=members)
    for resource, cursor in zip(expected, cursors, strict=True):
        resource["meta"] = {"page": {"cursor": cursor}}
    assert shown(CDRS, library, fields=asked).data(mixed, cursors) == to_json(expected)[1:-1].encode()


class KindsSchema(Schema):
    id = fields.Str()
    price = Typed(types.Decimal())
    at = Typed(types.Timestamp(digits=3))
    finely = Typed(types.Timestamp(digits=6))
    number = Typed(types.Integer())
    plain = fields.Int()
    text = fields.Str()
    ip = Typed(types.Address())
    colour = Typed(types.Enum("red"))
    anything = fields.Raw()
    ratio = fields.Float()

    class Meta:
        type_ = "kinds"
        self_url = "/kinds/{id}"
        self_url_kwargs: ClassVar = {"id": "<id>"}


KIND = ResourceSchema(KindsSchema)
ROW: dict[str, Any] = dict.fromkeys(KIND.attributes) | {"id": "1"}
MOMENT = datetime(2019, 1, 31, 12, 30, 1, 123987, UTC)


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "another"


class Whole(int):
    pass


@with_each_library
@pytest.mark.parametrize(
    ("name", "values"),
    [
        (
            "price",
            [Decimal("1.50"), Decimal("1.5"), Decimal(0), Decimal("-0.00"), Decimal("1E+3"), Decimal("1E-12"), None],
        ),
        ("price", [Decimal("10.00"), 7, None]),
        ("price", [Decimal("NaN")]),
        ("price", [Decimal("1" * 41)]),
        ("price", [1.5]),
        ("at", [MOMENT, MOMENT.replace(microsecond=0), MOMENT.replace(microsecond=5000), None]),
        ("at", [MOMENT.replace(microsecond=120_000), None]),
        ("at", [MOMENT.astimezone(ZoneInfo("Etc/UTC")), MOMENT.replace(year=1)]),
        ("at", [MOMENT.astimezone(ZoneInfo("Europe/Berlin"))]),
        ("at", [MOMENT.astimezone(timezone(timedelta(seconds=20)))]),
        ("at", [MOMENT.replace(tzinfo=None)]),
        ("at", ["2019-01-31"]),
        ("finely", [MOMENT, MOMENT.replace(microsecond=5)]),
        ("finely", [MOMENT.replace(microsecond=0), MOMENT, None]),
        ("number", [1, -7, 10**19 - 1, None]),
        ("number", [10**19]),
        ("number", [Whole(3), None]),
        ("number", [True]),
        ("number", ["1"]),
        ("plain", [2**63, 2**64, -(2**63) - 1, 10**40]),
        ("plain", [True, "5", 3.25, Whole(4)]),
        ("text", ["", 'a"b\\c\x00\x1f\x7f\u2028é😀</', None]),
        ("text", ["\ud800"]),
        ("text", [Text("a"), uuid.UUID(int=1), 5, b"bytes"]),
        ("ip", ["10.0.0.1", "2001:DB8:0::1", None]),
        ("ip", ["nowhere"]),
        ("colour", ["red", None]),
        ("colour", ["blue"]),
        ("anything", [1e16, 1e-7, 0.1, -0.0, 1.5e300, None, True]),
        ("anything", [float("nan")]),
        ("anything", [{"a": [1.0, None, {"b": "é"}]}, [], "text", 5]),
        ("anything", [MOMENT]),
        ("anything", [Decimal("1.5")]),
        ("anything", [{"a": Text("a")}, Whole(7)]),
        ("ratio", [1e16, 0.1, None]),
        ("ratio", ["inf"]),
        ("id", [1, 2]),
        ("id", ["a b", "é/ü", "\ud800"]),
        ("id", ["a b", 'é/"ü']),
        ("id", [uuid.UUID(int=5)]),
        ("id", [None]),
        ("id", [True]),
        ("id", [b"x"]),
        ("id", [1, "a"]),
        ("id", [""]),
    ],
)
def test_values_are_written_or_refused_as_the_schema_does(name: str, values: list[Any], library: Any) -> None:
    rows = [ROW | {name: value} for value in values]
    written = outcome(shown(KIND, library).data, rows)
    expected = outcome(lambda: dumped(KIND, rows)[0])
    assert written == expected


class LinkedSchema(Schema):
    id = fields.Int()
    owner = fields.Relationship(
        "/owners/{owner}/of/{kind}{x}%s",
        {"owner": "<owner_id>", "kind": "a b", "x": 7},
        type_="owners",
        schema=AccountOwnerSchema,
        include_resource_linkage=True,
    )
    bare = fields.Relationship("/nowhere", type_="owners")
    self_only = fields.Relationship(self_url="https://x.example/{id}", self_url_kwargs={"id": "<id>"}, type_="owners")

    class Meta:
        type_ = "linked things"
        self_url = "/all"


LINKED = ResourceSchema(LinkedSchema)


@with_each_library
@pytest.mark.parametrize(
    "rows",
    [
        [{"id": 1, "owner": "7", "owner_id": 7}, {"id": 2, "owner": None, "owner_id": 8}],
        [{"id": 1, "owner": {"id": 7}, "owner_id": "ü/"}, {"id": 2, "owner": 5, "owner_id": "8"}],
        [{"id": 1, "owner": 5, "owner_id": None}],
        [{"id": 1, "owner": 5, "owner_id": "a"}, {"id": 2, "owner": 5, "owner_id": 3}],
        [{"id": 1, "owner_id": 7}],
    ],
)
def test_links_are_filled_as_the_schema_fills_them(rows: list[Any], library: Any) -> None:
    assert outcome(shown(LINKED, library).data, rows) == outcome(lambda: dumped(LINKED, rows)[0])
    assert shown(LINKED, library).self_link(rows[0]) == "https://api.example.org/all"


def _schema(**members: Any) -> ResourceSchema:
    meta = {"type_": "things", "register": False} | members.pop("meta", {})
    namespace = {"id": fields.Str(), **members, "Meta": type("Meta", (), meta)}
    return ResourceSchema(type("ThingSchema", (Schema,), namespace))


class Odd(fields.Str):
    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return "odd"


class OddRelationship(fields.Relationship):
    def get_related_url(self, obj: Any) -> str:
        return "/odd"


ODD: Any = OddRelationship
BY_ID = {"id": "<id>"}


@with_each_library
@pytest.mark.parametrize(
    "schema",
    [
        _schema(name=Odd()),
        _schema(name=ODD(type_="x")),
        _schema(name=fields.Str(attribute="deep.name")),
        _schema(name=fields.Str(attribute="deep.nothing")),
        _schema(name=fields.Relationship("{id}/x", BY_ID, type_="x")),
        _schema(name=fields.Relationship("/x/{id:>5}", BY_ID, type_="x")),
        _schema(name=fields.Relationship("/x/{id}", BY_ID | {"unused": "<id>"}, type_="x")),
        _schema(name=fields.Str(), meta={"self_url": "/x/{name}", "self_url_kwargs": {"name": "<name>"}}),
        _schema(name=fields.Str(), meta={"self_url": "/x/{id}", "self_url_kwargs": BY_ID}),
        _schema(name=fields.Str(), meta={"self_url_many": "/x/{nothing}"}),
        _schema(name=fields.Str(), wrap_response=_wrapped),
    ],
)
def test_what_is_not_plain_is_left_to_the_schema(schema: ResourceSchema, library: Any) -> None:
    row = {"id": "1", "name": "a", "deep": {"name": "b"}}
    assert outcome(shown(schema, library).data, [row]) == outcome(lambda: dumped(schema, [row])[0])
    assert outcome(shown(schema, library).self_link, row) == outcome(schema.self_link, row, url=URL)


_HIDDEN: ContextVar[str] = ContextVar("hidden", default="")


class _AdaptingSchema(Schema):
    """Shows what the client of the moment may see."""

    id = fields.Str()
    name = fields.Str()

    class Meta:
        type_ = "calls"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self.dump_fields.pop(_HIDDEN.get(), None)


@with_each_library
def test_a_schema_that_makes_its_instances_itself_is_asked_each_time(library: Any) -> None:
    calls, row = shown(ResourceSchema(_AdaptingSchema), library), {"id": 1, "name": "a"}
    assert b"name" in calls.data([row])
    token = _HIDDEN.set("name")
    try:
        assert calls.data([row]) == b'{"id":"1","type":"calls"}'
    finally:
        _HIDDEN.reset(token)


class _Mapping(DeclarativeBase):
    """What the classes of the next test are mapped by."""


class _KeyedCall(_Mapping):
    __tablename__ = "keyed_calls"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.Text)

    def __getitem__(self, name: str) -> str:
        return f"the {name}"


class _GuardedCall(_Mapping):
    __tablename__ = "guarded_calls"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.Text)

    def __getattribute__(self, name: str) -> Any:
        return "***" if name == "name" else super().__getattribute__(name)


class _NamedSchema(Schema):
    id = fields.Str()
    name = fields.Str()

    class Meta:
        type_ = "calls"


@with_each_library
@pytest.mark.parametrize("cls", [_KeyedCall, _GuardedCall])
def test_mapped_classes_that_give_other_values_than_they_hold_are_asked(cls: Any, library: Any) -> None:
    calls, rows = ResourceSchema(_NamedSchema), [cls(id=1, name="a"), cls(id=2, name="b")]
    assert shown(calls, library).data(rows) == dumped(calls, rows)[0]


class _SparseSchema(Schema):
    id = fields.Str()
    name = fields.Str()
    known = fields.Bool()
    owner = fields.Relationship(type_="people", include_resource_linkage=True)

    class Meta:
        type_ = "calls"


@with_each_library
@pytest.mark.parametrize("name", ["name", "known", "owner"])
def test_what_stands_for_no_value_is_not_shown(name: str, library: Any) -> None:
    calls, row = ResourceSchema(_SparseSchema), {"id": 1, "name": "a", "known": True, "owner": 7}
    rows = [row, row | {name: missing}]
    assert shown(calls, library).data(rows) == dumped(calls, rows)[0]


@with_each_library
def test_a_row_without_an_identifier_has_no_link(library: Any) -> None:
    with pytest.raises(AttributeError, match="'id' is not a valid attribute"):
        shown(KIND, library).self_link({"text": "a"})


OWNER = owner("1", owner("2"), owner("3"))
HERMIT = owner("1")
HERMIT.friends = [HERMIT]
ACCOUNT = account("7", OWNER)
BILLED = [export("1", ACCOUNT), export("2", account("8", OWNER)), export("3", None, account_id=None)]


class PlainExportSchema(Schema):
    id = fields.Str()
    status = fields.Str()
    bill_to = fields.Relationship(attribute="account_id", type_="accounts", schema=AccountSchema)
    seen_by = fields.Relationship(type_="owners", schema=AccountOwnerSchema, many=True, include_resource_linkage=True)

    class Meta:
        type_ = "exports"
        inflect = dasherize
        self_url = "/exports/{id}"
        self_url_kwargs: ClassVar = BY_ID


PLAIN = ResourceSchema(PlainExportSchema)
SEEN = [export("1", ACCOUNT, seen_by=[OWNER, owner("9")]), export("2", ACCOUNT, seen_by=[])]


@with_each_library
@pytest.mark.parametrize(
    ("schema", "rows", "paths", "asked"),
    [
        (PLAIN, BILLED, ["bill_to"], {}),
        (PLAIN, BILLED, ["bill_to.owner"], {}),
        (PLAIN, SEEN, ["seen_by", "bill_to.owner.friends"], {}),
        (PLAIN, SEEN, ["bill_to.owner.friends", "seen_by"], {"exports": {"status"}, "owners": {"name"}}),
        (PLAIN, [], ["bill_to"], {}),
        (PLAIN, [SEEN[0], SEEN[0]], ["bill_to"], {}),
        (OWNERS, [OWNER, *OWNER.friends], ["friends"], {}),
        (OWNERS, [OWNER], ["friends.friends"], {}),
        (OWNERS, [HERMIT], ["friends.friends"], {}),
        (ACCOUNTS, [ACCOUNT], ["owner"], {"accounts": set()}),
        (EXPORTS, BILLED, ["bill_to.owner"], {}),
        (PLAIN, BILLED, ["nothing"], {}),
    ],
)
def test_included_resources_are_those_of_the_schemas(
    schema: ResourceSchema, rows: list[Any], paths: list[str], asked: dict[str, set[str]], library: Any
) -> None:
    written = outcome(shown(schema, library, fields=asked).compound, rows, paths)
    assert written == outcome(dumped, schema, rows, paths, fields=asked)


@with_each_library
def test_cursors_stand_beside_included_resources(library: Any) -> None:
    data, _ = shown(PLAIN, library).compound(SEEN, ["bill_to"], ["c1", "c2"])
    assert data.count(b'"meta":{"page":{"cursor":"c') == 2


@with_each_library
def test_rows_are_read_piece_by_piece_unless_a_schema_may_look_at_all(library: Any) -> None:
    read = itertools.count()
    rows = ({**ROW, "id": next(read)} for _ in range(1500))
    chunks = shown(KIND, library).chunks(rows, streamed=False)
    assert len(next(chunks)) == next(read) == 512
    hooked = _schema(wrap_response=_wrapped)
    assert [len(chunk) for chunk in shown(hooked, library).chunks([ROW] * 600, streamed=False)] == [600]
    assert [len(chunk) for chunk in shown(hooked, library).chunks([ROW] * 600, streamed=True)] == [512, 88]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ((), "Msgspec"),
        (("by_msgspec",), "Orjson"),
        (("by_msgspec", "by_orjson"), "Standard"),
    ],
)
def test_the_quickest_library_that_is_installed_is_taken(
    missing: tuple[str, ...], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in missing:
        monkeypatch.setitem(__import__("sys").modules, f"{libraries.__package__}.{name}", None)
    assert type(best_library.__wrapped__()).__name__ == expected
