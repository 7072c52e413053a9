"""fastapi-filter: pydantic models whose fields are named after an operator, `rows_count__gte`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl
from uuid import UUID

import sqlalchemy as sa
from fastapi_filter.contrib.sqlalchemy import Filter
from pydantic import AfterValidator

from benchmarks.parse import QUERY
from benchmarks.peers import tasks
from benchmarks.peers.adapter import Adapter

NAME = "fastapi-filter"
SPELLED = (
    QUERY.replace("filter%5Bstatus-in%5D", "status__in")
    .replace("filter%5Brows-count-gteq%5D", "rows_count__gte")
    .replace("filter%5Bcreated-at-gteq%5D", "created_at__gte")
    .replace("filter%5Baccount-id-eq%5D", "account_id")
    .replace("page%5Bnumber%5D", "page")
    .replace("page%5Bsize%5D", "size")
    .replace("sort=", "order_by=")
)
PAGING = ("page", "size", "order_by")


class ExportFilter(Filter):
    """The filters of exports."""

    status__in: list[str] | None = None
    rows_count__gte: int | None = None
    created_at__gte: datetime | None = None
    account_id: Annotated[UUID, AfterValidator(str)] | None = None

    class Constants(Filter.Constants):
        """Where they filter."""

        model = tasks.Export


class NumberFilter(Filter):
    """The filters of numbers."""

    number__in: list[int] | None = None

    class Constants(Filter.Constants):
        """Where they filter."""

        model = tasks.Number


def _parsed() -> Any:
    return ExportFilter.model_validate({name: text for name, text in parse_qsl(SPELLED) if name not in PAGING})


def parse() -> Adapter:
    """Read a query string as its own parameters, after the framework's splitting of it."""

    def shown(filters: Any) -> object:
        named = [
            (*(name.split("__") if "__" in name else (name, "eq")), value) for name, value in filters.filtering_fields
        ]
        return [
            (name, {"gte": "gteq"}.get(operator, operator), tuple(value) if isinstance(value, list) else value)
            for name, operator, value in named
        ]

    return Adapter(NAME, _parsed, shown)


def sql() -> Adapter:
    """Parse, build and execute."""
    connection = tasks.exports()
    statement = sa.select(*tasks.EXPORTS.c)
    return Adapter(NAME, lambda: list(connection.execute(_parsed().filter(statement))), tasks.sorted_rows)


def lists() -> Adapter:
    """Parse, build and execute."""
    connection = tasks.numbers()
    statement = sa.select(*tasks.NUMBERS.c)
    query = tasks.LONG_QUERY.replace("filter%5Bnumber-in%5D", "number__in")

    def run() -> list[Any]:
        return list(connection.execute(NumberFilter.model_validate(dict(parse_qsl(query))).filter(statement)))

    return Adapter(NAME, run, tasks.sorted_rows)
