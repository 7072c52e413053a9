"""Spark for processes of their own: one process has one session, and engines of other tests may have it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.java import java_home

__all__ = ["MASTER", "spark_environment"]

MASTER = "local-cluster[2,1,1024]"
"""Two workers in processes of their own, each with one core and 1024 MiB."""

_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.sql.shuffle.partitions": "2",
    # Few small files: a job for each folder would take longer than all else.
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "1000",
    # What a session is set to has to win.
    "spark.sql.session.timeZone": "Pacific/Chatham",
    "spark.sql.ansi.enabled": "false",
}


@contextmanager
def spark_environment(folder: Path) -> Iterator[dict[str, str]]:
    """Give all variables with which a process starts Spark as tests want it, on loopback only.

    An engine of this process may have set some for its own session, which would be that of the new process too.
    """
    folder.mkdir(parents=True)
    settings = {**_SETTINGS, "spark.local.dir": str(folder / "local"), "spark.sql.warehouse.dir": str(folder)}
    lines = (f"{name} {value}\n" for name, value in settings.items())
    folder.joinpath("spark-defaults.conf").write_text("".join(lines))
    others = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_"))}
    yield others | {"JAVA_HOME": java_home(), "SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": "127.0.0.1"}
