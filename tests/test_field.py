from __future__ import annotations

import copy
import enum
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from ipaddress import ip_address
from typing import Any
from uuid import UUID

import pytest

from jsonapi_sieve import AllOf, AnyOf, Comparison, DeclarationError, Field, FilterSet, types
from jsonapi_sieve.field import Several
from jsonapi_sieve.operators import OPERATORS, Arity, offered_by
from jsonapi_sieve.types import InvalidValue, ValueType

ID = "4ada4b3c-1f6e-4b1a-9c7e-3f1f6b7f1a2b"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


class Filters(FilterSet):
    id = Field(types.Uuid(), operators=(), bare="in")
    duration = Field(types.Integer(32), nullable=True)
    success = Field(types.Boolean())
    price = Field(types.Decimal(scale=2))
    pdd = Field(types.Float())
    time_start = Field(types.Timestamp(digits=3))
    day = Field(types.Date())
    src = Field(types.Text())
    dst = Field(types.Text())
    status = Field(types.Enum("Pending", "Completed"))
    address = Field(types.Address())
    load_ = Field(types.Float(), name="load")
    src_or_dst = AnyOf("src", "dst", operators=("cont", "eq"))
    src_and_dst = AllOf("src", "dst", operators=(), bare="start")


class Shade(enum.StrEnum):
    PENDING = "Pending"


@pytest.mark.parametrize(
    ("made", "operator", "value"),
    [
        (Filters.duration.eq(1), "eq", 1),
        (Filters.duration.not_eq(1), "not_eq", 1),
        (Filters.duration.gt(1), "gt", 1),
        (Filters.duration.gteq(1), "gteq", 1),
        (Filters.duration.lt(1), "lt", 1),
        (Filters.duration.lteq(1), "lteq", 1),
        (Filters.duration.in_([2, 1, 2]), "in", (2, 1)),
        (Filters.duration.in_([]), "in", ()),
        (Filters.duration.not_in(range(3)), "not_in", (0, 1, 2)),
        (Filters.src.cont("a"), "cont", "a"),
        (Filters.src.not_cont("a"), "not_cont", "a"),
        (Filters.src.start("a"), "start", "a"),
        (Filters.src.not_start("a"), "not_start", "a"),
        (Filters.src.end("a"), "end", "a"),
        (Filters.src.not_end("a"), "not_end", "a"),
        (Filters.src.matches("a%"), "matches", "a%"),
        (Filters.src.does_not_match("a%"), "does_not_match", "a%"),
        (Filters.success.true(), "true", True),
        (Filters.success.true(False), "true", False),
        (Filters.success.false(), "false", True),
        (Filters.duration.null(), "null", True),
        (Filters.duration.null(False), "null", False),
        (Filters.duration.not_null(), "not_null", True),
        (Filters.src.present(), "present", True),
        (Filters.src.blank(), "blank", True),
        (Filters.src.blank(False), "blank", False),
        (Filters.duration.compare("gt_any", [1, 2]), "gt_any", (1, 2)),
        (Filters.src.compare("cont_all", {"a"}), "cont_all", ("a",)),
    ],
    ids=repr,
)
def test_comparisons_in_code(made: Comparison, operator: str, value: object) -> None:
    assert made.operator is OPERATORS[operator]
    assert made.value == value
    assert type(made.value) is type(value)
    assert not made.default


def test_every_operator_without_forms_has_a_method() -> None:
    for name, operator in OPERATORS.items():
        if operator.quantifier is None:
            assert callable(getattr(Field, {"in": "in_"}.get(name, name)))


