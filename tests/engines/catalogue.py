"""All engines that tests can run on, by the name that the option `--engines` knows them by."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tests.engines.base import Engine
from tests.engines.clickhouse import ClickHouse
from tests.engines.duckdb import DuckDB
from tests.engines.duckdb_relation import DuckDBRelation
from tests.engines.mariadb import MariaDB, MariaDBByCodePoint
from tests.engines.pandas import Pandas
from tests.engines.polars import LazyPolars, Polars
from tests.engines.postgresql import PostgreSQL, PostgreSQLIcu
from tests.engines.pyarrow import PyArrow
from tests.engines.python import Python
from tests.engines.spark import Spark, SparkCluster, SparkConnect
from tests.engines.sqlite import SQLite

__all__ = ["ENGINES", "HEAVY", "LIGHT", "chosen"]

LIGHT: Final[Mapping[str, Engine]] = MappingProxyType(
    {
        "python": Python(),
        "sqlite": SQLite(),
        "postgresql": PostgreSQL(),
        "duckdb": DuckDB(),
        "polars": Polars(),
        "polars-lazy": LazyPolars(),
        "pandas": Pandas(),
        "pyarrow": PyArrow(),
        "duckdb-relation": DuckDBRelation(),
    }
)
"""Those that the test tools bring along: they run in every run."""

HEAVY: Final[Mapping[str, Engine]] = MappingProxyType(
    {
        "postgresql-icu": PostgreSQLIcu(),
        "mariadb": MariaDB(),
        "mariadb-by-code-point": MariaDBByCodePoint(),
        "clickhouse": ClickHouse(),
        "spark": Spark(),
        "spark-connect": SparkConnect(),
        "spark-cluster": SparkCluster(),
    }
)
"""Those that need more: what they import, they import when they are opened."""

ENGINES: Final[Mapping[str, Engine]] = MappingProxyType({**LIGHT, **HEAVY})

_GROUPS: Final = MappingProxyType({"light": tuple(LIGHT), "heavy": tuple(HEAVY), "all": tuple(ENGINES)})


def chosen(option: str) -> tuple[str, ...]:
    """Read names of engines and groups, parted by commas, as the names of engines, each once.

    Raises:
        ValueError: for a name that is neither.
    """
    names: dict[str, None] = {}
    for item in option.split(","):
        if item not in ENGINES and item not in _GROUPS:
            raise ValueError(f"{item!r} is no engine; there are {', '.join((*_GROUPS, *ENGINES))}")
        names |= dict.fromkeys(_GROUPS.get(item, (item,)))
    return tuple(names)
