"""How many rows a statement would select, by the statistics that an engine keeps: no row is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine

from jsonapi_sieve.errors import CompileError

__all__ = ["Estimate"]


class PlannedRows(TypeDecorator[int]):
    """The number of rows in a plan of PostgreSQL, which is JSON: as text with some drivers, parsed with others."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = sa.Integer
    cache_ok: bool | None = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], int]:
        def process(plan: Any) -> int:
            [explained] = json.loads(plan) if isinstance(plan, str) else plan
            rows: int = explained["Plan"]["Plan Rows"]
            return rows

        return process


class Estimate(sa.Select[int]):
    """A statement that is planned, not run; its one value is the number of rows that the planner expects."""

    inherit_cache: bool | None = True

    @classmethod
    def of(cls, statement: sa.Select[Any]) -> Self:
        """Make the estimate of what a statement selects."""
        planned: Any = statement.with_only_columns(sa.literal_column("1", PlannedRows()), maintain_column_froms=True)
        estimate = cls.__new__(cls)
        estimate.__dict__.update(planned.__dict__)
        return estimate


@compiles(Estimate)
def _compile(element: Estimate, compiler: SQLCompiler, **options: Any) -> str:
    if compiler.dialect.name not in ("postgresql", "default"):
        raise CompileError(
            f"{compiler.dialect.name} tells no estimate of how many rows a statement selects, as PostgreSQL does:"
            ' count exactly, to a limit (Capped), or not at all ("none")'
        )
    visit: Any = compiler.visit_select
    return f"EXPLAIN (FORMAT JSON) {visit(element, **options)}"
