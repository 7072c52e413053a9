"""Rows in Python: the reference itself, whose answers come through the same tests as those of all others."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from jsonapi_sieve import Order, Predicate
from jsonapi_sieve.backends.python import compile_python, compile_python_order
from tests.engines.base import Engine, Loaded, Opened
from tests.engines.table import Table

__all__ = ["LoadedRows", "Python"]


@dataclass(frozen=True)
class LoadedRows:
    rows: tuple[Mapping[str, Any], ...]

    def select(self, predicate: Predicate) -> list[int]:
        return sorted(row["id"] for row in compile_python(predicate).select(self.rows))

    def arrange(self, order: Order) -> list[int]:
        return [row["id"] for row in compile_python_order(order)(self.rows)]


class OpenedPython:
    version = platform.python_version()

    @contextmanager
    def load(self, table: Table) -> Iterator[Loaded]:
        yield LoadedRows(table.rows)


class Python(Engine):
    name = "Python"
    most_predicates = 4_000  # what it is held to is slow

    def open(self) -> AbstractContextManager[Opened]:
        return nullcontext(OpenedPython())
