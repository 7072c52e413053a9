"""From a query string to its filters, and to an error for everything that is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jsonapi_sieve import ErrorObject, Field, FilterSet, Limits, QueryErrors, types
from jsonapi_sieve.predicate import And


class ExportFilters(FilterSet):
    id = Field(types.Uuid(), operators=(), bare="in")
    status = Field(types.Enum("Pending", "Completed"))
    rows_count = Field(types.Integer(32), nullable=True, operators=("eq", "gteq", "in", "null"))
    note = Field(types.Text(), operators=("eq", "in", "cont_any"))


FILTERS = ExportFilters()
STATUS, ROWS, NOTE = ExportFilters.status, ExportFilters.rows_count, ExportFilters.note

ALLOWED = [parameter.key for parameter in FILTERS.parameters]


def errors_of(query: Any, filters: FilterSet = FILTERS, **options: Any) -> tuple[ErrorObject, ...]:
    with pytest.raises(QueryErrors) as caught:
        filters.parse(query, **options)
    assert caught.value.status == caught.value.errors[0].status
    return caught.value.errors


def codes_of(query: Any, filters: FilterSet = FILTERS, **options: Any) -> list[str]:
    return [error.code for error in errors_of(query, filters, **options)]


@pytest.mark.parametrize(
    "source",
    [
        "filter[rows-count-gteq]=10&filter[status-in]=Pending,Completed",
        "filter%5Brows_count_gteq%5D=%2B010&filter%5bstatus-in%5d=Pending%2cCompleted",
        "&&filter[rows-count_gteq]=10&&sort=-id&filter[status-in%5D=Pending,Completed&",
        [("filter[rows-count-gteq]", "10"), ("filter[status-in]", "Pending,Completed")],
        iter([("filter[rows-count-gteq]", "10"), ("filter[status-in]", "Pending,Completed,Pending")]),
        {"filter[rows-count-gteq]": "10", "filter[status-in]": ["Pending,Completed"]},
        {"filter[rows_count_gteq]": ("10",), "sort": "id", "filter[status-in]": '"Pending","Completed"'},
    ],
)
def test_one_and_of_one_node_per_parameter_in_canonical_order(source: Any) -> None:
    assert FILTERS.parse(source) == And(STATUS.in_(["Pending", "Completed"]), ROWS.gteq(10))


def test_a_query_without_filters_is_true() -> None:
    sources: list[Any] = ["", "&", "sort=id", [], {}]
    for source in sources:
        assert FILTERS.parse(source) == And()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", "a"),
        ("%20a+", " a "),
        ("%22a,b%22", "a,b"),
        ("%22%22", ""),
        ("say+%22hi%22", 'say "hi"'),
        ("a=b", "a=b"),
        ("a;b", "a;b"),
        ("a%0D%0Ab", "a\r\nb"),
        ("100%25", "100%"),
        ("%EF%BF%BD", "\ufffd"),
        ("%C3%A9", "é"),
        ("é", "é"),
    ],
)
def test_a_value_is_one_record(text: str, value: str) -> None:
    assert FILTERS.parse(f"filter[note-eq]={text}") == And(NOTE.eq(value))


@pytest.mark.parametrize(
    ("query", "code", "detail"),
    [
        ("filter[status-eq]", "empty-value", "The value is empty; give one of Pending, Completed."),
        ("filter[status-eq]=", "empty-value", "The value is empty; give one of Pending, Completed."),
        ("filter[note-eq]=", "empty-value", "The value is empty; give text."),
        ("filter[note-in]=a,,b", "empty-value", "Item 2 of 3 is empty; give text."),
        ("filter[note-in]=a,", "empty-value", "Item 2 of 2 is empty; give text."),
        ("filter[note-in]=", "empty-value", "Item 1 of 1 is empty; give text."),
        (
            "filter[note-eq]=a,b",
            "too-many-values",
            "'a,b' holds 2 values where one is taken; double quotes protect a comma.",
        ),
        (
            'filter[note-in]=a"b',
            "malformed-list",
            "'a\"b' is no list: a double quote stands inside an item that is not quoted; double a quote inside quotes.",
        ),
        ('filter[status-eq]=""', "invalid-value", "'' is not one of Pending, Completed."),
        ("filter[status-eq]=pending", "invalid-value", "'pending' is not one of Pending, Completed."),
        ("filter[rows-count-eq]=1.0", "invalid-value", "'1.0' is not an integer such as 10 or -3."),
        ("filter[rows-count-null]=yes", "invalid-value", "'yes' is not true or false."),
    ],
)
def test_a_value_that_cannot_be_understood_is_an_error(query: str, code: str, detail: str) -> None:
    (error,) = errors_of(query)
    assert (error.code, error.detail, error.at) == (code, detail, query.partition("=")[0])
    assert error.to_dict()["source"] == {"parameter": error.at}


def test_an_error_says_what_is_allowed() -> None:
    assert errors_of("filter[status-in]=x")[0].meta == {"allowed": ["Pending", "Completed"]}
    assert errors_of("filter[rows-count-eq]=x")[0].meta == {"allowed": "an integer such as 10 or -3"}
    assert errors_of("filter[rows-count-null]=x")[0].meta == {"allowed": "true or false"}


@pytest.mark.parametrize(
    "key",
    [
        "filter",
        "filter[]",
        "filter[ ]",
        "filter[status-eq",
        "filter[status-eq]]",
        "filter[status-eq][",
        "filter[status-eq][]",
        "filter[status][eq]",
        "filter[[status-eq]]",
        "filter [status-eq]",
        "filter[status-eq] ",
        "filter[status-eq]\n",
        "Filter[status-eq]",
        "FILTER[status-eq]",
        "filters[status-eq]",
        "filter.status-eq",
        "filter-status-eq",
        "filter(status-eq)",
        "filter:status-eq",
        "filter%5Bstatus-eq%5D",
        "filter[status]",
        "filter[Status-eq]",
        "filter[status_Eq]",
        "filter[statusEq]",
        "filter[status-gteq]",
        "filter[id-in]",
    ],
)
def test_a_near_miss_of_a_filter_is_an_unknown_filter(key: str) -> None:
    (error,) = errors_of([(key, "Pending")])
    assert (error.code, error.title, error.status) == ("unknown-filter", "Unknown filter", 400)
    assert error.at == key
    allowed = error.meta["allowed"]
    assert isinstance(allowed, list)
    assert [name.replace("_", "-") for name in allowed] == ALLOWED


@pytest.mark.parametrize(
    "key",
    [
        *("page", "fields", "sorts", "Sort", "sort[]", "includes", "include[]", "q", "utm_source"),
        *("page[a", "page[a]]", "page[a][b]", "pages[size]", "Page[size]", "page [size]", "field[a]", "fields[a]b"),
        *("status", "status-eq", "[status-eq]", " filter[status-eq]", "ﬁlter[status-eq]", "\n"),
        *("filtered[status-eq]", "filter_status_eq"),
    ],
)
def test_any_other_parameter_is_unknown(key: str) -> None:
    assert errors_of([(key, "1")]) == (
        ErrorObject("unknown-parameter", "Unknown parameter", f"{key!r} is no parameter.", key),
    )


@pytest.mark.parametrize("query", ["=Pending", "=", "filter[status-eq]=Pending&=x"])
def test_a_part_without_a_name_is_an_error(query: str) -> None:
    assert errors_of(query) == (ErrorObject("unnamed-parameter", "Unnamed parameter", "A parameter has no name.", ""),)


@pytest.mark.parametrize(
    "query",
    [
        "sort=-created-at,status",
        "include=account",
        "page[number]=2&page[size]=",
        "page%5Bsize%5D=x&page%5bnumber%5d",
        "fields[cdr-exports]=status&fields[]=&fields[é]=%C3%A9",
        "sort=&sort=a,,%22&include=%0A",
        "page[a%20b]=" + "x" * 40_000,
    ],
)
def test_other_families_are_left_alone(query: str) -> None:
    assert FILTERS.parse(query) == And()
    assert FILTERS.parse(query + "&filter[status-eq]=Pending") == And(STATUS.eq("Pending"))


@pytest.mark.parametrize(
    "query", ["sort=%FF", "sort=%00", "page[a]=\0", "fields[x]=\ud800", "page[%FF]=1", "page[\0]=1", "include=%"]
)
def test_what_is_no_text_is_an_error_in_other_families_too(query: str) -> None:
    assert codes_of(query) == ["invalid-encoding"]


def test_what_is_no_text_is_an_error_in_decoded_pairs_too() -> None:
    for pair in [("sort", "\0"), ("page[\0]", "1"), ("page[\ud800]", "1"), ("fields[a]", "\udfff"), ("filter\0", "1")]:
        assert codes_of([pair]) == ["invalid-encoding"]
    assert FILTERS.parse([("sort", "%FF"), ("page[%]", "%")]) == And()


@pytest.mark.parametrize(
    ("query", "detail", "at"),
    [
        ("filter[note-eq]=%FF", "The value holds percent escapes that are no UTF-8.", "filter[note-eq]"),
        ("filter[note-eq]=a%00", "The value holds a NUL character.", "filter[note-eq]"),
        ("filter[note-eq]=\ud800", "The value holds a lone surrogate.", "filter[note-eq]"),
        (
            "filter[note-eq]=100%",
            "The value holds a percent sign that begins no escape; write %25 for it.",
            "filter[note-eq]",
        ),
        ("filter%ff[note-eq]=1", "The key holds percent escapes that are no UTF-8.", "filter%ff[note-eq]"),
        ("filter%00=1", "The key holds a NUL character.", "filter%00"),
        ("\ud800=1", "The key holds a lone surrogate.", "\\ud800"),
    ],
)
def test_what_is_no_text_is_an_error_that_can_be_sent(query: str, detail: str, at: str) -> None:
    (error,) = errors_of(query)
    assert (error.code, error.detail, error.at) == ("invalid-encoding", detail, at)
    assert str(error.to_dict()).encode()


def test_the_place_of_an_error_is_the_exact_key_decoded() -> None:
    assert errors_of("filter%5Bstatus%5feq%5D=x")[0].at == "filter[status_eq]"
    assert errors_of("filter[a+b]=x")[0].at == "filter[a b]"


@pytest.mark.parametrize("ignore", [("utm_source", "filter[old]"), {"utm_source", "filter[old]"}])
def test_parameters_of_ones_own_are_admitted_by_name(ignore: Any) -> None:
    query = "utm_source=%F0%9F%98%80&filter[old]=&filter[status-eq]=Pending&utm_source=2"
    assert FILTERS.parse(query, ignore=ignore) == And(STATUS.eq("Pending"))
    assert codes_of("utm_source=%FF", ignore=ignore) == ["invalid-encoding"]
    assert codes_of("utm-source=1&utm_sourc=1", ignore=ignore) == ["unknown-parameter"] * 2


def test_ignoring_drops_no_declared_filter() -> None:
    ignore = ("filter[status-eq]", "utm_source")
    for query in ("filter[status-eq]=Pending", "filter[status-eq]=Pending&utm_source=1"):
        assert FILTERS.parse(query, ignore=ignore) == And(STATUS.eq("Pending"))


def test_a_hidden_filter_is_not_ignored() -> None:
    query = [("filter[status-eq]", "Pending")]
    assert codes_of(query, ignore=("filter[status-eq]",), visible=lambda name: name != "status") == ["unknown-filter"]


def test_a_text_is_no_collection_of_names_to_ignore() -> None:
    for query in ("", "utm_source=1"):
        with pytest.raises(TypeError, match="ignore= takes a collection of names, not the text 'utm_source'"):
            FILTERS.parse(query, ignore="utm_source")


def test_a_question_mark_is_told_to_be_left_out() -> None:
    (error,) = errors_of("?filter[status-eq]=Pending")
    assert error.detail.endswith("is no parameter; a query string is given without its question mark.")


@pytest.mark.parametrize(
    "again",
    ["filter[rows-count-eq]", "filter[rows_count_eq]", "filter[rows-count_eq]", "filter%5Brows-count-eq%5D"],
)
@pytest.mark.parametrize("text", ["1", "2", "x", ""])
def test_a_repeated_parameter_is_an_error(again: str, text: str) -> None:
    (error,) = errors_of(f"filter[rows-count-eq]=1&{again}={text}")
    assert (error.code, error.detail) == ("repeated-parameter", "filter[rows-count-eq] is given twice.")
    assert error.at == again.replace("%5B", "[").replace("%5D", "]")


def test_every_fault_is_found_in_one_pass() -> None:
    query = "&".join(
        [
            "filter[status-eq]=Nope",
            "filter[x]=1",
            "filter[rows-count-in]=1,a,2,b",
            "filter[note-eq]=%FF",
            "%FF=1",
            "=1",
            "utm=1",
            "filter[rows-count-eq]=7",
            "filter[rows_count_eq]=8",
            "sort=%",
            "filter[note-in]=" + "x" * 33_000,
            "k" * 300 + "=1",
            "filter[id]=1,",
        ]
    )
    errors = errors_of(query)
    assert [error.code for error in errors] == [
        "invalid-value",
        "unknown-filter",
        "invalid-value",
        "invalid-encoding",
        "invalid-encoding",
        "unnamed-parameter",
        "unknown-parameter",
        "repeated-parameter",
        "invalid-encoding",
        "value-limit",
        "key-limit",
        "empty-value",
    ]
    assert {error.status for error in errors} == {400}
    assert {error.source for error in errors} == {"parameter"}
    assert errors[2].detail == "'a' is not an integer such as 10 or -3. (2 of the 4 items are bad.)"


def test_a_hint_names_the_nearest_parameter() -> None:
    (error,) = errors_of("Filter[Staus-Eq]=Pending")
    assert error.detail == "'Filter[Staus-Eq]' is no filter of this resource; did you mean filter[status-eq]?"
    assert error.meta == {"nearest": "filter[status-eq]", "allowed": ALLOWED}


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("filter[rows_count_gte]", "filter[rows_count_gteq]"),
        ("filter[rows-count-gte]", "filter[rows-count-gteq]"),
        ("filter[rows_count-gte]", "filter[rows-count-gteq]"),
        ("filter[rows_count]", "filter[rows_count_eq]"),
        ("Filter[Staus_Eq]", "filter[status_eq]"),
        ("filter[status]", "filter[status-eq]"),
    ],
)
def test_a_hint_is_spelled_as_the_client_spells(key: str, near: str) -> None:
    (error,) = errors_of(f"{key}=1")
    assert (error.detail, error.meta["nearest"]) == (
        f"'{key}' is no filter of this resource; did you mean {near}?",
        near,
    )
    allowed = error.meta["allowed"]
    assert isinstance(allowed, list)
    assert near in allowed
    assert all(("_" in name) == ("_" in near) for name in allowed if "count" in name)


def test_a_name_without_an_operator_is_near_to_its_equality() -> None:
    (error,) = errors_of("filter[rows-count]=1")
    assert error.meta["nearest"] == "filter[rows-count-eq]"


def test_without_anything_near_there_is_no_hint() -> None:
    (error,) = errors_of("filter[zzzzzzzz]=1")
    assert error.detail == "'filter[zzzzzzzz]' is no filter of this resource."
    assert error.meta == {"allowed": ALLOWED}


def test_many_mistakes_get_few_hints_and_one_list() -> None:
    errors = errors_of("&".join(f"filter[status-eq{number}]=1" for number in range(20)))
    assert ["nearest" in error.meta for error in errors] == [True] * 5 + [False] * 15
    assert ["allowed" in error.meta for error in errors] == [True] + [False] * 19
    assert "nearest" not in errors_of(f"filter[status-eq{'q' * 50}]=1")[0].meta


NARROW = Limits(query_string=60, key=25, value=12, filters=2, list_items=3, parameters=4)
NARROWED = ExportFilters(limits=NARROW)
HERE = "filter[note-in]"

LIMITS: list[tuple[str, int, int, Callable[[int], Any]]] = [
    # The budget, its limit, the status of its error, and a query of some size.
    ("query_string", 60, 414, lambda size: "sort=".ljust(size, "x")),
    ("query_string", 60, 414, lambda size: "sort=".ljust(size - 1, "x") + "&"),
    ("query_string", 60, 414, lambda size: "sort=" + "é" * ((size - 5) // 2) + "x" * ((size - 5) % 2)),
    ("value", 12, 400, lambda size: "filter[note-eq]=" + "x" * size),
    ("value", 12, 400, lambda size: "filter[note-eq]=" + "%20" * size),
    ("value", 12, 400, lambda size: [("filter[note-eq]", "é" * (size // 2) + "x" * (size % 2))]),
    ("value", 12, 400, lambda size: [("filter[note-eq]", "\U0001f600" * (size // 4) + "x" * (size % 4))]),
    ("filters", 2, 400, lambda size: [(key, "1") for key in ("filter[note-eq]", HERE, "filter[note-cont-any]")[:size]]),
    ("list_items", 3, 400, lambda size: f"{HERE}=" + ",".join("abcd"[:size])),
    ("list_items", 3, 400, lambda size: f"{HERE}=" + ",".join("x" * size)),
    ("list_items", 3, 400, lambda size: f"{HERE}=" + ",".join(['""'] * size)),
    ("parameters", 4, 400, lambda size: "&".join(["sort="] * size)),
    ("parameters", 4, 400, lambda size: [("sort", "")] * size),
    ("parameters", 4, 400, lambda size: {"sort": [""] * size}),
]  # fmt: skip


@pytest.mark.parametrize(("budget", "limit", "status", "query"), LIMITS)
def test_a_budget_binds_beyond_its_limit(budget: str, limit: int, status: int, query: Callable[[int], Any]) -> None:
    NARROWED.parse(query(limit))
    (error,) = errors_of(query(limit + 1), NARROWED)
    assert (error.code, error.title) == (f"{budget.replace('_', '-')}-limit", "Limit exceeded")
    assert (error.status, error.meta) == (status, {"limit": limit})
    assert error.at is None or error.at.startswith("filter[note-")


def test_a_key_has_a_budget() -> None:
    key = "filter[status_not-in-zzz]"
    assert codes_of([(key, "1")], NARROWED) == ["unknown-filter"]
    for longer in (key + "x", key[:-1] + "é"):
        (error,) = errors_of([(longer, "1")], NARROWED)
        assert (error.code, error.status, error.meta) == ("key-limit", 400, {"limit": 25})
        assert error.detail == "The key is 26 bytes long; at most 25 are read."
    assert errors_of([("k" * 100, "1")], NARROWED)[0].at == "k" * 25 + "…"
    assert NARROWED.parse([("fields[" + "x" * 100 + "]", "1")]) == And()


def test_the_sentences_of_budgets() -> None:
    assert [errors_of(query(limit + 1), NARROWED)[0].detail for _, limit, _, query in LIMITS] == [
        *["The query string is 61 bytes long; at most 60 are read."] * 3,
        *["The value is 13 bytes long; at most 12 are read."] * 4,
        "At most 2 filters are read.",
        *["The list holds 4 items; at most 3 are taken."] * 3,
        *["More than 4 parameters were sent."] * 3,
    ]


@pytest.mark.parametrize(
    ("budget", "limit"),
    [
        ("query_string", 65_536),
        ("key", 256),
        ("value", 32_768),
        ("filters", 100),
        ("list_items", 1_000),
        ("parameters", 200),
    ],
)
def test_the_budgets_of_query_strings(budget: str, limit: int) -> None:
    assert getattr(FILTERS.limits, budget) == limit


def test_a_long_value_of_short_characters_is_measured_exactly() -> None:
    filters = ExportFilters(limits=Limits(value=40))
    text = "é" + "x" * 38
    assert filters.parse([("filter[note-eq]", text)]) == And(NOTE.eq(text))
    assert codes_of([("filter[note-eq]", text + "x")], filters) == ["value-limit"]
