"""The tables of the published pages come out of the descriptions, row for row."""

from __future__ import annotations

import re

import pytest

from jsonapi_sieve.cdr.openapi import customer_api
from jsonapi_sieve.openapi import Table, parameter_tables
from tests.cdr import seeds
from tests.openapi.samples import document

ROOT = "/api/rest/customer/v1"
TABLES = {table.operation: table for table in parameter_tables(customer_api())}
# The page of another resource was copied for this row.
MISPRINTED = "data[type] Resource type (chart-active-calls)"


def published(name: str) -> list[str]:
    """Give the lines of a page's table of parameters, the header included."""
    _, _, rest = seeds.text(name).partition("\nParameters\n\n")
    return rest.partition("\n\n")[0].splitlines()


def markdown(line: str) -> str:
    name, _, description = line.partition(" ")
    return f"| {name} | {description} |"


def test_the_parameters_of_the_listing_of_exports_are_those_of_its_page() -> None:
    lines = published("cdr_exports_listing")
    assert len(lines) == 34
    table = TABLES[f"GET {ROOT}/cdr-exports"]
    assert table.to_text().splitlines()[: len(lines)] == lines
    header, rule, *rows = table.to_markdown().splitlines()
    assert [header, *rows[: len(lines) - 1]] == list(map(markdown, lines))
    assert rule == "|---|---|"


def test_what_the_page_does_not_have_comes_after_it() -> None:
    names = [row.name for row in TABLES[f"GET {ROOT}/cdr-exports"].rows][33:]
    assert all(re.fullmatch(r"filter\[account\.[a-z-]+\]", name) for name in names[:24])
    assert names[24:] == [
        "sort", "page[number]", "page[size]", "include", "fields[cdr-exports]", "fields[accounts]"
    ]  # fmt: skip


def test_the_members_of_a_new_export_are_those_of_its_page() -> None:
    lines = published("cdr_exports_creation")
    assert MISPRINTED in lines
    expected = [line.replace("chart-active-calls", "cdr-exports") for line in lines]
    table = TABLES[f"POST {ROOT}/cdr-exports"]
    assert table.to_text().splitlines()[: len(lines)] == expected
    header, _, *rows = table.to_markdown().splitlines()
    assert [header, *rows[: len(lines) - 1]] == list(map(markdown, expected))


@pytest.mark.parametrize("operation", [f"GET {ROOT}/cdr-exports/{{id}}/relationships/account", "GET /nowhere"])
def test_an_operation_without_parameters_has_no_table(operation: str) -> None:
    assert operation not in TABLES


def test_a_bar_stays_in_its_cell() -> None:
    described = document()
    described["paths"]["/owners"]["get"]["parameters"][0]["description"] = "one | other\n\nmore"
    (table,) = [table for table in parameter_tables(described) if table.operation == "GET /owners"]
    assert isinstance(table, Table)
    assert table.to_markdown().splitlines()[2] == r"| fields[owners] | one \| other |"
