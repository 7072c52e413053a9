"""flask-jsonapi: declared filters, `filter[rows-count][gte]`."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from flask_jsonapi import filters_schema
from marshmallow import fields
from werkzeug.datastructures import MultiDict

from benchmarks.parse import QUERY
from benchmarks.peers.adapter import Adapter

SPELLED = (
    QUERY.replace("status-in%5D", "status%5D%5Bin%5D")
    .replace("rows-count-gteq%5D", "rows-count%5D%5Bgte%5D")
    .replace("created-at-gteq%5D", "created-at%5D%5Bgte%5D")
    .replace("account-id-eq%5D", "account-id%5D%5Beq%5D")
)
EVERY = ["eq", "ne", "gt", "gte", "lt", "lte"]


class ExportFilters(filters_schema.FilterSchema):
    """The filters of exports, read from a query string and not from Flask's request."""

    status = filters_schema.ListFilterField(operators=["in", "notin"])
    rows_count = filters_schema.FilterField(type_=fields.Int, operators=EVERY)
    created_at = filters_schema.FilterField(type_=fields.AwareDateTime, operators=EVERY)
    account_id = filters_schema.FilterField(type_=fields.UUID, operators=EVERY)

    @property
    def request_filters(self) -> Any:
        """Give what Flask would have split."""
        return MultiDict([(name, text) for name, text in parse_qsl(SPELLED) if name.startswith("filter")])


def parse() -> Adapter:
    """Read a query string, after the framework's splitting of it."""
    filters = ExportFilters()

    def shown(parsed: dict[str, Any]) -> object:
        spelled = {"gte": "gteq"}
        named = [(*name.split("__"), value) for name, value in parsed.items()]
        return [
            (name, spelled.get(operator, operator), tuple(value) if isinstance(value, list) else _form(value))
            for name, operator, value in named
        ]

    return Adapter("flask-jsonapi", filters.parse, shown)


def _form(value: Any) -> object:
    return str(value) if hasattr(value, "hex") else value
