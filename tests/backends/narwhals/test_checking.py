from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from types import new_class
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from jsonapi_sieve import TRUE, Field, FilterSet, ToMany, ToOne, types
from jsonapi_sieve.backends.narwhals import check, compile_narwhals
from jsonapi_sieve.backends.narwhals.collation import needed_texts
from jsonapi_sieve.backends.narwhals.fitting import needed
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.testing.strategies.near import AnyType

POLARS, DUCKDB, PYSPARK = nw.Implementation.POLARS, nw.Implementation.DUCKDB, nw.Implementation.PYSPARK


def filters(**declared: AnyType) -> FilterSet:
    made: Any = new_class(
        "Filters", (FilterSet,), {}, lambda space: space.update({n: Field(t) for n, t in declared.items()})
    )
    set_: FilterSet = made()
    return set_


FITTING: list[tuple[AnyType, Any]] = [
    (types.Boolean(), nw.Boolean()),
    (types.Integer(16), nw.UInt8()),
    (types.Integer(64), nw.Int64()),
    (types.Decimal(scale=12), nw.Decimal(38, 12)),
    (types.Decimal(scale=38), nw.Decimal(38, 38)),
    (types.Decimal(exact=False), nw.Float64()),
    (types.Float(), nw.Float64()),
    (types.Text(), nw.String()),
    (types.Enum("a"), nw.String()),
    (types.Uuid(), nw.String()),
    (types.Address(), nw.String()),
    (types.Timestamp(digits=3), nw.Datetime("ms", "UTC")),
    (types.Timestamp(digits=6), nw.Datetime("s", "UTC")),
    (types.Timestamp(digits=6), nw.Datetime("us", "UTC")),
    (types.Timestamp(zone="UTC"), nw.Datetime("us")),
    (types.Date(), nw.Date()),
]


@pytest.mark.parametrize(("declared", "column"), FITTING)
def test_columns_that_fit(declared: AnyType, column: Any) -> None:
    assert needed(declared, column, POLARS) is None


@pytest.mark.parametrize(
    ("declared", "column", "lacking"),
    [
        (types.Boolean(), nw.Int8(), "Boolean"),
        (
            types.Integer(32),
            nw.Float64(),
            "whole numbers, and pandas makes floats where one is missing: convert the column to Int32",
        ),
        (types.Integer(16), nw.Int32(), "at most 16 bits: cast it, or declare types.Integer(32)"),
        (types.Integer(64), nw.UInt64(), "an integer column of at most 64 bits"),
        (types.Integer(64), nw.Int128(), "an integer column of at most 64 bits"),
        (
            types.Decimal(scale=2),
            nw.Float64(),
            "decimals of scale 2, in pandas Arrow's; for floats declare types.Decimal(exact=False)",
        ),
        (
            types.Decimal(scale=2),
            nw.Decimal(38, 3),
            "scale 2: cast the column, or declare types.Decimal(scale=3)",
        ),
        (types.Decimal(scale=40), nw.Decimal(38, 38), "more digits than the 38 that frames have"),
        (types.Decimal(exact=False), nw.Decimal(10, 2), "Float64"),
        (types.Float(), nw.Float32(), "Float64"),
        (types.Text(), nw.Categorical(), "String: cast the column"),
        (types.Enum("a"), nw.Enum(["a"]), "String: cast the column"),
        (types.Uuid(), nw.Unknown(), "String: cast the column"),
        (types.Timestamp(), nw.Date(), "Datetime"),
        (types.Timestamp(), nw.Datetime("us"), 'declare types.Timestamp(zone="UTC")'),
        (types.Timestamp(), nw.Datetime("us", "Europe/Berlin"), "the time zone UTC"),
        (types.Timestamp(zone="UTC"), nw.Datetime("us", "UTC"), "no time zone: declare types.Timestamp() without one"),
        (types.Timestamp(digits=6), nw.Datetime("ns", "UTC"), "a unit of us or coarser"),
        (types.Timestamp(digits=3), nw.Datetime("us", "UTC"), "a unit of ms or coarser"),
        (types.Date(), nw.Datetime("us", "UTC"), "Date"),
    ],
)
def test_columns_that_would_change_answers(declared: AnyType, column: Any, lacking: str) -> None:
    assert lacking in (needed(declared, column, POLARS) or "")


def test_engines_that_know_one_unit_only() -> None:
    for engine in (DUCKDB, PYSPARK):
        assert needed(types.Timestamp(digits=3), nw.Datetime("us", "UTC"), engine) is None
        assert "ms" in (needed(types.Timestamp(digits=3), nw.Datetime("ns", "UTC"), engine) or "")
    assert needed(types.Timestamp(zone="UTC"), nw.Datetime("us"), DUCKDB) is None
    # Without a zone, DuckDB has other units.
    assert "ms" in (needed(types.Timestamp(digits=3, zone="UTC"), nw.Datetime("us"), DUCKDB) or "")
    assert "on Spark" in (needed(types.Timestamp(zone="UTC"), nw.Datetime("us"), PYSPARK) or "")


class Own(types.Text):
    """A type that this library does not know: its class is none of those it tells apart."""


def test_types_of_others() -> None:
    foreign: Any = object()
    assert needed(Own(), nw.String(), POLARS) is None
    assert needed(foreign, nw.String(), POLARS) == "a column type that nobody has named yet"


