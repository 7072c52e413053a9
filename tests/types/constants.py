"""Value types with strategies for their constants, and the spellings that no type takes."""

from __future__ import annotations

import decimal
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from hypothesis import strategies as st

from jsonapi_sieve import types
from jsonapi_sieve.types import ValueType

AnyType: TypeAlias = ValueType[Any, Any]

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
DECIMALS = st.tuples(st.integers(-(10**40) + 1, 10**40 - 1), st.integers(0, 40)).map(
    lambda parts: decimal.Decimal(f"{parts[0]}e-{parts[1]}")
)
FLOATS = st.one_of(
    st.tuples(st.integers(-(10**17), 10**17), st.integers(-20, 22)).map(lambda parts: float(f"{parts[0]}e{parts[1]}")),
    st.sampled_from([0.0, 1e-40, -1e-7, 1e22, 0.1 + 0.2, 9.999999999999999e39]),
)
MOMENTS = st.datetimes(timezones=st.just(UTC))
MILLISECONDS = MOMENTS.map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))

ADDRESSES: st.SearchStrategy[str] = st.one_of(
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(str),
    st.tuples(st.ip_addresses(v=4), st.integers(0, 32)).map(lambda parts: f"{parts[0]}/{parts[1]}"),
    st.tuples(st.ip_addresses(v=6), st.integers(0, 128)).map(lambda parts: f"{parts[0]}/{parts[1]}"),
    st.ip_addresses(v=4).map(lambda address: f"::ffff:{address}"),
    st.integers(0, 0xFFFF).map(lambda number: f"64:ff9b::{number:x}"),
)

CONSTANTS: list[tuple[AnyType, st.SearchStrategy[Any]]] = [
    *[(types.Integer(bits), st.integers(-(10**19) + 1, 10**19 - 1)) for bits in (16, 32, 64)],
    *[(types.Decimal(scale=scale), DECIMALS) for scale in (0, 2, 12, 40)],
    (types.Decimal(exact=False), DECIMALS),
    (types.Float(), FLOATS),
    (types.Boolean(), st.booleans()),
    (types.Text(), TEXTS),
    (types.Enum("Pending", "a,b", "é", "0"), st.sampled_from(["Pending", "a,b", "é", "0"])),
    (types.Uuid(), st.uuids().map(str)),
    (types.Address(), ADDRESSES.map(types.Address().parse)),
    (types.Timestamp(), MOMENTS),
    (types.Timestamp(loose=True), MOMENTS),
    (types.Timestamp(digits=3), MILLISECONDS),
    (types.Timestamp(zone="UTC"), MOMENTS),
    (types.Date(), st.dates()),
]

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
