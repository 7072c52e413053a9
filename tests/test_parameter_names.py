"""Parameters as JSON:API 1.1, "Query Parameters", has them: how a query string is read, and which names are legal."""

from __future__ import annotations

import pytest

from jsonapi_sieve import And, Field, FilterSet, QueryErrors, Sort, types
from jsonapi_sieve.decoding import decode, split_query
from jsonapi_sieve.fieldsets import Fieldsets
from jsonapi_sieve.includes import Includes
from jsonapi_sieve.links import form_encode
from jsonapi_sieve.paging import NumberedPages
from jsonapi_sieve.query import QueryParser


class CallFilters(FilterSet):
    duration = Field(types.Integer(32), nullable=True)
    src_name = Field(types.Text())


PARSER = QueryParser(
    filters=CallFilters(),
    sort=Sort("duration"),
    pages=NumberedPages(),
    includes=Includes({"account": "account"}),
    fieldsets=Fieldsets({"cdrs": {"duration": "duration"}}),
)


def places(query: str) -> list[str | None]:
    with pytest.raises(QueryErrors) as raised:
        PARSER.parse(query)
    assert raised.value.status == 400
    assert {error.source for error in raised.value.errors} == {"parameter"}
    return [error.at for error in raised.value.errors]


@pytest.mark.rule("QRY-01", "QRY-02")
@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ("", []),
        ("&", []),
        ("&&&", []),
        ("a", [("a", "")]),
        ("a=", [("a", "")]),
        ("=b", [("", "b")]),
        ("=", [("", "")]),
        ("a=b&c=d", [("a", "b"), ("c", "d")]),
        ("&a=b&&c=d&", [("a", "b"), ("c", "d")]),
        ("a=b=c", [("a", "b=c")]),
        ("a==", [("a", "=")]),
        ("a=b;c=d", [("a", "b;c=d")]),
        ("a=b?c", [("a", "b?c")]),
        ("a+b=c+d", [("a b", "c d")]),
        ("a=%2B", [("a", "+")]),
        ("a=%2b%20+", [("a", "+  ")]),
        ("%61%3d=%26", [("a=", "&")]),
        ("a%5Bb%5D=1", [("a[b]", "1")]),
        ("a=%C3%A9", [("a", "é")]),
        ("a=%F0%9F%98%80", [("a", "😀")]),
        ("a=%EF%BB%BF", [("a", "\ufeff")]),
        ("a=b&a=c", [("a", "b"), ("a", "c")]),
        ("a=1%2C2,3", [("a", "1,2,3")]),
    ],
)
def test_a_query_string_is_read_as_a_form_is(query: str, pairs: list[tuple[str, str]]) -> None:
    assert [(decode(key), decode(value)) for key, value in split_query(query)] == pairs


@pytest.mark.rule("QRY-01")
@pytest.mark.parametrize("text", ["%", "%4", "%zz", "%FF", "%C3", "%ED%A0%80", "a%00b"])
def test_what_others_would_replace_is_told(text: str) -> None:
    assert places(f"filter[src-name-eq]={text}") == ["filter[src-name-eq]"]


@pytest.mark.rule("QRY-03", "QRY-04")
@pytest.mark.parametrize(
    "key", ["filter[duration-eq]", "filter%5Bduration-eq%5D", "filter%5bduration-eq]", "filte%72[duration%2deq%5d"]
)
def test_brackets_mean_the_same_however_they_are_written(key: str) -> None:
    assert PARSER.parse(f"{key}=1").predicate == And(CallFilters.duration.eq(1))
    assert form_encode([("filter[duration-eq]", "a b")]) == "filter%5Bduration-eq%5D=a+b"


@pytest.mark.rule("QRY-05", "QRY-06", "QRY-07", "QRY-11")
@pytest.mark.parametrize(
    "key",
    [
        # Legal names of families, of which nothing is declared.
        *[
            "filter",
            "filter[x]",
            "filter[]",
            "filter[x][]",
            "filter[][]",
            "filter[x][y]",
            "filter[x.y]",
            "filter[duration]",
        ],
        *["page", "page[]", "page[x]", "page[number][]", "fields", "fields[]", "fields[x]", "fields[cdrs][]"],
        *["sort[]", "sort[x]", "include[]", "include[account]"],
        # Names that no family has.
        *["filter[_]", "filter[a-]", "filter[a b]", "filter[", "filter]", "filter[a", "filter[a]b", "filter[a]]["],
        *[
            "Filter[duration-eq]",
            "FILTER[duration-eq]",
            "filters[duration-eq]",
            "filter.duration",
            "filter[duration-eq",
        ],
        *["page[_]", "page[", "page]", "page[number", "page[number]x", "Page[number]", "page.number", "page[-]"],
        *["fields[_]", "fields[", "fields[cdrs", "fields[cdrs]x", "Fields[cdrs]", "fields[a-]", "Sort", "INCLUDE"],
        # Names of parameters that are not of the specification, and not the application's.
        *["foo", "camelCase", "x-1", "ns:name", "ns:name[x]", "[x]", "[]", "_"],
    ],
)
def test_all_other_names_are_refused(key: str) -> None:
    raw = form_encode([(key, "1")])
    assert places(raw) == [key]
    assert places(key.replace(" ", "+") + "=1") == [key]


@pytest.mark.rule("QRY-06")
def test_a_name_of_a_filter_can_be_none_in_an_encoding_that_is_none() -> None:
    assert places("filter[a+b]=1") == ["filter[a b]"]


@pytest.mark.rule("QRY-10", "QRY-11")
@pytest.mark.parametrize(
    ("query", "at"),
    [
        ("filter[duration-eq]=1&filter[duration-eq]=1", "filter[duration-eq]"),
        ("filter[duration-eq]=1&filter%5Bduration_eq%5D=2", "filter[duration_eq]"),
        ("page[size]=1&page[size]=2", "page[size]"),
        ("sort=duration&sort=-duration", "sort"),
        ("include=account&include=account", "include"),
        ("fields[cdrs]=&fields[cdrs]=duration", "fields[cdrs]"),
    ],
)
def test_no_parameter_is_given_twice(query: str, at: str) -> None:
    assert places(query) == [at]
