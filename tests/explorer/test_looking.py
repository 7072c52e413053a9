from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from jsonapi_sieve import QueryErrors
from jsonapi_sieve.cdr.resources import CDRS
from jsonapi_sieve.explorer.looking import engines
from tests.explorer.conftest import ORIGIN, Looking

ROOT = "/api/rest/customer/v1"
LOOK = "resources/cdrs/look"
QUERY = "filter[duration-gteq]=60&filter[time-start-gteq]=2026-01-01&sort=-duration"


def test_the_declaration_has_what_the_parser_takes(looking: Looking) -> None:
    told = looking.get("declaration")
    names = [resource["name"] for resource in told["resources"]]
    cdrs = told["resources"][0]

    assert names == ["cdrs", "cdr-exports", "accounts", "transport-protocols"]
    assert (told["engine"], told["engines"][:2]) == ("sqlite", ["sqlite", "postgresql"])
    taken = [operator["parameter"] for field in cdrs["fields"] for operator in field["operators"]]
    assert taken == [parameter.key for parameter in CDRS.filters.parameters]
    assert (cdrs["url"], cdrs["exports"], cdrs["groups"]) == (f"{ORIGIN}{ROOT}/cdrs", True, True)
    assert cdrs["defaults"] == ["time_start_gteq"]
    assert [page["kind"] for page in cdrs["pages"]] == ["number", "cursor"]
    assert cdrs["sort"]["default"] == "-time-start"
    assert cdrs["plots"]["time"]["from"] == "filter[time-start-gteq]"
    assert [resource["exports"] for resource in told["resources"][1:]] == [False] * 3


def test_fields_say_what_controls_they_need(looking: Looking) -> None:
    [cdrs, exports, *_] = looking.get("declaration")["resources"]
    fields = {field["name"]: field for resource in (cdrs, exports) for field in resource["fields"]}

    assert fields["success"]["choices"] == ["true", "false"]
    assert "Pending" in fields["status"]["choices"]
    assert fields["duration"]["choices"] is None
    assert (fields["account.name"]["through"], fields["account.name"]["label"]) == ("account", "name")
    assert {operator["takes"] for operator in fields["duration"]["operators"]} == {"one", "list"}
    columns = {column["name"]: column for column in cdrs["columns"]}
    assert columns["duration"] == {
        "name": "duration",
        "label": "duration",
        "type": "integer",
        "sort": "duration",
        "numeric": True,
    }


def test_a_look_shows_what_a_query_becomes(looking: Looking) -> None:
    told = looking.get(LOOK, QUERY)

    assert told["errors"] == []
    assert told["query"] == (
        "filter%5Btime-start-gteq%5D=2026-01-01T00:00:00.000Z&filter%5Bduration-gteq%5D=60&sort=-duration"
    )
    assert told["url"] == f"{ORIGIN}{ROOT}/cdrs?{told['query']}"
    assert told["lines"] == ['time_start >= "2026-01-01T00:00:00.000Z"', "duration >= 60"]
    assert told["order"] == ["-duration"]
    assert "v_duration >= p0" in told["python"]["source"]
    assert told["python"]["parameters"][0] == ["p0", "60"]
    assert set(told["times"]) == {"parse", "canonical", "python", "sql"}
    assert {"name": "filters", "used": 2, "limit": 100, "counted": "filters"} in told["budgets"]


def test_the_sql_is_that_of_each_engine_and_of_the_customer(looking: Looking) -> None:
    sql = {each["engine"]: each for each in looking.get(LOOK, QUERY, customer=2)["sql"]}

    assert list(sql) == engines()
    assert sql["sqlite"]["error"] is None
    assert "cdrs.duration >= ?" in sql["sqlite"]["statement"]
    assert "NULLS FIRST" in sql["postgresql"]["statement"]
    assert "cdrs.customer_id = ?" in sql["sqlite"]["statement"]
    assert "'2026-01-01 00:00:00.000000'" in [value for _, value in sql["sqlite"]["parameters"]]


def test_an_engine_that_cannot_be_asked_says_why(looking: Looking) -> None:
    sql = looking.get(LOOK, "filter[account.name-cont]=north")["sql"]

    for each in sql:
        assert (each["statement"] is None) != (each["error"] is None)


@pytest.mark.parametrize(
    "query",
    [
        "filter[duration-gteq]=x",
        "filter[nosuch-eq]=1&sort=nosuch&page[size]=0",
        "filter[duration-eq]=",
        "include=nosuch&fields[cdrs]=nosuch",
        "filter[id]=" + ",".join(map(str, range(1_200))),
        "&".join(f"filter[x{number}]=1" for number in range(300)),
        "x" * 70_000,
        "filter[src-name-in-eq]=%FF",
    ],
)
def test_faults_are_those_of_the_parser(looking: Looking, query: str) -> None:
    with pytest.raises(QueryErrors) as raised:
        CDRS.parse(query)
    told = looking.get(LOOK, query)

    assert told["errors"] == json.loads(json.dumps([error.to_dict() for error in raised.value.errors]))
    assert all(told[name] is None for name in ("query", "predicate", "sql", "python", "export"))


@pytest.mark.parametrize("part", ["rows", "counts", "rows-by-cursor"])
def test_other_parts_refuse_a_query_with_faults(looking: Looking, part: str) -> None:
    answer = looking.ask(f"/explorer/resources/cdrs/{part}", "filter[duration-gteq]=x")

    assert answer.status == 400
    assert json.loads(answer.body)["errors"][0]["source"] == {"parameter": "filter[duration-gteq]"}


def test_long_values_are_cut(looking: Looking) -> None:
    told = looking.get(LOOK, f"filter[src-name-in-eq]={'a' * 30_000}")

    assert told["python"]["parameters"][0][1].endswith("… (30,002 characters)")
    assert len(json.dumps(told["sql"])) < 100_000


def export(looking: Looking, query: str) -> Mapping[str, Any]:
    told = looking.get(LOOK, query)["export"]
    assert isinstance(told, dict)
    return told


def test_an_export_holds_the_filters_with_their_defaults(looking: Looking) -> None:
    held = export(looking, "filter[success-eq]=true&sort=duration&page[size]=3")

    assert held["errors"] == []
    assert held["relationships"] == {"account": "accounts"}
    assert held["document"]["data"]["type"] == "cdr-exports"
    filters = held["document"]["data"]["attributes"]["filters"]
    assert filters["success_eq"] is True
    assert list(filters) == ["time_start_gteq", "success_eq"]


def test_an_export_names_the_filters_that_it_cannot_hold(looking: Looking) -> None:
    held = export(looking, "filter[src-name-in-cont]=a&filter[duration-eq]=7&filter[account.name-eq]=x")

    assert held["document"] is None
    assert [error["source"]["parameter"] for error in held["errors"]] == [
        "filter[src-name-in-cont]",
        "filter[account.name-eq]",
    ]
    assert "filter[duration-eq]" in held["errors"][0]["meta"]["allowed"]


def test_an_export_can_hold_no_groups(looking: Looking) -> None:
    held = export(looking, "filter[or][1][duration-eq]=7&filter[or][2][duration-eq]=8")

    assert held["document"] is None
    assert held["errors"][0]["code"] == "not-exportable"


def test_nothing_but_calls_is_exported(looking: Looking) -> None:
    assert looking.get("resources/accounts/look")["export"] is None