def test_one_line_for_each_column() -> None:
    declared = filters(id=types.Integer(), name=types.Text(), price=types.Decimal(scale=2))
    with pytest.raises(CompileError) as raised:
        check(declared, pl.DataFrame({"id": ["1"], "price": [0.5]}))
    assert str(raised.value).splitlines() == [
        "id: the column is String; Integer(bits=64) needs an integer column of at most 64 bits",
        "name: the frame has no such column; it has id, price",
        (
            "price: the column is Float64; Decimal(scale=2, exact=True) "
            "needs decimals of scale 2, in pandas Arrow's; for floats declare "
            "types.Decimal(exact=False)"
        ),
    ]


def test_columns_whose_names_are_no_text() -> None:
    with pytest.raises(CompileError, match="id: the frame has no such column; it has 0, name"):
        check(filters(id=types.Integer()), pd.DataFrame({0: [1], "name": ["a"]}))


def test_only_columns_that_a_predicate_tests_are_checked() -> None:
    frame = pl.DataFrame({"id": [1], "price": [0.5]})
    name, price = (Field(types.Text(), name=name) for name in ("name", "price"))
    compile_narwhals(Field(types.Integer(), name="id").gt(0), frame)
    with pytest.raises(CompileError) as raised:
        compile_narwhals(name.eq("a") & (price.eq("b") | name.eq("c")), frame)
    assert [line.partition(":")[0] for line in str(raised.value).splitlines()] == ["name", "price"]


def lacking_text(frame: Any) -> str | None:
    return needed_texts(nw.from_native(frame), ["value"]).get("value")


def test_text_of_pandas() -> None:
    dtype: Any
    for dtype in ("str", pd.StringDtype("pyarrow"), pd.ArrowDtype(pa.string()), pd.ArrowDtype(pa.large_string())):
        assert lacking_text(pd.DataFrame({"value": pd.Series(["a", None], dtype=dtype)})) is None
    for dtype in ("object", pd.StringDtype("python")):
        column = pd.Series(["a", None], dtype=dtype)
        assert "convert the column to string[pyarrow]" in (lacking_text(pd.DataFrame({"value": column})) or "")


@pytest.mark.parametrize(
    "make", [pa.table, lambda columns: pd.DataFrame(columns, dtype=pd.ArrowDtype(pa.string_view()))]
)
def test_views_of_text_in_arrow(make: Any) -> None:
    frame = make({"value": pa.array(["a", None], pa.string_view())})
    assert lacking_text(frame) == "string or large_string: cast the column"
    assert lacking_text(pa.table({"value": pa.array(["a"], pa.large_string())})) is None


@pytest.mark.parametrize("collation", ["NOCASE", "NOACCENT", "NFC", "NOCASE.NOACCENT", "NFC.NOCASE"])
def test_collations_of_duckdb(collation: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE rows (plain VARCHAR, value VARCHAR COLLATE {collation})")
        relation = connection.table("rows")
        check(filters(plain=types.Text()), relation)
        with pytest.raises(CompileError, match=r"value: the column is String; .* needs no collation"):
            check(filters(value=types.Text()), relation)
        check(filters(value=types.Text()), connection.sql("SELECT value COLLATE C AS value FROM rows"))
        connection.execute(f"SET default_collation = '{collation}'")
        with pytest.raises(CompileError, match="plain: "):
            check(filters(plain=types.Text()), relation)


def test_duckdb_is_checked_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with duckdb.connect() as connection:
        check(filters(value=types.Text(), other=types.Text()), connection.sql("SELECT 'a' AS value, 'b' AS other"))


def test_time_zones_of_duckdb_sessions() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE rows (value TIMESTAMPTZ)")
        connection.execute("SET TimeZone = 'Europe/Berlin'")
        with pytest.raises(CompileError, match="set the session's time zone"):
            check(filters(value=types.Timestamp()), connection.table("rows"))
        connection.execute("SET TimeZone = 'UTC'")
        check(filters(value=types.Timestamp()), connection.table("rows"))


class SparkFrame:
    """What the check of text asks of a frame of Spark, which is not among the light engines."""

    implementation = PYSPARK

    def __init__(self, dtypes: Mapping[str, str]) -> None:
        self.dtypes = list(dtypes.items())

    def to_native(self) -> SparkFrame:
        return self


def test_collations_of_spark() -> None:
    frame: Any = SparkFrame({"plain": "string", "value": "string collate UTF8_LCASE"})
    assert needed_texts(frame, ["plain", "value"]) == {
        "value": "STRING without a collation, not string collate UTF8_LCASE"
    }


class OtherFrame:
    implementation = nw.Implementation.DASK


def test_frames_without_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsonapi_sieve.backends.narwhals.checking.nw.from_native", lambda frame: frame)
    other: Any = OtherFrame()
    with pytest.raises(CompileError, match="frames of dask have no rules; there are those of polars, pandas"):
        check(filters(id=types.Integer()), other)


def test_importing_the_backend_imports_no_frames() -> None:
    heavy = ("polars", "pandas", "pyarrow", "duckdb", "pyspark", "sqlalchemy")
    code = f"import sys, jsonapi_sieve.backends.narwhals; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603  (fixed arguments)
    assert ran.stdout == "[]\n"


class Related(FilterSet):
    name = Field(types.Text(), nullable=True)
    account = ToOne(FilterSet)
    parts = ToMany(FilterSet)


def test_a_frame_has_no_related_rows() -> None:
    frame = pl.DataFrame({"name": ["a"]})
    message = "a frame has no related rows; join them to it, and filter by columns"
    with pytest.raises(CompileError, match=f"^account: {message}"):
        check(Related(), frame)
    for predicate in (Related.parts.any(TRUE), Related.parts.none(TRUE) & Related.name.eq("a")):
        for given in (None, frame):
            with pytest.raises(CompileError, match=f"^parts: {message}"):
                compile_narwhals(predicate, given)
