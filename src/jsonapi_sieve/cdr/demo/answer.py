"""The rows of a question, twice: from SQLite, and from plain Python over all rows of the same table."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, Select, select

from jsonapi_sieve import Comparison
from jsonapi_sieve.backends.python import compile_python, compile_python_order
from jsonapi_sieve.backends.sqlalchemy import compile_select
from jsonapi_sieve.cdr.demo.question import Question
from jsonapi_sieve.cdr.models import Base

__all__ = ["Answer", "answer"]

CDRS: Final = Base.metadata.tables["cdrs"]


class Answer(NamedTuple):
    """What was executed, and what came of it; times are in milliseconds."""

    statement: Select[Any]
    values: dict[str, object]
    rows: Sequence[Row[Any]]
    sql_ms: float
    python_source: str
    python_ids: list[int]
    python_ms: float
    total: int

    @property
    def agrees(self) -> bool:
        """Whether both select the same rows in the same order."""
        return [row.id for row in self.rows] == self.python_ids


def answer(question: Question, connection: Connection) -> Answer:
    """Answer a question on both engines."""
    start = perf_counter()
    statement, values = compile_select(question.predicate, CDRS, order=question.order)
    rows = connection.execute(statement, values).all()
    sql_ms = (perf_counter() - start) * 1000
    everything = _load(question, connection)
    start = perf_counter()
    matches = compile_python(question.predicate)
    selected = compile_python_order(question.order)(matches.select(everything))
    python_ms = (perf_counter() - start) * 1000
    ids = [row["id"] for row in selected]
    return Answer(statement, values, rows, sql_ms, matches.source, ids, python_ms, len(everything))


def _load(question: Question, connection: Connection) -> list[dict[str, Any]]:
    """Load what Python needs of all rows: the attributes that the question speaks of."""
    nodes = [node for node in question.predicate.members if isinstance(node, Comparison)]
    names = dict.fromkeys(["id", *(node.field.name for node in nodes), *(key.name for key in question.order)])
    found = connection.execute(select(*(CDRS.c[name] for name in names)))
    return [dict(zip(names, row, strict=True)) for row in found]
