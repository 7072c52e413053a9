"""Cells, against the standard library's reader and against SQL's own spelling."""

import csv
import io
import sys
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from jsonapi_sieve.cdr.exporting import cells as module
from jsonapi_sieve.cdr.exporting import streaming
from jsonapi_sieve.cdr.exporting.cells import FORMULA, cells_of, spelling
from jsonapi_sieve.cdr.exporting.zones import Clock
from jsonapi_sieve.cdr.models import Cdr

PLAIN = spelling(Clock("with_timezone", None), guard=False)
GUARDED = spelling(Clock("with_timezone", None), guard=True)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(texts | st.none(), min_size=2))
def test_what_is_written_is_read_again(values: list[str | None]) -> None:
    line = ",".join(cells_of(None)(values))
    (read,) = csv.reader(io.StringIO(line + "\n", newline=""))
    assert read == [value or "" for value in values]
    assert line == ",".join(cells_of(PLAIN)(values))


@given(texts)
def test_a_guarded_text_is_no_formula_and_loses_nothing(text: str) -> None:
    guarded = GUARDED(text)
    assert guarded[:1] not in tuple(FORMULA)
    assert guarded.removeprefix("'") == text if text[:1] in tuple(FORMULA) else guarded == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12))
def test_a_decimal_has_neither_an_exponent_nor_zeros_at_its_end(value: Decimal) -> None:
    text = PLAIN(value)
    assert Decimal(text) == value
    assert set(text) <= set("-.0123456789")
    assert "." not in text or text[-1] not in "0."
    assert text == GUARDED(value)


def test_few_values_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MEMORY", 3)
    cells = cells_of(PLAIN)
    for _ in range(2):
        assert list(cells([*range(10), None])) == [*(f'"{number}"' for number in range(10)), ""]


def test_texts_are_guarded_without_being_remembered() -> None:
    """Callers choose them, as long as they like."""
    clock = Clock("with_timezone", None)
    columns: Any = Cdr.__table__.columns
    for column in (column for column in columns if isinstance(column.type, sa.String)):
        make = streaming._cells(column, sqlite.dialect(), clock, guard=True)
        text = _Text("=1")
        held = sys.getrefcount(text)
        assert list(make([text, None, "", 'a"b'])) == ['"\'=1"', "", '""', '"a""b"']
        assert sys.getrefcount(text) == held


class _Text(str):
    """A text of which it can be told who holds it."""

    __slots__ = ()
