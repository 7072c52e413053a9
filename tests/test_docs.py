"""The tables in docs/ say what the code does; the examples there are run as doctests."""

import ast
import doctest
import ipaddress
import json
import re
import tomllib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import takewhile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from jsonapi_sieve import Comparison, Field, FilterSet, Limits, QueryErrors, Sort, types
from jsonapi_sieve.backends.python import compile_python
from jsonapi_sieve.backends.sqlalchemy import ExactDecimal, UtcDateTime, check, compile_select
from jsonapi_sieve.document import read_resource
from jsonapi_sieve.errors import CompileError
from jsonapi_sieve.fieldsets import Fieldsets
from jsonapi_sieve.includes import Includes
from jsonapi_sieve.methods import check_method
from jsonapi_sieve.negotiation import check_accept, check_content_type
from jsonapi_sieve.operand import BadOperand, operand_of
from jsonapi_sieve.operators import OPERATORS, Arity, Operator, defaults_of, offered_by
from jsonapi_sieve.paging import NumberedPages
from jsonapi_sieve.query import QueryParser
from jsonapi_sieve.serialization import load

ROOT = Path(__file__).parent.parent
BUDGETS = Limits()._asdict()
TYPES = {type_ for type_ in vars(types).values() if isinstance(type_, type) and hasattr(type_, "expected")} - {
    types.ValueType
}


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text()


def table(name: str, header: str) -> list[list[str]]:
    """Give the cells of the tables with this header, row by row."""
    _, *tables = page(name).split(header + "\n")
    assert tables, f"docs/{name}.md has no table {header}"
    lines = [line for rest in tables for line in takewhile(_is_row, rest.splitlines()[1:])]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


def _is_row(line: str) -> bool:
    return line.startswith("|")


def spans(cell: str) -> list[str]:
    """Give what stands between backticks."""
    return re.findall("`([^`]+)`", cell)


def value_types(cell: str) -> list[types.ValueType[Any, Any]]:
    return [eval(span, {"types": types}) for span in spans(cell)]  # noqa: S307  (it stands in our own pages)


def names(operators: Iterable[Operator]) -> set[str]:
    return {operator.name for operator in operators}


def compare(field: Field[Any], operator: Operator, constant: object) -> Comparison:
    """Compare with one constant, whatever the operator takes."""
    value = {Arity.SCALAR: constant, Arity.LIST: [constant], Arity.FLAG: True}[operator.arity]
    return field.compare(operator.name, value)


def test_the_types_are_all_told_with_their_default_settings() -> None:
    told = table("declaring", "| type | holds | settings |")
    made = [type_ for cell, _, _ in told for type_ in value_types(cell)]
    assert {type(type_) for type_ in made} == TYPES
    assert [f"types.{type_!r}" for type_ in made] == [span for cell, _, _ in told for span in spans(cell)]
    assert all(type(type_)() == type_ for type_ in made if not isinstance(type_, types.Enum))


def test_the_operators_of_each_type_are_told() -> None:
    told = set()
    for cell, default, besides, forms in table(
        "declaring", "| types | open without `operators=` | can be named besides | forms |"
    ):
        offered = {*spans(default), *spans(besides)}
        scalars = [name for name in offered if OPERATORS[name].arity is Arity.SCALAR]
        if forms == "yes":
            offered |= {f"{name}_{form}" for name in scalars for form in ("any", "all")}
        for type_ in value_types(cell):
            told.add(type(type_))
            assert set(spans(default)) == names(defaults_of(type_.name))
            assert offered == names(offered_by(type_.name))
            assert not set(spans(default)) & set(spans(besides))
    assert told == TYPES


def test_each_operator_and_what_it_takes_is_told() -> None:
    told = table("semantics", "| operator | takes | holds where the attribute |")
    assert {name: takes for cell, takes, _ in told for name in spans(cell)} == {
        name: operator.arity.value for name, operator in OPERATORS.items() if operator.quantifier is None
    }


def test_what_selects_null_is_told() -> None:
    told = table("semantics", "| comparison | selects NULL | negated by `~`, selects NULL |")
    answers = {name: answer for cell, *answer in told for name in spans(cell) or ["any other"]}
    text, truth = Field(types.Text(), nullable=True, name="x"), Field(types.Boolean(), nullable=True, name="x")
    assert names(offered_by("text") + offered_by("boolean")) == set(OPERATORS)
    for field, constant in ((text, "a"), (truth, True)):
        for operator in offered_by(field.type.name):
            comparison = compare(field, operator, constant)
            selected = [compile_python(predicate)({"x": None}) for predicate in (comparison, ~comparison)]
            expected = answers.get(operator.name, answers["any other"])
            assert selected == [answer == "yes" for answer in expected], operator


