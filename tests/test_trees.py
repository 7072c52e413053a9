"""Groups of filters: in a query string, in the stored form, and as predicates, each way and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jsonapi_sieve import (
    FALSE,
    TRUE,
    And,
    DeclarationError,
    Default,
    Dependent,
    Field,
    FilterSet,
    Limits,
    Not,
    NotRenderable,
    Or,
    Predicate,
    QueryErrors,
    Required,
    ToMany,
    ToOne,
    types,
)
from jsonapi_sieve.declaration import CONNECTIVES, Connective
from jsonapi_sieve.filters import FILTER_GROUPS
from jsonapi_sieve.trees import Groups, key_of
from tests.requests import NOW, related_sets, requests_of


class AccountFilters(FilterSet):
    name = Field(types.Text(), operators=("eq", "cont"))


class CdrFilters(FilterSet, groups=True, camel=True):
    id = Field(types.Integer(64), operators=("in",), bare="in")
    duration = Field(types.Integer(32), operators=("eq", "gt"))
    src_name = Field(types.Text(), operators=("eq", "in"))
    account = ToOne(AccountFilters)
    parts = ToMany(AccountFilters)


class PlainFilters(CdrFilters, groups=False):
    """The same filters without groups."""


C, A = CdrFilters, AccountFilters
FILTERS = CdrFilters()
EQ, GT = C.duration.eq, C.duration.gt


def parse(query: str, **limits: int) -> Predicate:
    return CdrFilters(limits=Limits(**limits)).parse(query)


@pytest.mark.rule("FIL-01", "FIL-02")
@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("filter[or][1][duration-eq]=1", And(Or(And(EQ(1))))),
        ("filter[or][1][duration-eq]=1&filter[or][2][duration-eq]=2", And(Or(And(EQ(1)), And(EQ(2))))),
        ("filter[or][1][duration-eq]=1&filter[or][1][duration-gt]=2", And(Or(EQ(1) & GT(2)))),
        ("filter[not][1][duration-eq]=1", And(Not(And(EQ(1))))),
        ("filter[not][1][duration-eq]=1&filter[not][2][duration-eq]=2", And(Not(And(EQ(1))), Not(And(EQ(2))))),
        ("filter[not][1][duration-eq]=1&filter[not][1][duration-gt]=2", And(Not(EQ(1) & GT(2)))),
        ("filter[and][1][duration-eq]=1", And(And(EQ(1)))),
        (
            "&".join(
                f"filter[and]{each}"
                for each in (
                    *("[1][or][1][duration-eq]=1", "[1][or][2][duration-eq]=2"),
                    *("[2][or][1][duration-gt]=3", "[2][or][2][id]=4"),
                )
            ),
            And(And(Or(And(EQ(1)), And(EQ(2)))), And(Or(And(GT(3)), And(C.id.in_([4]))))),
        ),
        (
            "filter[or][1][not][1][or][1][duration-eq]=1",
            And(Or(And(Not(And(Or(And(EQ(1)))))))),
        ),
        (
            "filter[not][1][src-name-eq]=a&filter[or][1][duration-eq]=1&filter[and][1][duration-gt]=2&filter[id]=3",
            And(C.id.in_([3]), And(GT(2)), Or(And(EQ(1))), Not(And(C.src_name.eq("a")))),
        ),
        (
            "filter[or][1][account.name-eq]=a&filter[or][1][account.name-cont]=b&filter[or][2][parts-all.name-eq]=c",
            And(
                Or(
                    And(C.account.any(A.name.eq("a") & A.name.cont("b"))),
                    And(C.parts.all(A.name.eq("c"))),
                )
            ),
        ),
        ("filter[account.name-eq]=a&filter[not][1][account.name-eq]=b", And(
            C.account.any(A.name.eq("a")), Not(And(C.account.any(A.name.eq("b")))))),
    ],
)  # fmt: skip
def test_what_groups_mean(query: str, meaning: And) -> None:
    assert FILTERS.parse(query) == meaning
    assert FILTERS.has_groups(meaning)
    rendered = FILTERS.render(meaning)
    assert FILTERS.parse(rendered) == meaning == FILTERS.load(FILTERS.dump(meaning))
    assert FILTERS.render(FILTERS.parse(rendered)) == rendered


@pytest.mark.rule("QRY-04")
@pytest.mark.parametrize(
    "query",
    [
        "filter[or][2][duration-eq]=2&filter[or][1][duration-eq]=1",
        "filter[or][999][duration-eq]=2&filter[or][7][duration-eq]=1",
        "filter[or][10][duration-eq]=2&filter[or][9][duration-eq]=1",
        "filter%5Bor%5D%5B1%5D%5Bduration-eq%5D=1&filter%5bor%5d%5b2%5d%5bduration_eq%5d=2",
        "filter[or][1][durationEq]=1&%66ilter[%6fr][%32][duration-eq]=%32",
        "&filter[or][1][duration-eq]=1&&filter[or][2][duration-eq]=2&sort=id",
    ],
)
def test_one_predicate_in_many_spellings(query: str) -> None:
    predicate = FILTERS.parse(query)
    assert predicate == And(Or(And(EQ(1)), And(EQ(2))))
    assert FILTERS.render(predicate) == (
        "filter%5Bor%5D%5B1%5D%5Bduration-eq%5D=1&filter%5Bor%5D%5B2%5D%5Bduration-eq%5D=2"
    )
    assert FILTERS.dump(predicate) == {"or": [{"duration_eq": 1}, {"duration_eq": 2}]}


def test_groups_in_pairs_and_mappings() -> None:
    meant = And(Or(And(EQ(1))))
    assert FILTERS.parse([("filter[or][3][duration-eq]", "1")]) == meant
    assert FILTERS.parse({"filter[or][3][duration-eq]": ["1"]}) == meant


@pytest.mark.rule("FIL-05")
def test_what_has_groups() -> None:
    assert FILTER_GROUPS.startswith("urn:")
    assert not FILTERS.has_groups(FILTERS.parse("filter[duration-eq]=1&filter[parts-all.name-eq]=a"))
    assert not FILTERS.has_groups(And())
    assert not PlainFilters().has_groups(And())


def errors(query: Any, filters: FilterSet = FILTERS) -> list[tuple[str, str | None, str]]:
    with pytest.raises(QueryErrors) as caught:
        filters.parse(query)
    assert caught.value.status == 400
    return [(error.code, error.at, error.detail) for error in caught.value.errors]


@pytest.mark.rule("FIL-03", "QRY-06")
@pytest.mark.parametrize(
    "inside",
    [
        *("[or]", "[or][1]", "[or][1][]", "[or][0][duration-eq]", "[or][01][duration-eq]", "[or][1000][duration-eq]"),
        *("[or][-1][duration-eq]", "[or][+1][duration-eq]", "[or][ 1][duration-eq]", "[or][1 ][duration-eq]"),
        *("[or][a][duration-eq]", "[or][1.0][duration-eq]", "[or][\uff11][duration-eq]", "[or][\u0661][duration-eq]"),
        *("[or][][duration-eq]", "[or][duration-eq]", "[1][duration-eq]", "[OR][1][duration-eq]"),
        *("[or][1][2][duration-eq]", "[or][1][or][duration-eq]", "[or][1]duration-eq", "[or][1].[duration-eq]"),
        *("[or][1][duration-eq][1]", "[or][1][duration-eq][or]", "[[or][1][duration-eq]"),
        *("[or][1][[duration-eq]]", "[or ][1][duration-eq]", "[xor][1][duration-eq]", "[or][1]\n[duration-eq]"),
    ],
)  # fmt: skip
def test_what_is_no_group_is_unknown(inside: str) -> None:
    key = f"filter{inside}"
    [(code, at, _)] = errors([(key, "1")])
    assert (code, at) == ("unknown-filter", key)


def test_where_there_are_no_groups_they_are_unknown() -> None:
    key = "filter[or][1][duration-eq]"
    assert errors([(key, "1")], PlainFilters()) == [
        ("unknown-filter", key, f"'{key}' is no filter of this resource; did you mean filter[duration-eq]?"),
    ]
    with pytest.raises(QueryErrors, match="'or' is no filter of this resource"):
        PlainFilters().load({"or": [{"duration_eq": 1}]})
    with pytest.raises(NotRenderable, match="is no group of parameters here"):
        PlainFilters().render(And(Or(And(EQ(1)))))


@pytest.mark.rule("QRY-10", "QRY-11")
def test_faults_inside_of_groups() -> None:
    assert errors(
        "filter[or][1][duraton-eq]=1&filter[or][2][duration-eq]=x&filter[or][3][duration-eq]=%FF"
        "&filter[not][1][duration-eq]=1&filter[not][1][duration_eq]=2&filter[duration-eq]=3&filter[or][1][duration-eq]=4"
    ) == [
        (
            "unknown-filter",
            "filter[or][1][duraton-eq]",
            "'filter[duraton-eq]' is no filter of this resource; did you mean filter[duration-eq]?",
        ),
        ("invalid-value", "filter[or][2][duration-eq]", "'x' is not an integer such as 10 or -3."),
        ("invalid-encoding", "filter[or][3][duration-eq]", "The value holds percent escapes that are no UTF-8."),
        ("repeated-parameter", "filter[not][1][duration_eq]", "filter[not][1][duration-eq] is given twice."),
    ]


def test_budgets() -> None:
    def fault(query: str, **limits: int) -> str:
        with pytest.raises(QueryErrors) as caught:
            parse(query, **limits)
        return ", ".join(f"{error.code} {error.at}" for error in caught.value.errors)

    one, deep = "filter[or][1][duration-eq]", "filter[or][1][or][1][duration-eq]"
    assert fault(f"{deep}=1", key=32) == "key-limit filter[or][1][or][1][duration-eq…"
    assert parse(f"{deep}=1", key=33).depth == 6
    assert fault(f"{one}=12", value=1) == f"value-limit {one}"
    assert fault(f"{one}=1&filter[or][2][duration-eq]=1&filter[duration-eq]=1", filters=2) == (
        "filters-limit filter[duration-eq]"
    )
    assert fault(f"{one}=1&{one}=2", parameters=1).startswith("parameters-limit")
    assert fault(f"filter[not][1][or][1][duration-eq]=1&{one}=1", depth=1) == (
        "depth-limit filter[not][1][or][1][duration-eq]"
    )
    assert fault("filter[or][1][account.name-eq]=1", depth=1) == "depth-limit filter[or][1][account.name-eq]"
    assert parse(f"filter{'[or][1]' * 15}[duration-eq]=1").depth == 32
    assert fault(f"filter{'[or][1]' * 16}[duration-eq]=1") == f"depth-limit filter{'[or][1]' * 16}[duration-eq]"
    assert parse(f"filter{'[and][1]' * 16}[duration-eq]=1").depth == 18
    assert fault(f"filter{'[and][1]' * 17}[duration-eq]=1") == f"depth-limit filter{'[and][1]' * 17}[duration-eq]"


def test_a_field_cannot_be_named_like_a_group() -> None:
    for name in CONNECTIVES:
        with pytest.raises(DeclarationError, match=f"'{name}' cannot name an attribute"):
            Field(types.Integer(), name=name)


class RuledFilters(CdrFilters):
    rules = (
        Required("duration_gt"),
        Dependent("duration_eq", on=("id",)),
        Default("src_name_eq", "x"),
        Default("parts_all.name_eq", "y"),
    )


def test_rules_look_at_what_holds_for_all_rows() -> None:
    ruled = RuledFilters()
    inside = "filter[or][1][duration-gt]=1&filter[or][2][duration-eq]=1&filter[or][2][src-name-eq]=b"
    assert [at for _, at, _ in errors(inside, ruled)] == ["filter[duration-gt]"]
    predicate = ruled.parse(f"{inside}&filter[duration-gt]=0")
    assert repr(predicate) == (
        "And(duration > 0, default(src_name = 'x'), Not(Related(parts, Not(And(default(name = 'y'))))), "
        "Or(And(duration > 1), And(duration = 1, src_name = 'b')))"
    )
    assert ruled.dump(predicate) == {
        "duration_gt": 0,
        "or": [{"duration_gt": 1}, {"duration_eq": 1, "src_name_eq": "b"}],
    }


@pytest.mark.parametrize(
    "predicate",
    [
        Or(EQ(1), EQ(2)),
        FALSE,
        And(FALSE),
        And(TRUE),
        And(EQ(1) | EQ(2)),
        And(Or(And())),
        And(Or(And(EQ(1)), FALSE)),
        And(~EQ(1)),
        And(Not(EQ(1) | EQ(2))),
        And(~TRUE),
        And(~Not(And(EQ(1)))) & And(Not(And(EQ(1)))) & EQ(2),
        And(Or(And(EQ(1))), Or(And(EQ(2)))),
        And(Not(And(EQ(1))), Or(And(EQ(2)))),
        And(Or(And(EQ(1))), And(EQ(2))),
        And(Or(And(EQ(1))), EQ(2)),
        And(Or(And(GT(1), EQ(1)))),
        And(Or(And(C.duration.lt(1)))),
        And(C.account.any(And(Or(And(A.name.eq("a")))))),
    ],
    ids=repr,
)
def test_what_no_request_means_is_not_rendered(predicate: Predicate) -> None:
    for write in (FILTERS.render, FILTERS.dump):
        with pytest.raises(NotRenderable):
            write(predicate)


def test_what_is_over_a_budget_once_written_is_not_rendered() -> None:
    small, predicate = CdrFilters(limits=Limits(key=32)), And(Or(And(Or(And(EQ(1))))))
    with pytest.raises(NotRenderable, match="33 bytes long"):
        small.render(predicate)
    assert small.dump(predicate) == {"or": [{"or": [{"duration_eq": 1}]}]}


def faults_of(document: object, filters: FilterSet = FILTERS) -> list[tuple[str, str | None]]:
    with pytest.raises(QueryErrors) as caught:
        filters.load(document, pointer="/data/attributes/filters", status=422)
    assert caught.value.status == 422
    return [(error.code, (error.at or "").removeprefix("/data/attributes/filters")) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("document", "faults"),
    [
        ({"or": [{"duration_eq": "x"}]}, [("invalid-value", "/or/0/duration_eq")]),
        ({"or": [{"src_name_in": ["a", 1]}]}, [("invalid-value", "/or/0/src_name_in/1")]),
        ({"or": [{"duration_eq": 1}, {"x": 1}]}, [("unknown-filter", "/or/1/x")]),
        ({"or": [{"not": [{"a/b~": 1}]}]}, [("unknown-filter", "/or/0/not/0/a~1b~0")]),
        ({"or": []}, [("invalid-filters", "/or")]),
        ({"or": {}}, [("invalid-filters", "/or")]),
        ({"or": {"1": {"duration_eq": 1}}}, [("invalid-filters", "/or")]),
        ({"or": None, "and": 1, "not": "x"}, [("invalid-filters", f"/{name}") for name in ("or", "and", "not")]),
        ({"or": [{}]}, [("invalid-filters", "/or/0")]),
        ({"or": [[], None, 1]}, [("invalid-filters", f"/or/{index}") for index in range(3)]),
        ({"or": [{"or": []}, {"id": []}]}, [("invalid-filters", "/or/0/or"), ("empty-value", "/or/1/id")]),
        ({"or": [{"duration_eq": 1}], "Or": []}, [("unknown-filter", "/Or")]),
        ({"or": [{"id": [1], "id_in": [2]}]}, [("repeated-parameter", "/or/0/id_in")]),
        ({"or": [{"k" * 257: 1}]}, [("key-limit", "/or/0")]),
        ({"or": [{"src_name_eq": "x" * 32_769}]}, [("value-limit", "/or/0/src_name_eq")]),
        ({"or": [{7: 1}]}, [("unknown-filter", "/or/0/7")]),
    ],
    ids=lambda value: json.dumps(value)[:60],
)  # fmt: skip
def test_faults_of_stored_groups(document: object, faults: list[tuple[str, str]]) -> None:
    assert faults_of(document) == faults


def test_stored_groups_are_counted() -> None:
    assert faults_of({"or": [{"duration_eq": 1}] * 51}) == [("filters-limit", "/or")]
    assert FILTERS.load({"or": [{"duration_eq": 1}] * 50}).depth == 4
    assert faults_of({f"a{number}": 1 for number in range(99)} | {"or": [{"x": 1}]})[-1] == ("filters-limit", "/or/0/x")
    assert faults_of({"or": [{f"a{number}": 1 for number in range(101)}]}) == [("filters-limit", "/or/0")]
    assert faults_of({"or": [1] * 101})[-1] == ("filters-limit", "/or")


def stored(connective: Connective, levels: int, inside: dict[str, object]) -> dict[str, object]:
    for _ in range(levels):
        inside = {connective: [inside]}
    return inside


def test_stored_groups_are_as_deep_as_the_budget() -> None:
    assert FILTERS.load(stored("or", 15, {"duration_eq": 1})).depth == 32
    assert faults_of(stored("or", 16, {"duration_eq": 1})) == [("depth-limit", "/or/0" * 16 + "/duration_eq")]
    assert FILTERS.load(stored("and", 16, {"duration_eq": 1})).depth == 18
    assert faults_of(stored("and", 17, {"duration_eq": 1})) == [("depth-limit", "/and/0" * 16 + "/and")]
    assert faults_of(stored("and", 16, {"account.name_eq": "a"})) == [
        ("depth-limit", "/and/0" * 16 + "/account.name_eq")
    ]
    generous = CdrFilters(limits=Limits(depth=100_000, filters=100_000))
    assert faults_of(stored("and", 900, {"duration_eq": 1}), generous) == [("depth-limit", "/and/0" * 32 + "/and")]


GROUPS = st.lists(st.tuples(st.sampled_from(CONNECTIVES), st.sampled_from([1, 2, 7, 10, 999])), max_size=3).map(tuple)


@st.composite
def grouped(draw: st.DrawFn, filters: FilterSet) -> list[tuple[str, str]]:
    """Draw a request in which parameters stand in groups."""
    pairs = []
    for parameter, value in draw(requests_of(filters)).given.items():
        groups: set[Groups] = draw(st.sets(GROUPS, min_size=1, max_size=3))
        pairs += [(key_of(parameter, each), parameter.operand.render(value)) for each in groups]
    return draw(st.permutations(pairs))


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_what_is_parsed_is_rendered_and_dumped(data: st.DataObject) -> None:
    filters = data.draw(related_sets())
    try:
        predicate = filters.parse(data.draw(grouped(filters)), now=NOW)
    except QueryErrors as refused:
        if {error.code for error in refused.errors} != {"missing-filter"}:
            raise
        return
    assert predicate.depth == And(*predicate.members).depth
    rendered, dumped = filters.render(predicate), filters.dump(predicate)
    assert filters.parse(rendered, now=NOW) == predicate == filters.load(dumped, now=NOW)
    assert filters.load(json.loads(json.dumps(dumped)), now=NOW) == predicate
    assert filters.render(filters.load(dumped, now=NOW)) == rendered


PIECES = st.sampled_from(["[or]", "[1]", "[not]", "[and]", "[2]", "or", "[", "]", "[duration-eq]", "[0]"])


@given(st.lists(st.lists(PIECES, max_size=8).map("".join), max_size=4))
def test_any_keys_are_understood_or_refused(keys: list[str]) -> None:
    sent = [(f"filter{inside}", "1") for inside in keys]
    try:
        predicate = FILTERS.parse(sent)
    except QueryErrors as refused:
        if not all(error.at in dict(sent) for error in refused.errors):
            raise
    else:
        assert FILTERS.parse(FILTERS.render(predicate)) == predicate
