"""Decoding good bodies: what `parse_body` gives, or nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jsonapi_sieve import Limits, QueryErrors
from jsonapi_sieve.document.body import parse_body
from jsonapi_sieve.document.quick import by_orjson, by_standard_library, quick_decoder

DECODERS: tuple[Callable[[bytes], Any], ...] = (by_orjson(orjson), by_standard_library)
LIMITS = Limits(json_depth=300)

texts = st.one_of(st.text(max_size=5), st.sampled_from(['"', '":', ", ", ": ", "\0", "\\", "é", "€😀", '"":', "1.0"]))
numbers = st.one_of(st.integers(), st.integers(-(2**64), 2**65), st.floats(allow_nan=False, allow_infinity=False))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)
# Parts of bodies, to be put together to what may be JSON and may be none.
parts = st.sampled_from(
    [*'{}[],: \t\n"', '"a"', '"a":', '"a" :', '"b": ', '"\\u0061":', '"\\u0022"', '"\\u0000"', '"\\ud800"', '":"',
     "1", "-0", "1.0", "1e2", "1e400", "0.30000000000000000000001", "18446744073709551616", "-9223372036854775809",
     "NaN", "true", "null", "\ufeff"]
)  # fmt: skip


@st.composite
def repeating(draw: st.DrawFn) -> str:
    """Write an object from pairs, with names that repeat and blanks where they may stand."""
    blank = st.sampled_from(["", "", " ", "\n", "\t "])
    names = st.sampled_from(['"a"', '"b"', '"\\u0061"', '"\\""', '"\\u0022"', '""'])
    inner = st.one_of(values.map(json.dumps), st.sampled_from(['{"a":1,"a":2}', '{"a":"x","\\u0061":"\\u0022"}']))
    pairs = draw(st.lists(st.tuples(blank, names, blank, blank, inner, blank), max_size=4))
    return "{" + ",".join(f"{a}{name}{b}:{c}{value}{d}" for a, name, b, c, value, d in pairs) + "}"


def written(value: object, indent: int | None, separators: tuple[str, str] | None, ascii_: bool) -> str:
    return json.dumps(value, indent=indent, separators=separators, ensure_ascii=ascii_)


bodies = st.one_of(
    st.builds(written, values, st.sampled_from([None, 1]), st.sampled_from([None, (",", ":")]), st.booleans()),
    repeating(),
    st.lists(parts, max_size=8).map("".join),
).map(lambda text: text.encode("utf-8", "surrogatepass"))


def exact(value: object) -> object:
    """Tell numbers apart that are equal: 1 from 1.0 and from true, 0.0 from -0.0."""
    match value:
        case dict():
            return [(name, exact(held)) for name, held in value.items()]
        case list():
            return [exact(held) for held in value]
        case _:
            return repr(value)


@given(bodies)
@example(b'{"a":1,"a":1}')
@example(b'{"a": "\\u0022", "a": 1}')
@example(b'{"a":"\\u0022","a":"\\u0022\\u0022"}')
@example(b'{"a": 1.00000000000000000000001}')
@example(b'{"a":1.5}')
@example(b'{"a": 1.5}')
@example(b'{"a" : "b"}')
@example(b'[1,  {"a":[1.5]}]')
@example(b'{"a":18446744073709551616}')
@example(b'"\\u0000"')
@example(b'"\\ud800"')
@example(b"\xff")
@example(b"\xed\xa0\x80")
@example('"\ufeff"'.encode("utf-16"))
@example(b"[" * 200 + b"]" * 200)
@example(b"-0")
@example(b"1" * 101)
def test_what_is_decoded_is_what_parsing_gives(body: bytes) -> None:
    for decode in DECODERS:
        try:
            value = decode(body)
        except (ValueError, TypeError, RecursionError):
            continue
        assert exact(value) == exact(parse_body(body, LIMITS))


@pytest.mark.parametrize(
    "body",
    [
        b'{"data":{"type":"calls","attributes":{"name":"a \\"b\\", c: d","n":-1}}}',
        b'{"data": {"type": "calls", "attributes": {"name": "a", "n": [1, 2]}}}',
        b'{\n  "data" : [ {"type":\t"calls"} , true ]\n}',
        '{"name":"é😀"}'.encode(),
    ],
)
def test_good_bodies_are_decoded(body: bytes) -> None:
    for decode in DECODERS:
        assert decode(body) == parse_body(body, LIMITS)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":2}',
        b'{"a" : 1, "a" : 2}',
        b'{"a":"\\u0022\\u0022","a":""}',
        b'{"a": [1.50],  "b": 2}',
        b'{"a":0.30000000000000000000001}',
        b'{"a":123456789012345678901}',
        b'"\\u0000"',
        b"NaN",
        b"",
        b"\xff",
    ],
)
def test_what_may_have_a_fault_is_not(body: bytes) -> None:
    for decode in DECODERS:
        with pytest.raises((ValueError, TypeError)):
            decode(body)


def test_escapes_are_decoded_by_orjson_and_left_by_the_standard_library() -> None:
    body = b'{"name": "\\u00e9\\\\u00"}'
    assert DECODERS[0](body) == {"name": "é\\u00"}
    with pytest.raises(ValueError, match="surrogates"):
        by_standard_library(body)


def test_the_standard_library_decodes_where_orjson_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert quick_decoder() is not by_standard_library
    monkeypatch.setitem(sys.modules, "orjson", None)
    assert quick_decoder() is by_standard_library


def test_a_repeated_member_has_a_pointer_only_where_it_is_parsed() -> None:
    with pytest.raises(QueryErrors, match="more than once"):
        parse_body(b'{"a":1,"a":2}', LIMITS)
