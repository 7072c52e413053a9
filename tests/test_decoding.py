"""What is text in a query string, and what a query may be handed over as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, repeat
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonapi_sieve import Field, FilterSet, types
from jsonapi_sieve.decoding import Undecodable, check_text, decode, pairs_of, split_query
from tests.types.constants import TEXTS


class Filters(FilterSet):
    a = Field(types.Integer(), operators=("eq", "in"))
    b = Field(types.Integer(), operators=("eq",))


FILTERS = Filters()


class WerkzeugLike(dict[str, list[str]]):
    """Gives the first value by `items`, as werkzeug.datastructures.MultiDict does."""

    def items(self, multi: bool = False) -> Any:
        return [(key, text) for key, texts in super().items() for text in (texts if multi else texts[:1])]

    def getlist(self, key: str) -> list[str]:
        return self[key]


class DjangoLike(dict[str, list[str]]):
    """Gives the last value by `items`, as django.http.QueryDict does."""

    def items(self) -> Any:
        return [(key, texts[-1]) for key, texts in super().items()]

    def getlist(self, key: str) -> list[str]:
        return self[key]


class MultiValued(Mapping[str, str]):
    """Gives the last value by `items`; its subclasses give all of them, each in its own way."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def __getitem__(self, key: str) -> str:
        return dict(self._pairs)[key]

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self._pairs))

    def __len__(self) -> int:
        return len(dict(self._pairs))

    def _all(self, key: str) -> list[str]:
        return [text for name, text in self._pairs if name == key]


class StarletteLike(MultiValued):
    """As starlette.datastructures.QueryParams."""

    def multi_items(self) -> list[tuple[str, str]]:
        return self._pairs


class MultidictLike(MultiValued):
    """As multidict.MultiDict, which aiohttp has, and as those of WebOb and Bottle."""

    getall = MultiValued._all


class MessageLike(MultiValued):
    """As email.message.Message."""

    get_all = MultiValued._all


class TornadoLike(MultiValued):
    """As tornado.httputil.HTTPHeaders."""

    get_list = MultiValued._all


PAIRS = [("filter[a-eq]", "1"), ("filter[a-eq]", "2")]


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("", ""),
        ("abc", "abc"),
        ("a+b", "a b"),
        ("a%2Bb", "a+b"),
        ("a%20b", "a b"),
        ("%5b%5D", "[]"),
        ("%C3%A9", "é"),
        ("%c3%a9", "é"),
        ("é%C3%A9", "éé"),
        ("%F0%9F%98%80", "\U0001f600"),
        ("%25", "%"),
        ("%2525", "%25"),
        ("%EF%BF%BD", "\ufffd"),
        ("%E2%80%AE", "\u202e"),
        ("%0A%0D%09%1B", "\n\r\t\x1b"),
        ("a;b", "a;b"),
        ("a=b", "a=b"),
    ],
)
def test_text_is_decoded(text: str, decoded: str) -> None:
    assert decode(text) == decoded


@pytest.mark.parametrize(
    "text", ["%", "100%", "%4", "%4g", "%g4", "%%41", "a%\u0664\u0661", "%u0041", "%-1", "% 1", "%+1"]
)
def test_a_broken_escape_is_refused(text: str) -> None:
    with pytest.raises(Undecodable, match="holds a percent sign that begins no escape; write %25 for it"):
        decode(text)


@pytest.mark.parametrize(
    "text",
    ["%FF", "%C3", "a%C3b", "%C3é", "%C0%80", "%ED%A0%80", "%ED%B0%80", "%F4%90%80%80", "%80", "\ud800%41"],
)
def test_bytes_that_are_no_utf_8_are_refused_and_never_replaced(text: str) -> None:
    with pytest.raises(Undecodable, match="UTF-8"):
        decode(text)


@pytest.mark.parametrize("text", ["\0", "a\0b", "%00", "a%00", "+\0"])
def test_nul_is_refused(text: str) -> None:
    with pytest.raises(Undecodable, match="NUL"):
        decode(text)


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "+\udc80"])
def test_a_lone_surrogate_is_refused(text: str) -> None:
    with pytest.raises(Undecodable, match="surrogate"):
        decode(text)


@given(TEXTS)
def test_all_other_text_passes_however_it_is_encoded(text: str) -> None:
    assert check_text(text) == text
    assert decode(quote(text, safe="")) == text
    assert decode(quote_plus(text)) == text


