"""advanced-alchemy: filter objects that are made of typed values."""

from __future__ import annotations

import sqlalchemy as sa
from advanced_alchemy.filters import CollectionFilter, ComparisonFilter

from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter


def sql() -> Adapter:
    """Make the filters, build and execute."""
    connection = tasks.exports()
    selected = sa.select(*tasks.EXPORTS.c)
    status, rows_count, created_at, account_id = [value for _, _, value in tasks.PARSED]

    def run() -> object:
        statement = selected
        for condition in (
            CollectionFilter("status", status),
            ComparisonFilter("rows_count", "ge", rows_count),
            ComparisonFilter("created_at", "ge", created_at),
            ComparisonFilter("account_id", "eq", account_id),
        ):
            statement = condition.append_to_statement(statement, tasks.Export)
        return list(connection.execute(statement))

    return Adapter("advanced-alchemy", run, tasks.sorted_rows, "no query is parsed, it is given typed values")
