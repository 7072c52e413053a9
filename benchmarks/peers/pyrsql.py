"""pyrsql: RSQL, typed by the columns of a model."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qs

import pyrsql as library
import sqlalchemy as sa
from pyrsql.orms.sqlalchemy import SQLAlchemyORM

from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter

SPELLED = (
    "filter=status=in=(Pending,Completed);rows_count=ge=10;created_at=ge=2024-07-17T17:02:04.519Z"
    f";account_id=={tasks.OWNER}&page%5Bnumber%5D=2&page%5Bsize%5D=50&sort=-created-at"
)


def sql() -> Adapter:
    """Parse, build and execute, after the framework's splitting of the query."""
    connection = tasks.exports()
    selected = sa.select(*tasks.EXPORTS.c)
    orm = SQLAlchemyORM()
    # The column's type is this library's, of which it knows nothing.
    options = library.QueryOptions(field_value_converters={"created_at": datetime.fromisoformat})

    def run() -> object:
        (text,) = parse_qs(SPELLED)["filter"]
        return list(connection.execute(library.apply(selected, tasks.Export, text, orm=orm, options=options)))

    return Adapter("pyrsql", run, tasks.sorted_rows)
