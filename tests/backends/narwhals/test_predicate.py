from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import pyarrow as pa
import pytest

from jsonapi_sieve import FALSE, TRUE, Field, Or, Predicate, types
from jsonapi_sieve.backends.narwhals import compile_narwhals
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.errors import CompileError
from tests.backends.narwhals.frames import KINDS, Make, differing, numbered, selected, selects

BIG = Field(types.Integer(64), nullable=True, name="value")
NAME = Field(types.Text(), nullable=True, name="value")


ORDER = ("eq", "not_eq", "gt", "gteq", "lt", "lteq")


def by_hand(values: Sequence[Any], predicate: Predicate) -> list[int]:
    rows = [{"id": number, "value": value} for number, value in enumerate(values)]
    return [row["id"] for row in compile_python(predicate).select(rows)]


def asked(field: Field[Any], values: Sequence[Any], constants: Sequence[Any]) -> dict[Predicate, list[int]]:
    """Compare with each constant and with lists of some; with the ids that are expected."""
    predicates: list[Predicate] = [field.compare(name, constant) for name in ORDER for constant in constants]
    lists = (constants, constants[:1], constants[-1:], constants[::2])
    predicates += [field.compare(name, items) for name in ("in", "not_in") for items in lists]
    return {predicate: by_hand(values, predicate) for predicate in predicates}


def test_always_and_never(make: Make) -> None:
    frame = make(numbered(["a", None]))
    assert selects(frame, TRUE) == selects(frame, NAME.not_in([])) == [0, 1]
    assert selects(frame, FALSE) == selects(frame, NAME.in_([])) == []


@pytest.mark.parametrize(
    ("predicate", "ids"),
    [
        (NAME.null(), [2]),
        (NAME.not_null(), [0, 1]),
        (NAME.blank(), [1, 2]),
        (NAME.present(), [0]),
        (NAME.eq("a") | NAME.null(), [0, 2]),
        (~(NAME.eq("a") | NAME.eq("b")), [1]),
        (NAME.not_in(["b"]), [0, 1]),
    ],
)
def test_null(make: Make, predicate: Predicate, ids: list[int]) -> None:
    assert selects(make(numbered(["a", "", None])), predicate) == ids


DECIMALS = [Decimal("99999999999999999999999999.999999999999"), Decimal("-0.000000000001"), Decimal(0), None]
DECIMAL = Field(types.Decimal(scale=12), nullable=True, name="value")
BEYOND = Decimal("1e26")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "pandas-numpy"])
def test_decimals_that_no_column_holds(kind: str) -> None:
    frame = KINDS[kind](numbered(DECIMALS, pa.decimal128(38, 12)))
    constants = [BEYOND, -BEYOND, Decimal("1e28"), Decimal("1e-13"), Decimal("-1e-12"), Decimal("1e26") - 1, Decimal()]
    assert not differing(frame, asked(DECIMAL, DECIMALS, constants))


def test_decimals_with_more_digits_behind_the_point_than_frames_have() -> None:
    with pytest.raises(CompileError, match="frames hold decimals of at most 38 digits, too few for Decimal"):
        compile_narwhals(Field(types.Decimal(scale=39), name="value").gt(0))


FLOATS = [0.0, -0.0, 0.1, 5e-324, None]


def test_both_zeros_in_lists_of_floats(make: Make) -> None:
    frame = make(numbered(FLOATS))
    for type_ in (types.Float(), types.Decimal(exact=False)):
        field: Field[Any] = Field(type_, nullable=True, name="value")
        assert selects(frame, field.in_([0])) == selects(frame, field.eq(0)) == [0, 1]
        assert selects(frame, field.not_in([0, Decimal("0.1")] if type_.name == "decimal" else [0, 0.1])) == [3]


START = datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)
MOMENTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1500, 2, 28, 12, tzinfo=UTC),
    START,
    START + timedelta(milliseconds=999),
    START + timedelta(seconds=1),
    None,
]
MOMENT = Field(types.Timestamp(digits=6), nullable=True, name="value")
NAIVE = Field(types.Timestamp(digits=6, zone="UTC"), nullable=True, name="value")


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
@pytest.mark.parametrize("field", [MOMENT, NAIVE])
def test_moments_finer_than_a_column_and_older_than_calendars(make: Make, unit: Any, field: Field[datetime]) -> None:
    held = [moment and moment.replace(microsecond=0 if unit == "s" else moment.microsecond) for moment in MOMENTS]
    aware = field is MOMENT
    column = held if aware else [moment and moment.replace(tzinfo=None) for moment in held]
    frame = make(numbered(column, pa.timestamp(unit, "UTC" if aware else None)))
    constants = [moment + timedelta(microseconds=step) for moment in MOMENTS if moment for step in (0, 1, 999)]
    assert not differing(frame, asked(field, column, constants))