@pytest.mark.parametrize(
    ("made", "value"),
    [
        (Filters.id.eq(UUID(ID)), ID),
        (Filters.id.eq(ID.upper()), ID),
        (Filters.price.eq(2), Decimal(2)),
        (Filters.pdd.eq(2), 2.0),
        (Filters.time_start.eq(NOON.replace(microsecond=123_456)), NOON.replace(microsecond=123_000)),
        (Filters.day.eq(date(2026, 1, 2)), date(2026, 1, 2)),
        (Filters.status.eq(Shade.PENDING), "Pending"),
        (Filters.address.eq(ip_address("2001:DB8::1")), "2001:db8::1"),
        (Filters.address.in_(["10.0.0.1/32", "10.0.0.1"]), ("10.0.0.1",)),
        (Filters.duration.eq(10**18), 10**18),
    ],
    ids=repr,
)
def test_a_value_becomes_the_constant_of_its_type(made: Comparison, value: object) -> None:
    assert made.value == value
    assert type(made.value) is type(value)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Filters.duration.eq("1"), TypeError),  # type: ignore[arg-type]
        (lambda: Filters.duration.eq(1.0), TypeError),  # type: ignore[arg-type]
        (lambda: Filters.duration.eq(True), TypeError),
        (lambda: Filters.duration.eq(None), TypeError),  # type: ignore[arg-type]
        (lambda: Filters.duration.eq(10**19), InvalidValue),
        (lambda: Filters.duration.in_(1), TypeError),  # type: ignore[arg-type]
        (lambda: Filters.duration.in_("12"), TypeError),  # type: ignore[arg-type]
        (lambda: Filters.duration.in_([1, None]), TypeError),  # type: ignore[list-item]
        (lambda: Filters.duration.null(1), TypeError),  # type: ignore[arg-type]
        (lambda: Filters.success.eq(1), TypeError),  # type: ignore[arg-type]
        (lambda: Filters.price.eq(1.5), TypeError),  # type: ignore[arg-type]
        (lambda: Filters.price.eq(Decimal("NaN")), InvalidValue),
        (lambda: Filters.pdd.eq(float("inf")), InvalidValue),
        (lambda: Filters.time_start.eq(datetime(2026, 1, 2)), TypeError),  # noqa: DTZ001  (naive on purpose)
        (lambda: Filters.time_start.eq(date(2026, 1, 2)), TypeError),  # type: ignore[arg-type]
        (lambda: Filters.day.eq(NOON), TypeError),
        (lambda: Filters.src.eq("a\0"), InvalidValue),
        (lambda: Filters.src.cont(1), TypeError),  # type: ignore[arg-type]
        (lambda: Filters.src.matches("a\\"), InvalidValue),
        (lambda: Filters.src.in_("ab"), TypeError),
        (lambda: Filters.status.eq("pending"), InvalidValue),
        (lambda: Filters.id.eq("x"), InvalidValue),
        (lambda: Filters.id.eq(1), TypeError),  # type: ignore[arg-type]
    ],
)
def test_a_value_of_another_kind_is_refused(make: Callable[[], object], error: type[Exception]) -> None:
    with pytest.raises(error):
        make()


@pytest.mark.parametrize(
    ("make", "operator"),
    [
        (lambda: Filters.duration.cont("1"), "cont"),
        (lambda: Filters.success.gt(True), "gt"),
        (Filters.src.true, "true"),
        (lambda: Filters.status.start("P"), "start"),
        (Filters.duration.present, "present"),
        (lambda: Filters.pdd.compare("eq_any", [1.0]), "eq_any"),
        (lambda: Filters.src.compare("nope", "a"), "nope"),
        (lambda: Filters.src.compare("__init__", "a"), "__init__"),
        (lambda: Filters.src_or_dst.compare("gt_none", "a"), "gt_none"),
    ],
)
def test_an_operator_that_the_type_lacks_is_refused(make: Callable[[], object], operator: str) -> None:
    with pytest.raises(TypeError, match=f"has no operator '{operator}'"):
        make()


@pytest.mark.parametrize(
    "field", [field for field in vars(Filters).values() if isinstance(field, Field)], ids=lambda field: field.name
)
def test_code_is_not_bound_to_the_operators_for_clients(field: Field[Any]) -> None:
    samples: dict[str, object] = {
        "uuid": ID,
        "integer": 1,
        "boolean": True,
        "decimal": Decimal(1),
        "float": 1.0,
        "timestamp": NOON,
        "date": date(2026, 1, 2),
        "text": "a",
        "enum": "Pending",
        "address": "10.0.0.1",
    }
    sample = samples[field.type.name]
    for operator in offered_by(field.type.name):
        value = {Arity.SCALAR: sample, Arity.LIST: [sample], Arity.FLAG: True}[operator.arity]
        assert field.compare(operator.name, value).operator is operator


def test_the_operators_for_clients() -> None:
    assert [operator.name for operator in Filters.success.operators] == ["eq", "not_eq"]
    assert Filters.success.bare is None
    assert Filters.id.operators == ()
    assert Filters.id.bare is OPERATORS["in"]
    chosen = Field(types.Text(), operators=["null", "cont_any", "eq", "null"])
    assert [operator.name for operator in chosen.operators] == ["eq", "cont_any", "null"]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: Field(types.Integer(), operators=("eq", "cont")), "has no operator 'cont'; it has eq, eq_any"),
        (lambda: Field(types.Integer(), operators=("equals",)), "has no operator 'equals'"),
        (lambda: Field(types.Uuid(), bare="gt"), "has no operator 'gt'; it has eq, not_eq, in, not_in, null, not_null"),
        (lambda: Field(types.Text(), operators="eq"), "takes a list of operators, not 'eq' alone"),
        (lambda: Field(types.Integer), "takes a value type such as"),  # type: ignore[arg-type]
        (lambda: Field("text"), "takes a value type such as"),  # type: ignore[arg-type]
        (lambda: Field(types.Text(), name="rows-count"), "'rows-count' cannot name an attribute"),
        (lambda: Field(types.Text(), name=""), "'' cannot name an attribute"),
        (lambda: AnyOf("src", operators=("eq",)), "at least two different attributes"),
        (lambda: AllOf(operators=("eq",)), "at least two different attributes"),
        (lambda: AnyOf(1, 2), "by their names, not"),  # type: ignore[arg-type]
        (lambda: AnyOf("src", "dst", "src", operators=("eq",)), "at least two different attributes"),
    ],
)
def test_a_contradictory_declaration_is_refused(make: Callable[[], object], reason: str) -> None:
    with pytest.raises(DeclarationError, match=reason):
        make()


