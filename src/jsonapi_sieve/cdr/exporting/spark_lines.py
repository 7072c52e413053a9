"""Lines of CSV that Spark's own functions write, byte for byte those of one machine: see `cells`."""

from __future__ import annotations

from typing import Any

from jsonapi_sieve.cdr.exporting.cells import FORMULA
from jsonapi_sieve.cdr.exporting.kinds import Selection, TimeFormat

__all__ = ["line_of"]

# Spark is not there when types are checked, nor where the command runs without it.
Column = Any
Functions = Any


def line_of(selection: Selection, types: dict[str, str], *, guard: bool) -> Column:
    """Give the column that is the line of a row of CDRs, without its end; `types` are Spark's, by column.

    The time zone of Spark's session has to be UTC, and that of the selection one that Java knows.
    """
    from pyspark.sql import functions as spark  # noqa: PLC0415  (only who has Spark has it)

    cells = [
        spark.lit("")
        if column.name is None
        else _quoted(spark, _spelled(spark, spark.col(column.name), types[column.name], selection, guard=guard))
        for column in selection.columns
    ]
    return spark.concat_ws(",", *cells)


def _quoted(spark: Functions, text: Column) -> Column:
    quote = spark.lit('"')
    return spark.coalesce(spark.concat(quote, spark.replace(text, quote, spark.lit('""')), quote), spark.lit(""))


def _spelled(spark: Functions, column: Column, type_: str, selection: Selection, *, guard: bool) -> Column:
    match type_:
        case "boolean":
            return spark.when(column, "t").when(~column, "f")
        case "timestamp":
            return _time(spark, column, selection.time_format, selection.time_zone)
        case "string" if guard:
            begins = spark.substring(column, 1, 1).isin(*FORMULA)
            return spark.when(begins, spark.concat(spark.lit("'"), column)).otherwise(column)
        case _ if type_.startswith("decimal") and not type_.endswith(",0)"):
            # A decimal of Spark shows as many digits behind its point as its type has.
            return spark.rtrim(spark.rtrim(column.cast("string"), spark.lit("0")), spark.lit("."))
        case _:
            return column.cast("string")


def _time(spark: Functions, moment: Column, form: TimeFormat, zone: str | None) -> Column:
    """Write a moment: as text, Spark's has no zeros at the end of its fraction."""
    local = moment if zone is None else spark.from_utc_timestamp(moment, zone)
    text = (spark.date_trunc("second", local) if form == "round_to_seconds" else local).cast("string")
    if zone is None:
        return spark.concat(text, spark.lit("+00")) if form == "with_timezone" else text
    offset = spark.unix_seconds(local) - spark.unix_seconds(moment)
    return spark.concat(
        # A zone can lead to the year 10000, before which Spark writes a plus, and to the one before the first.
        spark.ltrim(spark.regexp_replace(text, "^0000", "0001"), spark.lit("+")),
        _offset(spark, offset) if form == "with_timezone" else spark.lit(""),
        spark.when(text.startswith("0000"), " BC").otherwise(""),
    )


def _offset(spark: Functions, seconds: Column) -> Column:
    """Write how far a zone is from UTC: minutes and seconds only where there are some."""
    size = spark.abs(seconds)
    hours, minutes, rest = spark.floor(size / 3600), spark.floor(size % 3600 / 60), size % 60
    return spark.concat(
        spark.when(seconds < 0, "-").otherwise("+"),
        _two_digits(spark, hours),
        spark.when(size % 3600 == 0, "").otherwise(spark.concat(spark.lit(":"), _two_digits(spark, minutes))),
        spark.when(rest == 0, "").otherwise(spark.concat(spark.lit(":"), _two_digits(spark, rest))),
    )


def _two_digits(spark: Functions, number: Column) -> Column:
    return spark.lpad(number.cast("string"), 2, "0")
