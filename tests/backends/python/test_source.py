"""The generated code."""

from __future__ import annotations

from typing import Any

import pytest

from jsonapi_sieve import types
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.backends.python.source import compile_shape
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.field import Field
from jsonapi_sieve.normal import normalize
from jsonapi_sieve.predicate import FALSE, TRUE, Not, Predicate

# The expected code stands on one line, as it is generated.
# ruff: noqa: E501

A = Field(types.Integer(), name="a", nullable=True)
B = Field(types.Integer(), name="b", nullable=True)
ROW = Field(types.Text(), name="row", nullable=True)

HOSTILE = ["'", '"', "\\", "{}", "{value}", "%s", "'] or True or row['", "__import__('os')", "\n", "p0", "é", "%", "_"]


def written(predicate: Predicate) -> str:
    return compile_python(predicate).source.partition("return ")[2].partition("\n")[0]


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (TRUE, "True"),
        (FALSE, "False"),
        (~TRUE, "False"),
        (A.eq(1), "row['a'] == p0"),
        (A.in_([1, 2]), "row['a'] in p0"),
        (A.null(), "row['a'] is None"),
        (A.gt(1), "(v_a := row['a']) is not None and v_a > p0"),
        (A.gt(1) & A.lt(5), "(v_a := row['a']) is not None and v_a > p0 and v_a < p1"),
        (A.gt(1) & B.eq(2) & A.not_in([3]), "(v_a := row['a']) is not None and v_a > p0 and v_a not in p1 and row['b'] == p2"),
        (A.gt(5) | A.lt(1), "(v_a := row['a']) is not None and v_a > p0 or (v_a := row['a']) is not None and v_a < p1"),
        (A.gt(1) & (A.eq(7) | B.null()), "(v_a := row['a']) is not None and v_a > p0 and (v_a == p1 or row['b'] is None)"),
        ((A.gt(1) & B.lt(2)) | A.null(), "row['a'] is None or ((v_a := row['a']) is not None and v_a > p0 and (v_b := row['b']) is not None and v_b < p1)"),
        (ROW.cont("x"), "(v_row := row['row']) is not None and p0 in (v_row.lower() if v_row.isascii() else fold(v_row))"),
        (ROW.not_cont("1"), "(v_row := row['row']) is not None and not p0 in v_row"),
    ],
)  # fmt: skip
def test_the_code_is_what_one_would_write(predicate: Predicate, expected: str) -> None:
    assert written(predicate) == expected


@pytest.mark.parametrize("predicate", [TRUE, FALSE, A.in_([]), A.not_in([])])
def test_a_constant_predicate_reads_no_attribute(predicate: Predicate) -> None:
    rows: list[dict[str, Any]] = [{}, {}]
    matches = compile_python(predicate)
    expected = rows if predicate in (TRUE, A.not_in([])) else []
    assert matches.select(rows) == expected
    assert [row for row in rows if matches(row)] == expected


def test_code_is_shared_by_predicates_of_one_shape() -> None:
    first, second = normalize(A.gt(1) & B.in_([1])), normalize(B.in_([2, 3]) & A.gt(2))
    assert compile_shape(first.shape, "key") is compile_shape(second.shape, "key")
    assert compile_shape(first.shape, "attribute") is not compile_shape(first.shape, "key")


@pytest.mark.parametrize("value", HOSTILE)
def test_values_are_never_part_of_the_code(value: str) -> None:
    rows = [{"row": text} for text in [*HOSTILE, None, "", "other"]]
    equal = [row for row in rows if row["row"] == value]
    others = [row for row in rows if row["row"] not in (value, None)]
    source = compile_python(ROW.eq("x")).source
    for predicate, expected in [(ROW.eq(value), equal), (ROW.in_([value]), equal), (ROW.not_eq(value), others)]:
        assert compile_python(predicate).select(rows) == expected
    assert compile_python(ROW.eq(value)).source == source
    contained = [row for row in rows if row["row"] is not None and value in row["row"]]
    assert compile_python(ROW.cont(value)).select(rows) == contained
    assert compile_python(ROW.compare("cont_any", [value, "nowhere"])).select(rows) == contained


def test_attributes_may_be_named_as_the_code_names_things() -> None:
    names = ["row", "rows", "fold", "p0", "any", "map", "v_row", "matches", "select"]
    fields = [Field(types.Text(), name=name, nullable=True) for name in names]
    row = dict.fromkeys(names, "Aé")
    for predicate in [field.compare("cont_any", ["a", "b"]) & field.not_eq("x") for field in fields]:
        assert compile_python(predicate).select([row]) == [row]


def test_letters_beyond_ascii_keep_their_case() -> None:
    rows = [{"row": text} for text in ["ÄB", "äb", "Äb", "İa", "ia", "\ud800B"]]
    assert compile_python(ROW.cont("Äb")).select(rows) == [rows[0], rows[2]]
    assert compile_python(ROW.start("i")).select(rows) == [rows[4]]
    assert compile_python(ROW.end("b")).select(rows) == [*rows[:3], rows[5]]


def test_a_tree_that_is_too_deep_is_refused() -> None:
    predicate: Predicate = A.eq(1)
    for _ in range(32):
        predicate = Not(predicate)
    with pytest.raises(CompileError, match="33 levels deep"):
        compile_python(predicate)
