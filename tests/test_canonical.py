"""The canonical spelling of stored forms: what loading and dumping them gives, sooner."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import datetime
from itertools import permutations
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jsonapi_sieve import (
    AnyOf,
    Default,
    Dependent,
    Field,
    FilterSet,
    Limits,
    NotRenderable,
    QueryErrors,
    Required,
    ToMany,
    types,
)
from jsonapi_sieve.canonical import Named, is_within, source_of, writer_of
from jsonapi_sieve.declaration import Visible


class Country(types.Text):
    __slots__ = ()

    def parse(self, text: str) -> str:
        return super().parse(text.upper())


class Calls(FilterSet):
    duration = Field(types.Integer(16), nullable=True)


class Exports(FilterSet, groups=True):
    id = Field(types.Uuid(), operators=("in",), bare="in")
    status = Field(types.Enum("Pending", "Completed"))
    rows_count = Field(types.Integer(32), nullable=True, operators=("eq", "in", "null"))
    rate = Field(types.Decimal(scale=12), operators=("eq",))
    share = Field(types.Float(), operators=("eq",))
    success = Field(types.Boolean())
    day = Field(types.Date(), operators=("eq",))
    created_at = Field(types.Timestamp(digits=3), operators=("gteq", "in"))
    updated_at = Field(types.Timestamp(), operators=("gteq",))
    sign_ip = Field(types.Address(), operators=("eq",))
    src = Field(types.Text(), operators=("eq", "in", "cont_any", "matches"))
    dst = Field(types.Text(), operators=("eq",))
    src_or_dst = AnyOf("src", "dst", operators=("eq",))
    calls = ToMany(Calls)


class Ruled(FilterSet):
    day = Field(types.Date(), operators=("gteq", "lt"))
    src = Field(types.Text(), operators=("eq",))
    rules = (Required("src_eq"), Dependent("day_lt", on=("day_gteq",)))


class Defaulted(FilterSet):
    duration = Field(types.Integer(16), operators=("gteq", "lt"))
    rules = (Default("duration_gteq", 0),)


EXPORTS, RULED, DEFAULTED = Exports(), Ruled(), Defaulted()
SMALL = Exports(limits=Limits(filters=3, value=80, list_items=2, key=40, depth=1))
TINY = Exports(limits=Limits(value=40))
FILTERS = (EXPORTS, RULED, DEFAULTED, SMALL, TINY)

UUID = "00000000-0000-0000-0000-00000000000A"
MOMENTS = ("2019-01-31 12:00:00", "2019-02-30T00:00:00", "2019-02-28T23:59:59", "0000-01-01 00:00:00", "2019-01-31",
           "2019-01-01 00:00:00.1239+02:00", "2019-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00")  # fmt: skip
TEXTS = ("", "a", "x" * 21, "x" * 81, "é", "\n", "\0", "\ud800", "Pending", "completed", "50%\\", "1e30", "007", UUID)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, -7, 40_000, 2**31, 10**19, -(10**19), 0.5, -0.0, 1e300, float("nan")]),
    st.sampled_from(MOMENTS),
    st.sampled_from(TEXTS),
    st.sampled_from(["1.50", "0.1e-3", "::ffff:a00:1", "10.0.0.1/8", "10.0.0.1/32", "true", "F"]),
)
values = st.one_of(scalars, st.lists(scalars, max_size=3), st.just({}))


@st.composite
def documents(draw: st.DrawFn) -> tuple[FilterSet, object]:
    filters = draw(st.sampled_from(FILTERS))
    names = [parameter.name for parameter in filters.parameters] + ["id_in", "or", "Duration_eq"]
    document = draw(st.dictionaries(st.sampled_from(names), values, max_size=4))
    group = st.just({"or": [document], "day_lt": "2019-01-01"})
    return filters, draw(st.one_of(st.just(document), st.just(document), st.just(document), group, scalars))


def hidden(*names: str) -> Visible:
    return lambda name: name not in names


def outcome(make: Callable[[], object]) -> object:
    try:
        return json.dumps(make())
    except QueryErrors as errors:
        return [error.to_dict() for error in errors.errors]
    except NotRenderable as error:
        return str(error)


@given(documents(), st.sampled_from([None, hidden("src"), hidden("calls", "day")]))
@example((EXPORTS, {"src_eq": "a", "rate_eq": "1.50", "created_at_gteq": MOMENTS[0], "status_eq": "Pending"}), None)
@example((RULED, {"src_eq": "é", "day_gteq": "2019-01-01", "day_lt": "2019-01-02"}), hidden("src"))
@example((SMALL, {"rate_eq": "1e30", "src_eq": "x" * 21, "id": [UUID, UUID.lower()]}), None)
@example((TINY, {"rate_eq": "1e39"}), None)
def test_a_normal_form_is_what_loading_and_dumping_gives(sent: tuple[FilterSet, Any], visible: Visible | None) -> None:
    filters, document = sent

    def reference() -> object:
        return filters.dump(filters.load(document, pointer="/at", status=422, visible=visible), visible=visible)

    normal = outcome(lambda: filters.normalize(document, pointer="/at", status=422, visible=visible))
    assert normal == outcome(reference)


def test_good_forms_of_the_library_s_types_are_written_at_once() -> None:
    document = {"src_eq": "a", "status_in": ["Pending"], "created_at_gteq": MOMENTS[0], "calls.duration_eq": "7"}
    assert EXPORTS._canonical(document, None) == EXPORTS.dump(EXPORTS.load(document))
    assert list(EXPORTS.normalize(document)) == ["status_in", "created_at_gteq", "src_eq", "calls.duration_eq"]
    assert EXPORTS.normalize({}) == {}


@pytest.mark.parametrize(
    ("filters", "document"),
    [
        (EXPORTS, []),
        (EXPORTS, {"nope": 1}),
        (EXPORTS, {"or": [{"src_eq": "a"}]}),
        (EXPORTS, {"id": [UUID], "id_in": [UUID]}),
        (EXPORTS, {"success_eq": 1}),
        (EXPORTS, {"created_at_gteq": "2019-02-30 00:00:00"}),
        (EXPORTS, {"src_eq": "x" * 8193}),
        (RULED, {}),
        (DEFAULTED, {"duration_lt": 7}),
        (SMALL, {"src_eq": "a", "dst_eq": "a", "success_eq": True, "success_not_eq": False}),
        (TINY, {"src_eq": "a"}),
    ],
)
def test_all_else_is_left_to_loading_and_dumping(filters: FilterSet, document: object) -> None:
    assert filters._canonical(document, None) is None


def test_what_is_hidden_is_left_to_loading() -> None:
    assert EXPORTS._canonical({"src_eq": "a"}, hidden("src")) is None
    assert EXPORTS._canonical({"src_eq": "a"}, hidden("dst")) == {"src_eq": "a"}


def test_types_of_an_application_and_forms_of_many_filters_make_no_code() -> None:
    class Wide(FilterSet):
        duration = Field(types.Integer(16))
        country = Field(Country(), operators=("eq",))

    class Deep(FilterSet):
        first = ToMany(Calls)
        second = ToMany(Calls)

    wide, deep = Wide(), Deep()
    assert wide._canonical({"country_eq": "at"}, None) is None
    assert wide.normalize({"country_eq": "at"}) == wide.dump(wide.load({"country_eq": "at"}))
    many = {parameter.name: [1] if parameter.operator.name.endswith("in") else 1 for parameter in deep.parameters}
    assert len(many) > 16
    assert deep._canonical(many, None) is None
    assert deep.normalize(many) == many


def test_the_code_can_be_looked_at() -> None:
    source = EXPORTS.normalizing_source(["src_eq", "success_eq"])
    assert source is not None
    assert source.index("'success_eq': v1") < source.index("'src_eq': v0")
    assert EXPORTS.normalizing_source(["or"]) is None
    assert DEFAULTED.normalizing_source(["duration_lt"]) is None


def test_own_ways_to_load_and_dump_are_gone() -> None:
    class Loading(Calls):
        def load(self, stored_filters: Any, **options: Any) -> Any:
            return super().load({"duration_lt": 7, **stored_filters}, **options)

    class Dumping(Calls):
        def dump(self, predicate: Any, *, visible: Visible | None = None) -> dict[str, object]:
            return {"dumped": super().dump(predicate, visible=visible)}

    assert Loading().normalize({"duration_gt": 1}) == {"duration_gt": 1, "duration_lt": 7}
    assert Dumping().normalize({"duration_gt": 1}) == {"dumped": {"duration_gt": 1}}
    assert Dumping().normalizing_source(["duration_gt"]) is None


def test_a_naive_moment_is_refused_for_good_forms_too() -> None:
    with pytest.raises(TypeError, match="naive"):
        EXPORTS.load({"src_eq": "a"}, now=datetime(2019, 1, 1))  # noqa: DTZ001


def test_shapes_are_kept_for_a_while_and_copied_anew() -> None:
    filters = Exports()
    names = ("success_eq", "src_eq", "dst_eq", "src_or_dst_eq", "success_not_eq", "status_eq")
    values = {name: True if name.startswith("success") else "Pending" for name in names}
    expected = filters.normalize(values)
    for order in permutations(names):
        assert filters.normalize({name: values[name] for name in order}) == expected
    assert 0 < len(filters._shapes) <= 256
    again = copy.deepcopy(filters)
    assert len(again._shapes) == 0
    assert again.normalize(values) == expected


def test_names_stand_in_code_as_literals_alone() -> None:
    [parameter] = [each for each in EXPORTS.parameters if each.name == "status_eq"]
    source = source_of([Named('it\'s "named"\n', parameter.operand, 0)], Limits())
    assert "'it\\'s \"named\"\\n': v0 if type(v0) is str and v0 in ('Pending', 'Completed') else other_0(v0)" in source
    writer = writer_of([Named('it\'s "named"\n', parameter.operand, 0)], Limits())
    assert writer is not None
    assert writer(["Pending"]) == {'it\'s "named"\n': "Pending"}


def test_budgets_are_bytes_and_texts_near_them_are_counted_by_others() -> None:
    assert is_within("x" * 8192, Limits())
    assert not is_within(["x" * 8193], Limits())
    assert not is_within([1] * 1001, Limits())