@given(st.text())
def test_text_is_decoded_or_refused(text: str) -> None:
    try:
        decoded = decode(text)
    except Undecodable:
        return
    assert decoded.encode().decode() == decoded
    assert "\0" not in decoded


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ("", []),
        ("&", []),
        ("&&a=1&&", [("a", "1")]),
        ("a", [("a", "")]),
        ("a=", [("a", "")]),
        ("=1", [("", "1")]),
        ("=", [("", "")]),
        ("a=b=c", [("a", "b=c")]),
        ("a=1;b=2", [("a", "1;b=2")]),
        ("a=1&a=2", [("a", "1"), ("a", "2")]),
        ("a%26b=%3D", [("a%26b", "%3D")]),
    ],
)
def test_a_query_is_split(query: str, pairs: list[tuple[str, str]]) -> None:
    assert split_query(query) == pairs


@pytest.mark.parametrize(
    "source",
    [
        {"a": "1", "b": ["2", "3"]},
        {"a": ["1"], "b": ("2", "3")},
        [("a", "1"), ("b", "2"), ("b", "3")],
        [["a", "1"], ["b", "2"], ["b", "3"]],
        iter([("a", "1"), ("b", "2"), ("b", "3")]),
    ],
    ids=["mapping", "mapping to lists", "pairs", "lists of two", "iterator"],
)
def test_pairs_of_what_holds_them(source: object) -> None:
    assert list(pairs_of(source)) == [("a", "1"), ("b", "2"), ("b", "3")]


@pytest.mark.parametrize("source", [b"a=1", bytearray(b"a=1")])
def test_bytes_are_to_be_decoded_first(source: Any) -> None:
    with pytest.raises(TypeError, match=f"not {type(source).__name__}; decode it as ASCII first"):
        FILTERS.parse(source)


@pytest.mark.parametrize("source", [None, 1, object()])
def test_a_query_is_text_pairs_or_a_mapping(source: Any) -> None:
    with pytest.raises(TypeError, match="a query is text, pairs or a mapping, not"):
        FILTERS.parse(source)


@pytest.mark.parametrize(
    "source", [["ab"], [("a",)], [("a", "1", "2")], [("a", 1)], [(b"a", b"1")], [None], [{"a": "1"}], {"ab"}]
)
def test_pairs_are_two_texts(source: Any) -> None:
    with pytest.raises(TypeError, match="a query's pairs are tuples of two texts"):
        FILTERS.parse(source)


@pytest.mark.parametrize("value", [1, None, b"1", [1], ["1", None], [["1"]], [], (), {"eq": "1"}])
def test_a_mapping_leads_to_text_and_never_to_nothing(value: Any) -> None:
    with pytest.raises(TypeError, match=r"'filter\[a-eq\]' does not"):
        FILTERS.parse({"filter[a-eq]": value})


def test_the_keys_of_a_mapping_are_text() -> None:
    with pytest.raises(TypeError, match="1 does not"):
        FILTERS.parse({1: "1"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "method"),
    [
        (WerkzeugLike({"filter[a-eq]": ["1", "2"]}), "getlist"),
        (DjangoLike({"filter[a-eq]": ["1", "2"]}), "getlist"),
        (StarletteLike(PAIRS), "multi_items"),
        (MultidictLike(PAIRS), "getall"),
        (MessageLike(PAIRS), "get_all"),
        (TornadoLike(PAIRS), "get_list"),
    ],
)
def test_a_mapping_that_hides_repeats_is_refused(source: Any, method: str) -> None:
    assert len(dict(source.items())) == 1
    with pytest.raises(TypeError, match=rf"{type(source).__name__} can hide repeated .* \({method} has them all\)"):
        FILTERS.parse(source)


def test_the_pairs_of_such_a_mapping_are_read() -> None:
    one = StarletteLike([("filter[a-in]", "1,2"), ("filter[b-eq]", "3")])
    assert FILTERS.parse(one.multi_items()) == FILTERS.parse("filter[a-in]=1,2&filter[b-eq]=3")
    assert FILTERS.parse(WerkzeugLike({"filter[b-eq]": ["3"]}).items(multi=True)) == FILTERS.parse("filter[b-eq]=3")


def test_no_more_pairs_are_taken_than_are_read() -> None:
    pairs = repeat(("sort", "a"), 1000)
    with pytest.raises(Exception, match="More than 200 parameters were sent"):
        FILTERS.parse(pairs)
    assert len(list(islice(pairs, 1000))) == 1000 - 201
