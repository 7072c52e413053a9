"""What a query means and what it becomes; nothing of it is asked of a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any, Final

from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.errors import CompileError, QueryErrors
from jsonapi_sieve.explaining.costs import costs_of
from jsonapi_sieve.explaining.sql import DIALECTS, compiled, dialect_of
from jsonapi_sieve.explaining.words import canonical, constants, meaning
from jsonapi_sieve.explorer.declared import Source
from jsonapi_sieve.explorer.times import Times
from jsonapi_sieve.predicate import Predicate
from jsonapi_sieve.query import Query

__all__ = ["engines", "look"]

_LONGEST: Final = 400
"""Characters that are shown of one value: a list may have a thousand items, in five engines."""


def engines() -> list[str]:
    """Name the engines whose SQL can be written here.

    >>> engines()[:2]
    ['sqlite', 'postgresql']
    """
    return [name for name, (url, _) in DIALECTS.items() if _is_installed(url)]


def look(source: Source, text: str, url: str, names: Sequence[str]) -> tuple[dict[str, Any], Query | None]:
    """Explain the query string of a listing, whose address is `url`; gives the query too, unless it has faults."""
    times = Times()
    try:
        with times.of("parse"):
            query = source.resource.parse(text, visible=source.visible)
    except QueryErrors as errors:
        return {"errors": [error.to_dict() for error in errors.errors], **_NOTHING, "times": dict(times)}, None
    with times.of("canonical"):
        written = canonical(text, query.predicate, source.resource.filters)
    with times.of("python"):
        python = compile_python(query.predicate).source
    with times.of("sql"):
        statements = [_sql(name, source, query) for name in names]
    told = {
        "errors": [],
        "query": written,
        "url": f"{url}?{text if written is None else written}".rstrip("?"),
        "predicate": repr(query.predicate),
        "lines": list(meaning(query.predicate)),
        "order": [("-" if key.descending else "") + key.name for key in query.order],
        "sql": statements,
        "python": {"source": python, "parameters": list(_parameters(query.predicate))},
        "budgets": [
            {"name": cost.budget, "used": cost.used, "limit": cost.limit, "counted": cost.counted}
            for cost in costs_of(text, query, source.resource.limits)
        ],
        "export": None,
        "times": dict(times),
    }
    return told, query


_NOTHING: Final[Mapping[str, None]] = dict.fromkeys(
    ("query", "url", "predicate", "lines", "order", "sql", "python", "budgets", "export")
)


def _is_installed(url: str) -> bool:
    try:
        dialect_of(url)
    except (NoSuchModuleError, ModuleNotFoundError):
        return False
    return True


def _sql(name: str, source: Source, query: Query) -> dict[str, Any]:
    """Write the statement of a page for an engine, or say why it cannot be asked this."""
    start = perf_counter()
    try:
        sql = compiled(*source.statement(query), dialect_of(DIALECTS[name][0]))
    except (CompileError, SQLAlchemyError) as error:
        return {"engine": name, "statement": None, "parameters": [], "error": str(error), "ms": _since(start)}
    parameters = [[key, _cut(repr(value))] for key, value in sql.parameters.items()]
    return {
        "engine": name,
        "statement": sql.statement,
        "parameters": parameters,
        "error": None,
        "ms": _since(start),
    }


def _since(start: float) -> float:
    return round((perf_counter() - start) * 1000, 3)


def _parameters(predicate: Predicate) -> Iterator[tuple[str, str]]:
    for number, shown in enumerate(constants(predicate)):
        yield f"p{number}", _cut(shown)


def _cut(shown: str) -> str:
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}… ({len(shown):,} characters)"