DAYS = [date(1, 1, 1), date(999, 12, 31), date(1000, 1, 1), date(2024, 2, 29), date(9999, 12, 31), None]
DAY = Field(types.Date(), nullable=True, name="value")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "pandas-numpy"])
def test_days_of_all_years(kind: str) -> None:
    frame = KINDS[kind](numbered(DAYS))
    assert not differing(frame, asked(DAY, DAYS, DAYS[:-1]))


def test_days_in_a_session_of_another_time_zone() -> None:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Europe/Berlin'")
        frame = connection.from_arrow(numbered(DAYS))
        for predicate, ids in asked(DAY, DAYS, DAYS[:-1]).items():
            assert selects(frame, predicate) == ids


EDGES = [-(2**63), -(2**31), -(2**15), -1, 0, 2**15 - 1, 2**31 - 1, 2**63 - 1]


@pytest.mark.parametrize(
    ("column", "bits"),
    [
        (pa.int8(), 16),
        (pa.uint8(), 16),
        (pa.int16(), 16),
        (pa.uint16(), 32),
        (pa.int32(), 32),
        (pa.uint32(), 64),
        (pa.int64(), 64),
    ],
)
def test_columns_of_fewer_bits_than_the_constant(make: Make, column: pa.DataType, bits: Any) -> None:
    least = 0 if "u" in str(column) else -(2 ** (column.bit_width - 1))
    most = least + 2**column.bit_width - 1
    values = [least, 0, 1, most]
    frame = make(numbered(values, column))
    assert not differing(
        frame, asked(Field(types.Integer(bits), name="value"), values, [*EDGES, least, most, most + 1])
    )


@pytest.mark.parametrize("kind", ["polars", "pandas", "pyarrow", "duckdb"])
def test_a_hundred_thousand_values(kind: str) -> None:
    values = [*range(0, 2_000, 7), None]
    numbers, texts = KINDS[kind](numbered(values)), KINDS[kind](numbered([f"v{value}" for value in values]))
    many = range(0, 300_000, 3)
    expected = [number for number, value in enumerate(values) if value is not None and value % 3 == 0]
    assert selects(numbers, ~BIG.not_in(many)) == expected
    assert selects(texts, NAME.in_([f"v{value}" for value in many])) == expected


@pytest.mark.parametrize("kind", ["polars", "pyarrow", "duckdb"])
def test_many_members_make_no_deep_expression(kind: str) -> None:
    frame = KINDS[kind](numbered([*range(300)]))
    predicate = Or(*(BIG.gt(number) & BIG.lt(number + 2) for number in range(100, 1_100)))
    assert selects(frame, predicate) == [*range(101, 300)]


def test_an_expression_without_a_frame_works_on_all() -> None:
    expression = compile_narwhals(BIG.gt(1) & BIG.not_eq(3))
    for make in KINDS.values():
        assert selected(make(numbered([1, 2, 3])), expression) == [1]


@pytest.mark.parametrize("dtype", ["Int64", "int64[pyarrow]", "int64", "Int32"])
def test_integers_of_pandas(dtype: Any) -> None:
    values = [2, 1, 0]
    frame = pd.DataFrame({"id": [0, 1, 2], "value": pd.Series(values, dtype=dtype)})
    for predicate in (BIG.gt(0), BIG.not_eq(1), BIG.in_([1, 2]), BIG.not_in([1, 2]), ~BIG.gt(0)):
        assert selects(frame, predicate) == by_hand(values, predicate)
    with_null = pd.DataFrame({"id": [0, 1], "value": pd.Series([1, None], dtype="Int64")})
    assert selects(with_null, ~BIG.eq(7)) == selects(with_null, BIG.not_in([7])) == [0]


@pytest.mark.parametrize("dtype", ["boolean", "bool", "bool[pyarrow]"])
def test_truth_of_pandas(dtype: Any) -> None:
    flag = Field(types.Boolean(), nullable=True, name="value")
    frame = pd.DataFrame({"id": [0, 1], "value": pd.Series([True, False], dtype=dtype)})
    assert (
        selects(frame, flag.eq(True)) == selects(frame, flag.not_eq(False)) == selects(frame, flag.in_([True])) == [0]
    )
    assert selects(frame, ~flag.in_([True])) == [1]


def test_a_frame_of_narwhals_is_checked_too() -> None:
    wrapped = nw.from_native(KINDS["polars"](numbered([math.pi])))
    with pytest.raises(CompileError, match="value: the column is Float64"):
        compile_narwhals(BIG.gt(0) | TRUE & BIG.eq(1), wrapped)
    assert len(wrapped.filter(compile_narwhals(Field(types.Float(), name="value").gt(0), wrapped))) == 1
