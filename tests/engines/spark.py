"""Spark: in one JVM, through Connect, and as a cluster whose workers are processes of their own; all on loopback."""

from __future__ import annotations

import os
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from tests.engines.base import Engine, Opened
from tests.engines.frames import OpenedFrames
from tests.servers.java import java_home

__all__ = ["Spark", "SparkCluster", "SparkConnect"]


class Spark(Engine):
    name = "Spark"
    most_predicates = 2_000
    master: ClassVar[str] = "local[2]"
    connects: ClassVar[bool] = False

    @contextmanager
    def open(self) -> Iterator[Opened]:
        from pyspark.sql import SparkSession  # noqa: PLC0415  (not among what pip brings for every run)

        with tempfile.TemporaryDirectory() as folder, _environment(**_variables()):
            builder: Any = SparkSession.builder
            builder = builder.remote(self.master) if self.connects else builder.master(self.master)
            with warnings.catch_warnings():
                # Of pandas 3, which is not used here, and of settings that Connect, once started with them, sets again.
                for message in ("PySpark does not yet fully support pandas", "Failed to set spark"):
                    warnings.filterwarnings("ignore", message)
                session = builder.config(map=_settings(folder)).getOrCreate()
            try:
                yield OpenedFrames(session.version, session.createDataFrame)
            finally:
                session.stop()


class SparkConnect(Spark):
    name = "Spark (Connect)"
    most_predicates = 500
    connects: ClassVar[bool] = True


class SparkCluster(Spark):
    name = "Spark (cluster of two workers)"
    most_predicates = 200
    master: ClassVar[str] = "local-cluster[2,1,512]"


def _variables() -> dict[str, str]:
    # By the last, Connect takes any free port, and its client finds that.
    return {"JAVA_HOME": java_home(), "TZ": "Pacific/Chatham", "SPARK_TESTING": "1"}


def _settings(folder: str) -> dict[str, str]:
    return {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": "-Duser.timezone=UTC",
        "spark.executor.memory": "512m",
        "spark.executor.extraJavaOptions": "-Duser.timezone=UTC",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": folder,
        "spark.local.dir": folder,
    }


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Set variables of the environment, with all that depends on the time zone, for as long as it lasts."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    time.tzset()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        time.tzset()
