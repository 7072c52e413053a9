"""The parameters of operations as tables for people, as the pages of an API's documentation show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

__all__ = ["Row", "Table", "parameter_tables"]


class Row(NamedTuple):
    """A parameter, and a few words on it."""

    name: str
    description: str


class Table(NamedTuple):
    """The parameters of one operation, such as "GET /cdr-exports".

    >>> table = Table("GET /calls", (Row("filter[duration-eq]", "duration eq filter"),))
    >>> print(table.to_text())
    Name Description
    filter[duration-eq] duration eq filter
    >>> print(table.to_markdown())
    | Name | Description |
    |---|---|
    | filter[duration-eq] | duration eq filter |
    """

    operation: str
    rows: tuple[Row, ...]

    def to_text(self) -> str:
        """Write the table as lines of text."""
        return "\n".join(f"{name} {description}" for name, description in [_HEADER, *self.rows])

    def to_markdown(self) -> str:
        """Write the table in Markdown."""
        lines = [_line(_HEADER), "|---|---|", *map(_line, self.rows)]
        return "\n".join(lines)


_HEADER = Row("Name", "Description")


def _line(row: Row) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def parameter_tables(document: Mapping[str, Any]) -> list[Table]:
    """Give the tables of all operations of an OpenAPI document that take parameters or a body.

    Parameters of the query string come by their names, members of a body as `data[attributes][filters]`.
    """
    tables = [
        Table(f"{method.upper()} {path}", tuple(_rows(document, item[method])))
        for path, item in document["paths"].items()
        for method in item
        if method != "parameters"
    ]
    return [table for table in tables if table.rows]


def _rows(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[Row]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield from _members(document, content["schema"])
    for parameter in operation["parameters"]:
        if parameter["in"] == "query":
            yield Row(parameter["name"], parameter["description"].partition("\n")[0])


def _members(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Row]:
    """Give the members of a new resource."""
    body = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    data = body["properties"]["data"]["properties"]
    yield Row("data[type]", f"Resource type ({data['type']['const']})")
    for part in ("attributes", "relationships"):
        for member in data[part]["properties"]:
            yield Row(f"data[{part}][{member}]", member.replace("-", " ").replace("_", " ").capitalize())
