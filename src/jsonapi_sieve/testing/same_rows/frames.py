"""Rows in a frame, and what a predicate selects from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import narwhals as nw
import pyarrow as pa

from jsonapi_sieve import types
from jsonapi_sieve.backends.narwhals import compile_narwhals, compile_narwhals_order
from jsonapi_sieve.field import Field
from jsonapi_sieve.testing.same_rows.answer import Answer
from jsonapi_sieve.testing.same_rows.question import NUMBER, Question

__all__ = ["FRAMES", "arrow_type", "select_by"]

FRAMES: Final = ("duckdb", "pandas", "polars", "pyarrow")

_DIGITS: Final = 38
_INTEGERS: Final[Mapping[int, pa.DataType]] = {16: pa.int16(), 32: pa.int32(), 64: pa.int64()}


def arrow_type(field: Field[Any]) -> pa.DataType:
    """Give the type of Arrow that is recommended for a field.

    >>> arrow_type(Field(types.Decimal(scale=2)))
    Decimal128Type(decimal128(38, 2))

    Raises:
        ValueError: for decimals of more than 38 digits behind the point.
    """
    match field.type:
        case types.Boolean():
            return pa.bool_()
        case types.Integer() as declared:
            return _INTEGERS[declared.bits]
        case types.Decimal(exact=True) as declared:
            if declared.scale > _DIGITS:
                raise ValueError(f"{field.name}: decimals of frames have at most {_DIGITS} digits behind the point")
            return pa.decimal128(_DIGITS, declared.scale)
        case types.Decimal() | types.Float():
            return pa.float64()
        case types.Timestamp() as declared:
            return pa.timestamp("ms" if declared.digits == 3 else "us", "UTC" if declared.zone is None else None)  # noqa: PLR2004
        case types.Date():
            return pa.date32()
        case _:
            return pa.string()


def select_by(name: str, question: Question) -> Answer:
    """Put the fields that are spoken of into a frame, and select by the predicate.

    Raises:
        ValueError: for decimals of more than 38 digits.
    """
    columns = [pa.field(field.name, arrow_type(field), nullable=field.nullable) for field in question.fields]
    schema = pa.schema([*columns, pa.field(NUMBER, pa.int64())])
    try:
        table = pa.Table.from_pylist(question.constants, schema=schema)
    except pa.ArrowInvalid as error:
        raise ValueError(f"a frame cannot hold the rows: {error}") from error
    if name != "duckdb":
        return Answer(_numbers(_framed(name, table), question))
    import duckdb  # noqa: PLC0415  (each library only where it is asked for)

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return Answer(_numbers(connection.from_arrow(table), question))


def _framed(name: str, table: pa.Table) -> Any:
    match name:
        case "polars":
            import polars as pl  # noqa: PLC0415

            return pl.from_arrow(table)
        case "pandas":
            import pandas as pd  # noqa: PLC0415

            return table.to_pandas(types_mapper=pd.ArrowDtype)
        case _:
            return table


def _numbers(frame: Any, question: Question) -> list[int]:
    selected = nw.from_native(frame).filter(compile_narwhals(question.predicate, frame))
    arranged = compile_narwhals_order(question.order or (), NUMBER)(selected)
    gathered = arranged.collect("pyarrow") if isinstance(arranged, nw.LazyFrame) else arranged
    numbers: list[int] = gathered[NUMBER].to_list()
    return numbers
