from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jsonapi_sieve.backends.like import compile_like
from jsonapi_sieve.normal import fold_ascii
from tests.cpu import at_once

CHARACTERS = "aAbBéÉ\n😀"
TEXTS = st.text(CHARACTERS + "%_\\", max_size=12)
PATTERNS = st.lists(st.sampled_from([*CHARACTERS, "%", "%", "_", "\\%", "\\_", "\\\\", "\\a"]), max_size=10).map(
    "".join
)


@pytest.mark.parametrize(
    ("pattern", "matched", "not_matched"),
    [
        ("", [""], ["a"]),
        ("a", ["a"], ["", "b", "aa", "A"]),
        ("_", ["a", "é", "😀", "\n"], ["", "ab"]),
        ("%", ["", "a", "a\nb"], []),
        ("%%", ["", "a"], []),
        ("a%", ["a", "ab"], ["", "ba"]),
        ("%a", ["a", "ba"], ["", "ab"]),
        ("%a%", ["a", "bab"], ["", "b"]),
        ("a%a", ["aa", "aba"], ["a", "ab"]),
        ("ab%bc", ["abbc", "abxbc"], ["abc"]),
        ("%_a%", ["ba", "aab", "xxaxx"], ["a", "ab"]),
        ("_%_", ["ab", "abc"], ["", "a"]),
        ("a_c", ["abc", "a_c"], ["ac", "abbc", "abd"]),
        ("%a_c%c", ["abcc", "xaacbc"], ["abc", "aacd"]),
        ("%b%a_c%", ["baac", "babaxc"], ["aacb", "aac"]),
        (r"\%\_\\\a", [r"%_\a"], ["", r"%_\\a"]),
        (r"50\%%", ["50%", "50% off"], ["50", "500"]),
        ("%a%b%c%", ["abc", "xaxbxcx"], ["acb", "ab"]),
    ],
)
def test_a_pattern_matches_whole_texts(pattern: str, matched: list[str], not_matched: list[str]) -> None:
    matches = compile_like(pattern)
    assert [text for text in matched if not matches(text)] == []
    assert [text for text in not_matched if matches(text)] == []


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    yield connection
    connection.close()


@settings(max_examples=1000, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(pattern=PATTERNS, text=TEXTS)
@example(pattern="%ab_%", text="aabab")
@example(pattern="%_b%_b", text="ababb")
def test_patterns_match_as_in_sqlite(database: sqlite3.Connection, pattern: str, text: str) -> None:
    ((expected,),) = database.execute(r"select ? like ? escape '\'", (text, pattern))
    assert compile_like(fold_ascii(pattern))(fold_ascii(text)) is bool(expected)


@pytest.mark.parametrize(
    "pattern", ["%a" * 5000 + "%b", "%" + "a_" * 5000 + "%b", "%" + "_a" * 2000 + "b%", "_" * 10_000]
)
def test_no_pattern_takes_long(pattern: str) -> None:
    matches = compile_like(pattern)
    with at_once():
        assert not matches("a" * 9_999)
