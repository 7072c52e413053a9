"""Value types with strategies for their constants, and the spellings that no type takes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from jsonapi_sieve.testing.strategies.declarations import TYPES
from jsonapi_sieve.testing.strategies.near import AnyType
from jsonapi_sieve.testing.strategies.values import constants

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))

CONSTANTS: list[tuple[AnyType, st.SearchStrategy[Any]]] = [(type_, constants(type_)) for type_ in TYPES]

HOSTILE = [
    *["", " ", ",", "a,", ",a", '"', '"a', '"a""b",c', "%", "_", "\\", "\\%", "\0", "\ufffd", "\ud800", "\u202e1"],
    *[
        "null",
        "None",
        "nil",
        "undefined",
        "x" * 100_000,
        "[]",
        "{}",
        "${1}",
        "1;2",
        "1 OR 1=1",
        "é",
        "\uff11",
        "\u0663",
    ],
    *["NaN", "nan", "sNaN", "Infinity", "-Infinity", "inf", "1_0", " 1", "1 ", "1\n", "\n1", "1\r", "\t1", "--1"],
    *["+-1"],
    *[
        "+",
        "-",
        ".",
        "+.",
        "e1",
        "1e",
        "1e+",
        ".e1",
        "0x1",
        "0b1",
        "0o1",
        "1j",
        "1L",
        "1f",
        "1,5",
        "1'000",
        "\u00bd",
        "\u22121",
    ],
    *["yes", "no", "on", "off", "True", "False", "tRUE", "y", "n", "01", "2", "-1"],
    *["T24:00:00", "now", "today", "infinity", "epoch", "20240101", "2024-W01-1", "2024-001", "10000-01-01"],
]
"""Texts for every type; each type's own tables say which few of them it takes."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEW_YEAR = date(2019, 1, 1)
