from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jsonapi_sieve import Field, Predicate, types
from jsonapi_sieve.backends.like import compile_like
from jsonapi_sieve.backends.narwhals import compile_narwhals
from jsonapi_sieve.backends.narwhals.dialect import COMMON, Dialect, dialect_of
from jsonapi_sieve.backends.narwhals.patterns import alternations, like, needle
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.normal import fold_ascii
from jsonapi_sieve.operators import OPERATORS
from tests.backends.narwhals.frames import KINDS, Make, differing, numbered, selects
from tests.truth import compared

NAME = Field(types.Text(), nullable=True, name="value")

HOSTILE = [
    *"aAkKsSzZ019 \n\r\t\\[]^-&|.*+?(){}$#%_'\"/,~<>=!:@`",
    *("\u017f", "\u212a", "\u0130", "\u0131", "\u00df", "\u1e9e", "\u00e9", "e\u0301", "\u00ff", "\u0085", "\u2028"),
    *(
        "\x01",
        "\x7f",
        "\x80",
        "\ud7ff",
        "\ue000",
        "\ufeff",
        "\ufffe",
        "\uffff",
        "\U00010000",
        "\U0010ffff",
        "\U0001f600",
    ),
    *("&&", "a-z", "[a]", "\\z", "x\U0010ffff", "\U0010ffff!", "a\u00ffb"),
]
ROWS = [None, "", *HOSTILE, *(a + b for a, b in zip(HOSTILE, [*HOSTILE[7:], *HOSTILE[:7]], strict=True))]
FORMS = [
    name for name, operator in OPERATORS.items() if operator.base.name.removeprefix("not_") in ("cont", "start", "end")
]


def asked(names: Sequence[str], values: Sequence[str | list[str]]) -> dict[Predicate, list[int]]:
    return {
        NAME.compare(name, value): [
            number for number, row in enumerate(ROWS) if compared(OPERATORS[name], row, value) is True
        ]
        for name in names
        for value in values
    }


def test_needles_are_literal_but_for_the_case_of_letters(make: Make) -> None:
    names = [name for name in FORMS if OPERATORS[name].quantifier is None]
    assert not differing(make(numbered(ROWS)), asked(names, HOSTILE))


LISTS = [
    HOSTILE,
    HOSTILE[:2],
    ["s", "\u00c5"],
    ["as", "ak"],
    ["k", "x"],
    HOSTILE[10:40],
    ["a", "aA"],
    ["\U0010ffff", "]"],
]


def test_lists_of_needles(make: Make) -> None:
    names = [name for name in FORMS if OPERATORS[name].quantifier is not None]
    assert not differing(make(numbered(ROWS)), asked(names, LISTS))


PATTERNS = [
    *("", "%", "_", "__", "%_", "_%", "%_%", "%a%", "a_%", "%\\%", "\\_", "%k", "s%", "\n%", "%]", "\\\\%"),
    *("\u00ff%b", "\u00ff_", "\U0010ffff%!", "\u00ff%_"),
]


def test_like(make: Make) -> None:
    frame = make(numbered(ROWS))
    assert not differing(frame, asked(["matches", "does_not_match"], PATTERNS))
    forms = ["matches_any", "matches_all", "does_not_match_any", "does_not_match_all"]
    assert not differing(frame, asked(forms, [PATTERNS, ["\u00ff%b", "\u00ff%b%"], ["k", "s"]]))


def test_a_thousand_needles_that_begin_and_end_alike(make: Make) -> None:
    words = [f"{number:04}".translate(str.maketrans("0123456789", "abcdefghkS")) for number in range(1_000)]
    rows = [f"{'x' * 10}{word.upper()}{'y' * 10}" for word in words] + ["x" * 24, None]
    frame = make(numbered(rows))
    assert selects(frame, NAME.compare("cont_any", words)) == [*range(1_000)]
    assert selects(frame, NAME.compare("not_cont_all", words)) == [1_000]
    assert selects(frame, NAME.compare("start_any", ["x" * 10 + word for word in words[:500]])) == [*range(500)]
    assert selects(frame, NAME.compare("cont_all", ["X", "y"])) == [*range(1_000)]


def test_wildcards_that_could_match_in_many_ways(make: Make) -> None:
    frame = make(numbered(["ab" * 500, "a" * 300 + "b", "a" * 300]))
    assert selects(frame, NAME.matches("%_" * 200 + "b")) == [0, 1]
    assert selects(frame, NAME.matches("%a" * 30 + "%c")) == []


