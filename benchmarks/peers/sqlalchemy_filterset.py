"""sqlalchemy-filterset: declared filters over a dictionary of typed values."""

from __future__ import annotations

import operator

import sqlalchemy as sa
from sqlalchemy_filterset import BaseFilterSet, Filter, InFilter

from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter

NAME = "sqlalchemy-filterset"
LACKS = "no query is parsed, it is given typed values"


class ExportFilterSet(BaseFilterSet):
    """The filters of exports."""

    status = InFilter(tasks.Export.status)
    rows_count = Filter(tasks.Export.rows_count, lookup_expr=operator.ge)
    created_at = Filter(tasks.Export.created_at, lookup_expr=operator.ge)
    account_id = Filter(tasks.Export.account_id)


class NumberFilterSet(BaseFilterSet):
    """The filters of numbers."""

    number = InFilter(tasks.Number.number)


def sql() -> Adapter:
    """Build and execute."""
    connection = tasks.exports()
    filters = ExportFilterSet(sa.select(*tasks.EXPORTS.c))
    given = {name: value for name, _, value in tasks.PARSED}
    return Adapter(NAME, lambda: list(connection.execute(filters.filter_query(given))), tasks.sorted_rows, LACKS)


def lists() -> Adapter:
    """Build and execute."""
    connection = tasks.numbers()
    filters = NumberFilterSet(sa.select(*tasks.NUMBERS.c))
    given = {"number": tasks.LONG_LIST}
    return Adapter(NAME, lambda: list(connection.execute(filters.filter_query(given))), tasks.sorted_rows, LACKS)