@pytest.mark.parametrize("row", table("semantics", "| type | spelled | such as | not | or, in JSON |"))
def test_the_spellings_are_those_that_are_read(row: list[str]) -> None:
    cell, _, good, bad, in_json = row
    (type_,) = value_types(cell)
    for text in spans(good):
        assert type_.load(text) == type_.parse(text)
    for text in spans(bad):
        with pytest.raises(types.InvalidValue):
            type_.parse(text)
    taken: dict[str, list[object]] = {"a boolean": [True], "a whole number": [7], "a number": [7, 1.5], "": []}
    for value in (True, 7, 1.5):
        if value in taken[in_json]:
            assert type_.load(value) == value
        else:
            with pytest.raises(types.InvalidValue):
                type_.load(value)


def test_a_spelling_is_told_for_each_type() -> None:
    told = table("semantics", "| type | spelled | such as | not | or, in JSON |")
    assert {type(type_) for cell, *_ in told for type_ in value_types(cell)} == TYPES


@pytest.mark.parametrize("row", table("semantics", "| sent | `eq` reads | `in` reads |"))
def test_values_and_lists_are_read_as_told(row: list[str]) -> None:
    sent, *readings = row
    for name, reading in zip(("eq", "in"), readings, strict=True):
        (expected,) = spans(reading)
        operand = operand_of(types.Text(), OPERATORS[name])
        if re.fullmatch("[a-z-]+", expected):
            with pytest.raises(BadOperand) as refused:
                operand.parse(sent.strip("`"), 10)
            assert refused.value.code == expected
        else:
            assert operand.parse(sent.strip("`"), 10) == ast.literal_eval(expected)


def declared_for_errors() -> dict[str, Any]:
    """Run the declarations of docs/errors.md: at its head, and those for new resources."""
    namespace: dict[str, Any] = {}
    head, _, _ = page("errors").partition("## ")
    _, _, new = page("errors").partition("### New resources")
    for example in doctest.DocTestParser().get_examples(head + new.partition("| code")[0]):
        exec(example.source, namespace)  # noqa: S102  (it stands in our own page)
    return namespace


def read(example: str) -> None:
    """Read an example of docs/errors.md: a body, a header, a method, stored filters, or a query string."""
    declared = declared_for_errors()
    if example.startswith("POST "):
        resource = read_resource(example.removeprefix("POST ").encode(), Limits())
        load(declared["schema"], resource, related={"account": lambda _: None})
    elif example.startswith("Accept: "):
        check_accept(example.removeprefix("Accept: "))
    elif example.startswith("Content-Type: "):
        check_content_type(example.removeprefix("Content-Type: "))
    elif example.startswith(("PUT ", "PATCH ", "DELETE ")):
        method, _, address = example.partition(" ")
        check_method(method, "relationship" if "/relationships/" in address else "resource")
    elif example.startswith(("{", "[")):
        declared["filters"].load(json.loads(example))
    elif example.startswith(("/bare?", "/cursors?")):
        name, _, query = example[1:].partition("?")
        declared[name].parse(query)
    else:
        declared["listing"].parse(example)


@pytest.mark.parametrize("row", table("errors", "| code | status | source | when | such as |"))
def test_the_examples_of_a_code_give_it(row: list[str]) -> None:
    cell, status, sources, _, such_as = row
    found = set()
    for example in spans(such_as):
        with pytest.raises(QueryErrors) as raised:
            read(example)
        (fault,) = raised.value.errors
        assert ([fault.code], str(fault.status)) == (spans(cell), status)
        found.add("none" if fault.at is None else fault.source)
    assert found == set(sources.split(", "))


def sources() -> str:
    """Give the code of the floors that judge requests."""
    folder = ROOT / "src" / "jsonapi_sieve"
    judging = [path for room in (".", "document", "paging") for path in folder.joinpath(room).glob("*.py")]
    judging += [folder / "serialization" / name for name in ("fields.py", "loading.py")]
    return "".join(path.read_text() for path in sorted(judging))


def test_each_budget_is_told() -> None:
    told = table("errors", "| budget | default | counts | code | status |")
    assert set(re.findall(r"limits\.([a-z_]+)", sources())) >= set(BUDGETS)
    budgets = {name: (default, code) for cell, default, _, code, _ in told for name in spans(cell)}
    assert budgets == {name: (f"{size:,}", f"`{name.replace('_', '-')}-limit`") for name, size in BUDGETS.items()}


def test_each_code_in_the_code_is_told() -> None:
    listed = {row[0] for row in table("errors", "| code | status | source | when | such as |")}
    exceeded = {row[3] for row in table("errors", "| budget | default | counts | code | status |")}
    constants = {node.value for node in ast.walk(ast.parse(sources())) if isinstance(node, ast.Constant)}
    dashed = {text for text in constants if isinstance(text, str) and re.fullmatch("[a-z]+(-[a-z]+)+", text)}
    written = {f"`{text}`" for text in dashed - {"total-count"}}  # a member of documents
    assert listed <= written <= listed | exceeded


