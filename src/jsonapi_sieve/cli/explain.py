"""The command `explain`: what a query means, and what it becomes."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.cli.costs import Cost, costs_of
from jsonapi_sieve.cli.declared import Listing, add_resource_argument, open_model, open_resource
from jsonapi_sieve.cli.refused import Refused
from jsonapi_sieve.cli.sql import DIALECTS, Sql, sql_of
from jsonapi_sieve.cli.told import printable, read_query
from jsonapi_sieve.cli.trees import tree_json, tree_lines
from jsonapi_sieve.decoding import decode, split_query
from jsonapi_sieve.errors import NotRenderable
from jsonapi_sieve.normal import Leaf, conditions_of, normalize, width_of
from jsonapi_sieve.predicate import Predicate
from jsonapi_sieve.query import Query, QueryParser

__all__ = ["add_arguments", "run"]

_EXAMPLES: Final = """examples:
  jsonapi-sieve explain 'filter[rows-count-gteq]=10&sort=-created-at' --resource cdr-exports
  jsonapi-sieve explain 'filter[account.name-cont]=north' --resource cdrs --dialect postgresql
  jsonapi-sieve explain 'filter[name-start]=a' --resource shop.api:articles --model shop.models:Article --json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.epilog = _EXAMPLES
    parser.add_argument("query", help="a query string, in quotes for the shell")
    add_resource_argument(parser, required=True)
    parser.add_argument("--model", metavar="MODULE:NAME", help="the mapped class or table that SQL selects from")
    parser.add_argument("--dialect", choices=DIALECTS, help="whose SQL to show (sqlite)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Explain a query; returns the exit code.

    Raises:
        Refused: for faults of the query, and for what cannot be explained.
    """
    listing = open_resource(options.resource)
    model = open_model(options.resource, options.model)
    if model is None and options.dialect is not None:
        raise Refused("--dialect needs a --model to select from")
    text = options.query.removeprefix("?")
    query = read_query(listing.parse, text, as_json=options.json)
    sql = None if model is None else sql_of(query, listing, model, options.dialect or "sqlite")
    costs = costs_of(text, query, listing.filters.limits)
    if options.json:
        print(json.dumps(_json(text, query, listing, sql, costs), default=str))
    else:
        dialect = options.dialect or "sqlite"
        sections = _sections(text, query, listing, sql, costs, dialect)
        print("\n\n".join("\n".join([title, *(f"  {line}".rstrip() for line in lines)]) for title, lines in sections))
    return 0


def _canonical(text: str, query: Query, listing: Listing) -> str | None:
    """Write a query as the library would: filters in their order, then what else was sent; None beyond a budget."""
    try:
        filters = listing.filters.render(query.predicate)
    except NotRenderable:
        return None
    others = sorted((decode(key), decode(value)) for key, value in split_query(text) if not key.startswith("filter"))
    written = [f"{quote(key)}={quote(value, safe=',:')}" for key, value in others]
    return "&".join([filters, *written] if filters else written)


def _sections(
    text: str, query: Query, listing: Listing, sql: Sql | None, costs: list[Cost], dialect: str
) -> Iterator[tuple[str, list[str]]]:
    yield "Rows", [printable(line) for line in _indented(tree_lines(query.predicate))]
    if query.order:
        yield "Order", [("-" if key.descending else "") + key.name for key in query.order]
    yield "Query", [_canonical(text, query, listing) or "none within the budgets"]
    if sql is not None:
        parameters = [f"{name} = {value!r}" for name, value in sql.parameters.items()]
        yield (
            f"SQL ({dialect})",
            [*map(str.strip, sql.statement.splitlines()), *([""] if parameters else []), *parameters],
        )
    values = [f"p{number} = {shown}" for number, shown in enumerate(_constants(query.predicate))]
    yield "Python", [*compile_python(query.predicate).source.split("\n\n\n")[0].splitlines(), "", *values]
    documents = _documents(listing)
    if documents is not None:
        yield "Documents", documents.splitlines()
    yield "Cost", [f"{cost.used:>7,} of {cost.limit:>6,}  {cost.counted} ({cost.budget})" for cost in costs]


def _documents(listing: Listing) -> str | None:
    """Give the code that makes resource objects of rows; None for what only has filters."""
    if isinstance(listing, QueryParser):
        return None
    from jsonapi_sieve.serialization import CompiledSchema  # noqa: PLC0415  (a Resource has what schemas need)

    return CompiledSchema(listing.schema.schema).source


def _indented(lines: Iterator[str]) -> Iterator[str]:
    """Leave the outermost `and` out, which every query has, unless it is all."""
    first = next(lines)
    rest = [line.removeprefix("  ") for line in lines]
    yield from rest or [first]


def _constants(predicate: Predicate) -> Iterator[str]:
    """Show what the generated Python is called with besides the row."""
    normal = normalize(predicate)
    start = 0
    for test in conditions_of(normal.shape):
        width = width_of(test)
        if not isinstance(test, Leaf):
            yield f"tests of {test.relationship.name} rows"
        elif width:
            yield repr(normal.values[start])
        start += width


def _json(text: str, query: Query, listing: Listing, sql: Sql | None, costs: list[Cost]) -> dict[str, Any]:
    return {
        "predicate": tree_json(query.predicate),
        "order": [{"attribute": key.name, "descending": key.descending} for key in query.order],
        "query": _canonical(text, query, listing),
        "sql": None if sql is None else {"statement": sql.statement, "parameters": sql.parameters},
        "python": compile_python(query.predicate).source,
        "documents": _documents(listing),
        "cost": {cost.budget: {"used": cost.used, "limit": cost.limit} for cost in costs},
    }
