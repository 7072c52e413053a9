"""Filters as JSON: what is read, and an error for everything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from jsonapi_sieve import AnyOf, ErrorObject, Field, FilterSet, Limits, QueryErrors, types
from jsonapi_sieve.predicate import And

AT = "/data/attributes/filters"


class ExportFilters(FilterSet):
    id = Field(types.Uuid(), operators=("eq", "in"), bare="in")
    status = Field(types.Enum("Pending", "Completed"))
    rows_count = Field(types.Integer(32), nullable=True, operators=("eq", "gteq", "in", "null"))
    rate = Field(types.Decimal(scale=12), operators=("eq",))
    share = Field(types.Float(), operators=("eq",))
    success = Field(types.Boolean(), operators=("eq",))
    day = Field(types.Date(), operators=("eq",))
    created_at = Field(types.Timestamp(digits=3), operators=("gteq",))
    sign_ip = Field(types.Address(), operators=("eq",))
    src = Field(types.Text(), operators=("eq", "in", "cont_any"))
    dst = Field(types.Text(), operators=("eq",))
    src_or_dst = AnyOf("src", "dst", operators=("eq",))


F = ExportFilters
FILTERS = ExportFilters()
ONE, TWO = "00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b"


def errors_of(document: object, filters: FilterSet = FILTERS, **options: Any) -> tuple[ErrorObject, ...]:
    with pytest.raises(QueryErrors) as caught:
        filters.load(document, **({"pointer": AT} | options))
    return caught.value.errors


def test_names_are_underscored_and_values_typed() -> None:
    document = {
        "src_or_dst_eq": "c",
        "rows_count_gteq": 10,
        "rows_count_in": [3, "1", 3],
        "rows_count_null": True,
        "rate_eq": "1.50",
        "share_eq": 0.5,
        "success_eq": False,
        "day_eq": "2019-01-31",
        "created_at_gteq": "2019-01-31 12:00:00.1239",
        "sign_ip_eq": "::FFFF:10.0.0.1",
        "src_in": ["a", "", "b,c", "a"],
        "id": [ONE.upper(), TWO],
        "status_eq": "Pending",
    }
    predicate = FILTERS.load(document)
    assert predicate == And(
        F.id.in_([ONE, TWO]),
        F.status.eq("Pending"),
        F.rows_count.gteq(10),
        F.rows_count.in_([3, 1]),
        F.rows_count.null(),
        F.rate.eq(Decimal("1.5")),
        F.share.eq(0.5),
        F.success.eq(False),
        F.day.eq(datetime(2019, 1, 31, tzinfo=UTC).date()),
        F.created_at.gteq(datetime(2019, 1, 31, 12, 0, 0, 123_000, tzinfo=UTC)),
        F.sign_ip.eq("::ffff:10.0.0.1"),
        F.src.in_(["a", "", "b,c"]),
        F.src_or_dst.compare("eq", "c"),
    )


def test_what_is_dumped_is_normal() -> None:
    document = {"rows_count_in": ["07", 7], "rate_eq": 1.50, "created_at_gteq": "2019-01-31", "id_in": [ONE.upper()]}
    assert FILTERS.dump(FILTERS.load(document)) == {
        "id": [ONE],
        "rows_count_in": [7],
        "rate_eq": "1.5",
        "created_at_gteq": "2019-01-31T00:00:00.000Z",
    }


def test_nothing_stored_is_true() -> None:
    assert FILTERS.load({}) == And()


@pytest.mark.parametrize("document", [None, [], ["a"], "", "{}", 1, 1.5, True, (), {1}])
def test_filters_are_an_object(document: object) -> None:
    (error,) = errors_of(document)
    assert (error.code, error.at, error.source) == ("invalid-filters", AT, "pointer")
    assert error.detail.endswith(" is no object that holds filters.")


@pytest.mark.parametrize(
    "name",
    [
        *("", "rows-count-gteq", "rows_count-gteq", "rowsCountGteq", "ROWS_COUNT_GTEQ", "rows_count", "rows_count_gt"),
        *("filter[rows-count-gteq]", "filter", "__class__", "__init__", "metadata", "rows_count_gteq ", "status"),
    ],
)
def test_a_name_is_exact(name: str) -> None:
    (error,) = errors_of({name: 1})
    assert (error.code, error.title, error.at) == ("unknown-filter", "Unknown filter", f"{AT}/{name}")
    assert error.meta["allowed"] == [parameter.name for parameter in FILTERS.parameters]


def test_camel_case_is_for_query_strings_only() -> None:
    class Camel(ExportFilters, camel=True):
        pass

    assert errors_of({"rowsCountGteq": 1}, Camel())[0].code == "unknown-filter"


def test_a_hint_names_the_nearest_filter() -> None:
    (error,) = errors_of({"rows-count-gteqq": 1})
    assert error.detail == "'rows-count-gteqq' is no filter of this resource; did you mean rows_count_gteq?"
    assert error.meta["nearest"] == "rows_count_gteq"


@pytest.mark.parametrize(("name", "shown"), [(1, "'1'"), (None, "'null'"), (True, "'true'"), (("a",), "'a tuple'")])
def test_a_name_of_another_type_is_unknown(name: object, shown: str) -> None:
    (error,) = errors_of({name: 1})
    assert (error.code, error.detail) == ("unknown-filter", f"{shown} is no filter of this resource.")


@pytest.mark.parametrize(
    ("name", "value", "code", "detail", "place"),
    [
        ("rows_count_eq", None, "empty-value", "The value is null; give an integer such as 10 or -3.", ""),
        ("rows_count_eq", 1.5, "invalid-value", "1.5 is not an integer such as 10 or -3.", ""),
        ("rows_count_eq", 1.0, "invalid-value", "1.0 is not an integer such as 10 or -3.", ""),
        ("rows_count_eq", True, "invalid-value", "true is not an integer such as 10 or -3.", ""),
        ("rows_count_eq", [1], "invalid-value", "a list is not an integer such as 10 or -3.", ""),
        ("rows_count_eq", {"eq": 1}, "invalid-value", "an object is not an integer such as 10 or -3.", ""),
        ("rows_count_eq", "", "invalid-value", "'' is not an integer such as 10 or -3.", ""),
        ("rows_count_eq", "1.0", "invalid-value", "'1.0' is not an integer such as 10 or -3.", ""),
        ("rows_count_in", None, "invalid-value", "null is no list of values.", ""),
        ("rows_count_in", 1, "invalid-value", "1 is no list of values.", ""),
        ("rows_count_in", "1,2", "invalid-value", "'1,2' is no list of values.", ""),
        ("rows_count_in", {}, "invalid-value", "an object is no list of values.", ""),
        ("rows_count_in", [], "empty-value", "The list is empty; give at least one value.", ""),
        ("rows_count_in", [1, None], "empty-value", "Item 2 of 2 is null; give an integer such as 10 or -3.", "/1"),
        ("rows_count_in", [1, "x"], "invalid-value", "'x' is not an integer such as 10 or -3.", "/1"),
        ("rows_count_in", [[1]], "invalid-value", "a list is not an integer such as 10 or -3.", "/0"),
        ("rows_count_null", 1, "invalid-value", "1 is not true or false.", ""),
        ("rows_count_null", None, "empty-value", "The value is null; give true or false.", ""),
        ("success_eq", 0, "invalid-value", "0 is not true or false.", ""),
        ("status_eq", "pending", "invalid-value", "'pending' is not one of Pending, Completed.", ""),
        ("rate_eq", True, "invalid-value", "true is not a number such as 2.5 or -3.", ""),
        ("rate_eq", float("nan"), "invalid-value", "nan is not a number such as 2.5 or -3.", ""),
        ("share_eq", float("inf"), "invalid-value", "inf is not a number such as 2.5 or -3.", ""),
        ("day_eq", 20190131, "invalid-value", "20190131 is not a date such as 2019-01-31.", ""),
        ("src_eq", 1, "invalid-value", "1 is not text.", ""),
        ("src_eq", None, "empty-value", "The value is null; give text.", ""),
        ("src_in", ["a", 1, None], "empty-value", "Item 3 of 3 is null; give text.", "/2"),
        ("src_cont_any", "a", "invalid-value", "'a' is no list of values.", ""),
    ],
)
def test_a_value_is_of_its_json_type_or_its_spelling(
    name: str, value: object, code: str, detail: str, place: str
) -> None:
    (error,) = errors_of({name: value})
    assert (error.code, error.detail, error.at) == (code, detail, f"{AT}/{name}{place}")
    assert error.to_dict()["source"] == {"pointer": error.at}


@pytest.mark.parametrize(
    ("name", "pointer"),
    [
        ("a/b", f"{AT}/a~1b"),
        ("a~b", f"{AT}/a~0b"),
        ("~1", f"{AT}/~01"),
        ("/", f"{AT}/~1"),
        ("", f"{AT}/"),
        ("é", f"{AT}/é"),
        ('"\\', f'{AT}/"\\'),
        ("x" * 250, f"{AT}/" + "x" * 250),
        ("/" * 256, f"{AT}/" + "~1" * 256),
        ("a\0", AT),
        ("a\ud800", AT),
    ],
)
def test_a_pointer_leads_to_something_in_the_document(name: str, pointer: str) -> None:
    (error,) = errors_of({name: 1})
    assert (error.code, error.at) == ("unknown-filter", pointer)
    assert json.dumps(error.to_dict(), ensure_ascii=False).encode()


def test_without_a_pointer_the_document_is_the_filters_themselves() -> None:
    assert [error.at for error in errors_of({"x": 1, "rows_count_in": [None]}, pointer="")] == [
        "/x",
        "/rows_count_in/0",
    ]
    (error,) = errors_of([], pointer="")
    assert error.to_dict()["source"] == {"pointer": ""}


def test_every_fault_is_found_in_one_pass_and_has_one_status() -> None:
    document = {"status_eq": "x", "y": 1, "rows_count_in": [], "src_in": ["a", 1], "id": [ONE], "id_in": [ONE]}
    for status in (400, 422):
        errors = errors_of(document, status=status)
        assert [(error.code, error.at) for error in errors] == [
            ("invalid-value", f"{AT}/status_eq"),
            ("unknown-filter", f"{AT}/y"),
            ("empty-value", f"{AT}/rows_count_in"),
            ("invalid-value", f"{AT}/src_in/1"),
            ("repeated-parameter", f"{AT}/id_in"),
        ]
        assert {error.status for error in errors} == {status}
        assert QueryErrors(errors).status == status


@pytest.mark.parametrize(("first", "second"), [("id", "id_in"), ("id_in", "id")])
def test_one_filter_under_both_of_its_names_is_repeated(first: str, second: str) -> None:
    assert FILTERS.load({first: [ONE]}) == FILTERS.load({second: [ONE]})
    (error,) = errors_of({first: [ONE], second: [TWO]})
    assert (error.code, error.at) == ("repeated-parameter", f"{AT}/{second}")
    assert error.detail == f"'{second}' and '{first}' are the same filter."


NARROWED = ExportFilters(limits=Limits(key=30, value=12, filters=2, list_items=3))

LIMITS: list[tuple[str, int, str, Callable[[int], dict[str, object]]]] = [
    # The budget, its limit, where its error points, and a document of some size.
    ("value", 12, "/src_eq", lambda size: {"src_eq": "x" * size}),
    ("value", 12, "/src_eq", lambda size: {"src_eq": "é" * (size // 2) + "x" * (size % 2)}),
    ("value", 12, "/src_in", lambda size: {"src_in": ["x", "x" * size, "x"]}),
    ("filters", 2, "", lambda size: dict.fromkeys(("src_eq", "dst_eq", "src_or_dst_eq")[:size], "a")),
    ("list_items", 3, "/src_in", lambda size: {"src_in": ["x"] * size}),
]


@pytest.mark.parametrize(("budget", "limit", "at", "document"), LIMITS)
def test_a_budget_binds_beyond_its_limit(
    budget: str, limit: int, at: str, document: Callable[[int], dict[str, object]]
) -> None:
    NARROWED.load(document(limit))
    (error,) = errors_of(document(limit + 1), NARROWED, status=422)
    assert (error.code, error.at) == (f"{budget.replace('_', '-')}-limit", AT + at)
    assert (error.title, error.status, error.meta) == ("Limit exceeded", 422, {"limit": limit})


def test_a_name_has_a_budget_and_its_error_points_at_the_parent() -> None:
    assert errors_of({"x" * 30: 1}, NARROWED)[0].at == f"{AT}/" + "x" * 30
    for name in ("x" * 31, "x" * 29 + "é", "\ud800" * 11):
        (error,) = errors_of({name: 1}, NARROWED)
        assert (error.code, error.at, error.meta) == ("key-limit", AT, {"limit": 30})


def test_the_sentences_of_budgets() -> None:
    assert [errors_of(document(limit + 1), NARROWED)[0].detail for _, limit, _, document in LIMITS] == [
        *["A text is 13 bytes long; at most 12 are read."] * 3,
        "3 filters were sent; at most 2 are read.",
        "The list holds 4 items; at most 3 are taken.",
    ]
    assert errors_of({"x" * 31: 1}, NARROWED)[0].detail == "A name is 31 bytes long; at most 30 are read."


def test_items_beyond_the_budget_are_not_looked_at() -> None:
    (error,) = errors_of({"src_in": ["x"] * 3 + ["x" * 13]}, NARROWED)
    assert error.code == "list-items-limit"
