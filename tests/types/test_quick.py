"""What a straight reader reads, `parse` reads to the same constant; it takes nothing that a record means otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jsonapi_sieve import types
from jsonapi_sieve.types.quick import quick_reader

QUICK: list[types.ValueType[Any, Any]] = [
    types.Address(),
    types.Boolean(),
    types.Date(),
    types.Decimal(),
    types.Enum("Pending", "é", "10"),
    types.Float(),
    types.Integer(16),
    types.Timestamp(),
    types.Timestamp(digits=3),
    types.Timestamp(zone="UTC"),
    types.Uuid(),
]

SPELLED = [
    *(
        "10",
        "-10",
        "+10",
        "0010",
        "\u0663",
        "\uff11\uff12",
        "\u00b2",
        "1_0",
        " 10",
        "10\n",
        "9" * 18,
        "9" * 19,
        "9" * 20,
    ),
    *("0" * 18 + "1", "1e3", "1.50", ".5", "5.", "NaN", "Infinity", "1e9999", "true", "T", "yes", "Pending", "pending"),
    *("2024-02-29", "2023-02-29", "20240229", "2024-W01-2", "2024-02-29T10:00", "2024-02-29T10:00Z", "é"),
    *("2024-02-29T10:00:00Z", "2024-02-29T10:00:00.5Z", "2024-02-29T10:00:00.123Z", "2024-02-29T10:00:00.1234Z"),
    *("2024-02-29T10:00:00.123456Z", "2024-02-29T10:00:00.123456789Z", "2024-02-29T24:00:00Z", "2024-02-29T23:59:60Z"),
    *("2023-02-29T10:00:00Z", "0000-01-01T00:00:00Z", "2024-02-29 10:00:00Z", "2024-02-29T10:00:00z"),
    *("2024-02-29T10:00:00+02:00", "0001-01-01T00:00:00+02:00", "2024-02-29T10:00:00.Z", "2024-02-29T10:00:00Z\n"),
    *("4ADA4B3C-1F6E-4B1A-9C7E-3F1F6B7F1A2B", "4ada4b3c1f6e4b1a9c7e3f1f6b7f1a2b", "10.0.0.1", "::1", "fe80::1%eth0"),
]


@pytest.mark.parametrize("declared", QUICK, ids=repr)
@pytest.mark.parametrize("text", SPELLED)
def test_spellings_are_read_alike(declared: types.ValueType[Any, Any], text: str) -> None:
    read_alike(declared, text)


@given(st.sampled_from(QUICK), st.text() | st.from_regex(r"[-+0-9T:.eEZ]{1,30}"))
@example(QUICK[0], "10.0.0.1,10.0.0.2")
@example(QUICK[6], "")
def test_any_text_is_read_alike(declared: types.ValueType[Any, Any], text: str) -> None:
    read_alike(declared, text)


def read_alike(declared: types.ValueType[Any, Any], text: str) -> None:
    read = quick_reader(declared)
    assert read is not None
    try:
        value = read(text)
    except (KeyError, ValueError):
        with pytest.raises(types.InvalidValue):
            declared.parse(text)
        return
    assert text
    assert not set(text) & {",", '"'}
    parsed = declared.parse(text)
    assert (type(value), repr(value)) == (type(parsed), repr(parsed))


class Rounded(types.Integer):
    """A type of somebody's own, whose text may hold a comma."""

    def parse(self, text: str) -> int:
        return super().parse(text.partition(",")[0])


@pytest.mark.parametrize(
    "declared", [types.Text(), types.Enum("a,b"), types.Enum('"'), types.Timestamp(loose=True), Rounded()], ids=repr
)
def test_a_type_whose_text_may_hold_commas_has_no_straight_reader(
    declared: types.ValueType[Any, Any],
) -> None:
    assert quick_reader(declared) is None
