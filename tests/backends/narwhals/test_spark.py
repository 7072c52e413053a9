"""Texts and patterns that Java's regular expressions, left to themselves, never come to an end of or die of."""

from __future__ import annotations

import pytest

from jsonapi_sieve import Predicate, types
from tests.engines.base import Opened
from tests.engines.python import LoadedRows
from tests.engines.table import table

pytestmark = [pytest.mark.heavy, pytest.mark.only_on("spark", "spark-connect")]

LONGEST = "aB1\u00e9" * 8_192
TEXTS = [
    *(None, "", "a", "ab\n", "xaybzc", "\U0001f600a\U0001f600", "%_\\", "K\u212as\u017f"),
    *(
        "a" * 100,
        "a" * 4_095,
        "a" * 8_191,
        "a" * 32_768,
        "ab" * 500,
        "a" * 300 + "b",
        "b" * 8_190,
        LONGEST,
        LONGEST.lower(),
    ),
]
ROWS = table("hostile_texts", {"text": types.Text()}, [(text,) for text in TEXTS])
TEXT = ROWS.field("text")

NEEDLES = ["a" * 32_768, "A" * 101, LONGEST, LONGEST[1:], "k" * 32_768, "\U0001f600A", "\u00e9a" * 16_384]
PATTERNS = [
    *("_" * 8_000 + "%", "_" * 8_191, "%" * 8_191, "_%" * 4_095, "%_" * 4_095, "%a" * 30, "%a" * 30 + "%c"),
    *("%a" * 4_095, "%a" * 4_095 + "%", "%a%b" * 2_000, "%_a" * 2_700, "%_" * 200 + "b", "%" + "a_" * 4_000),
    *("%" + "a" * 8_000 + "%b", "a" * 8_000 + "%", "%ab" * 499 + "%b", "a%b%c", "%a%z%", "%_%\n", "%\\_%", "_A_"),
    *("x%y_%", "%k_s_", "%a_\U0001f600", "_a_"),
]
HOSTILE: list[Predicate] = [
    *(TEXT.compare(name, needle) for name in ("cont", "start", "end", "not_cont") for needle in NEEDLES),
    *(TEXT.compare(name, NEEDLES) for name in ("cont_any", "start_any", "end_any", "not_cont_any")),
    *(TEXT.compare(name, pattern) for name in ("matches", "does_not_match") for pattern in PATTERNS),
    *(TEXT.compare(name, PATTERNS) for name in ("matches_any", "does_not_match_all", "matches_all")),
]


def test_hostile_texts_and_patterns(engine: Opened) -> None:
    reference = LoadedRows(ROWS.rows)
    with engine.load(ROWS) as loaded:
        for predicate in HOSTILE:
            assert loaded.select(predicate) == reference.select(predicate)
