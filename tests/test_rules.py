"""What a request has to give, and what is assumed when it does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from jsonapi_sieve import (
    DeclarationError,
    Default,
    Dependent,
    ErrorObject,
    Field,
    FilterSet,
    Limits,
    Predicate,
    QueryErrors,
    Required,
    RequiredAny,
    types,
)
from jsonapi_sieve.operators import OPERATORS
from jsonapi_sieve.predicate import And, Comparison
from jsonapi_sieve.rules import Rule

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC)
DAY = timedelta(hours=24)


class CallFilters(FilterSet):
    id = Field(types.Integer(64), operators=("eq", "in"), bare="in")
    time_start = Field(types.Timestamp(digits=3))
    duration = Field(types.Integer(32))

    rules = (
        Default(
            "time_start_gteq",
            lambda now: now - DAY,
            unless=("time_start_eq", "time_start_gt", "time_start_in", "id"),
        ),
    )


CALLS = CallFilters()


def ruled(*declared: Rule) -> FilterSet:
    """Declare five parameters under some rules."""

    class Filters(FilterSet):
        id = Field(types.Integer(64), operators=("eq", "in"), bare="in")
        start = Field(types.Timestamp(), operators=("gteq", "lt"))
        rate = Field(types.Decimal(scale=2), operators=("eq",))

        rules = declared

    return Filters()


def assumed(moment: datetime) -> Comparison:
    return Comparison(CallFilters.time_start, OPERATORS["gteq"], moment, default=True)


def defaults_in(predicate: Predicate) -> list[Predicate]:
    assert isinstance(predicate, And)
    return [node for node in predicate.members if isinstance(node, Comparison) and node.default]


def missing(filters: FilterSet, query: str) -> list[tuple[str, str | None, object]]:
    """Parse and give detail, place and allowed filters of each error, all of which are about what is missing."""
    with pytest.raises(QueryErrors) as caught:
        filters.parse(query)
    assert {(error.code, error.status, error.source) for error in caught.value.errors} == {
        ("missing-filter", 400, "parameter")
    }
    return [(error.detail, error.at, error.meta["allowed"]) for error in caught.value.errors]


def test_a_default_is_assumed_and_marked() -> None:
    predicate = CALLS.parse("", now=NOW)
    assert predicate == And(assumed(NOW - DAY))
    assert predicate != And(CallFilters.time_start.gteq(NOW - DAY))
    assert repr(predicate).startswith("And(default(time_start >= ")


@pytest.mark.parametrize(
    "query",
    [
        "filter[time-start-eq]=2019-01-01",
        "filter[time-start-gt]=2019-01-01",
        "filter[time-start-gteq]=2019-01-01",
        "filter[time-start-in]=2019-01-01",
        "filter[time_start_gt]=2019-01-01",
        "filter[time-start_gt]=2019-01-01",
        "filter[id]=8",
        "filter[id-in]=8",
        "filter[time-start-lt]=2019-01-01&filter[id]=8",
    ],
)
def test_what_lifts_the_window_of_a_listing(query: str) -> None:
    assert defaults_in(CALLS.parse(query, now=NOW)) == []


@pytest.mark.parametrize(
    "query",
    [
        "filter[time-start-lt]=2019-01-01",
        "filter[time-start-lteq]=2019-01-01",
        "filter[time-start-not-eq]=2019-01-01",
        "filter[time-start-not-in]=2019-01-01",
        "filter[id-eq]=8",
        "filter[duration-gteq]=8",
        "sort=time-start&page[size]=8",
    ],
)
def test_what_leaves_the_window_of_a_listing(query: str) -> None:
    assert defaults_in(CALLS.parse(query, now=NOW)) == [assumed(NOW - DAY)]


def test_a_default_stands_in_canonical_order() -> None:
    predicate = CALLS.parse("filter[duration-eq]=1&filter[time-start-lt]=2026-01-02&filter[id-eq]=8", now=NOW)
    assert predicate == And(
        CallFilters.id.eq(8),
        assumed(NOW - DAY),
        CallFilters.time_start.lt(datetime(2026, 1, 2, tzinfo=UTC)),
        CallFilters.duration.eq(1),
    )


def test_a_default_is_neither_rendered_nor_dumped_and_comes_back() -> None:
    predicate = CALLS.parse("filter[duration-eq]=1", now=NOW)
    assert CALLS.render(predicate) == "filter%5Bduration-eq%5D=1"
    assert CALLS.dump(predicate) == {"duration_eq": 1}
    assert CALLS.parse(CALLS.render(predicate), now=NOW) == predicate
    assert CALLS.load(CALLS.dump(predicate), now=NOW) == predicate
    later = NOW + timedelta(minutes=1)
    assert CALLS.parse(CALLS.render(predicate), now=later) == And(assumed(later - DAY), CallFilters.duration.eq(1))


def test_the_stored_form_has_the_same_defaults() -> None:
    assert CALLS.load({}, now=NOW) == And(assumed(NOW - DAY))
    assert CALLS.load({"id": [8]}, now=NOW) == And(CallFilters.id.in_([8]))


def test_a_default_is_a_constant_of_its_type() -> None:
    east = timezone(timedelta(hours=3))
    moment = NOW.astimezone(east).replace(microsecond=678_901)
    assert CALLS.parse("", now=moment) == And(assumed(NOW - DAY))


def test_without_a_moment_defaults_count_from_the_clock() -> None:
    before = datetime.now(UTC)
    (default,) = CALLS.parse("").members
    assert isinstance(default, Comparison)
    assert before - timedelta(milliseconds=1) <= default.value + DAY <= datetime.now(UTC)


def test_all_defaults_count_from_one_moment() -> None:
    moments: list[datetime] = []

    def seen(now: datetime) -> datetime:
        moments.append(now)
        return now

    ruled(Default("start_gteq", seen), Default("start_lt", seen)).parse("")
    assert len(moments) == 2
    assert moments[0] is moments[1]
    assert moments[0].utcoffset() == timedelta(0)


@pytest.mark.parametrize("query", ["", "filter[time-start-gteq]=2019-01-01"])
def test_a_naive_moment_is_refused_whether_a_default_needs_it_or_not(query: str) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(TypeError, match="aware"):
        CALLS.parse(query, now=naive)
    with pytest.raises(TypeError, match="aware"):
        ruled().load({}, now=naive)


def test_a_default_may_be_a_constant_of_any_operator() -> None:
    filters = ruled(Default("id", [3, 1, 3]), Default("rate_eq", 2, unless=("id_eq",)))
    assert repr(filters.parse("")) == "And(default(id in (3, 1)), default(rate = Decimal('2')))"
    assert repr(filters.parse("filter[id-eq]=1&filter[id]=2")) == "And(id = 1, id in (2,))"


@pytest.mark.parametrize("name", ["id", "id_in"])
@pytest.mark.parametrize("query", ["filter[id]=8", "filter[id-in]=8", "filter[id_in]=8"])
def test_rules_know_a_bare_parameter_by_both_names(name: str, query: str) -> None:
    assert defaults_in(ruled(Default("rate_eq", 1, unless=(name,))).parse(query)) == []
    ruled(Required(name), RequiredAny(name, "rate_eq"), Dependent(name, on=(name,))).parse(query)
    assert missing(ruled(Dependent(name, on=("rate_eq",))), query) == [
        ("filter[rate-eq] is needed.", "filter[rate-eq]", ["filter[rate-eq]"])
    ]


@pytest.mark.parametrize(
    ("rules", "query", "needed"),
    [
        ((Required("start_gteq", "start_lt"),), "", [["start-gteq"], ["start-lt"]]),
        ((Required("start_gteq", "start_lt"),), "filter[start-lt]=2019-01-01", [["start-gteq"]]),
        ((RequiredAny("id", "start_gteq"),), "filter[start-lt]=2019-01-01", [["id", "start-gteq"]]),
        (
            (Dependent("start_lt", on=("start_gteq", "rate_eq")),),
            "filter[start-lt]=2019-01-01",
            [["start-gteq"], ["rate-eq"]],
        ),
        ((Required("id"), RequiredAny("id"), Required("id_in")), "", [["id"]]),
        ((Required("rate_eq"), Dependent("id", on=("start_lt",))), "filter[id]=1", [["rate-eq"], ["start-lt"]]),
    ],
)
def test_what_rules_miss(rules: tuple[Rule, ...], query: str, needed: list[list[str]]) -> None:
    found = missing(ruled(*rules), query)
    assert [allowed for _, _, allowed in found] == [[f"filter[{name}]" for name in choice] for choice in needed]
    assert [at for _, at, _ in found] == [f"filter[{choice[0]}]" for choice in needed]


@pytest.mark.parametrize(
    ("rule", "query"),
    [
        (Required("start_gteq", "start_lt"), "filter[start-lt]=2019-01-01&filter[start-gteq]=2018-01-01"),
        (RequiredAny("id", "start_gteq"), "filter[start-gteq]=2018-01-01"),
        (RequiredAny("id", "start_gteq"), "filter[id]=1&filter[start-gteq]=2018-01-01"),
        (Dependent("start_lt", on=("start_gteq",)), ""),
        (Dependent("start_lt", on=("start_gteq",)), "filter[start-gteq]=2018-01-01"),
        (Dependent("start_lt", on=("start_gteq",)), "filter[start-gteq]=2018-01-01&filter[start-lt]=2019-01-01"),
    ],
)
def test_what_keeps_rules(rule: Rule, query: str) -> None:
    assert len(ruled(rule).parse(query).members) == query.count("filter")


def test_the_sentence_of_a_choice() -> None:
    ((sentence, _, _),) = missing(ruled(RequiredAny("id", "start_gteq")), "")
    assert sentence == "One of filter[id], filter[start-gteq] is needed."


def test_a_default_does_not_give_what_is_required() -> None:
    assert len(missing(ruled(Required("id"), Default("id", [1])), "")) == 1


def test_what_is_missing_in_a_stored_form_is_missed_at_its_parent() -> None:
    with pytest.raises(QueryErrors) as caught:
        ruled(Required("id"), RequiredAny("start_lt", "rate_eq")).load(
            {}, pointer="/data/attributes/filters", status=422
        )
    at = "/data/attributes/filters"
    assert list(caught.value.errors) == [
        ErrorObject("missing-filter", "Missing filter", "id is needed.", at, "pointer", 422, {"allowed": ["id"]}),
        ErrorObject(
            "missing-filter",
            "Missing filter",
            "One of start_lt, rate_eq is needed.",
            at,
            "pointer",
            422,
            {"allowed": ["start_lt", "rate_eq"]},
        ),
    ]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("filter[id]=x", "invalid-value"),
        ("filter[id]=", "empty-value"),
        ("filter[id]=%FF", "invalid-encoding"),
        ("filter[id]=%00", "invalid-encoding"),
        ("filter[id]=" + "1" * 33_000, "value-limit"),
        ("filter[id]=1&filter[id]=2", "repeated-parameter"),
    ],
)
def test_what_is_given_wrong_is_not_missing_too(query: str, code: str) -> None:
    with pytest.raises(QueryErrors) as caught:
        ruled(Required("id")).parse(query)
    assert [error.code for error in caught.value.errors] == [code]


def test_what_is_given_beyond_the_budget_is_not_missing_too() -> None:
    class Filters(FilterSet):
        a = Field(types.Integer(), operators=("eq", "gt"))
        rules = (Required("a_eq", "a_gt"),)

    with pytest.raises(QueryErrors) as caught:
        Filters(limits=Limits(filters=1)).parse("filter[a-eq]=1&filter[a-gt]=1")
    assert [error.code for error in caught.value.errors] == ["filters-limit"]


@pytest.mark.parametrize(
    "rule",
    [
        Required("id", "status_eq"),
        RequiredAny("status_eq"),
        Dependent("status_eq", on=("id",)),
        Dependent("id", on=("status_eq",)),
        Default("status_eq", 1),
        Default("id", [1], unless=("status_eq",)),
    ],
)
def test_a_rule_names_only_parameters_that_are_open(rule: Rule) -> None:
    with pytest.raises(DeclarationError, match="a rule names status_eq, which no field opens"):
        ruled(rule)


def test_a_rule_names_no_operator_that_is_closed() -> None:
    class Filters(FilterSet):
        id = Field(types.Integer(), operators=(), bare="in")
        rules = (Required("id_in"),)

    with pytest.raises(DeclarationError, match="id_in"):
        Filters()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rate_eq", "2"),
        ("rate_eq", None),
        ("rate_eq", 10**41),
        ("id", 1),
        ("id", "1"),
        ("start_lt", NOW.replace(tzinfo=None)),
    ],
)
def test_a_constant_default_is_checked_when_declared(name: str, value: Any) -> None:
    with pytest.raises(DeclarationError, match=f"is no default of {name}"):
        ruled(Default(name, value))


def test_a_computed_default_is_checked_when_computed() -> None:
    with pytest.raises(TypeError, match="str"):
        ruled(Default("rate_eq", str)).parse("")


@pytest.mark.parametrize("again", ["id", "id_in"])
def test_a_parameter_has_one_default(again: str) -> None:
    with pytest.raises(DeclarationError, match=f"{again} has two defaults"):
        ruled(Default("id", [1], unless=("rate_eq",)), Default(again, [2], unless=("id_eq",)))


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        (Required("id"), r"rules is a tuple of rules; write rules = \(Required\(...\),\)"),
        (("id",), r"rules holds rules such as Required\(...\), not 'id'"),
    ],
)
def test_what_is_no_rule_is_refused(declared: Any, sentence: str) -> None:
    with pytest.raises(DeclarationError, match=sentence):
        type("Filters", (FilterSet,), {"rules": declared})()


def test_a_default_that_fails_is_named() -> None:
    filters = ruled(Default("start_gteq", lambda _: "yesterday"))
    with pytest.raises(TypeError) as caught:
        filters.parse("")
    assert caught.value.__notes__ == ["in the default of start_gteq"]


def test_a_rule_means_the_parameter_of_the_name_and_no_other() -> None:
    class Filters(FilterSet):
        src = Field(types.Text(), operators=(), bare="in")
        src_in = Field(types.Text(), operators=(), bare="eq")

        rules = (Required("src_in"),)

    with pytest.raises(QueryErrors):
        Filters().parse("filter[src]=a")
    assert Filters().parse("filter[src-in]=a") == And(Filters.src_in.eq("a"))
