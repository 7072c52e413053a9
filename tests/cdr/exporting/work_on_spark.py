"""Runs exports on Spark in a process of its own: `python -m tests.cdr.exporting.work_on_spark URL CALLS FOLDER`.

Each way of writing files gets a folder of its own, and its jobs are told as a line of JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import Timer
from typing import Any, Final

import sqlalchemy as sa

from jsonapi_sieve.cdr.exporting import Progress, open_engine
from jsonapi_sieve.cdr.exporting.did import EVERY_KIND
from jsonapi_sieve.cdr.exporting.spark_exporter import SparkExporter
from jsonapi_sieve.cdr.jobs import Job

WAYS: Final[dict[str, dict[str, Any]]] = {
    "stopped": {},  # while Spark compiles its first query
    "guarded": {"guard": True},
    "parts": {"parts": True},
    "parquet": {"format": "parquet"},
}


def stopping(exporter: SparkExporter) -> Progress:
    """Stop a runner when it has begun to work."""

    def begun(_: Job) -> AbstractContextManager[Callable[[int], object]]:
        Timer(0.5, exporter.stop).start()
        return nullcontext(lambda _: None)

    return begun


def main(url: str, calls: str, folder: str) -> None:
    from pyspark.sql import SparkSession  # noqa: PLC0415  (whoever looks for doctests here may lack Spark)

    engine = open_engine(url)
    builder: Any = SparkSession.builder
    # So few rows would become one part.
    builder = builder.config("spark.sql.adaptive.coalescePartitions.enabled", "false")
    session = builder.master("local[2]").getOrCreate()
    for way, options in WAYS.items():
        with engine.begin() as connection:
            for kind in EVERY_KIND:
                connection.execute(sa.update(kind.model).values(status=kind.statuses.pending, rows_count=None))
        exporter = SparkExporter(engine, Path(folder, way), session, Path(calls), kinds=EVERY_KIND, **options)
        jobs = list(exporter.run_all(stopping(exporter) if way == "stopped" else None))
        told = {
            job.id: [job.status, job.rows_count, job.file_size, job.file_digest, job.reason, str(exporter.path_of(job))]
            for job in jobs
        }
        sys.stdout.write(json.dumps({way: told}) + "\n")
    session.stop()
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