@pytest.mark.parametrize("kind", ["polars", "pyarrow", "duckdb"])
def test_the_longest_texts_and_patterns(kind: str) -> None:
    longest = "aB1\u00e9" * 8_192
    frame = KINDS[kind](numbered([fold_ascii(longest) + "!", "a" * 4_096, "b" * 8_192, "a" * 4_095]))
    assert selects(frame, NAME.cont(longest)) == [0]
    assert selects(frame, NAME.matches("_%" * 4_096)) == [0, 1, 2]


def test_longer_texts_and_patterns_are_refused() -> None:
    with pytest.raises(CompileError, match="a text to look for has 32769 characters; in frames at most 32768 can"):
        compile_narwhals(NAME.cont("a" * 32_769))
    with pytest.raises(CompileError, match="a LIKE pattern has 8193 characters"):
        compile_narwhals(NAME.matches("_" * 8_193))


@pytest.mark.parametrize(
    ("pattern", "written"),
    [("", ""), ("%%", ".*"), ("a%_%_b", "[aA]...*[bB]"), ("ks", "(?:k|K)(?:s|S)"), ("9%", "9.*"), ("\\%", r"\x{25}")],
)
def test_how_patterns_are_written(pattern: str, written: str) -> None:
    assert like(pattern) == written


ATOMIC = Dialect(halving=False, atomic=True)


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("", ""),
        ("a_", "(?>[aA].)"),
        ("%%", ".*"),
        ("%a", ".*(?>[aA])"),
        ("1%", "(?>1).*"),
        ("1%_2%3_%%_4", "(?>1.(?>.*?(?>2))(?>.*?(?>3..))).*(?>4)"),
        ("_" * 101 + "%", f"(?>{'.' * 100})(?>.).*"),
    ],
)
def test_how_patterns_are_written_where_they_backtrack(pattern: str, written: str) -> None:
    assert like(pattern, ATOMIC) == written


def test_how_needles_are_written_where_they_backtrack() -> None:
    assert needle("", ATOMIC) == ""
    assert needle("1" * 250, ATOMIC) == f"(?>{'1' * 100})(?>{'1' * 100})(?>{'1' * 50})"


class OfEngine:
    """What is asked of a frame to find its dialect."""

    def __init__(self, implementation: nw.Implementation) -> None:
        self.implementation = implementation


@pytest.mark.parametrize(
    ("engine", "dialect"),
    [
        (nw.Implementation.POLARS, COMMON),
        (nw.Implementation.DUCKDB, Dialect(halving=True, atomic=False)),
        (nw.Implementation.PYSPARK, ATOMIC),
        (nw.Implementation.PYSPARK_CONNECT, ATOMIC),
    ],
)
def test_engines_and_their_dialects(engine: nw.Implementation, dialect: Dialect) -> None:
    frame: Any = OfEngine(engine)
    assert dialect_of(frame) == dialect


def in_python(expression: str) -> re.Pattern[str]:
    """Read an expression for the whole of a text, which Python spells in another way."""
    spelled = re.sub(r"\\x\{(\w+)\}", lambda found: re.escape(chr(int(found[1], 16))), expression)
    return re.compile(rf"(?s)\A{spelled}\Z")


PARTS = st.lists(st.sampled_from([*"aAbk\n\u00e9\U0001f600", "%", "%", "_", "\\%", "\\_", "\\\\"]), max_size=10)


@settings(max_examples=1000)
@given(PARTS.map("".join), st.text("aAbBkK\n\u00e9\U0001f600%_\\", max_size=12))
@example("%ab_%", "aabab")
@example("%a_b%b", "aabxb")
@example("%ab%_b", "abab")
def test_atomic_groups_answer_as_like_does(pattern: str, text: str) -> None:
    expected = compile_like(fold_ascii(pattern))(fold_ascii(text))
    assert (in_python(like(pattern, ATOMIC)).search(text) is not None) is expected
    assert (in_python(like(pattern)).search(text) is not None) is expected


def test_that_nothing_but_digits_and_letters_is_written_as_it_is() -> None:
    written = "".join(map(needle, map(chr, range(1, 0x80))))
    assert {character for character in written if not character.isalnum()} == set("[]\\{}(?:|)")
    assert needle("\n\U0010ffff") == r"\x{A}\x{10FFFF}"


def test_alternations_keep_every_item_in_order() -> None:
    items = [f"{number:0100}" for number in range(100)]
    written = list(alternations(items))
    assert len(written) == 3
    assert "|".join(part[3:-1] for part in written).split("|") == items
    assert list(alternations(["a" * 9_000, "b"])) == [f"(?:{'a' * 9_000})", "(?:b)"]