@pytest.mark.parametrize(
    ("budget", "limit", "query"),
    [
        ("query_string", 20, "filter[name-eq]=abcdef"),
        ("parameters", 1, "filter[name-eq]=a&sort=name"),
        ("filters", 1, "filter[name-eq]=a&filter[id]=1"),
        ("depth", 1, "filter[or][1][not][1][id]=1"),
        ("key", 30, f"filter[{'n' * 30}]=a"),
        ("value", 3, "filter[name-eq]=abcd"),
        ("list_items", 2, "filter[id]=1,2,3"),
        ("page_size", 10, "page[size]=11"),
        ("include_depth", 1, "include=account.owner"),
    ],
)
def test_an_exceeded_budget_gives_its_code_and_status(budget: str, limit: int, query: str) -> None:
    told = {row[0]: row for row in table("errors", "| budget | default | counts | code | status |")}
    limits = Limits(**{budget: limit})
    filters: type[FilterSet] = declared_for_errors()["ExportFilters"]
    parser = QueryParser(
        filters=filters(limits=limits),
        sort=Sort("name"),
        pages=NumberedPages(default=5, maximum=limits.page_size),
        includes=Includes({"account": "account"}),
        fieldsets=Fieldsets({}),
    )
    with pytest.raises(QueryErrors) as raised:
        parser.parse(query)
    (fault,) = raised.value.errors
    assert [f"`{fault.code}`", str(fault.status)] == told[f"`{budget}`"][3:]
    assert (fault.at is None) == (budget in ("query_string", "parameters"))
    assert fault.meta == {"limit": limit}


KINDS = "| type | values in Python | columns in SQLAlchemy |"
VALUES = {
    "bool": True,
    "int": 7,
    "float": 1.5,
    "Decimal": Decimal("1.5"),
    "datetime with a zone": datetime(2026, 1, 2, tzinfo=UTC),
    "datetime without a zone": datetime(2026, 1, 2),  # noqa: DTZ001
    "date": date(2026, 1, 2),
    "UUID": UUID(int=1),
    "IPv4Address": ipaddress.IPv4Address("10.0.0.1"),
    "IPv4Interface": ipaddress.IPv4Interface("10.0.0.1/8"),
    "IPv6Address": ipaddress.IPv6Address("::1"),
    "IPv6Interface": ipaddress.IPv6Interface("::1/64"),
}
TEXTS = {types.Text: "a", types.Enum: "a", types.Uuid: str(UUID(int=1)), types.Address: "::1"}


@pytest.mark.parametrize("row", table("running", KINDS))
def test_rows_hold_the_kinds_that_are_told(row: list[str]) -> None:
    (type_,) = value_types(row[0])
    told = {name.replace("`", "") for name in re.findall("`[^`]+`(?: with[a-z ]+zone)?", row[1])}
    for name, sample in {**VALUES, "str": TEXTS.get(type(type_), "a")}.items():
        if name in told:
            type_.kind(sample)
        else:
            with pytest.raises(TypeError):
                type_.kind(sample)


def column_types(cell: str) -> list[TypeEngine[Any]]:
    known = {**vars(sa), "ExactDecimal": ExactDecimal, "UtcDateTime": UtcDateTime}
    return [eval(span, known) for span in spans(cell)]  # noqa: S307  (it stands in our own pages)


COLUMNS = {repr(column): column for row in table("running", KINDS) for column in column_types(row[2])}


@pytest.mark.parametrize("row", table("running", KINDS))
def test_columns_stand_for_the_types_that_are_told(row: list[str]) -> None:
    class Declared(FilterSet):
        x = Field(value_types(row[0])[0], nullable=True)

    told = {repr(column) for column in column_types(row[2])}
    for name, column in COLUMNS.items():
        target = sa.Table("t", sa.MetaData(), sa.Column("x", column))
        if name in told:
            check(Declared(), target, sqlite.dialect())
        else:
            with pytest.raises(CompileError):
                check(Declared(), target, sqlite.dialect())


def test_the_kinds_of_each_type_are_told() -> None:
    assert {type(type_) for row in table("running", KINDS) for type_ in value_types(row[0])} == TYPES


def test_indexes_serve_the_operators_that_are_told() -> None:
    told = [what for what, index in table("engines", "| what | index that serves |") if index == "on the column"]
    field = Field(types.Text(), nullable=True, name="x")
    target = sa.Table("t", sa.MetaData(), sa.Column("x", sa.String, index=True), sa.Column("y", sa.Integer))
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        target.create(connection)
        for operator in offered_by("text"):
            if operator.quantifier is None:
                sql = str(compile_select(compare(field, operator, "7"), target)[0].compile(engine))
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?")).all()
                served = any("ix_t_x" in step.detail for step in plan)
                assert served == (operator.name in spans("".join(told))), operator
    engine.dispose()


def test_each_page_and_each_extra_is_told_in_the_readme() -> None:
    told = {
        path for row in table("../README", "| page | for |") for path in re.findall(r"\((docs/[a-z-]+\.md)\)", row[0])
    }
    assert told == {f"docs/{path.name}" for path in ROOT.glob("docs/*.md")}
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    of_users = {name for name in extras if not name.startswith("dev")}
    assert {name for row in table("../README", "| extra | for |") for name in spans(row[0])} == of_users
    assert set(re.findall("[a-z]+", extras["all"][0].partition("[")[2])) == of_users - {"all"}
