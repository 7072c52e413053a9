"""The whole query string, read at once: every family by its own reader, and the faults of all together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import TRUE, And, DeclarationError, Field, FilterSet, Limits, QueryErrors, Sort, SortKey, types
from jsonapi_sieve.decoding import Source
from jsonapi_sieve.fieldsets import Fieldsets
from jsonapi_sieve.includes import Includes
from jsonapi_sieve.links import form_encode
from jsonapi_sieve.paging import CursorPages, NumberedPage, NumberedPages
from jsonapi_sieve.query import Query, QueryParser
from tests.cpu import at_once

Pairs = list[tuple[str, str]]


class CallFilters(FilterSet):
    duration = Field(types.Integer(32), nullable=True)
    src_name = Field(types.Text())
    account_id = Field(types.Integer(32), operators=("eq",))


F = CallFilters


def parser_of(**changes: Any) -> QueryParser:
    parts: dict[str, Any] = {
        "filters": CallFilters(),
        "sort": Sort("duration", "src_name", default="-duration"),
        "pages": NumberedPages(default=50, maximum=1000),
        "includes": Includes({"account": "account", "account.owner": "account.owner"}),
        "fieldsets": Fieldsets({"cdrs": {"duration": "duration", "src-name": "src_name", "account": "account"}}),
    }
    return QueryParser(**parts | changes)


PARSER = parser_of()
BARE = parser_of(sort=None, pages=None, includes=Includes({}), fieldsets=Fieldsets({}))


def faults(
    source: Source, parser: QueryParser = PARSER, visible: Callable[[str], bool] | None = None
) -> list[dict[str, object]]:
    with pytest.raises(QueryErrors) as raised:
        parser.parse(source, visible=visible)
    return [error.to_dict() for error in raised.value.errors]


def codes(source: Source, parser: QueryParser = PARSER) -> list[tuple[object, object]]:
    """Give the code and the place of each fault."""
    return [(fault["code"], fault["source"]["parameter"]) for fault in faults(source, parser)]  # type: ignore[index]


# What is asked for


def test_without_parameters_everything_is_as_declared() -> None:
    sources: list[Source] = ["", [], {}, "&", iter([])]
    for source in sources:
        query = PARSER.parse(source)
        assert query == (TRUE, (SortKey("duration", descending=True),), NumberedPage(1, 50), None, {}, (), (), {})
    assert BARE.parse("") == (TRUE, (), None, None, {}, (), (), {})


def test_every_family_is_read() -> None:
    query = PARSER.parse(
        "page[size]=5&filter%5Bduration-gt%5D=60&sort=src-name,-duration&fields[cdrs]=src-name&include=account.owner"
        "&page%5bnumber%5d=3"
    )
    assert query == Query(
        predicate=And(F.duration.gt(60)),
        order=(SortKey("src_name"), SortKey("duration", descending=True)),
        page=NumberedPage(3, 5),
        include=("account", "account.owner"),
        fields={"cdrs": frozenset({"src-name"})},
    )


def test_a_query_is_narrowed_by_a_predicate_of_the_application() -> None:
    query = PARSER.parse("filter[duration-gt]=60&sort=duration&page[size]=5&include=&fields[cdrs]=")
    mine = query.within(F.account_id.eq(7))
    assert mine.predicate == And(F.duration.gt(60), F.account_id.eq(7))
    assert mine[1:] == query[1:]
    assert PARSER.parse("").within(F.account_id.eq(7) | F.account_id.eq(8)).predicate == And(
        F.account_id.eq(7) | F.account_id.eq(8)
    )


def test_a_relationship_may_have_any_name() -> None:
    query = PARSER.parse("").reaching(self=frozenset, query=frozenset)
    assert set(query.reach) == {"self", "query"}


def test_options_reach_the_filters() -> None:
    assert PARSER.parse("utm-source=x&filter[duration-eq]=1", ignore=("utm-source",)).predicate == And(F.duration.eq(1))
    with pytest.raises(TypeError):
        PARSER.parse("", ignore="utm-source")


@pytest.mark.parametrize("source", [b"sort=duration", 7, None, ["sort"], [("sort", 7)], {"sort": 7}, {"sort": []}])
def test_a_source_of_another_kind_is_a_mistake_of_the_developer(source: Any) -> None:
    with pytest.raises(TypeError):
        PARSER.parse(source)


# What is refused


@pytest.mark.parametrize(
    ("query", "code", "at"),
    [
        ("sort=", "empty-sort-key", "sort"),
        ("sort", "empty-sort-key", "sort"),
        ("sort=%2Bduration", "unknown-sort-key", "sort"),
        ("sort=+duration", "unknown-sort-key", "sort"),
        ("page[size]=0", "invalid-page-value", "page[size]"),
        ("page[size]=5000", "page-size-limit", "page[size]"),
        ("page%5Bfoo%5D=1", "unknown-page-parameter", "page[foo]"),
        ("page[]=1", "unknown-page-parameter", "page[]"),
        ("include=owner", "unknown-include", "include"),
        ("include=a.b.c.d", "include-depth-limit", "include"),
        ("fields[cdrs]=x", "unknown-field", "fields[cdrs]"),
        ("fields[]=x", "unknown-type", "fields[]"),
        ("fields[cdr%73]=duration,duration", "repeated-field", "fields[cdrs]"),
        ("filter[duration-eq]=x", "invalid-value", "filter[duration-eq]"),
        ("page=1", "unknown-parameter", "page"),
        ("fields=duration", "unknown-parameter", "fields"),
        ("page[number][]=1", "unknown-parameter", "page[number][]"),
        ("Sort=duration", "unknown-parameter", "Sort"),
        ("sort[]=duration", "unknown-parameter", "sort[]"),
        ("include[account]=1", "unknown-parameter", "include[account]"),
        ("page[size=5", "unknown-parameter", "page[size"),
        ("sort=%FF", "invalid-encoding", "sort"),
        ("page[size]=%", "invalid-encoding", "page[size]"),
        ("include=%00", "invalid-encoding", "include"),
        ("fields[%FF]=", "invalid-encoding", "fields[%FF]"),
        ("sort=duration&sort=duration", "repeated-parameter", "sort"),
        ("include=&include=", "repeated-parameter", "include"),
        ("page[size]=5&page%5Bsize%5D=5", "repeated-parameter", "page[size]"),
        ("fields[cdrs]=&fields[cdrs]=", "repeated-parameter", "fields[cdrs]"),
    ],
)
def test_a_fault_is_told_where_it_is(query: str, code: str, at: str) -> None:
    assert codes(query) == [(code, at)]


@pytest.mark.parametrize(
    "pair", [("\ud800", ""), ("fields[\0]", ""), ("sort", "\0"), ("page[size]", "\ud800"), ("page[\udfff]", "1")]
)
def test_what_is_no_text_in_pairs_is_told_once(pair: tuple[str, str]) -> None:
    assert [code for code, _ in codes([pair])] == ["invalid-encoding"]


def test_where_a_family_is_not_taken_each_of_its_parameters_is_refused() -> None:
    told = faults("sort=duration&page[size]=5&page[x]=&include=&fields[cdrs]=&filter[duration-eq]=1", BARE)
    assert [(fault["code"], fault["source"], fault["detail"]) for fault in told] == [
        ("unsupported-parameter", {"parameter": "sort"}, "Nothing can be sorted here."),
        ("unsupported-parameter", {"parameter": "page[size]"}, "There are no pages here."),
        ("unsupported-parameter", {"parameter": "page[x]"}, "There are no pages here."),
        ("unsupported-parameter", {"parameter": "include"}, "Nothing can be included here."),
        ("unknown-type", {"parameter": "fields[cdrs]"}, "'cdrs' is no type of these documents."),
    ]


@pytest.mark.rule("QRY-08")
@pytest.mark.parametrize("name", ["sort", "page[x]", "include", "fields[cdrs]", "verbose"])
def test_no_family_is_ignored_by_ignore(name: str) -> None:
    with pytest.raises(DeclarationError, match="cannot name a parameter of your own"):
        BARE.parse("", ignore=(name,))


def test_every_fault_of_every_family_is_told_filters_first() -> None:
    assert codes(
        "fields[cdrs]=x,&include=x,&page[size]=0&page[size]=1&page[y]=2&sort=x,,,&sort=y&z=1&filter[duration-eq]=&=1"
    ) == [
        ("unknown-parameter", "z"),
        ("empty-value", "filter[duration-eq]"),
        ("unnamed-parameter", ""),
        ("repeated-parameter", "sort"),
        ("too-many-sort-keys", "sort"),
        ("repeated-parameter", "page[size]"),
        ("invalid-page-value", "page[size]"),
        ("unknown-page-parameter", "page[y]"),
        ("unknown-include", "include"),
        ("empty-include", "include"),
        ("unknown-field", "fields[cdrs]"),
        ("empty-field", "fields[cdrs]"),
    ]


def test_a_hidden_name_is_unknown_everywhere() -> None:
    hiding = parser_of(
        filters=type("Filters", (CallFilters,), {"src_name": None})(),
        sort=Sort("duration", default="-duration"),
        includes=Includes({"account": "account"}),
        fieldsets=Fieldsets({"cdrs": {"duration": "duration", "account": "account"}}),
    )
    query = "filter[src-name-eq]=a&sort=src-name&include=account.owner&fields[cdrs]=src-name"
    told = faults(query, visible=lambda name: name not in ("src_name", "owner"))
    assert told == faults(query, hiding)
    assert len(told) == 4


# Budgets


def test_a_budget_of_the_whole_query_ends_the_reading_at_once() -> None:
    limits = Limits(query_string=40, parameters=2)
    parser = parser_of(filters=CallFilters(limits=limits))
    (fault,) = faults("sort=x&include=x&" + "x" * 40, parser)
    assert (fault["code"], fault["status"]) == ("query-string-limit", "414")
    (fault,) = faults("sort=x&sort=x&sort=x", parser)
    assert fault["code"] == "parameters-limit"
    (fault,) = faults((("sort", "x") for _ in iter(int, 1)), parser)
    assert fault["code"] == "parameters-limit"


@pytest.mark.parametrize("key", ["sort", "include", "page[size]", "fields[cdrs]"])
def test_a_value_is_within_its_budget(key: str) -> None:
    parser = parser_of(filters=CallFilters(limits=Limits(value=9)))
    for value in ("x" * 10, "é" * 5):
        (fault,) = faults([(key, value)], parser)
        assert fault["detail"] == "The value is 10 bytes long; at most 9 are read."
        assert (fault["code"], fault["source"]) == ("value-limit", {"parameter": key})
    assert codes([(key, "x" * 9)], parser)[0][0] != "value-limit"


def test_a_key_is_within_its_budget() -> None:
    parser = parser_of(filters=CallFilters(limits=Limits(key=40)))
    for family in ("page", "fields"):
        (fault,) = faults([(f"{family}[{'x' * 100}]", "1")], parser)
        assert (fault["code"], fault["meta"]) == ("key-limit", {"limit": 40})
        assert fault["source"] == {"parameter": f"{family}[{'x' * 100}"[:40] + "…"}
    assert codes([("fields[cdrs]", "duration"), ("page[" + "x" * 34 + "]", "1")], parser)[0][0] != "key-limit"


def test_a_page_is_within_its_budget_by_declaration() -> None:
    with pytest.raises(DeclarationError, match="up to 1001 resources, but the budget page_size is 1000"):
        parser_of(pages=NumberedPages(maximum=1001))
    generous = CallFilters(limits=Limits(page_size=5000))
    page = parser_of(filters=generous, pages=NumberedPages(maximum=5000)).parse("page[size]=5000").page
    assert page == NumberedPage(1, 5000)


def test_the_depth_of_includes_is_that_of_the_limits() -> None:
    shallow = parser_of(filters=CallFilters(limits=Limits(include_depth=1)), includes=Includes({"account": "account"}))
    assert shallow.parse("include=account").include == ("account",)
    assert codes("include=account.owner", shallow) == [("include-depth-limit", "include")]


def test_no_path_is_declared_that_the_budget_refuses() -> None:
    with pytest.raises(DeclarationError, match="follows 2 relationships, but the budget include_depth is 1"):
        parser_of(filters=CallFilters(limits=Limits(include_depth=1)))


@pytest.mark.parametrize(
    "key", ["sort", "include", "page[number]", "page[size]", "page[x]", "fields[cdrs]", "fields[x]"]
)
@pytest.mark.parametrize("unit", ["a", ",", "a,", "-", ".", ",.", "0", "9", "é", "%2C", "+", "account.", "duration,"])
def test_hostile_values_cost_nothing(key: str, unit: str) -> None:
    with at_once():
        told = faults(f"{key}={unit * (65_000 // len(unit))}")
        assert len(str(told)) < 2000
        assert len(str(faults([(key, unit * 500_000)]))) < 2000


@pytest.mark.parametrize("family", ["page", "fields"])
def test_hostile_keys_cost_little(family: str) -> None:
    with at_once():
        told = faults("&".join(f"{family}[{number}{'s' * 200}]=,,a" for number in range(200)))
        assert len(told) == 200
        key = f"{family}[{'s' * 500_000}]"
        assert [fault["code"] for fault in faults([(key, "1"), (key, "1")])] == ["key-limit", "repeated-parameter"]
        assert len(str(faults([(key, "1"), (key, "1")]))) < 2000


# Laws

_TEXTS = {
    "filter[duration-gt]": ["60", "", "x", "1,2"],
    "filter[src_name-in]": ["a,b", '"a,b",é', "a,", "&=+% "],
    "filter[durtion-gt]": ["60"],
    "sort": ["duration", "-src-name,duration", "", "x", "duration,duration", "src-name "],
    "page[number]": ["1", "3", "0", "9999999999", " 1"],
    "page[size]": ["1", "50", "1000", "1001", "x"],
    "page[foo]": ["1"],
    "include": ["", "account", "account.owner,account", "x", "account,", "a.b.c.d"],
    "fields[cdrs]": ["", "duration", "src-name,account", "x", "duration,duration", "\ud800"],
    "fields[accounts]": ["name"],
    "utm_source é": ["a b", ""],
    "foo": ["\0"],
}
_parameters = st.sampled_from(list(_TEXTS)).flatmap(lambda key: st.tuples(st.just(key), st.sampled_from(_TEXTS[key])))
_queries = st.lists(_parameters, max_size=8)
_different = st.lists(_parameters, max_size=8, unique_by=lambda pair: pair[0])
IGNORED = ("utm_source é",)


def outcome(parser: QueryParser, source: Source) -> Query | list[tuple[str, str | None]]:
    try:
        return parser.parse(source, ignore=IGNORED)
    except QueryErrors as error:
        return sorted((fault.code, fault.at) for fault in error.errors)


def mapping_of(pairs: Pairs) -> Mapping[str, str | list[str]]:
    texts: dict[str, list[str]] = {}
    for key, text in pairs:
        texts.setdefault(key, []).append(text)
    return {key: values if len(values) > 1 else values[0] for key, values in texts.items()}


def percent_encoded(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


@given(_queries, st.sampled_from([PARSER, BARE]))
def test_a_raw_query_its_pairs_and_a_mapping_mean_the_same(pairs: Pairs, parser: QueryParser) -> None:
    answer = outcome(parser, pairs)
    raw = "&".join(f"{percent_encoded(key)}={percent_encoded(text)}" for key, text in pairs)
    assert outcome(parser, raw) == answer
    assert outcome(parser, iter(pairs)) == answer
    assert outcome(parser, mapping_of(pairs)) == answer


WALKED = parser_of(pages=CursorPages("secret", maximum=1000))
TIGHT = parser_of(filters=CallFilters(limits=Limits(key=28, value=24, parameters=4)))
_encodings = st.sampled_from([str, lambda text: text.replace("[", "%5B").replace("]", "%5D"), percent_encoded])
_mostly_good = st.lists(
    _parameters | st.sampled_from([("sort", "duration"), ("page[size]", "5"), ("include", "account")]), max_size=5
)


@given(
    _mostly_good,
    _encodings,
    st.sampled_from([PARSER, BARE, WALKED, TIGHT]),
    st.sampled_from(["", "account", "duration"]),
)
def test_a_good_query_is_read_quickly_to_the_same(
    pairs: Pairs, encoded: Callable[[str], str], parser: QueryParser, hidden: str
) -> None:
    query = "&".join(f"{encoded(key)}={percent_encoded(text)}" for key, text in pairs)
    visible = hidden.__ne__ if hidden else None
    for given_ in (query, pairs):
        quick = parser._quick(given_, None, visible)
        try:
            gathered = parser._gathered(given_, None, visible, ())
        except QueryErrors:
            assert quick is None
        else:
            assert quick in (None, gathered)


@pytest.mark.parametrize("separator", ["[", "%5B", "%5b"])
def test_a_listing_is_read_quickly(separator: str) -> None:
    query = (
        "filter[duration-gt]=60&sort=-duration&page[number]=2&page[size]=5&include=account&fields[cdrs]=duration"
    ).replace("[", separator)
    query = query.replace("]", {"[": "]", "%5B": "%5D", "%5b": "%5d"}[separator])
    read = PARSER._quick(query, None, None)
    assert read == PARSER._gathered(query, None, None, ())
    assert read is not None
    assert WALKED._quick("filter[duration-gt]=60&sort=-duration&page[size]=5", None, None) is not None


def test_filters_that_are_read_in_a_way_of_their_own_are_always_read_so() -> None:
    class OwnFilters(CallFilters):
        def parse(self, *arguments: Any, **options: Any) -> And:
            return super().parse(*arguments, **options) & F.account_id.eq(7)

    assert parser_of(filters=OwnFilters()).parse("sort=duration").predicate == And(F.account_id.eq(7))


def errors_of(read: Callable[[], object]) -> list[dict[str, object]]:
    try:
        read()
    except QueryErrors as error:
        return [fault.to_dict() for fault in error.errors]
    return []


@given(_different)
def test_the_faults_are_those_of_each_reader(pairs: Pairs) -> None:
    pairs = [pair for pair in pairs if "\ud800" not in pair[1]]
    sent = dict(pairs)

    def members(family: str) -> dict[str, str]:
        return {key[len(family) + 1 : -1]: text for key, text in pairs if key.startswith(f"{family}[")}

    expected = [
        *errors_of(lambda: PARSER.filters.parse(pairs, ignore=IGNORED)),
        *errors_of(lambda: Sort("duration", "src_name").parse(sent.get("sort"))),
        *errors_of(lambda: NumberedPages().parse(members("page"))),
        *errors_of(lambda: PARSER.includes.parse(sent.get("include"))),
        *errors_of(lambda: PARSER.fieldsets.parse(members("fields"))),
    ]
    assert errors_of(lambda: PARSER.parse(pairs, ignore=IGNORED)) == expected


_good = st.fixed_dictionaries(
    {},
    optional={
        "filter[duration-gt]": st.integers(0, 99).map(str),
        "filter[src-name-eq]": st.text(st.characters(exclude_categories=["Cs"], exclude_characters='\0,"'), min_size=1),
        "sort": st.sampled_from(["duration", "-src-name", "src-name,-duration"]),
        "page[number]": st.integers(1, 9).map(str),
        "page[size]": st.integers(1, 20).map(str),
        "include": st.sampled_from(["", "account", "account.owner"]),
        "fields[cdrs]": st.sampled_from(["", "duration", "src-name,account"]),
        "utm_source é": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    },
).flatmap(lambda sent: st.permutations(list(sent.items())))


def others(pairs: Iterable[tuple[str, str]]) -> Pairs:
    return [(key, text) for key, text in pairs if not key.startswith("page[")]


@given(_good, st.integers(0, 99), st.sampled_from([percent_encoded, lambda text: form_encode([(text, "")])[:-1]]))
def test_links_lead_to_the_same_query_on_another_page(pairs: Pairs, total: int, encoded: Callable[[str], str]) -> None:
    raw = "&".join(f"{encoded(key)}={encoded(text)}" for key, text in pairs)
    query = PARSER.parse(raw, ignore=IGNORED)
    assert isinstance(query.page, NumberedPage)
    last = max(1, -(-total // query.page.size))
    numbers = {"first": 1, "prev": min(query.page.number - 1, last), "next": query.page.number + 1, "last": last}
    for name, link in NumberedPages().links(f"/cdrs?{raw}", query.page, total).items():
        path, _, there = link.partition("?")
        assert path == "/cdrs"
        assert there.startswith(form_encode(others(pairs)))
        page = NumberedPage(numbers[name], query.page.size)
        assert PARSER.parse(there, ignore=IGNORED) == query._replace(page=page)


@pytest.mark.rule("CN-04")
def test_a_query_is_told_of_each_profile_and_extension_once() -> None:
    query = PARSER.parse("").applying(["https://a.org/one"]).applying(["https://a.org/two", "https://a.org/one"])
    assert query.profiles == ("https://a.org/one", "https://a.org/two")
    assert query._replace(profiles=()) == PARSER.parse("")
    query = PARSER.parse("").applying(extensions=["urn:a"]).applying(extensions=["urn:b", "urn:a"])
    assert query.extensions == ("urn:a", "urn:b")
    assert query._replace(extensions=()) == PARSER.parse("")