def test_a_field_is_named_by_its_attribute_or_by_name() -> None:
    assert Filters.duration.name == "duration"
    assert Filters.load_.name == "load"
    assert Filters.src_or_dst.name == "src_or_dst"
    assert Field(types.Text(), name="src").name == "src"


def test_a_field_without_a_name_says_how_to_give_one() -> None:
    nameless = Field(types.Text())
    with pytest.raises(DeclarationError, match="a field has no name yet"):
        assert nameless.name
    assert repr(nameless) == "<Field None>"


def test_an_attribute_that_cannot_be_a_name_is_refused() -> None:
    with pytest.raises(DeclarationError, match="'rowsCount' cannot name an attribute"):
        type("Bad", (FilterSet,), {"rowsCount": Field(types.Text())})
    good = type("Good", (FilterSet,), {"rowsCount": Field(types.Text(), name="rows_count")})
    assert [field.name for field in good().fields] == ["rows_count"]


@pytest.mark.parametrize(
    ("owner", "attributes", "places"),
    [
        ("Twice", {"a": (shared := Field(types.Text())), "b": shared}, "Twice.a and as Twice.b"),
        ("Other", {"duration": Filters.duration}, "Filters.duration and as Other.duration"),
        ("Several", {"either": Filters.src_or_dst}, "Filters.src_or_dst and as Several.either"),
    ],
)
def test_one_field_is_declared_once(owner: str, attributes: dict[str, object], places: str) -> None:
    with pytest.raises(DeclarationError, match=f"one field is declared twice: as {places}"):
        type(owner, (FilterSet,), attributes)


def test_a_field_may_be_inherited() -> None:
    class More(Filters):
        extra = Field(types.Text())

    assert More.duration is Filters.duration
    assert repr(More.duration) == "<Field Filters.duration>"


def test_joined_attributes_may_be_inherited_but_not_replaced() -> None:
    class More(Filters):
        extra = Field(types.Text())

    assert More.src_or_dst.fields == (Filters.src, Filters.dst)
    with pytest.raises(DeclarationError, match="src_or_dst joins a field that was replaced later"):
        type("Replaced", (Filters,), {"dst": Field(types.Text())})


def test_how_fields_are_shown() -> None:
    assert repr(Filters.load_) == "<Field Filters.load>"
    assert repr(Filters.src_and_dst) == "<AllOf Filters.src_and_dst>"
    assert repr(Field(types.Text(), name="src")) == "<Field src>"


@pytest.mark.parametrize("field", [Filters.duration, Filters.load_, Filters.src_or_dst], ids=repr)
def test_a_declared_field_is_one_object_however_it_is_copied(field: object) -> None:
    assert pickle.loads(pickle.dumps(field)) is field  # noqa: S301  (it is our own)
    assert copy.copy(field) is copy.deepcopy(field) is field


@pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_field_outside_a_filter_set_is_not_copied(copied: Callable[[object], object]) -> None:
    loose = Field(types.Text(), name="src")
    for thing in (loose, loose.eq("a")):
        with pytest.raises(TypeError, match="outside a FilterSet cannot be pickled or copied"):
            copied(thing if copied is not copy.copy else loose)


def test_several_attributes_are_joined_as_one() -> None:
    several = Filters.src_or_dst
    assert several.fields == (Filters.src, Filters.dst)
    assert several.type == types.Text()
    assert [operator.name for operator in several.operators] == ["eq", "cont"]
    assert several.compare("cont", "4") == Comparison(several, OPERATORS["cont"], "4")
    assert Filters.src_and_dst.bare is OPERATORS["start"]


def declared(several: Several, **fields: ValueType[Any, Any]) -> type:
    return type("Declared", (FilterSet,), {name: Field(type) for name, type in fields.items()} | {"several": several})


@pytest.mark.parametrize(
    ("several", "fields", "reason"),
    [
        (
            AnyOf("a", "b", "c", operators=("eq",)),
            {"a": types.Text()},
            "several joins b, c, which the FilterSet does not declare",
        ),
        (
            AnyOf("a", "several", operators=("eq",)),
            {"a": types.Text()},
            "several joins several, which the FilterSet does not declare",
        ),
        (
            AllOf("a", "b", operators=("eq",)),
            {"a": types.Integer(16), "b": types.Integer(32)},
            r"different types: Integer\(bits=16\) and Integer\(bits=32\)",
        ),
        (AnyOf("a", "b", operators=("cont",)), {"a": types.Uuid(), "b": types.Uuid()}, "has no operator 'cont'"),
        (AnyOf("a", "b", operators="eq"), {"a": types.Text(), "b": types.Text()}, "takes a list of operators"),
        (AnyOf("a", "b", operators=(), bare="gt"), {"a": types.Uuid(), "b": types.Uuid()}, "has no operator 'gt'"),
    ],
)
def test_joined_attributes_are_declared_and_of_one_type(
    several: Several, fields: dict[str, ValueType[Any, Any]], reason: str
) -> None:
    with pytest.raises(DeclarationError, match=reason):
        declared(several, **fields)
