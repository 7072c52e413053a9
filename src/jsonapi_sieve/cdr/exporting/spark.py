"""Exports on Spark: the same predicate and order, over CDRs in Parquet, on as many machines as there are.

Predicate, order and lines of CSV run as Spark's own expressions: the machines of a cluster need no Python.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

import narwhals as nw

from jsonapi_sieve import And, Comparison, Predicate
from jsonapi_sieve.backends.narwhals import compile_narwhals, compile_narwhals_order
from jsonapi_sieve.cdr.exporting.kinds import Selection
from jsonapi_sieve.cdr.exporting.spark_lines import line_of
from jsonapi_sieve.cdr.exporting.zones import UnknownZone, zone_of

__all__ = ["SETTINGS", "columns_of_file", "days_of", "lines_of", "rows_of", "write_parts"]

# Spark is not there when types are checked, nor where the command runs without it.
Frame = Any

SETTINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MILLIS",
    }
)
"""What the session of Spark has to be set to: moments as text are those of UTC, and decimals have no exponent."""

_ONE_DAY: Final = timedelta(days=1)
_PART: Final = re.compile(r"part-([0-9]{5,})-.*", re.ASCII)
_NUMBER: Final = "part number"  # no attribute of calls has a blank
_SECONDS: Final = 0.2  # between looks at whether work is to end


def rows_of(selection: Selection, cdrs: Frame) -> Frame:
    """Give the rows of a frame of CDRs that belong to a file, in their order.

    Of a frame with a column `day`, as `write_days` parts it, only the days are read that can hold such rows.

    Raises:
        CompileError: when a column is missing, or of another kind than its field.
    """
    frame = nw.from_native(cdrs)
    if "day" in frame.columns:
        frame = reduce(lambda kept, bound: kept.filter(bound), days_of(selection.predicate), frame).drop("day")
    chosen = frame.filter(compile_narwhals(selection.predicate, frame))
    return compile_narwhals_order(selection.order)(chosen).to_native()


def columns_of_file(selection: Selection, cdrs: Frame) -> Frame:
    """Give the rows of a file with the columns that it has in Parquet, named by the attributes of calls.

    Raises:
        CompileError: as `rows_of` does.
    """
    from pyspark.sql import functions as spark  # noqa: PLC0415  (only who has Spark has it)

    empty = spark.lit(None).cast("string")
    columns = [empty.alias(column.title) if column.name is None else column.name for column in selection.columns]
    return rows_of(selection, cdrs).select(*columns)


def lines_of(selection: Selection, cdrs: Frame, *, guard: bool) -> Frame:
    """Give the lines of a file, without its header, as a frame with one column.

    Raises:
        CompileError: as `rows_of` does.
        UnknownZone: when the IANA database lacks the time zone, or the Java that Spark runs on does.
    """
    if selection.time_zone is not None:
        _check_zone(cdrs.sparkSession, selection.time_zone)
    rows = rows_of(selection, cdrs)
    return rows.select(line_of(selection, dict(rows.dtypes), guard=guard))


def _check_zone(session: Any, name: str) -> None:
    from pyspark.errors import DateTimeException  # noqa: PLC0415  (only who has Spark has it)

    zone_of(name)  # what one machine refuses is refused here, too; Spark takes offsets for zones
    try:
        # The planner answers that, without a job.
        session.sql("SELECT from_utc_timestamp(TIMESTAMP '2000-01-01', :zone)", args={"zone": name}).collect()
    except DateTimeException:
        raise UnknownZone(
            f"the Java that Spark runs on has no time zone {name!r}; bring its zones up to date, by a newer Java or the"
            " program TZUpdater, or let a runner without Spark write the file"
        ) from None


def days_of(predicate: Predicate) -> list[nw.Expr]:
    """Give what the column `day` of all rows passes that a predicate selects: bounds that follow from its times.

    Only what has to hold of every such row is looked at, and a day is left on either side. So no row is lost whatever
    the time zone is that the days are counted in: a local date is at most one day from that in UTC.

    >>> from jsonapi_sieve.cdr.filters import CdrExportStoredFilters
    >>> filters = CdrExportStoredFilters()
    >>> len(days_of(filters.load({"time_start_gteq": "2026-02-01"}))), len(days_of(~filters.success.eq(True)))
    (1, 0)
    """
    members = predicate.members if isinstance(predicate, And) else (predicate,)
    day = nw.col("day")
    bounds: list[nw.Expr] = []
    for member in members:
        if isinstance(member, Comparison) and member.field.name == "time_start" and isinstance(member.value, datetime):
            on = member.value.astimezone(UTC).date()
            if member.operator.name in ("eq", "gt", "gteq") and on > date.min:
                bounds.append(day >= on - _ONE_DAY)
            if member.operator.name in ("eq", "lt", "lteq") and on < date.max:
                bounds.append(day <= on + _ONE_DAY)
    return bounds


def write_parts(frame: Frame, folder: Path, write: Callable[[Any, str], None], check: Callable[[], None]) -> int:
    """Let Spark write a frame into a new folder that all its machines see; returns the number of rows.

    `write` is given what writes a frame, and where to. `check` is called all the time, and ends the work by raising.
    The rows are counted by the tasks that write them, and each part that has some has to have arrived.

    Raises:
        OSError: when parts are missing, for the machines do not share the folder.
        pyspark.errors.PySparkException: for whatever else Spark cannot do.
    """
    from pyspark.sql import Observation  # noqa: PLC0415  (only who has Spark has it)
    from pyspark.sql import functions as spark  # noqa: PLC0415

    folder.parent.mkdir(parents=True, exist_ok=True)
    seen = Observation()
    numbered = frame.withColumn(_NUMBER, spark.spark_partition_id())
    counted = spark.count(spark.lit(1)).alias("rows"), spark.collect_set(_NUMBER).alias("parts")
    observed = numbered.observe(seen, *counted).drop(_NUMBER).write
    _until_done(frame.sparkSession, lambda: write(observed, f"file://{folder.absolute()}"), check)
    found = {int(part[1]) for path in folder.iterdir() if (part := _PART.fullmatch(path.name))}
    missing = set(seen.get["parts"]) - found
    if missing:
        raise OSError(
            errno.ENOENT,
            f"{len(missing)} of {len(seen.get['parts'])} parts that Spark wrote are missing;"
            " its machines and this one have to share the folder of files and that of their data",
        )
    count: int = seen.get["rows"]
    return count


def _until_done(session: Any, work: Callable[[], None], check: Callable[[], None]) -> None:
    """Run an action of Spark in a thread, for only so can it be ended."""
    tag = f"jsonapi-sieve-{uuid4()}"
    raised: list[Exception] = []

    def run() -> None:
        session.addTag(tag)
        try:
            work()
        except Exception as error:  # noqa: BLE001  (it is raised below)
            raised.append(error)

    thread = Thread(target=run, name=tag, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_SECONDS)
            check()
    finally:
        if thread.is_alive():
            session.interruptTag(tag)
            thread.join()
    if raised:
        raise raised[0]
