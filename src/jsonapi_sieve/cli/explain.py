"""The command `explain`: what a query means, and what it becomes."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.cli.declared import add_resource_argument, open_model, open_resource
from jsonapi_sieve.cli.generated import Generated, generated_for
from jsonapi_sieve.cli.refused import Refused
from jsonapi_sieve.cli.sql import sql_of
from jsonapi_sieve.cli.told import printable, read_query
from jsonapi_sieve.explaining.costs import Cost, costs_of
from jsonapi_sieve.explaining.sql import DIALECTS, Sql
from jsonapi_sieve.explaining.trees import tree_json
from jsonapi_sieve.explaining.words import canonical, constants, meaning
from jsonapi_sieve.predicate import Predicate
from jsonapi_sieve.query import Query

__all__ = ["add_arguments", "run"]

_Section: TypeAlias = tuple[str, list[str]]

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
    written, generated = canonical(text, query.predicate, listing.filters), generated_for(query.predicate, listing)
    if options.json:
        print(json.dumps(_json(query, written, sql, generated, costs), default=str))
    else:
        queried = [("Query", [written or "none within the budgets"])]
        if sql is not None:
            queried.append((f"SQL ({options.dialect or 'sqlite'})", _sql_lines(sql)))
        sections = [*_rows(query), *queried, *_code(query.predicate, generated), ("Cost", [*map(_cost, costs)])]
        print("\n\n".join("\n".join([title, *(f"  {line}".rstrip() for line in lines)]) for title, lines in sections))
    return 0


def _rows(query: Query) -> Iterator[_Section]:
    yield "Rows", [printable(line) for line in meaning(query.predicate)]
    if query.order:
        yield "Order", [("-" if key.descending else "") + key.name for key in query.order]


def _sql_lines(sql: Sql) -> list[str]:
    parameters = [f"{name} = {value!r}" for name, value in sql.parameters.items()]
    return [*map(str.strip, sql.statement.splitlines()), *([""] if parameters else []), *parameters]


def _code(predicate: Predicate, generated: Generated) -> Iterator[_Section]:
    """Give what runs for the query in Python, and what runs for its resource."""
    values = [f"p{number} = {shown}" for number, shown in enumerate(constants(predicate))]
    yield "Python", [*_python(predicate).splitlines(), "", *values]
    form, normalizing = generated.stored
    if form:
        yield "Stored form", [json.dumps(form), *([] if normalizing is None else ["", *normalizing.splitlines()])]
    for title, source in (("Documents", generated.documents), ("Posted bodies", generated.bodies)):
        if source is not None:
            yield title, source.splitlines()


def _python(predicate: Predicate) -> str:
    """Give the code for rows, many at once and one after the other."""
    compiled = compile_python(predicate)
    return f"{compiled.source}\n\n{compiled.single_source}"


def _cost(cost: Cost) -> str:
    return f"{cost.used:>7,} of {cost.limit:>6,}  {cost.counted} ({cost.budget})"


def _json(
    query: Query, written: str | None, sql: Sql | None, generated: Generated, costs: list[Cost]
) -> dict[str, Any]:
    return {
        "predicate": tree_json(query.predicate),
        "order": [{"attribute": key.name, "descending": key.descending} for key in query.order],
        "query": written,
        "sql": None if sql is None else {"statement": sql.statement, "parameters": sql.parameters},
        "python": _python(query.predicate),
        "stored": generated.stored._asdict(),
        "documents": generated.documents,
        "bodies": generated.bodies,
        "cost": {cost.budget: {"used": cost.used, "limit": cost.limit} for cost in costs},
    }
