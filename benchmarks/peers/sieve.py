"""This library, by the same protocol."""

from __future__ import annotations

from typing import Any

from benchmarks.parse import QUERY, CdrExportFilters
from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter
from jsonapi_sieve import Field, FilterSet, Limits, types
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.backends.sqlalchemy import compile_select
from jsonapi_sieve.cdr.resources import CDRS, cdr_exports

NAME = "jsonapi-sieve"


def parse() -> Adapter:
    """Parse from the raw query."""
    filters = CdrExportFilters()

    def shown(predicate: Any) -> object:
        return [(node.field.name, node.operator.name, node.value) for node in predicate.members]

    return Adapter(NAME, lambda: filters.parse(QUERY), shown)


def sql() -> Adapter:
    """Parse, compile and execute."""
    filters = CdrExportFilters()
    connection = tasks.exports()
    table = tasks.EXPORTS
    return Adapter(
        NAME, lambda: list(connection.execute(*compile_select(filters.parse(QUERY), table))), tasks.sorted_rows
    )


def select() -> Adapter:
    """Compile a predicate and select by it."""
    rows = tasks.rows()
    call = tasks.CallFilters
    predicate = (
        call.account_id.not_eq(tasks.ACCOUNT)
        & call.customer_price.gteq(tasks.LEAST)
        & call.status.in_(tasks.WANTED)
        & call.time_start.lt(tasks.BEFORE)
    )
    return Adapter(NAME, lambda: compile_python(predicate).select(rows), list)


def serialize() -> Adapter:
    """Render the whole document, with links, which the others do not make."""
    rows = tasks.cdrs()
    query = CDRS.parse("page[size]=1000")
    return Adapter(
        NAME, lambda: CDRS.render(rows, query, url=f"/cdrs?page[size]={len(rows)}", total=len(rows)), tasks.resources
    )


def load() -> Adapter:
    """Load the body of a POST."""
    resource = cdr_exports()

    def find(name: str) -> str:
        return name

    def shown(order: Any) -> object:
        return tasks.order(order["account"], order["filters"])

    return Adapter(NAME, lambda: resource.load(tasks.BODY, related={"account": find}), shown)


class NumberFilters(FilterSet):
    """The attributes of the numbers."""

    id = Field(types.Integer(32))
    number = Field(types.Integer(32))


def lists() -> Adapter:
    """Parse, compile and execute, with a budget for long lists."""
    filters = NumberFilters(limits=Limits(list_items=tasks.LIST, query_string=200_000, value=200_000))
    connection = tasks.numbers()
    table = tasks.NUMBERS
    return Adapter(
        NAME,
        lambda: list(connection.execute(*compile_select(filters.parse(tasks.LONG_QUERY), table))),
        tasks.sorted_rows,
    )
